import type { Text } from '../base/text.ts';

/**
 * A condition on one label of an alert, as in Alertmanager's own configuration: a label that an alert does not have counts as '', and a
 * regular expression (RE2) must match the whole value.
 */
export interface AlertMatcher {
  readonly label: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** An alert that is active: neither silenced nor inhibited. All text is the cluster's. */
export interface FiringAlert {
  /** Its label `alertname`; '' without one. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Since when it fires, by Alertmanager's clock; milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Its annotation `summary`, else `description`, else `message`; '' without any. */
  readonly summary: string;
}

/** What Alertmanager says now. Not being able to ask is `unknown`, never `quiet`. */
export type AlertAnswer =
  /** At least one, oldest first; at most 20 of the `count` that fire. */
  | { readonly kind: 'firing'; readonly alerts: readonly FiringAlert[]; readonly count: number }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'unknown'; readonly reason: Text };
