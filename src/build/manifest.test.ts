import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { backends } from '../backends/registry.ts';
import { commands, panelType, views } from '../editor/contributions.ts';
import { settings } from '../editor/settingDefinitions.ts';
import type { RowTools } from '../editor/tree/draw.ts';
import type { Address, ViewName } from '../editor/tree/model.ts';
import { childrenOf, rootsOf } from '../editor/tree/address.ts';
import { rowOf } from '../editor/tree/rows.ts';
import { planSuffix } from '../release/planName.ts';
import {
  aContext,
  anUpdate,
  aRollout,
  aService,
  FakeSource,
  noRuns,
} from '../../test/support/inventory.ts';
import { manifestOf } from './manifest.ts';

interface Contributes {
  readonly menus: Readonly<
    Record<string, readonly { readonly command: string; readonly when: string }[]>
  >;
  readonly viewsWelcome: readonly { readonly when: string }[];
}

const manifest = manifestOf();
const contributes = manifest.contributes as Contributes;

/** Flags of every row of a cluster that has one of each kind. */
function allFlags(): Set<string> {
  const startsCanary = backends.find((backend) => backend.capabilities.startsCanary);
  const endable = aRollout({ service: 'ended', backend: startsCanary?.id ?? '' });
  const held = anUpdate({ service: 'held' });
  const paused = anUpdate({ service: 'paused' }, { paused: true });
  const rollouts = [aRollout(), endable, held, paused];
  const services = [aService('shop', { rolloutId: aRollout().id }), aService('cart')];
  const namespaces = [{ name: 'default', services }];
  const source = new FakeSource(
    aContext({ rollouts, namespaces }),
    aContext({ name: 'other', current: false }),
  );
  const flags = (view: ViewName): string[] => {
    const tools: RowTools = {
      source,
      runs: {
        ...noRuns,
        of: () => ({ fact: { key: 'runs.nobody', args: {} }, isDriven: true }),
      },
      view,
      render: ({ key }) => key,
      time: String,
      filter: '',
    };
    const below = (addresses: readonly Address[]): string[] =>
      addresses.flatMap((address) => [
        ...(rowOf(tools, address)?.flags ?? []),
        ...below(childrenOf(view, source, address, '')),
      ]);
    return below(rootsOf(view, source.inventory(), ''));
  };
  return new Set([...flags('rollouts'), ...flags('services')]);
}

test('every flag that a menu waits for is one that a row has', () => {
  const wanted = Object.values(contributes.menus)
    .flat()
    .flatMap(({ when }) => [...when.matchAll(/\/;(\w+);\//g)].map((match) => match[1]));
  const flags = allFlags();
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((flag) => flag === undefined || !flags.has(flag))).toEqual([]);
});

test('every command that words link to exists', () => {
  const links = [...manifest.words.values()]
    .flat()
    .flatMap((text) => [...text.matchAll(/\(command:(cablecar\.\w+)\)/g)].map((m) => m[1] ?? ''));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((id) => !Object.hasOwn(commands, id))).toEqual([]);
});

test('every reason for empty views has its welcome', () => {
  const reasons = contributes.viewsWelcome.map(({ when }) => /== (\w+)$/.exec(when)?.[1] ?? when);
  expect(new Set(reasons)).toEqual(
    new Set([
      '!isWorkspaceTrusted',
      'noKubeconfig',
      'noContext',
      'invalid',
      'unreachable',
      'forbidden',
      'credentials',
      'noServices',
      'noRollouts',
    ]),
  );
});

test('a repository cannot set what names a file or an address, nor what protects', () => {
  const mustBeMachine = Object.keys(settings).filter((id) =>
    /kubeconfig|prometheus|alertmanager|grafana|protected|readOnly/i.test(id),
  );
  const { untrustedWorkspaces } = manifest.capabilities as {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  expect(mustBeMachine).toHaveLength(10);
  expect(untrustedWorkspaces.restrictedConfigurations).toEqual(mustBeMachine);
});

test('the small entry spells ids as they are contributed', () => {
  const entry = readFileSync(new URL('../editor/entry.ts', import.meta.url), 'utf8');
  for (const id of [...Object.values(views), panelType, 'cablecar.validatePlan', planSuffix])
    expect(entry).toContain(`: '${id}'`);
});
