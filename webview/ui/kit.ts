/**
 * The one place that knows the UI toolkit: its tags and events are named nowhere else. The toolkit is archived upstream; another kit
 * takes its place by a second file of this shape.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { html, nothing, type TemplateResult } from 'lit/html.js';

export function registerKit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeProgressRing());
}

export interface ButtonOptions {
  readonly label: string;
  /** One `primary` per screen; `danger` is for what takes a release back. */
  readonly look: 'primary' | 'secondary' | 'danger';
  /** Names the button for tests and styles. */
  readonly name: string;
  readonly disabled?: boolean;
  /** Tooltip: what it will do, or why it cannot. */
  readonly title?: string;
  readonly onClick: () => void;
}

export function button(options: ButtonOptions): TemplateResult {
  return html`<vscode-button
    class="kit-button look-${options.look}"
    data-action=${options.name}
    appearance=${options.look === 'primary' ? 'primary' : 'secondary'}
    title=${options.title ?? nothing}
    ?disabled=${options.disabled ?? false}
    @click=${options.disabled === true ? nothing : options.onClick}
    >${options.label}</vscode-button
  >`;
}

export interface CheckboxOptions {
  readonly label: string;
  /** Read instead of the label where that is too short. */
  readonly ariaLabel?: string;
  readonly checked: boolean;
  readonly name: string;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox(options: CheckboxOptions): TemplateResult {
  return html`<vscode-checkbox
    class="kit-checkbox"
    data-action=${options.name}
    aria-label=${options.ariaLabel ?? nothing}
    .checked=${options.checked}
    @change=${(event: Event) => {
      const { checked } = event.target as HTMLElement & { checked: boolean };
      if (checked !== options.checked) options.onChange(checked);
    }}
    >${options.label}</vscode-checkbox
  >`;
}

/** Something is under way; the text beside it says what. */
export function progress(): TemplateResult {
  return html`<vscode-progress-ring
    class="kit-progress"
    aria-hidden="true"
  ></vscode-progress-ring>`;
}
