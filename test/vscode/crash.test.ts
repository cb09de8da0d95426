import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { RolloutPage } from '../testbed/editor/rolloutPage.ts';
import { nextExtensionHost } from '../testbed/editor/server.ts';
import { withPicture, type Workbench } from '../testbed/editor/workbench.ts';
import type { FaultProxy, SeenRequest } from '../testbed/faultProxy.ts';
import type { Fault } from '../testbed/faults.ts';
import { OURS, seen, startLab, type Lab } from './lab.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const STALE_MS = 3000;

let lab: Lab;
let proxy: FaultProxy;
let workbench: Workbench;
let page: RolloutPage;

/** The editor reaches the cluster through a proxy that can hold a request, count connections and be away. */
beforeAll(async () => {
  lab = await startLab({});
  const upstream = await lab.cluster.addUser('developer', ['system:masters']);
  const listenAddress = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1';
  proxy = await lab.testbed.startFaultProxy({ upstream, listenAddress, clientName: 'developer' });
  await lab.editor.changeMachineSettings({ 'cablecar.kubeconfig': proxy.kubeconfigPath });
  workbench = await lab.open();
  page = new RolloutPage(workbench);
  await workbench.openView('Cablecar');
  await withPicture(workbench, join(ROOT, 'out', 'vscode', 'crash-start.png'), () =>
    workbench.row(/^Rollout shop,/).waitFor({ timeout: 60_000 }),
  );
});
afterAll(() => lab.stop());

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

describe('an extension host that is killed while a write is on its way', () => {
  step(
    'says "not written" after its restart when the write had not reached the server',
    async () => {
      const { sent, written } = await sendAndKill({ kind: 'holdBefore' }, 25);
      expect({ sent, written }).toEqual({ sent: 1, written: 0 });
      const { outcome, sentence } = await newestInHistory();
      expect(outcome).toBe('not written');
      expect(sentence).toMatch(
        /^shop: send 25 % of requests to v2.4.1 \(was 10 %\), in default\.$/,
      );
      expect(await weights()).toBe('90 10');
    },
  );

  step('says "written" after its restart when the server had done it', async () => {
    const { sent, written } = await sendAndKill({ kind: 'holdAfter' }, 40);
    expect({ sent, written }).toEqual({ sent: 1, written: 1 });
    const { outcome, sentence } = await newestInHistory();
    expect(outcome).toBe('written');
    expect(sentence).toMatch(/^shop: send 40 % of requests to v2.4.1 \(was 10 %\), in default\.$/);
    expect(await weights()).toBe('60 40');
  });

  step('can undo what it did not live to see', async () => {
    await (await page.ask('undo')).press('Undo');
    await page.waitForShare('10');
    expect(await weights()).toBe('90 10');
  });
});

describe('the connection inside the extension host', () => {
  step(
    'is kept: previews open no new one, and every request is that of the certificate',
    async () => {
      await preview(20);
      const before = proxy.requests.length;
      const { total } = proxy.connections();
      for (const percent of [30, 40, 50]) await preview(percent);
      const requests = proxy.requests.slice(before);
      const used = new Set(requests.map(({ connection }) => connection)).size;
      process.stdout.write(
        `${String(requests.length)} requests over ${String(used)} of ${String(total)} connections.\n`,
      );
      expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(3);
      expect(proxy.connections().total).toBe(total);
      expect(new Set(proxy.requests.map(({ clientName }) => clientName))).toEqual(
        new Set(['developer']),
      );
      const events = await lab.cluster.auditLog.events(OURS);
      expect(events.length).toBeGreaterThan(10);
      expect(new Set(events.map(({ user }) => user.username))).toEqual(new Set(['developer']));
    },
  );

  step('goes on after a cut without a list, and shows what is new', async () => {
    const before = proxy.requests.length;
    proxy.cutAll();
    await createService('after-cut');
    await workbench.row(/^Service after-cut,/).waitFor();
    expect(listsSince(before)).toEqual([]);
  });

  step(
    'that is lost is marked within three seconds; after a kill of the server each watch lists once, and what was deleted is gone',
    async () => {
      await createService('doomed');
      await workbench.row(/^Service doomed,/).waitFor();
      const before = proxy.requests.length;
      await lab.cluster.killApiServer();
      const cutAtMs = Date.now();
      await proxy.refuse();
      await workbench.waitFor('the mark', async () => {
        const text = await workbench.viewText('Rollouts');
        return /as of/i.test(text) ? { done: text } : { seen: text };
      });
      const markedMs = Date.now() - cutAtMs;
      process.stdout.write(`Marked as stale ${String(markedMs)} ms after the cut.\n`);
      expect(markedMs).toBeLessThan(STALE_MS);
      expect(await workbench.row(/^Service doomed,/).count()).toBe(1);

      await lab.cluster.startApiServer();
      await lab.cluster.kubectl(['delete', 'service', 'doomed']);
      // Started once more, the server knows nothing of what came before: watches cannot go on, and must list.
      await lab.cluster.killApiServer();
      await lab.cluster.startApiServer();
      await proxy.accept();
      await workbench.row(/^Service doomed,/).waitFor({ state: 'detached' });
      await workbench.waitFor('the end of the mark', async () => {
        const text = await workbench.viewText('Rollouts');
        return /as of/i.test(text) ? { seen: text } : { done: undefined };
      });
      const perPath = Map.groupBy(listsSince(before), (url) => url.split('?')[0] ?? '');
      expect([...perPath.keys()]).toContain('/api/v1/services');
      for (const [path, urls] of perPath) expect([path, urls.length]).toEqual([path, 1]);
    },
  );
});

