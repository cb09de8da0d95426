import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sendJson, startScriptedServer } from '../support/scriptedServer.ts';
import { startTunnelProxy } from '../support/tunnelProxy.ts';
import { runInHost } from '../testbed/editor/inHost.ts';

/** Elsewhere than at 127.0.0.1, editors put their own code between us and the network (handbook/cluster-client.md 5.3). */
const host = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
const folder = await mkdtemp(join(tmpdir(), 'cablecar-transport-'));
const direct = await startScriptedServer(
  (_, response) => {
    sendJson(response, 200, {});
  },
  { host },
);
const proxied = await startScriptedServer((_, response) => {
  sendJson(response, 200, {});
});
const proxy = await startTunnelProxy();
const port = new URL(proxied.url).port;
await writeFile(join(folder, 'direct'), direct.kubeconfig);
await writeFile(join(folder, 'proxied'), throughProxy(proxied.kubeconfig));
const results = await runInHost({
  extensionPath: resolve(import.meta.dirname, '../..'),
  suite: join(import.meta.dirname, 'transportSuite', 'index.ts'),
  folder,
  env: { KUBECONFIG: join(folder, 'no-kubeconfig'), CABLECAR_TEST_KUBECONFIGS: folder },
});
afterAll(async () => {
  await Promise.all([direct.stop(), proxied.stop(), proxy.stop()]);
  await rm(folder, { recursive: true, force: true });
});

describe('inside the extension host', () => {
  it.each(results)('$title', ({ error }) => {
    expect(error).toBeUndefined();
  });

  it.each([
    ['a server elsewhere than at 127.0.0.1', direct],
    ['a server behind the proxy-url of its kubeconfig', proxied],
  ] as const)('%s sees one connection, with the client certificate', (_, server) => {
    expect(server.requests).toHaveLength(10);
    expect(server.connections()).toBe(1);
    expect(new Set(server.requests.map((request) => request.clientName))).toEqual(new Set(['dev']));
  });

  it('proxy-url is used, for one tunnel', () => {
    expect(proxy.tunnels).toEqual([`api.example:${port}`]);
  });
});

function throughProxy(kubeconfig: string): string {
  const config = JSON.parse(kubeconfig) as { clusters: { cluster: Record<string, string> }[] };
  for (const { cluster } of config.clusters) {
    cluster['server'] = `https://api.example:${port}`;
    cluster['tls-server-name'] = 'localhost';
    cluster['proxy-url'] = proxy.url;
  }
  return JSON.stringify(config);
}
