import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { RuleView } from '../../src/protocol/messages.ts';
import { writeHindrance } from '../offers.ts';
import { draftOf, isStillThere, newRule, type RuleDraft } from '../ruleDraft.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';
import { ruleEditor } from './ruleEditor.ts';

/** The route's rules as sentences, in the order in which they are tried; those for some of the requests can be changed and taken away. */
export function rules(view: View): TemplateResult {
  const { say, snapshot } = view;
  const { ruleDraft } = view.state;
  const isElsewhere = ruleDraft !== undefined && !isShownInPlace(view, ruleDraft);
  return html`<section class="rules">
    <h2>${say('panel.rules')}</h2>
    ${
      snapshot.rules.length === 0
        ? html`<p class="hint">${say('panel.noRules')}</p>`
        : html`<ol class="list">
            ${snapshot.rules.map((rule) => item(view, rule))}
          </ol>`
    }
    ${isElsewhere ? ruleEditor(view, ruleDraft) : addLink(view)}
  </section>`;
}

function isShownInPlace(view: View, draft: RuleDraft): boolean {
  return draft.rule !== undefined && isStillThere(draft, view.snapshot);
}

function item(view: View, rule: RuleView): TemplateResult {
  const { ruleDraft } = view.state;
  const isEdited = ruleDraft?.rule?.id === rule.id && isShownInPlace(view, ruleDraft);
  return html`<li>
    <span class="text">${richText(rule.sentence)}</span>
    ${isEdited ? nothing : links(view, rule)}
    ${rule.readOnly === '' ? nothing : html`<span class="detail">${richText(rule.readOnly)}</span>`}
    ${isEdited ? ruleEditor(view, ruleDraft) : nothing}
  </li>`;
}

function links(view: View, rule: RuleView): TemplateResult | typeof nothing {
  if (!rule.edit.shown || rule.readOnly !== '') return nothing;
  const { say } = view;
  const plain = rule.sentence.replaceAll('`', '');
  const isHeld = writeHindrance(view.state) !== undefined;
  return html`<button
      class="link"
      data-action="editRule"
      title=${rule.edit.reason}
      aria-label=${say('panel.rule.editOf', { rule: plain })}
      ?disabled=${!rule.edit.enabled}
      @click=${() => {
        open(view, draftOf(rule));
      }}
    >
      ${say('panel.rule.edit')}
    </button>
    <button
      class="link"
      data-action="removeRule"
      title=${rule.remove.reason}
      aria-label=${say('panel.rule.removeOf', { rule: plain })}
      ?disabled=${!rule.remove.enabled || isHeld}
      @click=${() => {
        view.post({ type: 'setRule', edit: { rule: { id: rule.id, key: rule.key } } });
      }}
    >
      ${say('panel.rule.remove')}
    </button>`;
}

function addLink(view: View): TemplateResult | typeof nothing {
  const { addRule } = view.snapshot.actions;
  if (!addRule.shown || view.state.ruleDraft !== undefined) return nothing;
  return html`<button
    class="link"
    data-action="addRule"
    title=${addRule.reason}
    ?disabled=${!addRule.enabled}
    @click=${() => {
      open(view, newRule());
    }}
  >
    ${view.say('panel.rule.add')}
  </button>`;
}

function open(view: View, draft: RuleDraft): void {
  view.dispatch({ type: 'rule', draft });
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('.rule-editor select, .rule-editor input')?.focus(),
  );
}
