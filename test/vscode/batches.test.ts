import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { AuditMark } from '../testbed/auditLog.ts';
import { RolloutPage } from '../testbed/editor/rolloutPage.ts';
import type { Modal, Workbench } from '../testbed/editor/workbench.ts';
import { lineOf, OURS, seen, startLab, type Lab } from './lab.ts';

const [old, next] = ['registry.shop.example/stock:v1', 'registry.shop.example/stock:v2'];
const PATCH = 'patch deployments/stock';

let lab: Lab;
let workbench: Workbench;
let page: RolloutPage;
let before: object;

beforeAll(async () => {
  lab = await startLab({});
  await lab.cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(stock) });
  await lab.cluster.waitForDeployment('default', 'stock');
  before = await specOf();
  workbench = await lab.open({ viewport: { width: 1280, height: 1000 } });
  page = new RolloutPage(workbench);
});
afterAll(() => lab.stop());

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

const labels = { app: 'stock' };
const stock = {
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'stock', namespace: 'default' },
      spec: {
        replicas: 10,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: { metadata: { labels }, spec: { containers: [{ name: 'stock', image: old }] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'stock', namespace: 'default' },
      spec: { selector: labels, ports: [{ port: 80 }] },
    },
  ],
};

/** What the extension wrote since the mark, as lines. */
async function written(since: AuditMark): Promise<readonly string[]> {
  return (await lab.cluster.auditLog.writes(OURS, since)).map(lineOf);
}

function jsonpath(target: readonly string[], path: string): Promise<string> {
  return lab.cluster.kubectl(['get', ...target, '--output', `jsonpath=${path}`]);
}

/** Pods of each version that the API server has and that are not on their way out. */
async function podsByVersion(): Promise<{ readonly v1: number; readonly v2: number }> {
  const pods = (await lab.cluster.kubectl.json(['get', 'pods', '--selector', 'app=stock'])) as {
    readonly items: readonly {
      readonly metadata: { readonly deletionTimestamp?: string };
      readonly spec: { readonly containers: readonly { readonly image: string }[] };
    }[];
  };
  const staying = pods.items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const images = staying.map(({ spec }) => spec.containers[0]?.image);
  const count = (image: string): number => images.filter((one) => one === image).length;
  return { v1: count(old), v2: count(next) };
}

async function waitForPods(v1: number, v2: number): Promise<void> {
  await workbench.waitFor(`${String(v1)} old and ${String(v2)} new pods`, async () => {
    const pods = await podsByVersion();
    return pods.v1 === v1 && pods.v2 === v2 ? { done: pods } : { seen: JSON.stringify(pods) };
  });
}

/** What an update may change of the Deployment and has to leave as it was. */
async function specOf(): Promise<object> {
  const { spec, metadata } = (await lab.cluster.kubectl.json(['get', 'deployment/stock'])) as {
    readonly spec: Readonly<Record<string, unknown>>;
    readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  };
  const { strategy, minReadySeconds, progressDeadlineSeconds, paused } = spec;
  const record = metadata.annotations?.['cablecar/rolling-update'];
  return { strategy, minReadySeconds, progressDeadlineSeconds, paused, record };
}

/** Revisions that `kubectl rollout history` knows. */
async function history(): Promise<readonly string[]> {
  const text = await lab.cluster.kubectl(['rollout', 'history', 'deployment/stock']);
  return [...text.matchAll(/^(\d+)\s/gm)].map(([, revision = '']) => revision);
}

/** Presses the verb after the sentence was read. @returns how the dialog looked. */
async function confirm(verb: string): Promise<Modal> {
  const modal = await workbench.modal();
  expect(modal.buttons).toEqual(['Cancel', verb]);
  for (const part of ['Context envtest', 'Deployment default/stock'])
    expect(modal.text).toContain(part);
  await modal.press(verb);
  return modal;
}

/** Begins an update from the panel of the service: which way, which image, how many pods. */
async function startInBatches(pods: string): Promise<void> {
  await page.frame.locator('[data-action=startCanary]:not([disabled])').click();
  await (await workbench.quickPick('Start Canary: stock')).pick('Update in batches');
  await (await workbench.inputBox('New image for')).enter(next);
  const sizes = await workbench.quickPick('Update in Batches: stock');
  await sizes.pick(pods);
}

const row = (facts: string): ReturnType<Workbench['row']> =>
  workbench.row(new RegExp(`^Rollout stock, ${facts}`));

