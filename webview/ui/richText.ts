import { html, type TemplateResult } from 'lit/html.js';

/** A sentence whose parts between backquotes are set in code type. */
export function richText(sentence: string): TemplateResult {
  const parts = sentence.split('`');
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
