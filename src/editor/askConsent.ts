import type { Text } from '../base/text.ts';
import type { Preview } from '../operations/ports.ts';
import { consentQuestion, type ConsentFacts } from './consent.ts';
import { say } from './consent.l10n.ts';
import { plainText } from './plainText.ts';
import type { Ui } from './ui.ts';

/**
 * The one place where consent is given: a modal of the extension host. In a protected context the service's name is typed as well, except
 * for a rollback, which must never need a second thought.
 */
export function askConsent(
  ui: Ui,
  render: (text: Text) => string,
): (preview: Preview, facts: ConsentFacts & { readonly service: string }) => Promise<boolean> {
  return async (preview, facts) => {
    const question = consentQuestion(preview, facts);
    const button = plainText(render(question.button));
    const answer = await ui.ask({
      message: plainText(render(question.message)),
      detail: question.detail.map(render).map(lineText).join('\n'),
      buttons: [button],
    });
    if (answer !== button) return false;
    if (!facts.protected || facts.intent === 'rollback') return true;
    const { context, service } = facts;
    const typed = await ui.input({
      title: button,
      prompt: render(say('consent.typeName', { context, service })),
      validate: (text) => (text === service ? '' : render(say('consent.wrongName', { service }))),
    });
    return typed === service;
  };
}

/** Keeps the indentation that tells a field from its object. */
function lineText(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return indent + plainText(line);
}
