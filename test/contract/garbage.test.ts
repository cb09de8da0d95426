import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backends } from '../../src/backends/registry.ts';
import { withOwners } from '../../src/backends/owners.ts';
import type { Json, JsonObject } from '../../src/model/objects.ts';
import { labelTest } from '../../src/model/promql.ts';
import { applyPatch } from '../support/jsonPatch.ts';
import { fixturesOf } from './fixtures.ts';
import { intentsFor, objectsOf, planFor } from './violations.ts';

const garbage = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<Json>(null, {}, [], '', -1, 1e21, 'NaN', '<b>', ['x'], { __proto__: null }),
) as fc.Arbitrary<Json>;

describe.each(backends)('$id', (backend) => {
  test.each(fixturesOf(backend.id))(
    '$title: survives garbage in any place',
    ({ objects }) => {
      const places = objects.flatMap((object, index) =>
        pointersIn(object)
          .filter((pointer) => !/^\/(apiVersion|kind)$/.test(pointer))
          .map((pointer) => ({ index, pointer })),
      );
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.constantFrom(...places), garbage), { minLength: 1, maxLength: 3 }),
          (edits) => {
            const set = objectsOf(backend, edits.reduce(edited, objects));
            const { snapshot } = set;
            const rollouts = withOwners(snapshot, backend.discover(snapshot).rollouts);
            for (const rollout of rollouts) {
              for (const intent of intentsFor(rollout)) planFor(backend, set, rollout, intent);
              const settings = { reporter: 'destination', applicationMetrics: 'auto' } as const;
              backend.queries(rollout, settings);
              for (const track of backend.samples(rollout, settings).tracks)
                labelTest(track.labels);
              expect(rollout.canaryShare >= 0 && rollout.canaryShare <= 1).toBe(true);
            }
          },
        ),
        { numRuns: 150 },
      );
    },
    60_000,
  );
});

type Edit = readonly [place: { readonly index: number; readonly pointer: string }, value: Json];

/** An earlier edit may have taken the place away: then there is nothing to replace. */
function edited(
  objects: readonly JsonObject[],
  [{ index, pointer }, value]: Edit,
): readonly JsonObject[] {
  return objects.map((object, at) => {
    if (at !== index) return object;
    try {
      return applyPatch(object, [{ op: 'replace', path: pointer, value }]) as JsonObject;
    } catch {
      return object;
    }
  });
}

function pointersIn(node: Json, path = ''): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    const pointer = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [pointer, ...pointersIn(value, pointer)];
  });
}
