import { describe, expect, test } from 'vitest';
import { backends } from '../../backends/registry.ts';
import { renderer, type Locale } from '../../base/text.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { ContextView, ServiceView } from '../../state/inventory.ts';
import { hostWords } from '../../words.ts';
import {
  aContext,
  anUpdate,
  aRollout,
  aService,
  aTrack,
  deploymentRef,
  FakeSource,
  noRuns,
} from '../../../test/support/inventory.ts';
import { childrenOf, objectOf, rootsOf } from './address.ts';
import type { RowTools } from './draw.ts';
import { idOf, type Address, type Row, type ViewName } from './model.ts';
import { rowOf } from './rows.ts';
import { tooltipOf } from './tooltip.ts';
import { say } from './tree.l10n.ts';

interface Scene {
  readonly contexts: readonly ContextView[];
  readonly view?: ViewName;
  readonly locale?: Locale;
  readonly filter?: string;
}

function toolsOf({ contexts, view = 'rollouts', locale = 'en', filter = '' }: Scene): RowTools {
  const render = renderer(hostWords, locale);
  return {
    source: new FakeSource(...contexts),
    runs: noRuns,
    render,
    time: () => '12:04:31',
    view,
    filter,
  };
}

/** The whole view with everything expanded, one indented line per row: "label | description". */
function drawing(scene: Scene): string[] {
  const tools = toolsOf(scene);
  const { source, view, filter } = tools;
  const lines = (addresses: readonly Address[], depth: number): string[] =>
    addresses.flatMap((address) => {
      const row = rowOf(tools, address);
      const line = `${'  '.repeat(depth)}${row?.label ?? 'gone'} | ${row?.description ?? ''}`;
      return [line, ...lines(childrenOf(view, source, address, filter), depth + 1)];
    });
  return lines(rootsOf(view, source.inventory(), filter), 0);
}

function rolloutRow(rollout: Rollout, context: Partial<ContextView> = {}): Row {
  const tools = toolsOf({ contexts: [aContext({ rollouts: [rollout], ...context })] });
  const row = rowOf(tools, { kind: 'rollout', context: 'kind-dev', rolloutId: rollout.id });
  if (row === undefined) throw new Error('The rollout has no row.');
  return row;
}

describe('the Rollouts view', () => {
  test('shows share, version and readiness, and below it tracks and route', () => {
    expect(drawing({ contexts: [aContext()] })).toEqual([
      'shop | 10 % canary · v2.4.1 · 2/2 ready',
      '  stable | v2.4.0 · 90 % · 2/2 ready',
      '  canary | v2.4.1 · 10 % · 2/2 ready',
      '  Deployment shop | route "primary"',
    ]);
  });

  test('says the same in Chinese', () => {
    const lines = drawing({ contexts: [aContext()], locale: 'zh-cn' });
    expect(lines.slice(0, 3)).toEqual([
      'shop | 金丝雀版本 10% · v2.4.1 · 2/2 就绪',
      '  稳定版 | v2.4.0 · 90% · 2/2 就绪',
      '  金丝雀版本 | v2.4.1 · 10% · 2/2 就绪',
    ]);
  });

  test('names who decides, the stage of a promotion and problems', () => {
    const effect = say('tree.noCanary');
    const rollout = aRollout({
      owner: { kind: 'controller', name: 'Flagger', object: 'Canary shop/shop', effect },
      promotion: { style: 'copy', stage: 'waitReady' },
      problems: [{ severity: 'warning', text: effect }],
    });
    expect(rolloutRow(rollout).description).toBe(
      '10 % canary · v2.4.1 · 2/2 ready · promotion: waiting for stable · Flagger decides · 1 problem',
    );
  });

  test('never reads 0 or 100 % for a share that is neither', () => {
    expect(rolloutRow(aRollout({ canaryShare: 0.005 })).description).toContain('0.5 % canary');
    expect(rolloutRow(aRollout({ canaryShare: 0 })).description).toContain(
      'all requests on stable',
    );
    expect(rolloutRow(aRollout({ canaryShare: 1 })).description).toContain('on the canary');
  });

  test('groups the rollouts of other connected contexts, and leaves out those that are not connected', () => {
    const other = aContext({ name: 'staging', current: false });
    const idle = aContext({ name: 'idle', current: false, connection: { kind: 'idle' } });
    const lines = drawing({ contexts: [aContext(), other, idle] }).filter(
      (l) => !l.startsWith('    '),
    );
    expect(lines).toContain('staging | ');
    expect(lines).toContain('  shop | 10 % canary · v2.4.1 · 2/2 ready');
    expect(lines.join('\n')).not.toContain('idle');
  });

  test('names the namespace only where there are several', () => {
    const two = [
      { name: 'default', services: [aService('shop')] },
      { name: 'pay', services: [aService('pay')] },
    ];
    expect(rolloutRow(aRollout(), { namespaces: two }).description).toMatch(/ · default$/);
    expect(rolloutRow(aRollout()).description).not.toContain('default');
  });
});

