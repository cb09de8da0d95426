import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { Result } from '../../src/base/result.ts';
import { renderer, type Text } from '../../src/base/text.ts';
import type { ClusterSession } from '../../src/cluster/session.ts';
import { History } from '../../src/editor/history.ts';
import type { AnyIntent, Intent } from '../../src/model/intent.ts';
import { trackOf, type Rollout } from '../../src/model/rollout.ts';
import type { Done, OperationError, Tools } from '../../src/operations/execute.ts';
import { perform } from '../../src/operations/perform.ts';
import type { Preview } from '../../src/operations/ports.ts';
import { deriveNamespace } from '../../src/state/derive.ts';
import { allWatches } from '../../src/state/watches.ts';
import { hostWords } from '../../src/words.ts';
import { waitFor } from '../testbed/processes.ts';
import { sessionTo } from './clusterTarget.ts';

export const actor = { who: 'tester', context: 'testbed' };
const TIMEOUT_MS = 60_000;

/**
 * Somebody who acts on the canary of one namespace through everything below the editor: the session on a real cluster, the operations and
 * the history on disk. What would be the modal is `answer`; what it showed is kept.
 */
export interface Operator {
  readonly session: ClusterSession;
  readonly history: History;
  readonly tools: Tools;
  /** What each modal showed, oldest first. */
  readonly asked: Preview[];
  /** The answer to the next modals; may do things first, as others do while a person reads. */
  answer: () => boolean | Promise<boolean>;
  /** The rollout as the watches have it now. Waits for one whose canary is there and that fulfils the condition. */
  readonly rollout: (condition?: (rollout: Rollout) => boolean) => Promise<Rollout>;
  readonly perform: (intent: AnyIntent) => Promise<Result<Done, OperationError>>;
  /** A history that reads the file afresh, as after a restart. */
  readonly reopenHistory: () => Promise<History>;
}

/** Connects with this kubeconfig and follows everything in the namespace. Ends with the test. */
export async function operatorOf(kubeconfigPath: string, namespace: string): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-history-'));
  const session = await sessionTo(kubeconfigPath, {
    watched: allWatches(),
    namespaces: [namespace],
    log: () => undefined,
  });
  session.follow();
  onTestFinished(async () => {
    session.dispose();
    await rm(folder, { recursive: true });
  });
  const reopenHistory = async (): Promise<History> => {
    const history = new History(folder, 'cluster');
    await history.load();
    return history;
  };
  const history = await reopenHistory();
  const asked: Preview[] = [];
  const operator: Operator = {
    session,
    history,
    asked,
    answer: () => true,
    tools: {
      cluster: session,
      journal: history,
      clock: systemClock,
      newId: randomUUID,
      consent: async (preview) => {
        asked.push(preview);
        return operator.answer();
      },
    },
    rollout: (condition = () => true) => rolloutIn(session, namespace, condition),
    perform: async (intent) =>
      perform(operator.tools, await operator.rollout(), { intent, actor }, timeout()),
    reopenHistory,
  };
  return operator;
}

/** A deadline for one action. */
export function timeout(): AbortSignal {
  return AbortSignal.timeout(TIMEOUT_MS);
}

/** Gives the canary this share, in percent. */
export function setWeight(rollout: Rollout, percent: number): Intent {
  const canary = trackOf(rollout, 'canary');
  if (canary === undefined) throw new Error(`${rollout.id} has no canary`);
  return { kind: 'setWeight', percents: { [canary.id]: percent } };
}

/** Why it failed, in both languages. Throws when it did not. */
export function failureText(result: Result<unknown, { readonly text: Text }>): {
  readonly en: string;
  readonly zh: string;
} {
  if (result.ok) throw new Error('It succeeded');
  return bothLanguages(result.error.text);
}

export function bothLanguages(text: Text): { readonly en: string; readonly zh: string } {
  return { en: renderer(hostWords, 'en')(text), zh: renderer(hostWords, 'zh-cn')(text) };
}

function rolloutIn(
  session: ClusterSession,
  namespace: string,
  condition: (rollout: Rollout) => boolean,
): Promise<Rollout> {
  return waitFor({ what: 'the canary in the cache', timeoutMs: 30_000 }, () => {
    const { rollouts } = deriveNamespace(session.snapshot(), namespace);
    const found = rollouts.find(
      (rollout) => (trackOf(rollout, 'canary')?.workload?.ready ?? 0) > 0 && condition(rollout),
    );
    return found === undefined || session.status.kind !== 'live'
      ? { seen: `${session.status.kind}, ${JSON.stringify(rollouts.map(({ id }) => id))}` }
      : { done: found };
  });
}
