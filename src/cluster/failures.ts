import type { IncomingHttpHeaders } from 'node:http';
import type { Text } from '../base/text.ts';
import type { ClusterFailure } from '../model/cluster.ts';
import { say } from './cluster.l10n.ts';
import type { ClusterTarget } from './kubeconfig.ts';

/** An answer with a status that says no. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A failure with what the back-off needs. */
export interface RetryableFailure extends ClusterFailure {
  /** From `Retry-After`, in milliseconds. */
  readonly retryAfterMs?: number;
  /** `reason` of the Status, for example `Expired`; '' when there is none. */
  readonly reason?: string;
}

/** Raised in a request that took too long in one phase. */
export class TimedOutError extends Error {
  readonly seconds: number;
  constructor(seconds: number) {
    super(`no answer within ${String(seconds)} s`);
    this.seconds = seconds;
  }
}

/** Raised when an answer is larger than its reader wants. */
export class TooLargeError extends Error {
  readonly limitMb: number;
  constructor(limitBytes: number) {
    super('answer too large');
    this.limitMb = Math.round(limitBytes / (1 << 20));
  }
}

/** Why there was no complete answer, from what Node raised. */
export function failureOfError(error: unknown, target: ClusterTarget): RetryableFailure {
  return { kind: 'unreachable', text: textOfError(error, target) };
}

function textOfError(error: unknown, { server }: ClusterTarget): Text {
  if (error instanceof TimedOutError)
    return say('cluster.timedOut', { server: server.host, seconds: error.seconds });
  if (error instanceof TooLargeError)
    return say('cluster.tooLarge', { server: server.host, limit: error.limitMb });
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return say('cluster.refused', { server: server.host });
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return say('cluster.unknownHost', { host: server.hostname });
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)_|ALTNAME/.test(code))
    return say('cluster.badCertificate', { server: server.host, reason: code });
  return say('cluster.connectionLost', { server: server.host, reason: code });
}

/** With several addresses, Node wraps one error for each. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/** Why the server said no. */
export function failureOfAnswer(answer: RefusedAnswer, target: ClusterTarget): RetryableFailure {
  const { status } = answer;
  const said = statusObject(answer.body);
  const isPlainNotFound =
    status === 404 && /^text\/plain/.test(answer.headers['content-type'] ?? '');
  // A gateway's page with 429 or 5xx still says what happened; any other page says that this is not the cluster.
  if (said === undefined && status < 500 && status !== 429 && !isPlainNotFound)
    return notKubernetes(target, status);
  const retryAfterMs = retryAfterOf(answer.headers, said);
  return {
    ...classified(status, said, target),
    status,
    reason: said?.reason ?? '',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Something else answered: a login page, a proxy, a web server. */
export function notKubernetes({ server }: ClusterTarget, status: number): RetryableFailure {
  return {
    kind: 'notKubernetes',
    text: say('cluster.notKubernetes', { server: server.host }),
    status,
  };
}

/** The part of `meta.k8s.io/v1 Status` that we read. */
export interface StatusObject {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly {
    readonly reason: string;
    readonly message: string;
    readonly field: string;
  }[];
  readonly retryAfterSeconds: number | undefined;
}

/** `undefined` when the text is no Status. */
export function statusObject(body: string): StatusObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  return statusOf(value);
}

/** `undefined` when the value is no Status. */
export function statusOf(value: unknown): StatusObject | undefined {
  const status = record(value);
  if (status['kind'] !== 'Status') return undefined;
  const details = record(status['details']);
  const causes = Array.isArray(details['causes']) ? (details['causes'] as unknown[]) : [];
  const seconds = details['retryAfterSeconds'];
  return {
    code: typeof status['code'] === 'number' ? status['code'] : 0,
    reason: text(status['reason']),
    message: text(status['message']),
    causes: causes.map(record).map((cause) => ({
      reason: text(cause['reason']),
      message: text(cause['message']),
      field: text(cause['field']),
    })),
    retryAfterSeconds: typeof seconds === 'number' ? seconds : undefined,
  };
}

function classified(
  status: number,
  said: StatusObject | undefined,
  { context }: ClusterTarget,
): ClusterFailure {
  const what = sentence(said) ?? `HTTP ${String(status)}`;
  // Other sentences follow it.
  const reason = /[.!?]$/.test(what) ? what : `${what}.`;
  switch (status) {
    case 401:
      return { kind: 'unauthorized', text: say('cluster.unauthorized', { context }) };
    case 403:
      return { kind: 'forbidden', text: say('cluster.forbidden', { reason }) };
    case 404:
      return { kind: 'notFound', text: say('cluster.notFound', { what }) };
    case 409:
      return { kind: 'conflict', text: say('cluster.conflict', { reason }) };
    case 422:
      return isFailedTest(said)
        ? { kind: 'conflict', text: say('cluster.conflict', { reason }) }
        : { kind: 'invalid', text: say('cluster.invalid', { reason }) };
    case 429:
      return { kind: 'tooManyRequests', text: say('cluster.tooManyRequests') };
  }
  if (status >= 500)
    return { kind: 'unreachable', text: say('cluster.serverError', { status, reason }) };
  return { kind: 'invalid', text: say('cluster.invalid', { reason }) };
}

/**
 * A JSON Patch whose `test` failed, or whose path is gone. The server says no more than this sentence; whoever refuses the content, be it a
 * schema, a policy or a webhook, has words of its own (apiserver/pkg/endpoints/handlers/patch.go, `applyJSPatch`, v1.36).
 */
function isFailedTest(said: StatusObject | undefined): boolean {
  return (
    said !== undefined &&
    GENERIC.test(said.message) &&
    said.causes.every((cause) => cause.field === '')
  );
}

const GENERIC = /rejected our request due to an error/;

/** What went wrong, in the server's words: the message of a failed patch is empty of meaning, its causes are not. */
function sentence(said: StatusObject | undefined): string | undefined {
  if (said === undefined) return undefined;
  const generic = said.message === '' || GENERIC.test(said.message);
  const causes = said.causes.map((cause) => cause.message).filter((message) => message !== '');
  const words = generic && causes.length > 0 ? causes.join('; ') : said.message;
  // Some messages quote the whole object before they say what is wrong with it.
  const short = words.replace(/"(?:[^"\\]|\\.){80,}"/g, '"…"').trim();
  return short === '' ? said.reason || undefined : short.slice(0, 500);
}

function retryAfterOf(
  headers: IncomingHttpHeaders,
  said: StatusObject | undefined,
): number | undefined {
  const seconds = Number(headers['retry-after'] ?? said?.retryAfterSeconds);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
