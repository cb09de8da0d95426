import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConditionView } from '../../src/protocol/messages.ts';
import { writeHindrance } from '../offers.ts';
import {
  conditionKinds,
  devices,
  editOf,
  emptyCondition,
  operatorsOf,
  wholePercent,
  withCondition,
  withDevice,
  withoutCondition,
  withOneMore,
  type ConditionDraft,
  type ConditionKind,
  type RuleDraft,
} from '../ruleDraft.ts';
import { icon } from '../ui/icons.ts';
import { button, checkbox } from '../ui/kit.ts';
import { richText } from '../ui/richText.ts';
import type { View } from '../view.ts';

const mostConditions = 4;

/** The editor of one rule: its conditions, its share, what the host says it comes to, and the way out. */
export function ruleEditor(view: View, draft: RuleDraft): TemplateResult {
  const { say } = view;
  const title = say(draft.rule === undefined ? 'panel.rule.new' : 'panel.rule.change');
  return html`<form
    class="rule-editor"
    aria-label=${title}
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
    }}
    @keydown=${(event: KeyboardEvent) => {
      onKey(view, draft, event);
    }}
  >
    <p class="title">${title}</p>
    ${
      draft.conditions === undefined
        ? html`<p class="hint">${say('panel.rule.shareOnly')}</p>`
        : draft.conditions.map((condition, index) =>
            conditionRow(view, draft, { condition, index }),
          )
    }
    ${moreLink(view, draft)} ${shareRow(view, draft)} ${answer(view, draft)}
    <div class="sending">${buttons(view, draft)}</div>
  </form>`;
}

function onKey(view: View, draft: RuleDraft, event: KeyboardEvent): void {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.stopPropagation();
    if (canSend(view, draft)) send(view, draft);
  } else if (event.key === 'Escape') {
    event.stopPropagation();
    close(view, draft);
  }
}

interface Place {
  readonly condition: ConditionDraft;
  readonly index: number;
}

function change(view: View, { rule, conditions, percent, isSent }: RuleDraft): void {
  const draft = { ...(rule && { rule }), ...(conditions && { conditions }), percent, isSent };
  view.dispatch({ type: 'rule', draft });
}

function conditionRow(view: View, draft: RuleDraft, place: Place): TemplateResult {
  const { say } = view;
  const { condition, index } = place;
  const set = (next: Partial<ConditionDraft>): void => {
    change(view, withCondition(draft, index, next));
  };
  const isOnly = draft.conditions?.length === 1;
  return html`<fieldset class="condition">
    <legend class="sr-only">${say('panel.rule.condition', { n: index + 1 })}</legend>
    ${select({
      label: say('panel.rule.kind'),
      name: 'kind',
      value: condition.on,
      options: conditionKinds.map((kind) => [kind, say(`panel.rule.kind.${kind}`)]),
      onChange: (kind) => {
        set(emptyCondition(kind));
      },
    })}
    ${condition.on === 'device' ? deviceBoxes(view, condition, set) : fields(view, condition, set)}
    ${
      isOnly
        ? nothing
        : html`<button
            type="button"
            class="link"
            data-action="removeCondition"
            aria-label=${say('panel.rule.removeCondition', { n: index + 1 })}
            @click=${() => {
              change(view, withoutCondition(draft, index));
            }}
          >
            ${say('panel.rule.remove')}
          </button>`
    }
    ${hint(view, condition.on)}
  </fieldset>`;
}

type Set = (change: Partial<ConditionDraft>) => void;

function deviceBoxes(view: View, { value }: ConditionDraft, set: Set): TemplateResult {
  return html`<span class="devices"
    >${devices.map((device) =>
      checkbox({
        label: view.say(`panel.rule.device.${device}`),
        checked: value.split(',').includes(device),
        name: `device:${device}`,
        onChange: (isOn) => {
          const next = withDevice(value, device, isOn);
          set({ value: next, op: next.includes(',') ? 'oneOf' : 'exact' });
        },
      }),
    )}</span
  >`;
}

function fields(view: View, { on, op, name, value }: ConditionDraft, set: Set): TemplateResult {
  const { say } = view;
  return html`${input({
    label: say(on === 'cookie' ? 'panel.rule.cookieName' : 'panel.rule.headerName'),
    name: 'name',
    value: name,
    onInput: (text) => {
      set({ name: text });
    },
  })}
  ${select<ConditionView['op']>({
    label: say('panel.rule.operator'),
    name: 'op',
    value: op,
    options: operatorsOf(on).map((one) => [one, say(`panel.rule.op.${one}`)]),
    onChange: (next) => {
      set({ op: next });
    },
  })}
  ${
    op === 'present'
      ? nothing
      : input({
          label: say(op === 'oneOf' ? 'panel.rule.values' : 'panel.rule.value'),
          name: 'value',
          value,
          onInput: (text) => {
            set({ value: text });
          },
        })
  }`;
}

