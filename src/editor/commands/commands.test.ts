import { describe, expect, test } from 'vitest';
import { err } from '../../base/result.ts';
import { backends } from '../../backends/registry.ts';
import { services } from '../../model/kinds.ts';
import type { Rule } from '../../model/rollout.ts';
import { CommandBench, failing, sentence, written } from '../../../test/support/commandBench.ts';
import {
  aContext,
  aRollout,
  aService,
  aTrack,
  deploymentRef,
} from '../../../test/support/inventory.ts';
import { runCommand } from './handlers.ts';
import { fillUrl } from './openElsewhere.ts';
import { kubectlLine } from './rowObject.ts';
import { isBaseUrl } from './setServer.ts';
import { percentOf } from './setWeight.ts';
import { tagStart } from './startCanary.ts';
import { targetOf } from './targets.ts';

const rolloutRow = { kind: 'rollout', context: 'kind-dev', rolloutId: aRollout().id } as const;
const owner = { kind: 'controller', name: 'Flagger', object: '', effect: sentence } as const;

describe('Set Weight', () => {
  test('asks for the percent, refuses what is none, and sends it for the canary', async () => {
    const bench = new CommandBench({ answers: ['ten', '101', '25 %'] });
    await runCommand(bench.ctx, 'cablecar.setWeight', rolloutRow);
    expect(bench.ui.shown.slice(0, 2)).toEqual([
      'fault: A whole number from 0 to 100 is needed.',
      'fault: A whole number from 0 to 100 is needed.',
    ]);
    expect(bench.sent).toEqual([{ kind: 'setWeight', percents: { canary: 25 } }]);
  });

  test('offers only the stops that pods can reach', async () => {
    const weights = {
      kind: 'stops',
      stops: [
        { percent: 0, pods: 0 },
        { percent: 17, pods: 1 },
      ],
    } as const;
    const contexts = [aContext({ rollouts: [aRollout({ weights })] })];
    const bench = new CommandBench({ contexts, answers: ['17 %'] });
    await runCommand(bench.ctx, 'cablecar.setWeight', rolloutRow);
    expect(bench.sent).toEqual([{ kind: 'setWeight', percents: { canary: 17 } }]);
  });

  test('sends nothing where a controller decides, and says so in one sentence', async () => {
    const bench = new CommandBench({ contexts: [aContext({ rollouts: [aRollout({ owner })] })] });
    await runCommand(bench.ctx, 'cablecar.setWeight', rolloutRow);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.shown).toEqual(['fail: Flagger decides the split of shop. no canary']);
  });

  test('sends nothing when the box is left', async () => {
    const bench = new CommandBench({ answers: [undefined] });
    await runCommand(bench.ctx, 'cablecar.setWeight', rolloutRow);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.shown).toEqual([]);
  });
});

