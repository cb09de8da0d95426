import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { RolloutPage } from '../testbed/editor/rolloutPage.ts';
import type { Workbench } from '../testbed/editor/workbench.ts';
import { waitFor } from '../testbed/processes.ts';
import { seen, startLab, type Lab } from './lab.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILE = 'shop.cablecar.yaml';
const PLAN = `apiVersion: cablecar/v1alpha1
kind: ReleasePlan
name: shop
scope: { service: shop, namespace: default }
interval: 5s
steps:
  - { weight: 5%, minTime: 10s, minRequests: 50 }
  - { weight: 25%, minTime: 10s, minRequests: 50 }
  - { weight: 50%, minTime: 10s, minRequests: 50 }
metrics:
  - { kind: errorRatio, max: 5% }
onSuccess: promote
`;

let lab: Lab;
let workbench: Workbench;
let page: RolloutPage;

beforeAll(async () => {
  const shop = { service: 'shop', namespace: 'default', weight: 1 };
  lab = await startLab({
    prometheus: true,
    dataPlane: true,
    traffic: { rate: 250, services: [shop] },
  });
  await writeFile(join(lab.folder, FILE), PLAN);
  await behave('0.0005');
  workbench = await lab.open({ viewport: { width: 1280, height: 1100 } });
  page = new RolloutPage(workbench);
});
afterAll(() => lab.stop());

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

async function behave(errorRatio: string): Promise<void> {
  const annotation = `demo.cablecar/error-ratio=${errorRatio}`;
  await lab.cluster.kubectl(['annotate', '--overwrite', 'deployment', 'shop-v2-4-1', annotation]);
}

async function canaryWeight(): Promise<string> {
  const path = "jsonpath={.spec.http[?(@.name=='primary')].route[1].weight}";
  return lab.cluster.kubectl(['get', 'virtualservice/shop', '--output', path]);
}

async function runPlan(): Promise<void> {
  await workbench.openView('Explorer');
  await workbench.row(FILE).first().dblclick();
  await workbench.page.locator('.codelens-decoration a').getByText('Run in Editor').click();
  await workbench.waitFor('the question', async () =>
    (await workbench.hasModal()) ? { done: undefined } : { seen: 'none' },
  );
  const modal = await workbench.modal();
  expect(modal.text).toContain('Run the plan shop on shop?');
  expect(modal.text).toContain('5 % → 25 % → 50 %');
  await modal.press('Run');
  await page.shows('shop');
}

/** Longer than a step of a test: a plan takes its time. */
async function runSays(text: string): Promise<void> {
  await waitFor({ what: `a run that says "${text}"`, timeoutMs: 150_000 }, async () => {
    const found = (await page.frame.locator('.run').allInnerTexts()).join(' ');
    return found.includes(text) ? { done: undefined } : { seen: found };
  });
}

const picture = (name: string): Promise<void> =>
  workbench.screenshot(join(ROOT, 'out', 'vscode', `${name}.png`));

describe('a release plan that runs in the editor', () => {
  step('widens a good release step by step, and promotes it', async () => {
    await runPlan();
    await runSays('Watching for');
    await picture('run-watching');
    await runSays('The canary is the stable version now.');
    await picture('run-promoted');
    expect(await canaryWeight()).toBe('100');
  });

  step('takes a bad one back by itself, and says why', async () => {
    await behave('0.25');
    await runPlan();
    await runSays('Rolled back:');
    await picture('run-rolled-back');
    expect(['', '0']).toContain(await canaryWeight());
  });

  step('is shown to another window, in its language', async () => {
    const other = await lab.open({ locale: 'zh-cn', viewport: { width: 1280, height: 1100 } });
    const chinese = new RolloutPage(other);
    await other.openView('Cablecar');
    await other
      .row(/^灰度发布 shop，/)
      .first()
      .click();
    await chinese.shows('shop');
    await chinese.waitForText('.run', '已回滚');
    await other.screenshot(join(ROOT, 'out', 'vscode', 'run-zh.png'));
    await other.close();
  });
});
