import { userInfo } from 'node:os';
import { systemClock } from '../base/clock.ts';
import { previewIntent } from '../operations/perform.ts';
import { deriveNamespace } from '../state/derive.ts';
import { liveSession, targetAt, type Where } from './session.ts';
import { render } from './words.ts';

const TIMEOUT_MS = 30_000;

/** Plans a weight on fresh objects, has the server try it as a dry run, and prints the patch. Writes nothing. */
export async function dryRun(
  where: Where,
  wish: { readonly namespace: string; readonly rolloutId: string; readonly percent: number },
): Promise<number> {
  const target = await targetAt(where);
  if (!target.ok) throw new Error(render(target.error));
  const live = await liveSession(target.value, wish.namespace);
  const { session } = live;
  try {
    const { rollouts } = deriveNamespace(session.snapshot(), wish.namespace);
    const rollout = rollouts.find((candidate) => candidate.id === wish.rolloutId);
    const canary = rollout?.tracks.find((track) => track.role === 'canary');
    if (rollout === undefined || canary === undefined) {
      const known = rollouts.map((candidate) => candidate.id).join(', ');
      throw new Error(
        `No canary ${wish.rolloutId} in ${wish.namespace}. There: ${known === '' ? 'none' : known}.`,
      );
    }
    const actor = { who: userInfo().username, context: session.target.context };
    const intent = { kind: 'setWeight', percents: { [canary.id]: wish.percent } } as const;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const ports = { cluster: session, clock: systemClock };
    const preview = await previewIntent(ports, rollout, { intent, actor }, signal);
    if (!preview.ok) throw new Error(render(preview.error.text));
    const { changes } = preview.value;
    const answer = {
      dryRun: true,
      summary: render(changes.summary),
      achieved: changes.achieved,
      changes: changes.changes,
    };
    process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`);
    return 0;
  } finally {
    live.dispose();
  }
}