describe('Set Match Rule', () => {
  const mine: Rule = {
    id: 'cablecar-phone',
    matches: [[{ on: 'device', op: 'exact', name: 'user-agent', value: 'phone' }]],
    destinations: [{ trackId: 'canary', weight: 10, share: 0.1 }],
    total: 100,
    isOurs: true,
  };
  const contexts = [aContext({ rollouts: [aRollout({ rules: [mine, ...aRollout().rules] })] })];

  test('asks for the device and the share of a new rule', async () => {
    const bench = new CommandBench({
      answers: ['$(add) New rule…', 'By device', 'Phones', 'all', '25'],
    });
    await runCommand(bench.ctx, 'cablecar.setMatch', rolloutRow);
    expect(bench.sent).toEqual([{ kind: 'setMatch', to: { matches: mine.matches, percent: 25 } }]);
    expect(bench.ui.shown).toContain('fault: A whole number from 0 to 100 is needed.');
  });

  test('takes a list of user ids, and one header with its value', async () => {
    const users = new CommandBench({
      answers: ['$(add) New rule…', 'By user id', ' ', 'x-user-id', ' 7, 42，9 ', '100'],
    });
    await runCommand(users.ctx, 'cablecar.setMatch', rolloutRow);
    const condition = { on: 'user', op: 'oneOf', name: 'x-user-id', value: '7,42,9' };
    expect(users.sent).toEqual([
      { kind: 'setMatch', to: { matches: [[condition]], percent: 100 } },
    ]);
    const header = new CommandBench({
      answers: ['$(add) New rule…', 'By header', 'x-beta', 'a, b', '5 %'],
    });
    await runCommand(header.ctx, 'cablecar.setMatch', rolloutRow);
    expect(header.sent).toMatchObject([
      { to: { matches: [[{ on: 'header', op: 'exact', name: 'x-beta', value: 'a, b' }]] } },
    ]);
  });

  test('changes the share of a rule that is there, or takes it away', async () => {
    const shown = 'Phones → canary';
    const share = new CommandBench({ contexts, answers: [shown, 'Change its share…', '30'] });
    await runCommand(share.ctx, 'cablecar.setMatch', rolloutRow);
    const { id: rule, matches: was } = mine;
    expect(share.sent).toEqual([
      { kind: 'setMatch', rule, was, to: { matches: was, percent: 30 } },
    ]);
    const gone = new CommandBench({ contexts, answers: [shown, 'Take it away…'] });
    await runCommand(gone.ctx, 'cablecar.setMatch', rolloutRow);
    expect(gone.sent).toEqual([{ kind: 'setMatch', rule, was }]);
  });

  test('sends nothing where a controller decides, where there are no requests to look at, and when it is left', async () => {
    const owned = new CommandBench({ contexts: [aContext({ rollouts: [aRollout({ owner })] })] });
    await runCommand(owned.ctx, 'cablecar.setMatch', rolloutRow);
    const backend = backends.find(({ capabilities }) => !capabilities.setsMatches)?.id ?? '';
    const pods = new CommandBench({ contexts: [aContext({ rollouts: [aRollout({ backend })] })] });
    await runCommand(pods.ctx, 'cablecar.setMatch', rolloutRow);
    const left = new CommandBench({ answers: ['$(add) New rule…', undefined] });
    await runCommand(left.ctx, 'cablecar.setMatch', rolloutRow);
    expect([owned, pods, left].map(({ sent }) => sent)).toEqual([[], [], []]);
    expect(pods.ui.shown).toEqual([
      'fail: shop is split without looking at the requests, so no rule can choose some of them.',
    ]);
  });
});

