import { percentText } from '../base/share.ts';
import type { Text } from '../base/text.ts';
import { say } from './consent.l10n.ts';
import { refText } from '../model/objects.ts';
import type { Preview } from '../operations/ports.ts';

/** What the modal shows: one sentence, then where and what, line by line, and a button that says the verb. */
export interface ConsentQuestion {
  readonly message: Text;
  readonly detail: readonly Text[];
  readonly button: Text;
}

export interface ConsentFacts {
  readonly context: string;
  readonly protected: boolean;
  readonly intent: string;
}

/** The modal for a change set: context, namespace, object and from → to (DESIGN 4). Pure. */
export function consentQuestion(preview: Preview, facts: ConsentFacts): ConsentQuestion {
  const { changes } = preview;
  const where = say(facts.protected ? 'consent.whereProtected' : 'consent.where', {
    context: facts.context,
  });
  const objects = changes.changes.flatMap((change) => [
    say('consent.object', { object: refText(change.target) }),
    ...change.fields.map(({ label, from, to }) =>
      say('consent.field', { label, from: from === '' ? '–' : from, to: to === '' ? '–' : to }),
    ),
    ...(change.kind === 'create' ? [say('consent.create')] : []),
    ...(change.kind === 'delete' ? [say('consent.delete')] : []),
  ]);
  const warnings = preview.warnings.map((text) => say('consent.warning', { text }));
  return {
    message: changes.summary,
    detail: [where, ...objects, ...warnings],
    button: buttonOf(facts.intent, changes.achieved),
  };
}

/** Intents whose button is their own verb; that of a weight names the share. */
const verbs = [
  'promote',
  'rollback',
  'undo',
  'startCanary',
  'endCanary',
  'setMatch',
  'startUpdate',
  'setBatch',
  'setSurge',
  'pause',
  'resume',
  'finish',
  'undoRevision',
] as const;

function buttonOf(intent: string, achieved: number | undefined): Text {
  const verb = verbs.find((one) => one === intent);
  if (verb !== undefined) return say(`consent.${verb}`);
  return achieved === undefined
    ? say('consent.sendAll')
    : say('consent.send', { percent: percentText(achieved) });
}
