import { equalJson } from '../../base/json.ts';
import { childrenOf, rootsOf } from './address.ts';
import type { RowTools } from './draw.ts';
import { idOf, type Address, type Row } from './model.ts';
import { rowOf } from './rows.ts';
import { tooltipOf, type TooltipLine } from './tooltip.ts';

interface Drawn {
  readonly address: Address;
  readonly parent: Address | undefined;
  /** Ids of the rows below; undefined until they were asked for. */
  children: readonly string[] | undefined;
  /** How it looked when it was drawn last; undefined before. */
  look: Look | undefined;
}

interface Look {
  readonly row: Row | undefined;
  readonly tooltip: readonly TooltipLine[];
}

/**
 * The rows of one view as VS Code has them. Rows are addresses, and the same row is always the same object, so that VS Code finds the one
 * that changed. It holds no facts of the cluster, only what was drawn of them: what looks the same need not be drawn again.
 */
export class DrawnRows {
  /** Rows' tools as they are now: the filter may change. */
  readonly #tools: () => RowTools;
  readonly #rows = new Map<string, Drawn>();
  #roots: readonly string[] = [];

  constructor(tools: () => RowTools) {
    this.#tools = tools;
  }

  /** The rows below a row, or at the top, as they are now. Those that are gone are forgotten with all below them. */
  childrenOf(parent?: Address): Address[] {
    const addresses = this.#below(parent);
    const ids = addresses.map(idOf);
    const kept = new Set(ids);
    const owner = parent && this.#rows.get(idOf(parent));
    for (const id of (owner ? owner.children : this.#roots) ?? [])
      if (!kept.has(id)) this.#forget(id);
    if (owner) owner.children = ids;
    else if (parent === undefined) this.#roots = ids;
    return addresses.map((address, index) => {
      const id = ids[index] ?? idOf(address);
      const known = this.#rows.get(id) ?? { address, parent, children: undefined, look: undefined };
      this.#rows.set(id, known);
      return known.address;
    });
  }

  parentOf(address: Address): Address | undefined {
    return this.#rows.get(idOf(address))?.parent;
  }

  /** The row as it is now; undefined when it is gone and its parent was not drawn again yet. */
  draw(address: Address): Row | undefined {
    const look = this.#lookOf(address);
    const drawn = this.#rows.get(idOf(address));
    if (drawn !== undefined) drawn.look = look;
    return look.row;
  }

  /** Which of these rows and of those below them must be drawn again; `'root'` when rows at the top came, went or moved. */
  changedIn(ids: ReadonlySet<string> | 'root'): readonly Address[] | 'root' {
    if (ids !== 'root') return [...ids].flatMap((id) => this.#changedAt(id));
    if (!sameIds(this.#roots, this.#below(undefined))) return 'root';
    return this.#roots.flatMap((id) => this.#changedAt(id));
  }

  #changedAt(id: string): readonly Address[] {
    const drawn = this.#rows.get(id);
    if (drawn === undefined) return [];
    const { address, look, children } = drawn;
    if (look !== undefined && !equalJson(look, this.#lookOf(address))) return [address];
    if (children === undefined) return [];
    if (!sameIds(children, this.#below(address))) return [address];
    return children.flatMap((child) => this.#changedAt(child));
  }

  #lookOf(address: Address): Look {
    const tools = this.#tools();
    return { row: rowOf(tools, address), tooltip: tooltipOf(tools, address) };
  }

  #below(parent: Address | undefined): readonly Address[] {
    const { view, source, filter } = this.#tools();
    return parent === undefined
      ? rootsOf(view, source.inventory(), filter)
      : childrenOf(view, source, parent, filter);
  }

  #forget(id: string): void {
    for (const child of this.#rows.get(id)?.children ?? []) this.#forget(child);
    this.#rows.delete(id);
  }
}

function sameIds(ids: readonly string[], addresses: readonly Address[]): boolean {
  return ids.length === addresses.length && addresses.every((a, index) => idOf(a) === ids[index]);
}
