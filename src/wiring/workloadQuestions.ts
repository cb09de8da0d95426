import { firstBatchOf } from '../actions/batches.ts';
import { err } from '../base/result.ts';
import { say } from '../editor/actions.l10n.ts';
import type { Clusters } from '../editor/clusters.ts';
import type { Workloads } from '../editor/commands/ports.ts';
import { missingVerb } from '../operations/permissions.ts';
import { listRevisions } from '../operations/revisions.ts';

/** How long a question about rights may take; the write itself says no as well. */
const askMs = 5000;

/** What commands ask about workloads, of the sessions that are open. */
export function workloadQuestions(clusters: Pick<Clusters, 'session'>): Workloads {
  return {
    firstBatch(context, workload) {
      const session = clusters.session(context);
      if (session === undefined) return err(say('actions.notConnected', { context }));
      const first = firstBatchOf(session.snapshot(), workload);
      return first.ok ? first : err(first.error.text);
    },
    async revisions(context, workload, signal) {
      const session = clusters.session(context);
      if (session === undefined) return err(say('actions.notConnected', { context }));
      return listRevisions(session, workload, signal);
    },
    async refusal(context, verb, ref) {
      const session = clusters.session(context);
      return session && missingVerb(session, verb, ref, AbortSignal.timeout(askMs));
    },
  };
}
