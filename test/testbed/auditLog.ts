import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { KubeApi } from './kubeApi.ts';
import { waitFor } from './processes.ts';

/**
 * Every request is recorded but the reads of our own parts (group `testbed:parts`); those that change something with what was
 * sent and what came of it, except when our own parts make them.
 */
export const AUDIT_POLICY = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    {
      level: 'None',
      resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }],
      userGroups: ['testbed:parts'],
    },
    { level: 'None', verbs: ['get', 'list', 'watch'], userGroups: ['testbed:parts'] },
    { level: 'None', users: ['system:apiserver'] },
    { level: 'Metadata', userGroups: ['testbed:parts'] },
    {
      level: 'RequestResponse',
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      omitManagedFields: true,
    },
    { level: 'Metadata' },
  ],
});

/** One line of the audit log (audit.k8s.io/v1 Event), as far as tests read it. */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string; readonly groups?: readonly string[] };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly apiGroup?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
  readonly requestReceivedTimestamp: string;
}

/** Which events to take; what is left out does not matter. */
export interface AuditFilter {
  readonly user?: string;
  readonly userAgent?: RegExp;
  /** Tested against the path with its query. */
  readonly uri?: RegExp;
  readonly namespace?: string;
  readonly verbs?: readonly string[];
}

/** A position in the log: what comes after it is newer. */
export type AuditMark = number;

/** The API server's own record of who asked for what. */
export interface AuditLog {
  /** The end of the log at this moment; everything answered before is before it. */
  readonly mark: () => Promise<AuditMark>;
  /** All finished requests after the mark, oldest first. Everything answered before this call is included. */
  readonly events: (filter?: AuditFilter, since?: AuditMark) => Promise<readonly AuditEvent[]>;
  /** The requests that changed something: accepted, not a dry run, not a review, not a proxied request. */
  readonly writes: (filter?: AuditFilter, since?: AuditMark) => Promise<readonly AuditEvent[]>;
  /** As `writes`, of those that were dry runs. */
  readonly dryRuns: (filter?: AuditFilter, since?: AuditMark) => Promise<readonly AuditEvent[]>;
}

/** Reads the log at `path`; `api` must be a client of the server that writes it. Any process may. */
export function openAuditLog(path: string, api: KubeApi): AuditLog {
  const events: AuditLog['events'] = async (filter = {}, since = 0) => {
    const end = await settle(path, api);
    const lines = (await slice(path, since, end)).split('\n').filter((line) => line !== '');
    return lines
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter((event) => event.stage === 'ResponseComplete' && matches(event, filter));
  };
  return {
    mark: () => settle(path, api),
    events,
    writes: async (filter, since) =>
      (await events(filter, since)).filter((event) => isAppliedChange(event) && !isDryRun(event)),
    dryRuns: async (filter, since) =>
      (await events(filter, since)).filter((event) => isAppliedChange(event) && isDryRun(event)),
  };
}

const CHANGING = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
// These are created to ask a question; nothing is stored.
const REVIEWS = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

function isAppliedChange(event: AuditEvent): boolean {
  const code = event.responseStatus?.code ?? 0;
  return (
    CHANGING.has(event.verb) &&
    code >= 200 &&
    code < 300 &&
    event.objectRef !== undefined &&
    event.objectRef.subresource !== 'proxy' &&
    !REVIEWS.has(event.objectRef.apiGroup ?? '')
  );
}

/** A dry run is asked for in the query, or for deletions also in the body. */
function isDryRun(event: AuditEvent): boolean {
  if (new URL(event.requestURI, 'https://localhost').searchParams.has('dryRun')) return true;
  const body = event.requestObject as { kind?: string; dryRun?: unknown[] } | undefined;
  return body?.kind === 'DeleteOptions' && (body.dryRun?.length ?? 0) > 0;
}

function matches(event: AuditEvent, filter: AuditFilter): boolean {
  return (
    (filter.user === undefined || event.user.username === filter.user) &&
    (filter.userAgent === undefined || filter.userAgent.test(event.userAgent ?? '')) &&
    (filter.uri === undefined || filter.uri.test(event.requestURI)) &&
    (filter.namespace === undefined || event.objectRef?.namespace === filter.namespace) &&
    (filter.verbs === undefined || filter.verbs.includes(event.verb))
  );
}

/**
 * Asks the server something recognisable and waits for the line that records it. The server writes a request's line before it
 * ends the answer, so what was answered before is in the log by then. Returns the position just after that line.
 */
async function settle(path: string, api: KubeApi): Promise<AuditMark> {
  const fence = randomUUID();
  const from = await sizeOf(path);
  await api.ok('GET', `/version?fence=${fence}`);
  return waitFor({ what: 'the audit log', timeoutMs: 20_000, intervalMs: 10 }, async () => {
    const text = await slice(path, from, await sizeOf(path));
    const found = text.indexOf(fence);
    const end = found < 0 ? -1 : text.indexOf('\n', found);
    return end < 0
      ? { seen: `${String(text.length)} bytes without the line` }
      : { done: from + Buffer.byteLength(text.slice(0, end + 1)) };
  });
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
}

async function slice(path: string, from: number, to: number): Promise<string> {
  if (to <= from) return '';
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(to - from);
    await file.read(buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}
