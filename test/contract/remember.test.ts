import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backends } from '../../src/backends/registry.ts';
import { ObjectCache } from '../../src/cluster/cache.ts';
import { cutObject } from '../../src/cluster/cut.ts';
import type { Watched } from '../../src/model/cluster.ts';
import { resourceId, type JsonObject, type KubeObject } from '../../src/model/objects.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { allWatches } from '../../src/state/watches.ts';
import { fixturesOf } from './fixtures.ts';

const watches = allWatches();

interface Held {
  readonly id: string;
  readonly object: KubeObject;
}

function heldOf(raw: JsonObject, version: number): Held | undefined {
  const watched = watches.find((candidate) => isOf(raw, candidate));
  if (watched === undefined || watched.keep?.(raw) === false) return undefined;
  const metadata = { ...(raw['metadata'] as JsonObject), resourceVersion: String(version) };
  const object = cutObject(structuredClone({ ...raw, metadata }), watched, 'v1');
  return object && { id: resourceId(watched.resource), object };
}

function isOf(raw: JsonObject, { resource }: Watched): boolean {
  const [group = ''] = /^.*(?=\/)/.exec(raw['apiVersion'] as string) ?? [];
  return group === resource.group && raw['kind'] === resource.kind;
}

/** All objects of all fixtures of a back end: many with the same name, so that one takes the place of another. */
test.each(backends.map(({ id }) => id))(
  'what is remembered of %s is what would be read afresh, whatever came, changed and went',
  (backend) => {
    const raws = fixturesOf(backend).flatMap(({ objects }) => objects);
    const step = fc.record({ index: fc.nat(raws.length - 1), goes: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const cache = new ObjectCache(reach, stopped);
        for (const [version, { index, goes }] of steps.entries()) {
          const found = heldOf(raws[index] ?? {}, version + 1);
          if (found === undefined) continue;
          const { namespace, name } = found.object.meta;
          if (goes) cache.delete(found.id, namespace, name);
          else cache.set(found.id, found.object);
          const fresh = new ObjectCache(reach, stopped);
          // In the order of the cache: who claims first keeps.
          for (const { resource } of watches)
            for (const object of cache.list(resourceId(resource)))
              fresh.set(resourceId(resource), structuredClone(object));
          expect(deriveNamespace(cache, namespace)).toEqual(deriveNamespace(fresh, namespace));
        }
      }),
      { numRuns: 40 },
    );
  },
  60_000,
);

const stopped = {
  nowMs: () => 0,
  monotonicMs: () => 0,
  after: () => ({ dispose: () => undefined }),
};
const reach = { serves: () => true, isComplete: () => true };