describe('an update in batches', () => {
  const rowOfUpdate = (update: Parameters<typeof anUpdate>[1] = {}): Row =>
    rolloutRow(anUpdate({}, update));

  test.each([
    [{}, 'layers', 'held at 3 · 3/10 pods updated · 3 of them ready · v2'],
    [{ ready: 1 }, 'layers', 'held at 3 · 3/10 pods updated · 1 of them ready · v2'],
    [{ paused: true }, 'debug-pause', 'paused · 3/10 pods updated · 3 of them ready · v2'],
    [
      { state: 'paused', paused: true },
      'debug-pause',
      'paused · 3/10 pods updated · 3 of them ready · v2',
    ],
    [
      { state: 'running', updated: 7 },
      'sync',
      'updating by itself · 7/10 pods updated · 3 of them ready · v2',
    ],
    [{ state: 'returning' }, 'discard', 'going back · 3/10 pods updated · 3 of them ready · v2'],
  ] as const)('%j says what it does and how far it is', (update, icon, description) => {
    const row = rowOfUpdate(update);
    expect([row.icon.id, row.description]).toEqual([icon, description]);
  });

  test('says the same in Chinese', () => {
    const tools = toolsOf({
      contexts: [aContext({ rollouts: [anUpdate()] })],
      locale: 'zh-cn',
    });
    const address = { kind: 'rollout', context: 'kind-dev', rolloutId: anUpdate().id } as const;
    expect(rowOf(tools, address)?.description).toBe(
      '停留在 3 个 · 已更新 3/10 个 Pod · 其中 3 个就绪 · v2',
    );
  });

  test('offers what applies now, and neither a weight nor a promotion', () => {
    const flags = ['pause', 'resume', 'batch', 'surge', 'finish', 'revisions', 'rollback'];
    const offered = (row: Row): string[] => flags.filter((flag) => row.flags.includes(flag));
    expect(offered(rowOfUpdate())).toEqual(flags.filter((flag) => flag !== 'resume'));
    expect(offered(rowOfUpdate({ paused: true }))).toEqual(
      flags.filter((flag) => flag !== 'pause'),
    );
    const reason = say('tree.noCanary');
    const returning = anUpdate({ weights: { kind: 'none', reason } }, { state: 'returning' });
    expect(offered(rolloutRow(returning))).toEqual(['revisions']);
    expect(rowOfUpdate().flags).not.toEqual(expect.arrayContaining(['weights']));
    expect(rowOfUpdate().flags).not.toEqual(expect.arrayContaining(['promote']));
    expect(rowOfUpdate().flags).toContain('active');
  });

  test('offers nothing but to roll back where a controller decides', () => {
    const owner = { kind: 'controller', name: 'Flagger', object: '', effect: say('tree.noCanary') };
    const { flags } = rolloutRow(anUpdate({ owner } as Partial<Rollout>));
    expect(flags).toEqual(['rollout', 'object', 'active', 'rollback']);
  });
});

