import * as vscode from 'vscode';
import { Emitter, type Disposable } from '../base/emitter.ts';
import { settings, type SettingId } from './settingDefinitions.ts';
import {
  matchesPattern,
  textOr,
  textsOf,
  valueFor,
  type EditorSettings,
  type Server,
  type ServerSettings,
} from './settings.ts';

const reporters = ['destination', 'source', 'waypoint'] as const;

/** Reads VS Code's settings each time, so that a value is never older than the file. */
export class VscodeSettings implements EditorSettings, Disposable {
  readonly #changed = new Emitter<readonly SettingId[]>();
  readonly onDidChange = this.#changed.event;
  readonly #listener = vscode.workspace.onDidChangeConfiguration((event) => {
    const ids = (Object.keys(settings) as SettingId[]).filter((id) =>
      event.affectsConfiguration(id),
    );
    if (ids.length > 0) this.#changed.fire(ids);
  });

  get kubeconfig(): string {
    return textOr(read('cablecar.kubeconfig'), '').trim();
  }

  get readOnly(): boolean {
    return read('cablecar.readOnly') === true;
  }

  get notifyWhenWorse(): boolean {
    return read('cablecar.notifyWhenWorse') !== false;
  }

  get pollSeconds(): number {
    const { default: fallback, schema } = settings['cablecar.metrics.pollSeconds'];
    const value = read('cablecar.metrics.pollSeconds');
    if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
    return Math.min(schema.maximum, Math.max(schema.minimum, value));
  }

  get grafanaUrlTemplate(): string {
    return textOr(read('cablecar.grafana.urlTemplate'), '').trim();
  }

  get queries(): EditorSettings['queries'] {
    const reporter = read('cablecar.metrics.reporter');
    return {
      reporter: reporters.find((known) => known === reporter) ?? 'destination',
      applicationMetrics: textOr(read('cablecar.metrics.application'), 'auto'),
    };
  }

  namespacesOf(context: string): readonly string[] {
    return textsOf(valueFor(read('cablecar.namespaces'), context));
  }

  isProtected(context: string): boolean {
    return textsOf(read('cablecar.protectedContexts')).some((p) => matchesPattern(context, p));
  }

  serverOf(server: Server, context: string): ServerSettings {
    return {
      url: textOr(valueFor(read(`cablecar.${server}.url`), context), '').trim(),
      tenant: textOr(valueFor(read('cablecar.prometheus.tenant'), context), '').trim(),
      caFile: textOr(read('cablecar.prometheus.caFile'), '').trim(),
      certificateFile: textOr(read('cablecar.prometheus.certificateFile'), '').trim(),
      keyFile: textOr(read('cablecar.prometheus.keyFile'), '').trim(),
    };
  }

  async setNamespaces(context: string, namespaces: readonly string[]): Promise<void> {
    await write('cablecar.namespaces', context, namespaces.length === 0 ? undefined : namespaces);
  }

  async setServerUrl(server: Server, context: string, url: string): Promise<void> {
    await write(`cablecar.${server}.url`, context, url === '' ? undefined : url);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }
}

function read(id: SettingId): unknown {
  return vscode.workspace.getConfiguration().get(id);
}

/** Sets one context's value in the user's settings; undefined takes it away. */
async function write(id: SettingId, context: string, value: unknown): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const now = configuration.inspect(id)?.globalValue;
  const others = Object.entries((now ?? {}) as Record<string, unknown>).filter(
    ([key]) => key !== context,
  );
  const next = Object.fromEntries(value === undefined ? others : [...others, [context, value]]);
  const isEmpty = Object.keys(next).length === 0;
  await configuration.update(id, isEmpty ? undefined : next, vscode.ConfigurationTarget.Global);
}
