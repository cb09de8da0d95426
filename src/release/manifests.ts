import { labelPrefix, managedByLabel } from '../model/names.ts';
import {
  resourceId,
  type Json,
  type JsonObject,
  type ObjectRef,
  type Resource,
} from '../model/objects.ts';
import type { Watched } from '../model/cluster.ts';

/** What a Job that runs a plan is made of. */
export interface JobWish {
  /** Name of the run: lower case letters, digits and hyphens. */
  readonly id: string;
  readonly namespace: string;
  /** Text of the plan file, as it is. */
  readonly plan: string;
  /** Seconds after which the plan itself rolls back; the Job lives a while longer, to do that. */
  readonly deadlineSeconds: number;
  /** The bundled `job.cjs`. */
  readonly program: string;
  /** A stock image with Node 20 or later; a mirror's where the cluster has one. */
  readonly image: string;
  readonly pullSecret?: string;
  /** One that the platform team made; then no Role is made. */
  readonly serviceAccount?: string;
  /** What the run reads, and the objects that it writes. */
  readonly reads: readonly Watched[];
  readonly writes: readonly ObjectRef[];
  /** Name of the Lease. */
  readonly lease: string;
  readonly prometheus?: string;
  readonly alertmanager?: string;
}

const FOLDER = '/cablecar';
/** Time for the way back after the plan's own deadline. */
const GRACE_SECONDS = 1800;
const KEPT_SECONDS = 24 * 3600;

/**
 * Everything that "Run as Job" creates, in order: the Job first and suspended, so that the others can belong to it and go with it. All with
 * one name, labelled; the Role has the verbs and, where RBAC can say so, the names that this plan needs.
 */
export function jobManifests(wish: JobWish): readonly JsonObject[] {
  const own =
    wish.serviceAccount === undefined ? [serviceAccount(wish), role(wish), roleBinding(wish)] : [];
  return [job(wish), ...own, program(wish)];
}

/** Longest name that still leaves room for what Kubernetes appends to it. */
export function jobName(id: string): string {
  return `cablecar-${id}`.slice(0, 52).replace(/-+$/, '');
}

function metadata({ id, namespace }: JobWish): JsonObject {
  return {
    name: jobName(id),
    namespace,
    labels: { ...managedByLabel, [`${labelPrefix}run`]: id.slice(0, 63) },
  };
}

function job(wish: JobWish): JsonObject {
  const name = jobName(wish.id);
  const labels = {
    ...managedByLabel,
    [`${labelPrefix}run`]: wish.id.slice(0, 63),
    // A proxy beside the program would keep the pod alive after its end, and is not needed.
    'sidecar.istio.io/inject': 'false',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...metadata(wish), annotations: { 'linkerd.io/inject': 'disabled' } },
    spec: {
      suspend: true,
      // A killed pod is followed by another, which goes on with the run; a run that came to its end is not begun again.
      backoffLimit: 20,
      activeDeadlineSeconds: wish.deadlineSeconds + GRACE_SECONDS,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      podFailurePolicy: {
        rules: [
          {
            action: 'FailJob',
            onExitCodes: { containerName: 'cablecar', operator: 'In', values: [2, 3, 4, 5] },
          },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template: {
        metadata: { labels, annotations: { 'linkerd.io/inject': 'disabled' } },
        spec: {
          restartPolicy: 'Never',
          serviceAccountName: wish.serviceAccount ?? name,
          ...(wish.pullSecret !== undefined && { imagePullSecrets: [{ name: wish.pullSecret }] }),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container(wish)],
          volumes: [{ name: 'cablecar', configMap: { name } }],
        },
      },
    },
  };
}

function container(wish: JobWish): JsonObject {
  const addresses = [
    ...(wish.prometheus === undefined ? [] : ['--prometheus', wish.prometheus]),
    ...(wish.alertmanager === undefined ? [] : ['--alertmanager', wish.alertmanager]),
  ];
  return {
    name: 'cablecar',
    image: wish.image,
    command: [
      'node',
      '--max-old-space-size=96',
      `${FOLDER}/job.cjs`,
      `${FOLDER}/plan.yaml`,
      '--id',
      wish.id,
      ...addresses,
    ],
    resources: {
      requests: { cpu: '50m', memory: '128Mi' },
      limits: { cpu: '500m', memory: '192Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [{ name: 'cablecar', mountPath: FOLDER, readOnly: true }],
  };
}

function program(wish: JobWish): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(wish),
    data: { 'plan.yaml': wish.plan, 'job.cjs': wish.program },
  };
}

function serviceAccount(wish: JobWish): JsonObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(wish) };
}

function roleBinding(wish: JobWish): JsonObject {
  const name = jobName(wish.id);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadata(wish),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace: wish.namespace }],
  };
}

function role(wish: JobWish): JsonObject {
  const reads = wish.reads.filter(({ resource }) => resource.namespaced);
  const record = [`cablecar-run-${wish.id}`];
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: metadata(wish),
    rules: [
      ...reads.map(({ resource }) => rule(resource, ['get', 'list', 'watch'])),
      // Which pods a version has, and how often their containers were started again.
      { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list'] },
      ...byResource(wish.writes).map(([resource, names]) => rule(resource, ['patch'], names)),
      // RBAC cannot name what is yet to be created.
      { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
      {
        apiGroups: [''],
        resources: ['configmaps'],
        verbs: ['get', 'patch'],
        resourceNames: record,
      },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        verbs: ['get', 'patch'],
        resourceNames: [wish.lease],
      },
    ],
  };
}

function rule(
  { group, plural }: Resource,
  verbs: readonly string[],
  names?: readonly string[],
): JsonObject {
  const named: Readonly<Record<string, Json>> = names === undefined ? {} : { resourceNames: names };
  return { apiGroups: [group], resources: [plural], verbs, ...named };
}

function byResource(
  refs: readonly ObjectRef[],
): readonly (readonly [Resource, readonly string[]])[] {
  const found = new Map<string, { readonly resource: Resource; readonly names: Set<string> }>();
  for (const { resource, name } of refs) {
    const entry = found.get(resourceId(resource)) ?? { resource, names: new Set<string>() };
    entry.names.add(name);
    found.set(resourceId(resource), entry);
  }
  return [...found.values()].map(({ resource, names }) => [resource, [...names].sort()]);
}
