import { expect, test } from 'vitest';
import { canaryKinds, createCanary } from '../support/canaries.ts';
import { bothLanguages, operatorOf, setWeight } from '../support/operator.ts';
import { waitUntil } from '../testbed/processes.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();

const rbac = '/apis/rbac.authorization.k8s.io/v1';

test('where a route may not be read, its canary is shown as pods with a warning that also the consent has, until it may', async () => {
  const [kind] = canaryKinds;
  if (kind === undefined) throw new Error('no kind');
  const namespace = await createCanary(cluster, kind);
  const { user, kubeconfigPath } = await cluster.createTokenUser(namespace, 'half-blind');
  await allow(namespace, user, { name: 'most', apiGroups: ['', 'apps', 'autoscaling'], verbs });
  const operator = await operatorOf(kubeconfigPath, namespace);
  const rollout = await operator.rollout();
  const [problem] = rollout.problems;
  expect(problem).toMatchObject({ severity: 'warning', text: { key: 'owner.unread' } });
  const said = problem && bothLanguages(problem.text);
  expect(said?.en).toMatch(
    new RegExp(
      `^Not all virtualservices\\.networking\\.istio\\.io, .* in ${namespace} could be read, and one of them may decide the split of shop: `,
    ),
  );
  expect(said?.zh).toMatch(/^命名空间 .* 未能全部读取/);
  operator.answer = () => false;
  await operator.perform(setWeight(rollout, 50));
  expect(operator.asked[0]?.warnings[0]).toEqual(problem?.text);

  await allow(namespace, user, { name: 'rest', apiGroups: ['*'], verbs });
  operator.session.retry();
  const seen = await operator.rollout(({ backend }) => backend === kind.backend);
  expect(seen.problems).toEqual([]);
  await waitUntil({ what: 'everything to be read', timeoutMs: 10_000 }, () =>
    operator.session.snapshot().isComplete('flagger.app/canaries', namespace),
  );
  expect(operator.session.snapshot().isComplete('flagger.app/canaries', 'elsewhere')).toBe(false);
});

const verbs = ['get', 'list', 'watch', 'patch'];

async function allow(
  namespace: string,
  user: string,
  rule: {
    readonly name: string;
    readonly apiGroups: readonly string[];
    readonly verbs: readonly string[];
  },
): Promise<void> {
  const { name, apiGroups } = rule;
  const base = `${rbac}/namespaces/${namespace}`;
  await cluster.api.ok('POST', `${base}/roles`, {
    metadata: { name },
    rules: [{ apiGroups, resources: ['*'], verbs: rule.verbs }],
  });
  await cluster.api.ok('POST', `${base}/rolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }],
  });
}
