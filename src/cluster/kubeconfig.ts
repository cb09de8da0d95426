import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { err, ok, type Result } from '../base/result.ts';
import type { Text } from '../base/text.ts';
import { say } from './cluster.l10n.ts';

/** Where to look. Never a workspace folder: a kubeconfig is code (handbook/security.md 2). */
export interface KubeconfigSource {
  /** Files from the user's setting, in the form of `KUBECONFIG`; counts before the environment. */
  readonly setting?: string;
  /** The environment that the editor started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** One context, as a person sees it. */
export interface ContextInfo {
  readonly name: string;
  readonly cluster: string;
  /** Address of the API server; '' when the cluster is missing. */
  readonly server: string;
  readonly user: string;
  /** Default namespace. */
  readonly namespace: string;
}

/** What several files say together; of equal names the first counts, as for kubectl. */
export interface Kubeconfig {
  /** Those that were read, in order. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly contexts: readonly ContextInfo[];
  readonly parts: KubeconfigParts;
}

/** The merged entries, as client-node holds them, with the fields that it drops. */
export interface KubeconfigParts {
  readonly clusters: readonly Cluster[];
  readonly users: readonly FullUser[];
  readonly contexts: readonly Context[];
}

export interface FullUser extends User {
  /** `as-groups` and `as-uid`. */
  readonly impersonateGroups: readonly string[];
  readonly impersonateUid?: string;
  /** `tokenFile`, absolute. */
  readonly tokenFile?: string;
}

/** One cluster as one user: pinned, so that a later change of a file cannot retarget who holds it (hazards row 44). */
export interface ClusterTarget {
  readonly context: string;
  readonly server: URL;
  readonly namespace: string;
  readonly cluster: Cluster;
  readonly user: FullUser;
}

/** Files to read, in order: the setting, else `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigFiles({ setting, env, home }: KubeconfigSource): readonly string[] {
  const list = setting?.trim() || env['KUBECONFIG'] || '';
  const files = list.split(delimiter).filter((file) => file.trim() !== '');
  if (files.length === 0) return [join(home, '.kube', 'config')];
  return [
    ...new Set(files.map((file) => absolute(home, file.trim().replace(/^~(?=[/\\])/, home)))),
  ];
}

/** Reads and merges. Missing files are skipped, as kubectl does; when none is there, that is the error. */
export async function loadKubeconfig(files: readonly string[]): Promise<Result<Kubeconfig, Text>> {
  const loaded: LoadedFile[] = [];
  for (const file of files) {
    const text = await readText(file);
    if (!text.ok) return text;
    if (text.value === undefined) continue;
    const parsed = parseKubeconfig(text.value, file);
    if (!parsed.ok) return parsed;
    loaded.push(parsed.value);
  }
  if (loaded.length === 0) return err(say('cluster.noKubeconfig', { files: files.join(', ') }));
  return ok(merge(loaded));
}

/** The cluster and user behind a context; without a name, behind the current one. */
export function targetOf(config: Kubeconfig, name?: string): Result<ClusterTarget, Text> {
  const wanted = name ?? config.currentContext;
  if (wanted === undefined || wanted === '')
    return err(say('cluster.noCurrentContext', { files: config.files.join(', ') }));
  const context = config.parts.contexts.find((entry) => entry.name === wanted);
  if (context === undefined) return err(say('cluster.unknownContext', { context: wanted }));
  const cluster = config.parts.clusters.find((entry) => entry.name === context.cluster);
  if (cluster === undefined)
    return err(say('cluster.unknownCluster', { context: wanted, cluster: context.cluster }));
  const server = URL.canParse(cluster.server) ? new URL(cluster.server) : undefined;
  if (server === undefined || !['http:', 'https:'].includes(server.protocol))
    return err(say('cluster.badServer', { context: wanted, server: cluster.server }));
  const user = config.parts.users.find((entry) => entry.name === context.user);
  return ok({
    context: wanted,
    server,
    namespace: context.namespace ?? 'default',
    cluster,
    // client-node leaves out the CA when there is no user.
    user: user ?? { name: '', impersonateGroups: [] },
  });
}

interface LoadedFile extends KubeconfigParts {
  readonly file: string;
  readonly currentContext: string | undefined;
}

async function readText(file: string): Promise<Result<string | undefined, Text>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(undefined);
    return err(say('cluster.kubeconfigUnreadable', { file, reason: code }));
  }
}

