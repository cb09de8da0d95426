import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/emitter.ts';
import type { InventoryChange } from '../../state/inventory.ts';
import { idOf, type Address, type InventorySource, type ViewName } from './model.ts';

/** Time in which changes of a row are drawn together: below what the eye notices, and rows stay within 50 ms of the watch. */
const coalesceMs = 40;

/**
 * Rows whose content a change may have altered; `undefined` stands for the root, whose list changed. Never more than needed: VS Code asks
 * again for everything below a row that is fired.
 */
export function rowsOfChange(
  view: ViewName,
  source: InventorySource,
  change: InventoryChange,
): readonly (Address | undefined)[] {
  switch (change.kind) {
    case 'structure':
      if (change.context === undefined || view === 'rollouts') return [undefined];
      return [{ kind: 'context', context: change.context }];
    case 'connection':
      if (view === 'rollouts') return [undefined];
      return [{ kind: 'context', context: change.context }];
    case 'service': {
      const { context, namespace, name } = change;
      return view === 'services' ? [{ kind: 'service', context, namespace, name }] : [];
    }
    case 'rollout':
      return view === 'rollouts'
        ? [{ kind: 'rollout', context: change.context, rolloutId: change.id }]
        : servicesOfRollout(source, change.context, change.id);
  }
}

/** Service rows that show a rollout: the Service that clients call, and those of its tracks. */
function servicesOfRollout(source: InventorySource, context: string, id: string): Address[] {
  const rollout = source.rollout(context, id);
  if (rollout === undefined) return [];
  const names = new Set([
    rollout.service,
    ...rollout.tracks.flatMap((t) => (t.service ? [t.service] : [])),
  ]);
  return [...names]
    .filter((name) => source.service(context, rollout.namespace, name)?.rolloutId === id)
    .map((name): Address => ({ kind: 'service', context, namespace: rollout.namespace, name }));
}

/** Collects the rows to draw again and hands them out at most once per `coalesceMs`; the root stands for all. */
export class RefreshQueue implements Disposable {
  readonly #clock: Clock;
  readonly #flush: (ids: ReadonlySet<string> | 'root') => void;
  readonly #ids = new Set<string>();
  #isRoot = false;
  #timer: Disposable | undefined;

  constructor(clock: Clock, flush: (ids: ReadonlySet<string> | 'root') => void) {
    this.#clock = clock;
    this.#flush = flush;
  }

  add(address: Address | undefined): void {
    if (address === undefined) this.#isRoot = true;
    else this.#ids.add(idOf(address));
    this.#timer ??= this.#clock.after(coalesceMs, () => {
      const what = this.#isRoot ? 'root' : new Set(this.#ids);
      this.#timer = undefined;
      this.#isRoot = false;
      this.#ids.clear();
      this.#flush(what);
    });
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