describe('the Services view', () => {
  test('shows contexts, namespaces, services with their split, and workloads without one', () => {
    expect(drawing({ contexts: [aContext()], view: 'services' })).toEqual([
      'kind-dev | all namespaces',
      '  default | 2 services',
      `    shop | ${backends[0]?.title ?? ''} · 90/10`,
      '      stable | v2.4.0 · 90 % · 2/2 ready',
      '      canary | v2.4.1 · 10 % · 2/2 ready',
      '      Deployment shop | route "primary"',
      '    cart | no canary',
      '      Deployment cart | 1 · 1/1 ready',
    ]);
  });

  test('a Service of one track says whose it is', () => {
    const tracks = [
      aTrack('stable', { service: 'shop-stable' }),
      aTrack('canary', { service: 'shop-canary' }),
    ];
    const rollout = aRollout({ tracks });
    const services = ['shop', 'shop-canary', 'shop-stable'].map((name) =>
      aService(name, { rolloutId: rollout.id, workloads: [] }),
    );
    const namespaces = [{ name: 'default', services }];
    const lines = drawing({
      contexts: [aContext({ rollouts: [rollout], namespaces })],
      view: 'services',
    });
    expect(lines).toContain('    shop-canary | canary of shop');
    expect(lines).toContain('    shop-stable | stable of shop');
  });

  test('says why a context shows nothing', () => {
    const empty = { namespaces: [], rollouts: [] };
    const text = say('tree.noCanary');
    const failed = { kind: 'failed', reason: 'forbidden', text } as const;
    const scene = (parts: Partial<ContextView>): string[] =>
      drawing({ contexts: [aContext({ ...empty, ...parts })], view: 'services' });
    expect(scene({})).toEqual([
      'kind-dev | all namespaces',
      '  No Services in the namespaces that are watched. | ',
    ]);
    expect(scene({ connection: { kind: 'connecting' } })[1]).toBe('  Connecting… | ');
    expect(scene({ connection: failed })[1]).toBe('  no canary | ');
  });

  test('problems that belong to no rollout stand first, so that nothing is missing without a word', () => {
    const object = deploymentRef('default', 'broken');
    const problems = [{ severity: 'error', text: say('tree.noCanary'), object }] as const;
    const scene = { contexts: [aContext({ problems })], view: 'services' } as const;
    expect(drawing(scene)[1]).toBe('  no canary | ');
    const address = { kind: 'problem', context: 'kind-dev', index: 0 } as const;
    expect(rowOf(toolsOf(scene), address)?.icon.id).toBe('error');
    expect(objectOf(toolsOf(scene).source, address)).toBe(object);
  });

  test('a filter keeps what fits by service or namespace, and says when nothing does', () => {
    const shown = drawing({ contexts: [aContext()], view: 'services', filter: 'CAR' });
    expect(shown).toContain('    cart | no canary');
    expect(shown.join('\n')).not.toContain('shop');
    const nothing = drawing({ contexts: [aContext()], view: 'services', filter: 'zzz' });
    expect(nothing[1]).toBe('  Nothing fits the filter "zzz". | ');
  });
});

test('a small namespace with a canary is open at first, a large one and one without are not', () => {
  const opened = (services: readonly ServiceView[]): string | undefined => {
    const namespaces = [
      { name: 'default', services },
      { name: 'kube-system', services: [aService('dns')] },
    ];
    const tools = toolsOf({ contexts: [aContext({ namespaces })], view: 'services' });
    const address = { kind: 'namespace', context: 'kind-dev', namespace: 'default' } as const;
    return rowOf(tools, address)?.collapsible;
  };
  const canary = aService('shop', { rolloutId: aRollout().id });
  const many = Array.from({ length: 51 }, (_, i) => aService(`s${String(i)}`));
  expect(opened([canary, aService('cart')])).toBe('expanded');
  expect(opened([aService('cart')])).toBe('collapsed');
  expect(opened([canary, ...many])).toBe('collapsed');
});

describe('what the menus offer', () => {
  test('a live rollout can be weighted, promoted, rolled back', () => {
    expect(rolloutRow(aRollout()).flags).toEqual(
      expect.arrayContaining(['rollout', 'object', 'active', 'rollback', 'weights', 'promote']),
    );
  });

  test('an old view offers nothing but to roll back, and is greyed', () => {
    const connection = { kind: 'stale', sinceMs: 1, text: say('tree.noCanary') } as const;
    const row = rolloutRow(aRollout(), { connection });
    expect(row.flags).toContain('rollback');
    for (const flag of ['weights', 'promote', 'endable']) expect(row.flags).not.toContain(flag);
    expect(row.icon.color).toBe('disabledForeground');
  });

  test('a controller that decides leaves no weight to set', () => {
    const owner = {
      kind: 'controller',
      name: 'Argo Rollouts',
      object: '',
      effect: say('tree.noCanary'),
    } as const;
    const { flags } = rolloutRow(aRollout({ owner }));
    for (const flag of ['weights', 'promote', 'endable']) expect(flags).not.toContain(flag);
  });

  test('a canary can be started where there is exactly one workload and the view is live', () => {
    const flagsOf = (workloads: number, kind: 'live' | 'connecting'): readonly string[] => {
      const service = aService('cart');
      const many = Array.from({ length: workloads }, () => service.workloads).flat();
      const namespaces = [{ name: 'default', services: [{ ...service, workloads: many }] }];
      const tools = toolsOf({ contexts: [aContext({ namespaces, connection: { kind } })] });
      const address = { kind: 'service', context: 'kind-dev', namespace: 'default', name: 'cart' };
      return rowOf(tools, address as Address)?.flags ?? [];
    };
    expect(flagsOf(1, 'live')).toContain('startable');
    expect(flagsOf(0, 'live')).not.toContain('startable');
    expect(flagsOf(2, 'live')).not.toContain('startable');
    expect(flagsOf(1, 'connecting')).not.toContain('startable');
  });
});

