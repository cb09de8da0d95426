import { html, nothing, type TemplateResult } from 'lit/html.js';
import { icon } from '../ui/icons.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** One line each; the sign has its word for those who do not see it. */
export function problems(view: View): TemplateResult | typeof nothing {
  const list = view.snapshot.problems;
  if (list.length === 0) return nothing;
  return html`<ul class="problems" aria-label=${view.say('panel.problems')}>
    ${list.map(
      (problem) =>
        html`<li class="line is-${problem.severity}">
          ${icon(problem.severity)}
          <span
            ><span class="sr-only">${view.say(`panel.${problem.severity}`)}: </span>${richText(
              problem.text,
            )}</span
          >
        </li>`,
    )}
  </ul>`;
}