describe('one Deployment of ten pods', () => {
  step('gets a new image on 10 % of its pods by Start Canary, with one write', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await workbench.openView('Cablecar');
    await workbench.expand(workbench.row(/^Namespace default,/));
    await workbench.row(/^Service stock,/).click();
    await page.shows('stock');
    await startInBatches('1 of 10 pods');
    const modal = await confirm('Start Update');
    expect(modal.text).toContain(`Update stock to ${next}, 1 of 10 pods first`);
    await row('held at 1, 1/10 pods updated, 1 of them ready').waitFor();
    await waitForPods(10, 1);
    expect(await written(mark)).toEqual([PATCH]);
  });

  step('is widened to 30 % by the slider, and says that there is no way to narrow it', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await page.open('stock');
    await page.waitForText(
      '.update-row',
      '1 of 10 pods have the new version (1 ready); it stays at 1 until you widen it.',
    );
    await page.waitForText('.problems', 'as ready but not as available');
    await page.moveSliderTo(23);
    await page.waitForText('.draft-text', '3 of 13 pods');
    await page.waitForText('.sentence', 'A batch is never made smaller again');
    const modal = await page.ask('send');
    expect(modal.text).toContain('from 1 to 3 of 10 pods');
    await modal.press('Send 23.1 %');
    await row('held at 3, 3/10 pods updated, 3 of them ready').waitFor();
    await waitForPods(10, 3);
    expect(await written(mark)).toEqual([PATCH]);
  });

  step('gets another maxSurge in the panel, which comes to pods there', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await page.frame.locator('.limits input[name=maxSurge]').fill('50%');
    await page.ask('setSurge');
    await confirm('Set Limits');
    await page.waitForText('.limits', /maxSurge.*= 5 pods.*maxUnavailable.*= 2 pods/);
    expect(await podsByVersion()).toEqual({ v1: 10, v2: 3 });
    expect(await written(mark)).toEqual([PATCH]);
  });

  step('is paused and resumed without a pod that changes', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await page.ask('pause');
    await confirm('Pause');
    await row('paused, 3/10 pods updated').waitFor();
    expect(await jsonpath(['deployment/stock'], '{.spec.paused}')).toBe('true');
    await page.ask('resume');
    await confirm('Resume');
    await row('held at 3, 3/10 pods updated').waitFor();
    expect(await podsByVersion()).toEqual({ v1: 10, v2: 3 });
    expect(await written(mark)).toEqual([PATCH, PATCH]);
  });

  step(
    'is widened by Set Batch from the palette, and not when the dialog is cancelled',
    async () => {
      const mark = await lab.cluster.auditLog.mark();
      await workbench.runCommand('Cablecar: Set Batch…');
      await (await workbench.quickPick('Set Batch: stock')).pick('5 of 10 pods');
      await (await workbench.modal()).press('Cancel');
      expect(await written(mark)).toEqual([]);
      await workbench.runCommand('Cablecar: Set Batch…');
      await (await workbench.quickPick('Set Batch: stock')).pick('5 of 10 pods');
      await confirm('Widen');
      await row('held at 5, 5/10 pods updated, 5 of them ready').waitFor();
      await waitForPods(10, 5);
      expect(await written(mark)).toEqual([PATCH]);
    },
  );

  step('is finished: all pods, and every field as it was but the limit that was set', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await page.ask('promote');
    const modal = await confirm('Finish Update');
    expect(modal.text).toContain('It goes by itself from here and has no Undo');
    await lab.cluster.waitForDeployment('default', 'stock');
    await waitForPods(0, 10);
    expect(await written(mark)).toEqual([PATCH]);
    expect(await specOf()).toEqual({
      ...before,
      strategy: {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: '50%', maxUnavailable: '25%' },
      },
    });
    expect(await history()).toEqual(['1', '2']);
    await workbench.row(/^Rollout stock,/).waitFor({ state: 'detached' });
    await page.frame.locator('[data-action=startCanary]:not([disabled])').waitFor();
  });

  step('gets its first revision again by Undo to Revision', async () => {
    const mark = await lab.cluster.auditLog.mark();
    await workbench.chooseFromMenu(workbench.row(/^Service stock,/), 'Undo to Revision…');
    const revisions = await workbench.quickPick('Undo to Revision: stock');
    const [first = '', ...more] = await revisions.rows();
    expect(more).toEqual([]);
    expect(first).toMatch(/Revision 1.*stock:v1/);
    await revisions.pick('Revision 1');
    const modal = await confirm('Undo to Revision');
    expect(modal.text).toContain(`Undo to revision 1 of stock: its pod template (${old})`);
    await lab.cluster.waitForDeployment('default', 'stock');
    await waitForPods(10, 0);
    expect(await written(mark)).toEqual([PATCH]);
    expect(await history()).toEqual(['2', '3']);
    await workbench.row(/^Rollout stock,/).waitFor({ state: 'detached' });
  });
});

describe('the way back in the middle of an update', () => {
  step('is one request after the consent: the old version on all pods at once', async () => {
    const { auditLog } = lab.cluster;
    const spec = await specOf();
    await startInBatches('2 of 10 pods');
    await confirm('Start Update');
    await row('held at 2, 2/10 pods updated, 2 of them ready').waitFor();
    await waitForPods(10, 2);
    await page.open('stock');
    const modal = await page.ask('rollback');
    expect(modal.text).toContain(`the old pod template (${old}) instead of ${next}`);
    const consent = await auditLog.mark();
    await modal.press('Roll Back');
    await lab.cluster.waitForDeployment('default', 'stock');
    await waitForPods(10, 0);
    expect(await specOf()).toEqual(spec);
    const events = await auditLog.events({ ...OURS, uri: /deployments\/stock/ }, consent);
    expect(events.filter(({ verb }) => verb !== 'watch').map(lineOf)).toEqual([PATCH]);
    await workbench.row(/^Rollout stock,/).waitFor({ state: 'detached' });
  });
});
