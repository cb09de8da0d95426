import { expect, test } from 'vitest';
import { deployments, services } from '../model/kinds.ts';
import type { JsonObject } from '../model/objects.ts';
import { jobManifests, jobName, type JobWish } from './manifests.ts';

const wish: JobWish = {
  id: 'shop-v2',
  namespace: 'shop',
  plan: 'kind: ReleasePlan\n',
  deadlineSeconds: 3600,
  program: 'console.log(1)',
  image: 'mirror.example/node:24-alpine',
  reads: [services, deployments].map((resource) => ({ resource, writes: [], pick: (raw) => raw })),
  writes: ['shop', 'shop-canary'].map((name) => ({
    resource: deployments,
    namespace: 'shop',
    name,
  })),
  lease: 'cablecar-uid',
};

function ofKind(kind: string, of: Partial<JobWish> = {}): JsonObject | undefined {
  return jobManifests({ ...wish, ...of }).find((object) => object['kind'] === kind);
}

test('the Job comes first and suspended, and everything has one name', () => {
  const all = jobManifests(wish);
  expect(all.map(({ kind }) => kind)).toEqual([
    'Job',
    'ServiceAccount',
    'Role',
    'RoleBinding',
    'ConfigMap',
  ]);
  const names = all.map(({ metadata }) => (metadata as JsonObject)['name']);
  expect(new Set(names)).toEqual(new Set(['cablecar-shop-v2']));
  expect(all[0]).toMatchObject({ spec: { suspend: true, activeDeadlineSeconds: 5400 } });
});

test('the Role names what is written, and gives no more than that plan needs', () => {
  const { rules } = ofKind('Role') as unknown as { rules: readonly JsonObject[] };
  const writing = rules.filter(({ verbs }) =>
    (verbs as readonly string[]).some((verb) => !['get', 'list', 'watch'].includes(verb)),
  );
  expect(writing).toEqual([
    {
      apiGroups: ['apps'],
      resources: ['deployments'],
      verbs: ['patch'],
      resourceNames: ['shop', 'shop-canary'],
    },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      verbs: ['get', 'patch'],
      resourceNames: ['cablecar-run-shop-v2'],
    },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      verbs: ['get', 'patch'],
      resourceNames: ['cablecar-uid'],
    },
  ]);
  expect(JSON.stringify(rules)).not.toMatch(/"(\*|delete|secrets)"/);
});

test('where a ServiceAccount is given no Role is made, and the image comes from the mirror', () => {
  const of = { serviceAccount: 'releases', pullSecret: 'mirror' };
  expect(jobManifests({ ...wish, ...of }).map(({ kind }) => kind)).toEqual(['Job', 'ConfigMap']);
  expect(ofKind('Job', of)).toMatchObject({
    spec: {
      template: {
        spec: {
          serviceAccountName: 'releases',
          imagePullSecrets: [{ name: 'mirror' }],
          containers: [{ image: 'mirror.example/node:24-alpine' }],
        },
      },
    },
  });
});

test('a pod that is killed is followed by another; a run that ended is not begun again', () => {
  expect(ofKind('Job')).toMatchObject({
    spec: {
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { values: [2, 3, 4, 5] } }, {}],
      },
      template: { spec: { restartPolicy: 'Never' } },
    },
  });
});

test('long names are cut to what a pod of the Job can still have', () => {
  expect(jobName('a'.repeat(80))).toHaveLength(52);
  expect(jobName(`${'a'.repeat(42)}-b`)).toBe(`cablecar-${'a'.repeat(42)}`);
});
