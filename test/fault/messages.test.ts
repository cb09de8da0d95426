import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Text } from '../../src/base/text.ts';
import { targetOf, loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { directAccess } from '../../src/metrics/directAccess.ts';
import { queryInstant } from '../../src/metrics/prometheus.ts';
import { readingOf } from '../../src/metrics/trackMetrics.ts';
import type { Json, JsonObject } from '../../src/model/objects.ts';
import { trackOf } from '../../src/model/rollout.ts';
import { plainText } from '../../src/editor/plainText.ts';
import { planAction } from '../../src/actions/planAction.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { allWatches } from '../../src/state/watches.ts';
import { canaryKinds } from '../support/canaries.ts';
import { sessionTo } from '../support/clusterTarget.ts';
import { ObjectSet } from '../support/objectSet.ts';
import { bothLanguages, setWeight } from '../support/operator.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { waitFor } from '../testbed/processes.ts';

/** The exact sentence for each bad input, by the real code that meets it. Plugins and kubeconfig files have theirs beside them. */

test('a context that the kubeconfig does not have', async () => {
  const config = await loadKubeconfig([await file('{ contexts: [{ name: dev, context: {} }] }')]);
  if (!config.ok) throw new Error('not read');
  const target = targetOf(config.value, 'prd');
  if (target.ok) throw new Error('found');
  expect(bothLanguages(target.error)).toEqual({
    en: 'The kubeconfig has no context “prd”. Choose another one.',
    zh: 'kubeconfig 中没有上下文“prd”。请选择其他上下文。',
  });
});

test('a server that answers with a page', async () => {
  const server = await startScriptedServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><h1>Log in</h1></html>');
  });
  const session = await sessionTo(await file(server.kubeconfig), { log: () => undefined });
  onTestFinished(async () => {
    session.dispose();
    await server.stop();
  });
  session.follow();
  const status = await waitFor({ what: 'the failure', timeoutMs: 10_000 }, () =>
    session.status.kind === 'failed' ? { done: session.status } : { seen: session.status.kind },
  );
  const { host } = new URL(server.url);
  expect(bothLanguages(status.text)).toEqual({
    en: `What answered at ${host} is not a Kubernetes API server. Check the address, a proxy or a login page in between.`,
    zh: `在 ${host} 应答的不是 Kubernetes API 服务器。请检查地址、代理或中间的登录页面。`,
  });
});

describe('a VirtualService', () => {
  const split = (stable: Json, canary: Json): Json => [
    { destination: { host: 'shop', subset: 'v1' }, weight: stable },
    { destination: { host: 'shop', subset: 'v2' }, weight: canary },
  ];

  test('with a weight as text is a problem, and the reason why it is not written', () => {
    const sentence = {
      en: 'spec.http[0].route[0].weight of VirtualService shop is "90", not a whole number from 0 on. Correct it there.',
      zh: 'VirtualService shop 的 spec.http[0].route[0].weight 为 "90"，而不是从 0 起的整数。请在那里更正。',
    };
    expect(read([{ route: split('90', '10') }])).toEqual({
      problems: [sentence],
      answers: [sentence],
    });
  });

  test('with null for its routes is a problem', () => {
    expect(read([{ route: null }]).problems).toEqual([
      {
        en: 'spec.http[0].route of VirtualService shop is null, not a list of destinations. Correct it there.',
        zh: 'VirtualService shop 的 spec.http[0].route 为 null，而不是目标列表。请在那里更正。',
      },
    ]);
  });

  test('with null for its rules is a problem', () => {
    expect(read(null).problems).toEqual([
      {
        en: 'spec.http of VirtualService shop is null, not a list of rules. Correct it there.',
        zh: 'VirtualService shop 的 spec.http 为 null，而不是规则列表。请在那里更正。',
      },
    ]);
  });

  test('whose weights add up to 90 is told, and can be written', () => {
    expect(read([{ route: split(80, 10) }])).toEqual({
      problems: [
        {
          en: 'The weights in spec.http[0].route of VirtualService shop add up to 90, not 100. They count in proportion; other tools expect 100.',
          zh: 'VirtualService shop 的 spec.http[0].route 权重之和为 90，而不是 100。它们按比例生效；其他工具要求总和为 100。',
        },
      ],
      answers: [
        {
          en: 'shop: send 25 % of requests to v2 (was 11.1 %), in default. The weights are rescaled to a total of 100.',
          zh: 'shop：将 25% 的请求发送到 v2（原为 11.1%），位于 default。权重将按总和 100 重新换算。',
        },
      ],
    });
  });
});