describe('which rollout', () => {
  const two = [aContext({ rollouts: [aRollout(), aRollout({ service: 'pay' })] })];

  test('the only one that fits needs no question', async () => {
    const bench = new CommandBench({
      contexts: [
        aContext({ rollouts: [aRollout(), aRollout({ service: 'pay', canaryShare: 0 })] }),
      ],
    });
    await runCommand(bench.ctx, 'cablecar.rollback', undefined);
    expect(bench.sent).toEqual([{ kind: 'rollback' }]);
  });

  test('several are asked for by name with their facts', async () => {
    const bench = new CommandBench({ contexts: two, answers: [undefined] });
    await runCommand(bench.ctx, 'cablecar.rollback', undefined);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.asked[0]).toMatchObject({
      title: 'Roll Back: which rollout?',
      choices: [
        {
          label: 'shop',
          description: '10 % canary · v2.4.1 · 2/2 ready',
          detail: 'default in kind-dev',
        },
        { label: 'pay' },
      ],
    });
  });

  test('a command from the palette means the panel that has the focus', async () => {
    const focused = { context: 'kind-dev', rolloutId: aRollout({ service: 'pay' }).id };
    const bench = new CommandBench({ contexts: two, focused });
    await runCommand(bench.ctx, 'cablecar.openRollout', undefined);
    expect(bench.opened).toEqual([focused.rolloutId]);
  });

  test('a service row with a canary means its rollout', async () => {
    const bench = new CommandBench();
    const row = { kind: 'service', context: 'kind-dev', namespace: 'default', name: 'shop' };
    await runCommand(bench.ctx, 'cablecar.promote', row);
    expect(bench.sent).toEqual([{ kind: 'promote' }]);
  });

  test('a row that was lost between click and command is never another one', async () => {
    const focused = { context: 'kind-dev', rolloutId: aRollout({ service: 'pay' }).id };
    const bench = new CommandBench({ contexts: two, focused });
    await runCommand(bench.ctx, 'cablecar.rollback', targetOf([undefined, undefined]));
    await runCommand(bench.ctx, 'cablecar.startCanary', targetOf([null]));
    expect(bench.sent).toEqual([]);
    const told =
      'inform: This row changed while you clicked. Nothing was done; please click again.';
    expect(bench.ui.shown).toEqual([told, told]);
    expect(targetOf([])).toBeUndefined();
  });

  test('one that is gone is not opened, and says so', async () => {
    const bench = new CommandBench({ contexts: [aContext({ rollouts: [] })] });
    await runCommand(bench.ctx, 'cablecar.openRollout', rolloutRow);
    expect(bench.opened).toEqual([]);
    expect(bench.ui.shown).toEqual([
      'inform: This row is gone from the cluster. Refresh the view.',
    ]);
  });

  test('before a view was opened, the current context is connected first', async () => {
    const bench = new CommandBench({ contexts: [aContext({ connection: { kind: 'idle' } })] });
    const running = runCommand(bench.ctx, 'cablecar.rollback', undefined);
    expect(bench.source.watched).toEqual(['kind-dev']);
    bench.source.set({ contexts: [aContext()] }, { kind: 'connection', context: 'kind-dev' });
    await running;
    expect(bench.sent).toEqual([{ kind: 'rollback' }]);
  });

  test('a context that cannot be reached says why and sends nothing', async () => {
    const connection = { kind: 'failed', reason: 'unreachable', text: sentence } as const;
    const bench = new CommandBench({ contexts: [aContext({ connection: { kind: 'idle' } })] });
    const running = runCommand(bench.ctx, 'cablecar.rollback', undefined);
    bench.source.set(
      { contexts: [aContext({ connection, rollouts: [] })] },
      { kind: 'connection', context: 'kind-dev' },
    );
    await running;
    expect(bench.sent).toEqual([]);
    expect(bench.ui.shown).toEqual(['fail: kind-dev: no canary']);
  });

  test('without a kubeconfig it says what to set', async () => {
    const bench = new CommandBench({ contexts: [] });
    await runCommand(bench.ctx, 'cablecar.rollback', undefined);
    expect(bench.ui.shown[0]).toMatch(/^fail: No kubeconfig with a context was found\./);
  });
});

describe('how an action ends', () => {
  test('a consent that was left is silent', async () => {
    const bench = new CommandBench({ outcomes: [failing('cancelled')] });
    await runCommand(bench.ctx, 'cablecar.rollback', rolloutRow);
    expect(bench.ui.shown).toEqual([]);
  });

  test('a conflict offers to try again, which plans anew', async () => {
    const bench = new CommandBench({
      outcomes: [failing('conflict'), written],
      answers: ['Try Again'],
    });
    await runCommand(bench.ctx, 'cablecar.rollback', rolloutRow);
    expect(bench.sent).toHaveLength(2);
    expect(bench.ui.shown).toEqual([
      'fail: no canary [Show What Changed] [Try Again]',
      'flash: Done: no canary',
    ]);
  });

  test('a conflict can be looked at', async () => {
    const bench = new CommandBench({
      outcomes: [failing('conflict')],
      answers: ['Show What Changed'],
    });
    await runCommand(bench.ctx, 'cablecar.rollback', rolloutRow);
    expect(bench.saved).toEqual(['conflict shown']);
    expect(bench.sent).toHaveLength(1);
  });

  test('a refusal is one sentence without buttons, an unknown outcome offers no second try', async () => {
    const refused = new CommandBench({ outcomes: [failing('refused')] });
    await runCommand(refused.ctx, 'cablecar.rollback', rolloutRow);
    expect(refused.ui.shown).toEqual(['fail: no canary']);
    const unknown = new CommandBench({ outcomes: [failing('unknown')], answers: ['Show Log'] });
    await runCommand(unknown.ctx, 'cablecar.rollback', rolloutRow);
    expect(unknown.ui.shown).toEqual(['fail: no canary [Show What Changed] [Show Log]']);
  });

  test('what throws is logged with the command and shown, never thrown on', async () => {
    const bench = new CommandBench({ answers: ['Show Log'] });
    bench.source.rollout = () => {
      throw new Error('boom');
    };
    await runCommand(bench.ctx, 'cablecar.setWeight', rolloutRow);
    expect(bench.logged).toEqual(['The command cablecar.setWeight failed']);
    expect(bench.ui.shown[0]).toContain('boom');
    expect(bench.saved).toEqual(['log']);
  });
});