function hint(view: View, on: ConditionKind): TemplateResult | typeof nothing {
  if (on === 'header' || on === 'cookie') return nothing;
  return html`<p class="hint">${view.say(`panel.rule.hint.${on}`)}</p>`;
}

function select<T extends string>(options: {
  readonly label: string;
  readonly name: string;
  readonly value: T;
  readonly options: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}): TemplateResult {
  return html`<label class="field"
    ><span>${options.label}</span>
    <select
      name=${options.name}
      @change=${(event: Event) => {
        options.onChange((event.target as HTMLSelectElement).value as T);
      }}
    >
      ${options.options.map(
        ([value, text]) =>
          html`<option value=${value} .selected=${value === options.value}>${text}</option>`,
      )}
    </select></label
  >`;
}

function input(options: {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}): TemplateResult {
  return html`<label class="field is-${options.name}"
    ><span>${options.label}</span>
    <input
      type="text"
      name=${options.name}
      autocomplete="off"
      spellcheck="false"
      .value=${options.value}
      @input=${(event: Event) => {
        options.onInput((event.target as HTMLInputElement).value);
      }}
  /></label>`;
}

function moreLink(view: View, draft: RuleDraft): TemplateResult | typeof nothing {
  const count = draft.conditions?.length ?? mostConditions;
  if (count >= mostConditions) return nothing;
  return html`<button
    type="button"
    class="link"
    data-action="addCondition"
    @click=${() => {
      change(view, withOneMore(draft));
    }}
  >
    ${view.say('panel.rule.addCondition')}
  </button>`;
}

function shareRow(view: View, draft: RuleDraft): TemplateResult {
  const isWrong = wholePercent(draft.percent) === undefined;
  return html`<label class="share-row"
    ><span>${view.say('panel.rule.share')}</span>
    <input
      class="box"
      type="text"
      inputmode="numeric"
      name="percent"
      autocomplete="off"
      aria-invalid=${isWrong ? 'true' : 'false'}
      .value=${draft.percent}
      @input=${(event: Event) => {
        change(view, { ...draft, percent: (event.target as HTMLInputElement).value });
      }}
    /><span aria-hidden="true">%</span></label
  >`;
}

/** What the rule would do, by the host; or why it cannot be written. */
function answer(view: View, draft: RuleDraft): TemplateResult {
  const text = wholePercent(draft.percent) === undefined ? view.say('panel.notWhole') : '';
  const error = text === '' ? (draft.preview?.error ?? '') : text;
  if (error !== '')
    return html`<p class="hint is-wrong" role="alert">
      ${icon('error')}<span>${richText(error)}</span>
    </p>`;
  return html`<p class="hint sentence">${richText(draft.preview?.sentence ?? '')}</p>`;
}

function canSend(view: View, draft: RuleDraft): boolean {
  const { preview } = draft;
  const isOffered = view.snapshot.actions.addRule.enabled;
  return (
    isOffered &&
    writeHindrance(view.state) === undefined &&
    editOf(draft) !== undefined &&
    preview !== undefined &&
    preview.error === ''
  );
}

function send(view: View, draft: RuleDraft): void {
  const edit = editOf(draft);
  if (edit === undefined) return;
  view.dispatch({ type: 'rule', draft: { ...draft, isSent: true } });
  view.post({ type: 'setRule', edit });
}

function close(view: View, draft: RuleDraft): void {
  view.dispatch({ type: 'rule', draft: undefined });
  const opener = draft.rule === undefined ? '[data-action=addRule]' : '[data-action=editRule]';
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`.rules ${opener}`)?.focus());
}

function buttons(view: View, draft: RuleDraft): TemplateResult {
  const { say } = view;
  const isReady = canSend(view, draft);
  const edit = editOf(draft);
  return html`${button({
      label: say(draft.rule === undefined ? 'panel.rule.send' : 'panel.rule.sendChange'),
      look: 'primary',
      name: 'setRule',
      disabled: !isReady,
      title: isReady ? view.snapshot.actions.addRule.reason : say('panel.rule.held'),
      onClick: () => {
        send(view, draft);
      },
    })}
    ${button({
      label: say('panel.preview'),
      look: 'secondary',
      name: 'previewRule',
      disabled: !isReady,
      title: say('panel.previewTitle'),
      onClick: () => {
        if (edit !== undefined) view.post({ type: 'openRuleDiff', edit });
      },
    })}
    <button
      type="button"
      class="link"
      data-action="closeRule"
      @click=${() => {
        close(view, draft);
      }}
    >
      ${say('panel.rule.cancel')}
    </button>`;
}
