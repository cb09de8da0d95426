import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { RunView } from '../../src/protocol/messages.ts';
import { fullTime, shortTime } from '../format.ts';
import { writeHindrance } from '../offers.ts';
import { button } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

/** Signs beside the words, so that no meaning hangs on colour alone. */
const signs = { pass: '✓', fail: '✗', inconclusive: '…', error: '!' } as const;

/** A run of a release plan: its steps, what the judge says and why, what may be done, and what was. Nothing without a run. */
export function runSection(view: View): TemplateResult | typeof nothing {
  const { run } = view.snapshot;
  if (run === undefined) return nothing;
  return html`<section class="run is-${run.tone}" aria-label=${view.say('panel.run')}>
    <div class="heading">
      <h2>${view.say('panel.run')} · ${run.plan}</h2>
      <span class="driver ${run.isDriven ? '' : 'is-bad'}">${run.driver}</span>
    </div>
    <ol class="steps">
      ${run.steps.map(
        (step) =>
          html`<li class="is-${step.state}" aria-current=${step.state === 'now' ? 'step' : 'false'}>
            ${step.label}
          </li>`,
      )}
    </ol>
    <p class="now" role="status">
      <strong>${run.sentence}</strong>${run.why === '' ? nothing : html` — ${richText(run.why)}`}
    </p>
    ${run.guide.map((line) => html`<p class="guide">${line}</p>`)} ${verdicts(run)}
    ${commands(view, run)} ${record(view, run)}
  </section>`;
}

function verdicts(run: RunView): TemplateResult | typeof nothing {
  if (run.metrics.length === 0) return nothing;
  return html`<ul class="verdicts">
    ${run.metrics.map(
      (metric) =>
        html`<li class="is-${metric.verdict}">
          <span class="sign" aria-hidden="true">${signs[metric.verdict]}</span>
          <span>${metric.sentence}${metric.more === '' ? nothing : html`. ${metric.more}`}</span>
        </li>`,
    )}
    ${run.notes.map((note) => html`<li class="note">${note}</li>`)}
  </ul>`;
}

function commands(view: View, run: RunView): TemplateResult | typeof nothing {
  if (run.commands.length === 0) return nothing;
  const isHindered = writeHindrance(view.state) !== undefined;
  return html`<div class="buttons">
    ${run.commands.map((command, index) =>
      button({
        name: `run-${command}`,
        label: view.say(`panel.run.${command}`),
        look: command === 'abort' ? 'danger' : index === 0 ? 'primary' : 'secondary',
        disabled: isHindered && command !== 'abort',
        onClick: () => {
          view.post({ type: 'run', id: run.id, command });
        },
      }),
    )}
  </div>`;
}

function record(view: View, run: RunView): TemplateResult {
  const { locale } = view.snapshot;
  return html`<details ?open=${run.phase === 'ended'}>
    <summary>${view.say('panel.run.record', { n: run.lines.length })}</summary>
    <ol class="list">
      ${run.lines.map(
        (line) =>
          html`<li>
            <time datetime=${new Date(line.atMs).toISOString()} title=${fullTime(line.atMs, locale)}
              >${shortTime(line.atMs, view.state.nowMs, locale)}</time
            >
            <span class="text">${richText(line.text)}</span>
          </li>`,
      )}
    </ol>
  </details>`;
}
