import { homedir, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { systemClock } from './base/clock.ts';
import { renderer } from './base/text.ts';
import { kubeconfigFiles, loadKubeconfig, targetOf } from './cluster/kubeconfig.ts';
import { ClusterSession } from './cluster/session.ts';
import { previewIntent } from './operations/perform.ts';
import { deriveNamespace } from './state/derive.ts';
import { allWatches } from './state/watches.ts';
import { coreWords } from './coreWords.ts';

const render = renderer(coreWords, 'en');
const usage =
  'Usage: node job.cjs --namespace NAMESPACE --rollout ID --percent 0..100 [--context CONTEXT]\n' +
  'Asks the server for a dry run of a new canary weight and prints the patch. It writes nothing.';
const connectTimeoutMs = 30_000;

/**
 * The composition root without an editor: the same operations code in a bundle that does not know `vscode`. It plans a weight on fresh
 * objects and has the server try it as a dry run.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      namespace: { type: 'string' },
      rollout: { type: 'string' },
      percent: { type: 'string' },
      context: { type: 'string' },
    },
  });
  const { namespace, rollout: rolloutId } = values;
  const percent = Number(values.percent);
  if (namespace === undefined || rolloutId === undefined || !(percent >= 0 && percent <= 100)) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const session = await openSession(values.context, namespace);
  const following = session.follow();
  try {
    await live(session);
    return await dryRun(session, { namespace, rolloutId, percent });
  } finally {
    following.dispose();
    session.dispose();
  }
}

async function openSession(
  context: string | undefined,
  namespace: string,
): Promise<ClusterSession> {
  const files = kubeconfigFiles({ env: process.env, home: homedir() });
  const config = await loadKubeconfig(files);
  if (!config.ok) throw new Error(render(config.error));
  const target = targetOf(config.value, context);
  if (!target.ok) throw new Error(render(target.error));
  return new ClusterSession({
    target: target.value,
    watched: allWatches(),
    namespaces: [namespace],
    proxy: { env: process.env },
    // Nobody is there to be asked: an exec plugin belongs to a person's kubeconfig.
    approvePlugin: () => Promise.resolve(false),
    env: process.env,
    home: homedir(),
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
  });
}

/** Waits until everything is listed once. */
function live(session: ClusterSession): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.after(connectTimeoutMs, () => {
      end(new Error(`The cluster was not read in ${String(connectTimeoutMs / 1000)} s.`));
    });
    const listener = session.onDidChangeStatus(() => {
      look();
    });
    const end = (error?: Error): void => {
      timer.dispose();
      listener.dispose();
      if (error === undefined) resolve();
      else reject(error);
    };
    const look = (): void => {
      const { status } = session;
      if (status.kind === 'live') end();
      if (status.kind === 'failed') end(new Error(render(status.text)));
    };
    look();
  });
}

async function dryRun(
  session: ClusterSession,
  wish: { readonly namespace: string; readonly rolloutId: string; readonly percent: number },
): Promise<number> {
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
  const signal = AbortSignal.timeout(connectTimeoutMs);
  const preview = await previewIntent(
    { cluster: session, clock: systemClock },
    rollout,
    { intent, actor },
    signal,
  );
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
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