function parseKubeconfig(text: string, file: string): Result<LoadedFile, Text> {
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const line = problem.linePos?.[0].line ?? 1;
    const reason = (problem.message.split(/ at line \d/)[0] ?? '').trim();
    return err(say('cluster.kubeconfigNotYaml', { file, line, reason }));
  }
  const content = plainContent(document);
  if (content === undefined) return err(say('cluster.kubeconfigNotAMap', { file }));
  const config = new KubeConfig();
  // JSON is YAML: one parser has decided what the file says, and named the line where it could not.
  config.loadFromString(JSON.stringify(content), { onInvalidEntry: 'filter' });
  config.makePathsAbsolute(dirname(file));
  return ok({
    file,
    currentContext: config.currentContext || undefined,
    clusters: config.clusters,
    users: config.users.map((user) => completeUser(user, content, file)),
    contexts: config.contexts,
  });
}

/**
 * As plain data; `undefined` when it is no map. An empty file is an empty kubeconfig, as for kubectl. client-node would read a misspelt
 * `token-file` by itself, at once and relative to the working directory: it does not get to see it.
 */
function plainContent(document: ReturnType<typeof parseDocument>): RawConfig | undefined {
  try {
    const content = JSON.stringify(
      document.toJS({ maxAliasCount: 100 }) ?? {},
      (key, value: unknown) => (value === null || key === 'token-file' ? undefined : value),
    );
    const plain: unknown = JSON.parse(content);
    return typeof plain === 'object' && !Array.isArray(plain) && plain !== null ? plain : undefined;
  } catch {
    // A circle of aliases, or a bomb of them.
    return undefined;
  }
}

interface RawConfig {
  readonly users?: unknown;
}

function completeUser(user: User, content: RawConfig, file: string): FullUser {
  const raw = rawUser(content, user.name);
  const groups = raw['as-groups'];
  const uid = raw['as-uid'];
  const tokenFile = raw['tokenFile'];
  const exec = user.exec as { command?: unknown } | null | undefined;
  const command = exec?.command;
  // As for kubectl, a command with a slash is relative to the file; a bare one is looked up in PATH.
  if (exec && typeof command === 'string' && /[/\\]/.test(command))
    exec.command = absolute(dirname(file), command);
  return {
    ...user,
    impersonateGroups: Array.isArray(groups) ? groups.map(String) : [],
    ...(typeof uid === 'string' && { impersonateUid: uid }),
    ...(typeof tokenFile === 'string' && { tokenFile: absolute(dirname(file), tokenFile) }),
  };
}

function rawUser(content: RawConfig, name: string): Readonly<Record<string, unknown>> {
  const users = Array.isArray(content.users) ? (content.users as unknown[]) : [];
  const entry = users.find(
    (item) =>
      typeof item === 'object' && item !== null && (item as { name?: unknown }).name === name,
  ) as { user?: unknown } | undefined;
  const user = entry?.user;
  return typeof user === 'object' && user !== null ? (user as Record<string, unknown>) : {};
}

function merge(files: readonly LoadedFile[]): Kubeconfig {
  const parts: KubeconfigParts = {
    clusters: firstOfEachName(files.flatMap((file) => file.clusters)),
    users: firstOfEachName(files.flatMap((file) => file.users)),
    contexts: firstOfEachName(files.flatMap((file) => file.contexts)),
  };
  return {
    files: files.map((file) => file.file),
    currentContext: files.find((file) => file.currentContext !== undefined)?.currentContext,
    contexts: parts.contexts.map((context) => ({
      name: context.name,
      cluster: context.cluster,
      server: parts.clusters.find((cluster) => cluster.name === context.cluster)?.server ?? '',
      user: (context.user as string | undefined) ?? '',
      namespace: context.namespace ?? 'default',
    })),
    parts,
  };
}

function firstOfEachName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const seen = new Set<string>();
  return entries.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function absolute(root: string, file: string): string {
  return isAbsolute(file) ? file : resolve(root, file);
}
