import type { RetryableFailure } from './failures.ts';

/** Where a reflector is. */
export interface Position {
  /** The watch goes on from here; `undefined`: a list comes first. */
  readonly watchFrom: string | undefined;
  /** `resourceVersion` of the next list: '0' whatever the server has at hand, '' the newest, else no older than this. */
  readonly listFrom: string;
  /** In a row. Those that nobody answered do not count against the first answer: a server that is back owes us nothing. */
  readonly failures: number;
  /** Whether the last failure was that nobody answered. */
  readonly wasSilent: boolean;
}

/** How one list or watch ended. */
export type Outcome =
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  /** A watch that the server ended as agreed, or an error in one. `resumeFrom` is what was seen last. */
  | {
      readonly kind: 'ended';
      readonly resumeFrom: string;
      readonly lastedMs: number;
      readonly events: number;
      /** Whether the server had begun to answer. */
      readonly isOpened: boolean;
      readonly failure?: RetryableFailure;
      /** An event made no sense: what we have may be wrong. */
      readonly isCorrupt?: boolean;
    }
  | { readonly kind: 'listFailed'; readonly failure: RetryableFailure };

export const start: Position = {
  watchFrom: undefined,
  listFrom: '0',
  failures: 0,
  wasSilent: false,
};

/** A watch that lived this long, or told something, was a good one. */
const GOOD_WATCH_MS = 10_000;
/** Shorter than this without an event, an agreed end is no end but a fault (client-go `watchHandler`, "very short watch"). */
const SHORT_WATCH_MS = 1000;

/**
 * What comes next, and after how long: client-go's rules (tools/cache/reflector.go, v0.36). Of two failures in a row the second waits
 * 0.8 s, each after it twice as long, with jitter. `random` is 0 to 1.
 */
export function nextStep(
  position: Position,
  outcome: Outcome,
  random: number,
): { readonly position: Position; readonly waitMs: number } {
  switch (outcome.kind) {
    case 'listed':
      return {
        position: {
          ...position,
          watchFrom: outcome.resourceVersion,
          listFrom: outcome.resourceVersion,
        },
        waitMs: 0,
      };
    case 'listFailed': {
      const failures = failuresBefore(position, outcome.failure) + 1;
      // "Expired" and "too large": this version is not to be had, the newest is.
      const listFrom = isVersionUnavailable(outcome.failure) ? '' : position.listFrom;
      return {
        position: {
          watchFrom: undefined,
          listFrom,
          failures,
          wasSilent: isSilent(outcome.failure),
        },
        waitMs: waitMs(outcome.failure, failures, random),
      };
    }
    case 'ended':
      return afterWatch(position, outcome, random);
  }
}

function afterWatch(
  position: Position,
  outcome: Extract<Outcome, { kind: 'ended' }>,
  random: number,
): { readonly position: Position; readonly waitMs: number } {
  const { failure, resumeFrom, lastedMs, events } = outcome;
  const isGood = events > 0 || lastedMs >= GOOD_WATCH_MS;
  const isFault = failure !== undefined || lastedMs < SHORT_WATCH_MS;
  const earlier = isGood ? 0 : failuresBefore(position, failure);
  const failures = isGood && failure === undefined ? 0 : earlier + (isFault ? 1 : 0);
  const isLost =
    outcome.isCorrupt === true || (failure !== undefined && isVersionUnavailable(failure));
  return {
    // The list asks for no less than was seen: what is known never goes back.
    position: {
      watchFrom: isLost ? undefined : resumeFrom,
      listFrom: resumeFrom,
      failures,
      wasSilent: isSilent(failure),
    },
    waitMs: isLost && failures <= 1 ? 0 : waitMs(failure, failures, random),
  };
}

function failuresBefore(position: Position, failure: RetryableFailure | undefined): number {
  return position.wasSilent && !isSilent(failure) ? 0 : position.failures;
}

function isSilent(failure: RetryableFailure | undefined): boolean {
  return failure?.kind === 'unreachable' && failure.status === undefined;
}

/** The server no longer has our version, or does not have it yet. */
export function isVersionUnavailable({ status, reason }: RetryableFailure): boolean {
  return (
    status === 410 ||
    reason === 'Expired' ||
    reason === 'Gone' ||
    reason === 'ResourceVersionTooLarge'
  );
}

/** How long to wait after so many failures in a row, in milliseconds. */
function waitMs(failure: RetryableFailure | undefined, failures: number, random: number): number {
  if (failures === 0) return 0;
  const longest = longestMs(failure, failures);
  // The first time, at once: most faults are one cut connection.
  const isFirst = failures === 1 && isSilent(failure);
  if (isFirst) return 200 * random;
  const doubled = Math.min(800 * 2 ** Math.min(failures - 1, 10), longest);
  const jittered = doubled * (0.75 + 0.25 * random);
  return Math.min(Math.max(jittered, failure?.retryAfterMs ?? 0), MAX_WAIT_MS);
}

const MAX_WAIT_MS = 30_000;

/**
 * Where nobody answers, asking costs nobody anything, and the view should be right within two seconds of the return; a busy server must be
 * left alone; what is forbidden may be allowed some day.
 */
function longestMs(failure: RetryableFailure | undefined, failures: number): number {
  if (failure === undefined) return MAX_WAIT_MS;
  if (isSilent(failure)) return failures < 200 ? 1200 : 10_000;
  if (failure.kind === 'unreachable') return 8000;
  return MAX_WAIT_MS;
}
