import type { SeenRequest } from './faultProxy.ts';
import { waitFor } from './processes.ts';

/** What to do to a request instead of merely forwarding it. */
export type Fault =
  | { readonly kind: 'delay'; readonly ms: number }
  /** Answered by the proxy; the server never sees it. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The connection is closed after exactly this many bytes of the answer's body, or, with 0, before its head. The server has done its part. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Held before the server sees it, until it is let go or dropped. */
  | { readonly kind: 'holdBefore' }
  /** The server has answered in full; the client gets nothing until it is let go or dropped. */
  | { readonly kind: 'holdAfter' }
  /** Taken and never answered; the server never sees it. */
  | { readonly kind: 'blackHole' };

/** A request that waits for the test. */
export interface HeldRequest {
  readonly request: SeenRequest;
  readonly letGo: () => void;
  /** Closes the client's connection. After `holdBefore` the server never sees the request. */
  readonly drop: () => void;
}

/** A fault that lies in wait. */
export interface InjectedFault {
  /** The requests it has acted on, oldest first. */
  readonly hits: readonly SeenRequest[];
  /** Waits for the next request that this fault holds; with `holdAfter` the server has answered by then. */
  readonly nextHeld: (timeoutMs?: number) => Promise<HeldRequest>;
  /** Does nothing to further requests; those held stay so. */
  readonly remove: () => void;
}

/** A fault that acts on the request at hand. */
export interface ActiveFault {
  readonly fault: Fault;
  /** Waits for the test; true: let go, false: dropped. */
  readonly hold: (request: SeenRequest) => Promise<boolean>;
}

/** The faults of one proxy. */
export interface Faults {
  readonly inject: (
    matches: (request: SeenRequest) => boolean,
    fault: Fault,
    times?: number,
  ) => InjectedFault;
  /** The first fault that lies in wait for this request, counted as used. */
  readonly take: (request: SeenRequest) => ActiveFault | undefined;
}

interface Rule extends ActiveFault {
  readonly matches: (request: SeenRequest) => boolean;
  readonly hits: SeenRequest[];
  left: number;
}

/** An empty set of faults. */
export function createFaults(): Faults {
  const rules: Rule[] = [];
  return {
    inject: (matches, fault, times = Infinity) => {
      const held: HeldRequest[] = [];
      const hold = (request: SeenRequest): Promise<boolean> =>
        new Promise((resolve) => {
          const end = (letGo: boolean) => () => {
            resolve(letGo);
          };
          held.push({ request, letGo: end(true), drop: end(false) });
        });
      const rule: Rule = { matches, fault, hold, hits: [], left: times };
      rules.push(rule);
      return {
        hits: rule.hits,
        nextHeld: (timeoutMs = 30_000) =>
          waitFor({ what: 'a request to be held', timeoutMs, intervalMs: 5 }, () => {
            const next = held.shift();
            return next === undefined
              ? { seen: `${String(rule.hits.length)} hits` }
              : { done: next };
          }),
        remove: () => {
          rule.left = 0;
        },
      };
    },
    take: (request) => {
      const rule = rules.find((one) => one.left > 0 && one.matches(request));
      if (rule === undefined) return undefined;
      rule.left -= 1;
      rule.hits.push(request);
      return rule;
    },
  };
}
