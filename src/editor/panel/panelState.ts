import type { Text } from '../../base/text.ts';
import { deployments } from '../../model/kinds.ts';
import type { Intent } from '../../model/intent.ts';
import type { Rollout } from '../../model/rollout.ts';
import type { Draft } from '../../protocol/messages.ts';
import { missingPermission, missingVerb } from '../../operations/permissions.ts';
import type { Session } from '../clusterPorts.ts';
import type { Refusals } from './snapshot.ts';
import type { PanelTarget } from './panelKey.ts';

/** The intent of a draft: what the webview sends is only numbers by track. */
export function intentOf(draft: Draft): Intent {
  return {
    kind: 'setWeight',
    percents: draft.percents,
    ...(draft.rule !== undefined && draft.rule !== '' && { rule: draft.rule }),
  };
}

/** Asks the API server once which of the panel's actions this person may do; absent means allowed. */
export async function fetchRefusals(
  session: Session,
  target: PanelTarget,
  rollout: Rollout | undefined,
  signal: AbortSignal,
): Promise<Refusals> {
  if (rollout === undefined) {
    const ref = { resource: deployments, namespace: target.namespace, name: '' };
    const [create, patch] = await Promise.all([
      missingVerb(session, 'create', ref, signal),
      missingVerb(session, 'patch', ref, signal),
    ]);
    // With one of them there is a way: a copy beside it, or its own pods in batches.
    return defined({ start: patch && create });
  }
  const canary = rollout.tracks.find((track) => track.role === 'canary');
  const percents = canary ? { [canary.id]: 1 } : {};
  const ask = (intent: Intent): Promise<Text | undefined> =>
    missingPermission(session, rollout, intent, signal);
  const [send, promote, rollback, end] = await Promise.all([
    ask({ kind: 'setWeight', percents }),
    ask({ kind: 'promote' }),
    ask({ kind: 'rollback' }),
    ask({ kind: 'endCanary' }),
  ]);
  return defined({ send, promote, rollback, end });
}

function defined(refusals: { readonly [K in keyof Refusals]: Text | undefined }): Refusals {
  return Object.fromEntries(Object.entries(refusals).filter(([, text]) => text !== undefined));
}
