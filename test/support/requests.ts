import { expect } from 'vitest';
import type { ChangeSet } from '../../src/model/change.ts';
import type { AuditEvent } from '../testbed/auditLog.ts';
import type { Cluster } from '../testbed/cluster.ts';

const CHANGING = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** What was asked of the API server. */
export interface Requests {
  /** Ours in this namespace since the mark: reads of single objects and everything that changes something. */
  readonly all: () => Promise<readonly AuditEvent[]>;
  /** Those of them that would change something, whether the server took them or not. */
  readonly changing: () => Promise<readonly AuditEvent[]>;
  readonly expectNoWrites: () => Promise<void>;
}

/** What our session asks of the API server from now on, by the server's own record. */
export async function requestsOf(cluster: Cluster, namespace: string): Promise<Requests> {
  const filter = { namespace, userAgent: /^cablecar/ };
  const since = await cluster.auditLog.mark();
  const changing: Requests['changing'] = () =>
    cluster.auditLog.events({ ...filter, verbs: CHANGING }, since);
  return {
    all: () => cluster.auditLog.events({ ...filter, verbs: ['get', ...CHANGING] }, since),
    changing,
    expectNoWrites: async () => {
      const accepted = (await changing()).filter(
        (event) => (event.responseStatus?.code ?? 0) < 300,
      );
      expect(accepted.map(isDryRun)).toEqual(accepted.map(() => true));
      expect(await cluster.auditLog.writes(filter, since)).toEqual([]);
    },
  };
}

export function isDryRun(event: AuditEvent): boolean {
  return new URL(event.requestURI, 'https://server').searchParams.get('dryRun') === 'All';
}

export function isWritten(event: AuditEvent): boolean {
  return !isDryRun(event) && (event.responseStatus?.code ?? 0) < 300;
}

export function shortly(event: AuditEvent): string {
  return isDryRun(event) ? `${event.verb} dry` : event.verb;
}

/** The one patch of the plan, as the server received it. */
export function expectPlanned(
  event: AuditEvent | undefined,
  planned: ChangeSet | undefined,
  { dryRun }: { readonly dryRun: boolean },
): void {
  const [change, ...more] = planned?.changes ?? [];
  if (event === undefined || change?.kind !== 'patch') throw new Error('no patch');
  expect(more).toEqual([]);
  expect(event).toMatchObject({ verb: 'patch', responseStatus: { code: 200 } });
  expect(event.objectRef).toMatchObject({ name: change.target.name });
  expect(event.requestObject).toEqual(change.operations);
  const query = Object.fromEntries(new URL(event.requestURI, 'https://server').searchParams);
  expect(query).toEqual({
    fieldManager: 'cablecar',
    fieldValidation: 'Strict',
    ...(dryRun && { dryRun: 'All' }),
  });
}
