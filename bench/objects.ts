import type { JsonObject } from '../src/model/objects.ts';

/** 10 000 Services, and as many VirtualServices that split each between it and its neighbour, over 200 namespaces. */
export const COUNT = 10_000;
const PER_NAMESPACE = 50;

export interface Names {
  readonly namespace: string;
  readonly name: string;
}

/** Where the object with this number is. */
export function namesOf(index: number): Names {
  const team = String(Math.floor(index / PER_NAMESPACE)).padStart(3, '0');
  return { namespace: `team-${team}`, name: `service-${String(index).padStart(5, '0')}` };
}

/** As a Service of a real cluster: 2 KB, half of it managed fields. */
export function serviceObject(index: number): JsonObject {
  const { namespace, name } = namesOf(index);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata(index, 1),
      labels: {
        app: name,
        'app.kubernetes.io/name': name,
        'app.kubernetes.io/part-of': namespace,
        'app.kubernetes.io/managed-by': 'Helm',
        'helm.sh/chart': 'service-1.4.2',
      },
      annotations: {
        'meta.helm.sh/release-name': name,
        'meta.helm.sh/release-namespace': namespace,
        'prometheus.io/port': '8080',
        'prometheus.io/scrape': 'true',
      },
      managedFields: managedFields(serviceFields),
    },
    spec: {
      clusterIP: `10.96.${String(index >> 8)}.${String(index & 255)}`,
      clusterIPs: [`10.96.${String(index >> 8)}.${String(index & 255)}`],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 }],
      selector: { app: name },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

/** As an applied VirtualService: 3 KB, a third of it the last applied configuration. */
export function virtualServiceObject(index: number, canary: number, version = 1): JsonObject {
  const { name } = namesOf(index);
  const spec = virtualServiceSpec(index, canary);
  const applied = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      ...metadata(index, version),
      labels: { app: name, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied) },
      managedFields: managedFields({ 'f:spec': { '.': {}, 'f:hosts': {}, 'f:http': {} } }),
    },
    spec,
  };
}

function virtualServiceSpec(index: number, canary: number): JsonObject {
  const { name } = namesOf(index);
  const neighbour = namesOf(index ^ 1).name;
  const route = [
    { destination: { host: name, port: { number: 80 } }, weight: 100 - canary },
    { destination: { host: neighbour, port: { number: 80 } }, weight: canary },
  ];
  const retries = { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,connect-failure' };
  return {
    hosts: [name],
    http: [
      {
        name: 'testers',
        match: [{ headers: { 'x-tester': { exact: 'true' } } }],
        route: [{ destination: { host: neighbour } }],
      },
      { name: 'primary', retries, timeout: '10s', route },
    ],
  };
}

function metadata(index: number, version: number): JsonObject {
  const id = String(index).padStart(12, '0');
  return {
    ...namesOf(index),
    uid: `6f1b0a52-4c3e-4d8a-9b21-${id}`,
    resourceVersion: String(1_000_000 + index + version * COUNT),
    generation: version,
    creationTimestamp: '2026-03-14T09:26:53Z',
  };
}

const serviceFields: JsonObject = {
  'f:metadata': {
    'f:annotations': { '.': {}, 'f:meta.helm.sh/release-name': {}, 'f:prometheus.io/port': {} },
    'f:labels': { '.': {}, 'f:app': {}, 'f:app.kubernetes.io/name': {}, 'f:helm.sh/chart': {} },
  },
  'f:spec': {
    'f:internalTrafficPolicy': {},
    'f:ports': { '.': {}, 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:targetPort': {} } },
    'f:selector': {},
    'f:sessionAffinity': {},
    'f:type': {},
  },
};

function managedFields(fields: JsonObject): JsonObject[] {
  const entry = { apiVersion: 'v1', fieldsType: 'FieldsV1', time: '2026-03-14T09:26:53Z' };
  return [
    { ...entry, manager: 'helm', operation: 'Update', fieldsV1: fields },
    { ...entry, manager: 'argocd-controller', operation: 'Apply', fieldsV1: fields },
  ];
}
