import type { TrafficBackend } from '../backend.ts';
import { objectsForBatch, planBatch } from './batches.ts';
import { objectsFor, plan } from './plan.ts';
import { queriesOf, samplesOf } from './queries.ts';
import { discover } from './read.ts';
import { revisions } from './revisions.ts';
import { firstBatch, startUpdate } from './start.ts';
import { id, watches } from './types.ts';
import { words } from './words.l10n.ts';

/**
 * One Deployment between two versions. Kubernetes' own rolling update does the work; it is made to stop at a batch by counting new pods
 * as available only after a year (`record.ts`), so that each batch is exactly as large as it was asked for and stays when nobody watches.
 */
export const rollingUpdate: TrafficBackend = {
  id,
  title: 'Rolling update',
  words,
  watches,
  capabilities: {
    weights: 'byReplicas',
    showsMatches: [],
    setsMatches: false,
    mirror: false,
    startsCanary: false,
    metrics: 'application',
  },
  discover,
  objectsFor,
  plan,
  queries: queriesOf,
  samples: samplesOf,
  batches: {
    objectsFor: objectsForBatch,
    plan: planBatch,
    firstBatch,
    start: startUpdate,
    revisions,
  },
};
