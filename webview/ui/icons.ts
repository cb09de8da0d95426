import { svg, html, type TemplateResult } from 'lit/html.js';

const shapes = {
  error: svg`<circle cx="8" cy="8" r="6.5" /><path d="M5.5 5.5l5 5m0-5l-5 5" />`,
  warning: svg`<path d="M8 2L14.5 13.5H1.5z" /><path d="M8 6.5v3.5m0 1.2v1" />`,
  info: svg`<circle cx="8" cy="8" r="6.5" /><path d="M8 7.2v4m0-6.7v1" />`,
  done: svg`<path d="M2.5 8.5l3.5 3.5l7.5-8" />`,
  lock: svg`<rect x="3" y="7" width="10" height="7" /><path d="M5 7V5a3 3 0 0 1 6 0v2" />`,
  open: svg`<path d="M6.5 3.5h-4v10h10v-4M9 2.5h4.5V7m0-4.5l-6 6" />`,
} as const;

/** A drawn sign; the words beside it say the same, so it is hidden from screen readers. */
export function icon(name: keyof typeof shapes): TemplateResult {
  return html`<svg class="icon icon-${name}" viewBox="0 0 16 16" aria-hidden="true">
    ${shapes[name]}
  </svg>`;
}
