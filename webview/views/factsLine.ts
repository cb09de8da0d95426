import { html, nothing, type TemplateResult } from 'lit/html.js';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** The numbers side by side, in a sentence. It judges nothing. */
export function factsLine(view: View): TemplateResult | typeof nothing {
  const facts = view.state.metrics?.facts ?? '';
  return facts === '' ? nothing : html`<p class="facts line">${richText(facts)}</p>`;
}
