import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { AnyIntent, StartCanary, StartUpdate, UndoRevision } from '../../src/model/intent.ts';
import type { JsonObject } from '../../src/model/objects.ts';

/** `src/backends/<id>/fixtures/<name>.yaml`: whole objects, what is read from them, and what intents come to. */
export interface Fixture {
  readonly path: string;
  readonly title: string;
  readonly objects: readonly JsonObject[];
  /** Absent in a new fixture: `UPDATE_GOLDEN=1` writes it. */
  readonly expect?: DiscoveryExpectation;
  readonly cases: readonly FixtureCase[];
}

export interface DiscoveryExpectation {
  readonly rollouts: readonly RolloutExpectation[];
  /** Text keys. */
  readonly problems?: readonly string[];
}

export interface RolloutExpectation {
  readonly id: string;
  readonly stable?: string;
  readonly canary?: string;
  readonly canaryShare: number;
  /** Text keys. */
  readonly problems?: readonly string[];
}

export interface FixtureCase {
  /** Of the rollout with this id; the first one when it is left out. */
  readonly rollout?: string;
  readonly intent: AnyIntent | FixtureStart | FixtureUpdate | FixtureUndo;
  readonly expect?: CaseExpectation;
}

/** `startCanary` with names, in the namespace of the first object. */
export interface FixtureStart extends Pick<StartCanary, 'kind' | 'image'> {
  readonly service: string;
  readonly workload: string;
}

/** `startUpdate` with the workload's name. */
export interface FixtureUpdate extends Omit<StartUpdate, 'workload'> {
  readonly workload: string;
}

/** `undoRevision` with the workload's name. */
export interface FixtureUndo extends Omit<UndoRevision, 'workload'> {
  readonly workload: string;
}

export type CaseExpectation =
  | { readonly error: { readonly kind: string; readonly key?: string } }
  | {
      readonly changes: readonly {
        readonly target: string;
        readonly operations?: unknown;
        readonly object?: unknown;
      }[];
      readonly achieved?: number;
    };

const root = new URL('../../src/backends/', import.meta.url).pathname;

/** The fixtures in the folder of a back end, by name. */
export function fixturesOf(backendId: string): readonly Fixture[] {
  const folder = join(root, backendId, 'fixtures');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => load(join(folder, name)));
}

/** Writes what was seen as what is expected; comments and objects stay. */
export function writeGolden(
  fixture: Fixture,
  seen: DiscoveryExpectation,
  cases: readonly CaseExpectation[],
): void {
  const document = parseDocument(readFileSync(fixture.path, 'utf8'));
  document.set('expect', document.createNode(seen, { aliasDuplicateObjects: false }));
  cases.forEach((expectation, index) => {
    document.setIn(
      ['cases', index, 'expect'],
      document.createNode(expectation, { aliasDuplicateObjects: false }),
    );
  });
  writeFileSync(fixture.path, document.toString({ lineWidth: 120 }));
}

function load(path: string): Fixture {
  const content = parseDocument(readFileSync(path, 'utf8')).toJS() as Partial<Fixture>;
  return { title: path, objects: [], ...content, path, cases: content.cases ?? [] };
}
