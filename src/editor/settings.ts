import type { Event } from '../base/emitter.ts';
import type { QuerySettings } from '../backends/backend.ts';
import type { SettingId } from './settingDefinitions.ts';

/** The settings as they are now, checked: a value of a wrong type counts as the default. */
export interface EditorSettings {
  /** '' means the environment's. */
  readonly kubeconfig: string;
  readonly readOnly: boolean;
  readonly notifyWhenWorse: boolean;
  readonly pollSeconds: number;
  /** '' means that Grafana is not offered. */
  readonly grafanaUrlTemplate: string;
  readonly queries: QuerySettings;
  /** Namespaces chosen for a context; empty means all. */
  namespacesOf(context: string): readonly string[];
  isProtected(context: string): boolean;
  serverOf(server: Server, context: string): ServerSettings;
  /** Ids of the settings that changed. */
  readonly onDidChange: Event<readonly SettingId[]>;
  setNamespaces(context: string, namespaces: readonly string[]): Promise<void>;
  /** '' takes it away: the server is looked for in the cluster again. */
  setServerUrl(server: Server, context: string, url: string): Promise<void>;
}

/** A server beside the cluster that a run asks. */
export type Server = 'prometheus' | 'alertmanager';

export interface ServerSettings {
  /** '' means: look for it in the cluster. */
  readonly url: string;
  readonly tenant: string;
  /** Paths of PEM files; '' for none. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Whether a name fits a pattern in which `*` stands for anything; case does not count. */
export function matchesPattern(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is').test(name);
}

/** Own value of a context in an object setting, else that of `*`, else undefined. */
export function valueFor(setting: unknown, context: string): unknown {
  if (typeof setting !== 'object' || setting === null) return undefined;
  const byContext = setting as Readonly<Record<string, unknown>>;
  if (Object.hasOwn(byContext, context)) return byContext[context];
  return Object.hasOwn(byContext, '*') ? byContext['*'] : undefined;
}

export function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

export function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string' && item !== '');
}
