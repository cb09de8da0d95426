import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import type { ExecPluginHost } from '../../src/cluster/execPlugin.ts';
import { loadKubeconfig, targetOf, type ClusterTarget } from '../../src/cluster/kubeconfig.ts';
import { ClusterSession, type SessionOptions } from '../../src/cluster/session.ts';
import { Transport, type TransportOptions } from '../../src/cluster/transport.ts';
import type { Watched } from '../../src/model/cluster.ts';
import { deployments, namespaces, services } from '../../src/model/kinds.ts';
import type { JsonObject } from '../../src/model/objects.ts';

/** The current context of a kubeconfig file. Throws where there is none. */
export async function targetOfFile(file: string): Promise<ClusterTarget> {
  const config = await loadKubeconfig([file]);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const target = targetOf(config.value);
  if (!target.ok) throw new Error(JSON.stringify(target.error));
  return target.value;
}

/** The current context of a kubeconfig's text. */
export async function targetOfText(kubeconfig: string): Promise<ClusterTarget> {
  const file = join(tmpdir(), `kubeconfig-${randomUUID()}`);
  await writeFile(file, kubeconfig, { mode: 0o600 });
  try {
    return await targetOfFile(file);
  } finally {
    await rm(file);
  }
}

/** Runs any plugin, in an environment that has only a PATH. */
export const pluginHost: ExecPluginHost = {
  clock: systemClock,
  env: { PATH: process.env['PATH'] },
  home: tmpdir(),
  approve: () => Promise.resolve(true),
  log: () => undefined,
};

export function transportTo(
  target: ClusterTarget,
  options: Partial<TransportOptions> & { readonly host?: ExecPluginHost } = {},
): Transport {
  const credentials = new CredentialSource(target, options.host ?? pluginHost);
  return new Transport({ target, credentials, proxy: { env: {} }, ...options });
}

/** A session as a person with this kubeconfig would have it. Dispose it. */
export async function sessionTo(
  kubeconfigPath: string,
  options: Partial<SessionOptions> = {},
): Promise<ClusterSession> {
  return sessionOf(await targetOfFile(kubeconfigPath), options);
}

export function sessionOf(
  target: ClusterTarget,
  options: Partial<SessionOptions> = {},
): ClusterSession {
  return new ClusterSession({ ...optionsOf(target), ...options });
}

/** What a session of a test is made of. */
export function optionsOf(target: ClusterTarget): SessionOptions {
  return {
    target,
    watched: testWatches,
    proxy: { env: {} },
    approvePlugin: () => Promise.resolve(true),
    env: process.env,
    home: tmpdir(),
    log: (line) => {
      throw new Error(line);
    },
  };
}

/** Cuts of a few kinds, enough to see that the cache is right. */
export const testWatches: readonly Watched[] = [services, deployments, namespaces].map(
  (resource) => ({
    resource,
    writes: ['patch'],
    pick: ({ spec }): JsonObject => (spec === undefined ? {} : { spec }),
    annotations: ['note'],
  }),
);