test('Undo takes back the chosen change', async () => {
  const bench = new CommandBench({ answers: ['no canary'] });
  await runCommand(bench.ctx, 'cablecar.undo', undefined);
  expect(bench.sent).toEqual(['undo e2']);
});

describe('Start Canary', () => {
  test('asks for another image than that of stable and starts beside the one workload', async () => {
    const bench = new CommandBench({
      answers: ['Canary copy beside it', '', 'registry/cart:1', 'a b', ' registry/cart:2 '],
    });
    await runCommand(bench.ctx, 'cablecar.startCanary', undefined);
    expect(bench.ui.shown.slice(0, 3)).toEqual([
      'fault: Name an image.',
      'fault: That is the image that stable runs.',
      'fault: An image name has no spaces.',
    ]);
    expect(bench.sent).toEqual([
      {
        kind: 'startCanary',
        service: { resource: services, namespace: 'default', name: 'cart' },
        workload: deploymentRef('default', 'cart'),
        image: 'registry/cart:2',
      },
    ]);
  });

  test('does nothing for a service without a workload', async () => {
    const namespaces = [{ name: 'default', services: [aService('cart', { workloads: [] })] }];
    const bench = new CommandBench({ contexts: [aContext({ namespaces, rollouts: [] })] });
    const row = { kind: 'service', context: 'kind-dev', namespace: 'default', name: 'cart' };
    await runCommand(bench.ctx, 'cablecar.startCanary', row);
    expect(bench.sent).toEqual([]);
    expect(bench.ui.shown[0]).toMatch(/^fail: No Service has exactly one Deployment/);
  });
});

describe('Choose Namespaces', () => {
  test('keeps those that were picked; all means no limit', async () => {
    const some = new CommandBench({ answers: [['shop']] });
    await runCommand(some.ctx, 'cablecar.chooseNamespaces', undefined);
    expect(some.saved).toEqual(['namespaces kind-dev: shop']);
    const all = new CommandBench({ answers: [['shop', 'default']] });
    await runCommand(all.ctx, 'cablecar.chooseNamespaces', undefined);
    expect(all.saved).toEqual(['namespaces kind-dev: ']);
  });

  test('are typed where they cannot be listed', async () => {
    const bench = new CommandBench({ answers: ['Shop_1', 'shop, pay shop'] });
    const contexts = { ...bench.ctx.contexts, namespaces: () => Promise.resolve(err(sentence)) };
    await runCommand({ ...bench.ctx, contexts }, 'cablecar.chooseNamespaces', undefined);
    expect(bench.ui.shown).toContain('fault: "Shop_1" is not the name of a namespace.');
    expect(bench.saved).toEqual(['namespaces kind-dev: shop+pay']);
  });
});

