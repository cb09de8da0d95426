import type { TrafficBackend } from '../backend.ts';
import { objectsFor, plan } from './plan.ts';
import { queriesOf, samplesOf } from './queries.ts';
import { discover, id } from './read.ts';
import { startCanary } from './startCanary.ts';
import { watches } from './types.ts';
import { words } from './words.l10n.ts';

/** A Deployment and its canary copy behind one Service: the share of the pods is the share of the connections, about. */
export const replicaSplit: TrafficBackend = {
  id,
  title: 'Replica split',
  words,
  watches,
  capabilities: {
    weights: 'byReplicas',
    showsMatches: [],
    setsMatches: false,
    mirror: false,
    startsCanary: true,
    metrics: 'application',
  },
  discover,
  objectsFor,
  plan,
  queries: queriesOf,
  samples: samplesOf,
  startCanary,
};