describe('rows as a whole', () => {
  test('are spoken in full', () => {
    expect(rolloutRow(aRollout()).spoken).toBe('Rollout shop, 10 % canary, v2.4.1, 2/2 ready');
  });

  test('have ids that stay the same when facts change, and differ from each other', () => {
    const ids = (share: number): string[] => {
      const tools = toolsOf({
        contexts: [aContext({ rollouts: [aRollout({ canaryShare: share })] })],
      });
      const roots = rootsOf('rollouts', tools.source.inventory(), '');
      return roots.flatMap((a) => [a, ...childrenOf('rollouts', tools.source, a, '')]).map(idOf);
    };
    expect(ids(0.1)).toEqual(ids(0.5));
    expect(new Set(ids(0.1)).size).toBe(4);
    expect(ids(0.1)[0]).toMatch(/^kind-dev\/default\/rollout\/shop@/);
  });

  test('a context with slashes in its name cannot collide with a namespace of another', () => {
    expect(idOf({ kind: 'context', context: 'a/b' })).not.toBe(
      idOf({ kind: 'namespace', context: 'a', namespace: 'b' }),
    );
  });

  test('show cluster text without direction overrides, control characters or line breaks', () => {
    const evil = 'pay\u202Edorp-\u2066stnem\u200b\u001b[31m\nx';
    const row = rolloutRow(
      aRollout({ service: evil, tracks: [aTrack('stable'), aTrack('canary', { version: evil })] }),
    );
    const shown = `${row.label}${row.description}${row.spoken}`;
    expect(shown).not.toMatch(/[\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(row.label).toBe('pay dorp- stnem [31m x');
  });

  test('are undefined when what they showed is gone', () => {
    const tools = toolsOf({ contexts: [aContext({ rollouts: [] })] });
    const rollout = { kind: 'rollout', context: 'kind-dev', rolloutId: aRollout().id } as const;
    expect(rowOf(tools, rollout)).toBeUndefined();
    expect(
      rowOf(tools, { kind: 'part', context: 'kind-dev', parent: rollout, part: 'route' }),
    ).toBeUndefined();
  });

  test('a track leads to its workload, a rollout to its route, a problem to its object', () => {
    const object = deploymentRef('default', 'broken');
    const problems = [{ severity: 'error', text: say('tree.noCanary'), object }] as const;
    const { source } = toolsOf({ contexts: [aContext({ rollouts: [aRollout({ problems })] })] });
    const rollout = { kind: 'rollout', context: 'kind-dev', rolloutId: aRollout().id } as const;
    const at = (part: string): Address => ({
      kind: 'part',
      context: 'kind-dev',
      parent: rollout,
      part,
    });
    expect(objectOf(source, rollout)?.name).toBe('shop');
    expect(objectOf(source, at('track:canary'))?.name).toBe('shop-canary');
    expect(objectOf(source, at('problem:0'))).toBe(object);
    expect(objectOf(source, at('owner'))).toBeUndefined();
  });

  test('the tooltip names context, namespace, route and images', () => {
    const tools = toolsOf({ contexts: [aContext()] });
    const lines = tooltipOf(tools, {
      kind: 'rollout',
      context: 'kind-dev',
      rolloutId: aRollout().id,
    });
    expect(lines).toEqual(
      expect.arrayContaining([
        { label: 'Context', value: 'kind-dev' },
        { label: 'Namespace', value: 'default' },
        { label: 'Route', value: 'Deployment default/shop' },
        { label: 'Share', value: '10 % canary' },
        { label: 'Canary', value: 'canary registry/shop:v2.4.1' },
      ]),
    );
  });
});