describe('Set Prometheus', () => {
  test('keeps the secret for the origin alone, then the URL, then tests it', async () => {
    const bench = new CommandBench({
      answers: ['Set a URL…', 'https://u:p@prom', 'https://prom.example/base', 'Token…', 's3cret'],
    });
    await runCommand(bench.ctx, 'cablecar.setPrometheus', undefined);
    expect(bench.saved).toEqual([
      'save https://prom.example: bearer',
      'prometheus url kind-dev: https://prom.example/base',
    ]);
    expect(bench.ui.shown.at(-1)).toBe('inform: Prometheus of kind-dev: no canary');
    expect(JSON.stringify(bench.ui.shown)).not.toContain('s3cret');
  });

  test('the address of Alertmanager is kept beside it, in the same way', async () => {
    const bench = new CommandBench({
      answers: ['Set a URL…', 'https://alerts.example', 'Token…', 's3cret'],
    });
    await runCommand(bench.ctx, 'cablecar.setAlertmanager', undefined);
    expect(bench.saved).toEqual([
      'save https://alerts.example: bearer',
      'alertmanager url kind-dev: https://alerts.example',
    ]);
    expect(bench.ui.shown.at(-1)).toBe('inform: Alertmanager of kind-dev: no canary');
  });

  test('leaving any step changes nothing', async () => {
    const bench = new CommandBench({
      answers: ['Set a URL…', 'https://prom', 'User and password…', 'me', undefined],
    });
    await runCommand(bench.ctx, 'cablecar.setPrometheus', undefined);
    expect(bench.saved).toEqual([]);
    expect(bench.ui.answersLeft).toBe(0);
  });
});

describe('rows', () => {
  const trackRow = {
    kind: 'part',
    context: 'kind-dev',
    parent: rolloutRow,
    part: 'track:canary',
  } as const;

  test('the YAML of a track is that of its workload', async () => {
    const bench = new CommandBench();
    await runCommand(bench.ctx, 'cablecar.openYaml', trackRow);
    expect(bench.ui.opened).toEqual(['Deployment shop-canary.yaml\nkind: Deployment\n']);
  });

  test('the kubectl line quotes what a shell would read otherwise', () => {
    expect(kubectlLine("a'b $(x)", deploymentRef('shop', 'web'))).toBe(
      String.raw`kubectl --context 'a'\''b $(x)' -n shop get deployments.apps web -o yaml`,
    );
    expect(kubectlLine('kind-dev', { resource: services, namespace: 'shop', name: 'web' })).toBe(
      'kubectl --context kind-dev -n shop get services web -o yaml',
    );
  });

  test('a row that is gone says so', async () => {
    const bench = new CommandBench({ contexts: [aContext({ rollouts: [] })] });
    await runCommand(bench.ctx, 'cablecar.copyYaml', trackRow);
    expect(bench.ui.copied).toEqual([]);
    expect(bench.ui.shown).toEqual([
      'inform: This row is gone from the cluster. Refresh the view.',
    ]);
  });
});

test('Open in Grafana fills in names encoded, so that they cannot add to the address', async () => {
  const evil = aRollout({ service: 'a&b=c/../?#', tracks: [aTrack('stable'), aTrack('canary')] });
  const bench = new CommandBench({ contexts: [aContext({ rollouts: [evil] })] });
  await runCommand(bench.ctx, 'cablecar.openInGrafana', undefined);
  expect(bench.ui.opened).toEqual([
    'https://g.example/d?s=a%26b%3Dc%2F..%2F%3F%23&c=canary&from=0',
  ]);
  expect(fillUrl('x{toString}y', {})).toBe('x{toString}y');
});

test.each([
  ['0', 0],
  ['100', 100],
  [' 25 % ', 25],
  ['25％', 25],
  ['101', undefined],
  ['-1', undefined],
  ['2.5', undefined],
  ['1e1', undefined],
  ['', undefined],
])('"%s" as a percent is %s', (text, expected) => {
  expect(percentOf(text)).toBe(expected);
});

test.each([
  ['https://prom.example', true],
  ['http://localhost:9090/x', true],
  ['https://user:pass@prom', false],
  ['ftp://prom', false],
  ['prom', false],
])('%s as a base URL: %s', (url, expected) => {
  expect(isBaseUrl(url)).toBe(expected);
});

test.each([
  ['registry:5000/shop:v1', 'v1'],
  ['shop@sha256:0123', 'sha256:0123'],
  ['registry:5000/shop', 'registry:5000/shop'],
])('of %s the part "%s" is selected', (image, part) => {
  expect(image.slice(tagStart(image))).toBe(part);
});
