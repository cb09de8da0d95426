import type { TrafficBackend } from '../backend.ts';
import { meshQueries, meshSamples } from '../meshQueries.ts';
import { objectsFor, plan } from './plan.ts';
import { discover, id } from './read.ts';
import { watches } from './types.ts';
import { words } from './words.l10n.ts';

/** VirtualServices that split between the subsets of a DestinationRule, or between Services. */
export const istio: TrafficBackend = {
  id,
  title: 'Istio',
  words,
  watches,
  capabilities: {
    weights: 'any',
    showsMatches: ['header', 'cookie', 'user', 'device', 'source', 'path'],
    setsMatches: true,
    mirror: true,
    startsCanary: false,
    metrics: 'mesh',
  },
  discover,
  objectsFor,
  plan,
  queries: meshQueries,
  samples: meshSamples,
};