describe('a name from the cluster', () => {
  test.each([
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['a direction override is taken out', 'shop\u202egnp.exe', 'shop gnp.exe'],
    ['isolates and zero-width marks are taken out', '\u2066pay\u200bments\u2069', 'pay ments'],
    ['escape sequences of a terminal cannot start', '\u001b[31mprod\u001b[0m', '[31mprod [0m'],
    ['lines become one', 'first\r\nsecond\u2028third', 'first second third'],
  ])('%s', (_, name, shown) => {
    expect(plainText(name)).toBe(shown);
  });
});

describe('a Prometheus', () => {
  const vector = (values: readonly string[]): string =>
    JSON.stringify({
      status: 'success',
      data: {
        resultType: 'vector',
        result: values.map((value) => ({ metric: {}, value: [1900, value] })),
      },
    });

  test.each([
    [
      'that answers 502',
      { status: 502, body: '<html>Bad Gateway</html>' },
      (url: string) => ({
        en: `Prometheus did not answer: it answered 502 at ${url}.`,
        zh: `Prometheus 未应答：它在 ${url} 返回 502。`,
      }),
    ],
    [
      'that answers with a page',
      { status: 200, body: '<html>Log in</html>' },
      (url: string) => ({
        en: `Prometheus did not answer: what answers at ${url} is not Prometheus.`,
        zh: `Prometheus 未应答：${url} 处应答的不是 Prometheus。`,
      }),
    ],
    [
      'that answers NaN',
      { status: 200, body: vector(['NaN']) },
      () => ({
        en: 'The value is not a number (no requests to divide by).',
        zh: '结果不是数字（没有可作分母的请求）。',
      }),
    ],
    [
      'that has no series',
      { status: 200, body: vector([]) },
      () => ({
        en: 'Prometheus has no series for this. Check that the mesh or the application is scraped.',
        zh: 'Prometheus 中没有相应的时间序列。请检查网格或应用是否已被采集。',
      }),
    ],
    [
      'that answers two series where one was asked for',
      { status: 200, body: vector(['0.99', '0.5']) },
      () => ({
        en: 'Prometheus answered 2 series where one was expected, so none is shown.',
        zh: 'Prometheus 返回了 2 条序列，而预期为一条，因此不予显示。',
      }),
    ],
  ])('%s', async (_, { status, body }, sentences) => {
    const url = await httpServer(status, body);
    const access = directAccess({ url, setting: 'cablecar.prometheus.url' });
    if (!access.ok) throw new Error('no access');
    const answer = await queryInstant(access.value, 'up', AbortSignal.timeout(10_000));
    const range = { startSeconds: 1000, endSeconds: 1900, stepSeconds: 3 };
    const { reading, why } = readingOf(answer, range, 3);
    expect(reading.kind).toBe('missing');
    if (why === undefined) throw new Error('no reason');
    expect(bothLanguages(why)).toEqual(sentences(url));
  });
});

interface Read {
  readonly problems: readonly object[];
  /** What 25 % for its canary is answered with: the sentence of the plan, or why there is none. */
  readonly answers: readonly object[];
}

/** What a namespace with this VirtualService shows: the canary of the support folder with other rules. */
function read(http: Json): Read {
  const [kind] = canaryKinds;
  const objects = (kind?.objects ?? []).map(({ body }) => {
    const object = structuredClone(body) as JsonObject;
    const metadata = { ...(object['metadata'] as JsonObject), namespace: 'default', uid: 'uid' };
    const spec = object['kind'] === 'VirtualService' ? { hosts: ['shop'], http } : object['spec'];
    const status = object['kind'] === 'Deployment' ? { readyReplicas: 1 } : {};
    return { apiVersion: 'v1', kind: 'Service', ...object, metadata, spec: spec ?? null, status };
  });
  const { snapshot } = new ObjectSet(objects, allWatches());
  const state = deriveNamespace(snapshot, 'default');
  const routes = state.rollouts.filter(
    (rollout) => rollout.route.resource.kind === 'VirtualService',
  );
  const texts: Text[] = [...state.problems, ...routes.flatMap(({ problems }) => problems)].map(
    (problem) => problem.text,
  );
  const answers = routes.flatMap((rollout) => {
    if (trackOf(rollout, 'canary') === undefined) return [];
    const plan = planAction(snapshot, rollout, setWeight(rollout, 25));
    return [bothLanguages(plan.ok ? plan.value.summary : plan.error.text)];
  });
  return { problems: texts.map(bothLanguages), answers };
}

async function httpServer(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

async function file(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-messages-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'kubeconfig');
  await writeFile(path, content);
  return path;
}
