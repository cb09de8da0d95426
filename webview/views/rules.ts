import { html, nothing, type TemplateResult } from 'lit/html.js';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** The route's rules as sentences, in the order in which they are tried. Read-only. */
export function rules(view: View): TemplateResult {
  const { say, snapshot } = view;
  return html`<section class="rules">
    <h2>${say('panel.rules')}</h2>
    ${
      snapshot.rules.length === 0
        ? html`<p class="hint">${say('panel.noRules')}</p>`
        : html`<ol class="list">
            ${snapshot.rules.map(
              (rule) =>
                html`<li>
                  <span class="text">${richText(rule.sentence)}</span>
                  ${
                    rule.readOnly === ''
                      ? nothing
                      : html`<span class="detail">${richText(rule.readOnly)}</span>`
                  }
                </li>`,
            )}
          </ol>`
    }
  </section>`;
}