/** Has the server try a weight, and comes back from the diff to the panel. */
async function preview(percent: number): Promise<void> {
  const dryRuns = (): number => proxy.requests.filter(({ method }) => method === 'PATCH').length;
  const before = dryRuns();
  await page.open('shop');
  await page.moveSliderTo(percent);
  await page.button('preview').click();
  await workbench.waitFor('the dry run', () =>
    Promise.resolve(dryRuns() > before ? { done: undefined } : { seen: 'none' }),
  );
  await workbench.page.locator('.monaco-diff-editor').first().waitFor();
  await page.open('shop');
}

/** Sends a weight, kills the extension host while the write is held, and opens the window again. */
async function sendAndKill(
  fault: Fault,
  percent: number,
): Promise<{ readonly sent: number; readonly written: number }> {
  const mark = await lab.cluster.auditLog.mark();
  const before = proxy.requests.length;
  const injected = proxy.inject(isWrite, fault, 1);
  await page.open('shop');
  await page.moveSliderTo(percent);
  await (await page.ask('send')).press(`Send ${String(percent)} %`);
  const held = await injected.nextHeld();
  const pids = await lab.editor.extensionHostPids();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  held.drop();
  await workbench.reload();
  await nextExtensionHost(lab.editor, pids);
  await page.open('shop');
  await page.waitForText('.history li', /./);
  await workbench.waitFor('an end of the action in the history', async () => {
    const { outcome } = await newestInHistory();
    return outcome === 'under way' ? { seen: outcome } : { done: undefined };
  });
  return {
    sent: proxy.requests.slice(before).filter(isWrite).length,
    written: (await lab.cluster.auditLog.writes(OURS, mark)).length,
  };
}

function isWrite({ method, url }: SeenRequest): boolean {
  return method === 'PATCH' && !url.includes('dryRun');
}

/** The first line of the panel's history: what a person reads and hovers. */
async function newestInHistory(): Promise<{
  readonly outcome: string;
  readonly sentence: string;
}> {
  const line = page.frame.locator('.history li').first();
  const title = (await line.locator('time').getAttribute('title')) ?? '';
  const text = await line.locator('.text').innerText();
  return { outcome: title.split(' · ').at(-1) ?? '', sentence: text.replace(/^[^:]+: /, '') };
}

async function weights(): Promise<string> {
  const path = 'jsonpath={.spec.http[2].route[*].weight}';
  return lab.cluster.kubectl(['get', 'virtualservice/shop', '--output', path]);
}

async function createService(name: string): Promise<void> {
  await lab.cluster.api.ok('POST', '/api/v1/namespaces/default/services', {
    metadata: { name },
    spec: { ports: [{ port: 80 }] },
  });
}

/** Lists of the watched kinds that the proxy has seen: a collection, and no watch. */
function listsSince(index: number): readonly string[] {
  return proxy.requests
    .slice(index)
    .filter(({ method, url }) => {
      const { pathname, searchParams } = new URL(url, 'https://server');
      const isCollection = /^\/api(s\/[^/]+)?\/v[^/]+\/[a-z]+$/.test(pathname);
      return method === 'GET' && isCollection && !searchParams.has('watch');
    })
    .map(({ url }) => url);
}
