import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { AuditMark } from '../testbed/auditLog.ts';
import type { DataPlane } from '../testbed/dataPlane/index.ts';
import { RolloutPage } from '../testbed/editor/rolloutPage.ts';
import type { Workbench } from '../testbed/editor/workbench.ts';
import { changesOf, lineOf, OURS, seen, startLab, type Lab } from './lab.ts';

const SAMPLE = 1_500;
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Mobile/15E148 Safari/604.1';
const DESKTOP = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36';

let lab: Lab;
let workbench: Workbench;
let page: RolloutPage;
let dataPlane: DataPlane;

beforeAll(async () => {
  lab = await startLab({ dataPlane: true, traffic: { rate: 0, services: [] } });
  if (lab.testbed.dataPlane === undefined) throw new Error('There is no data plane.');
  dataPlane = lab.testbed.dataPlane;
  workbench = await lab.open({ viewport: { width: 1280, height: 1000 } });
  page = new RolloutPage(workbench);
});
afterAll(() => lab.stop());

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

function ruleNames(): Promise<string> {
  const path = 'jsonpath={.spec.http[*].name}';
  return lab.cluster.kubectl(['get', 'virtualservice/shop', '--output', path]);
}

/** How many requests of a sample reach the canary. */
async function takes(headers: Readonly<Record<string, string>>): Promise<number> {
  const question = { service: 'shop', namespace: 'default', count: SAMPLE, headers };
  const { byVersion } = await dataPlane.sample(question);
  return byVersion['v2.4.1'] ?? 0;
}

/** Waits until the data plane has heard of the newest route. */
async function waitForPhones(expected: number): Promise<void> {
  await workbench.waitFor('the data plane to follow', async () => {
    const seen = await takes({ 'user-agent': PHONE });
    return Math.abs(seen - expected) <= SAMPLE / 20 ? { done: undefined } : { seen: String(seen) };
  });
}

async function written(since: AuditMark): Promise<readonly string[]> {
  return (await lab.cluster.auditLog.writes(OURS, since)).map(lineOf);
}

describe('10 % of the phone users to the new version', () => {
  step('with everybody else on the old one: first the weight goes to 0', async () => {
    await page.open('shop');
    await page.moveSliderTo(0);
    await (await page.ask('send')).press('Send 0 %');
    await page.waitForShare('0');
  });

  step('is a rule that the panel adds after a preview and a confirmation', async () => {
    const { auditLog } = lab.cluster;
    await page.button('addRule').click();
    await page.waitForText(
      '.rule-editor .sentence',
      /^shop: add the rule Phones → 90 % to v2-4-0, 10 % to v2-4-1, in default\.$/,
    );
    const mark = await auditLog.mark();
    const modal = await page.ask('setRule');
    expect(modal.buttons).toEqual(['Cancel', 'Change Rules']);
    for (const part of ['Context envtest', 'VirtualService default/shop', 'device=phone', '10 %'])
      expect(modal.text).toContain(part);
    expect(await written(mark)).toEqual([]);
    await modal.press('Change Rules');
    await page.waitForText('.rules .list', 'Phones → 90 % to v2-4-0, 10 % to v2-4-1');
    expect(await ruleNames()).toBe('on-request known-users cablecar-phone primary');
    const [patch, ...more] = await auditLog.writes(OURS, mark);
    expect(more).toEqual([]);
    expect(Object.values((patch && changesOf(patch)) ?? {})).toMatchObject([
      { name: 'cablecar-phone', timeout: '5s' },
    ]);
  });

  step('is what the traffic does', async () => {
    await waitForPhones(SAMPLE / 10);
    const phones = await takes({ 'user-agent': PHONE, 'x-user-id': '5' });
    const deviation = Math.abs(phones - SAMPLE * 0.1) / Math.sqrt(SAMPLE * 0.1 * 0.9);
    expect(deviation).toBeLessThan(3);
    expect(await takes({ 'user-agent': DESKTOP, 'x-user-id': '5' })).toBe(0);
  });

  step('is taken away by a rollback, with one request after the consent', async () => {
    const { auditLog } = lab.cluster;
    const modal = await page.ask('rollback');
    const consent = await auditLog.mark();
    await modal.press('Roll Back');
    await workbench.waitFor('the rule to go', async () => {
      const names = await ruleNames();
      return names === 'primary' ? { done: undefined } : { seen: names };
    });
    expect(await written(consent)).toEqual(['patch virtualservices/shop']);
    await waitForPhones(0);
    expect(await takes({ 'user-agent': PHONE })).toBe(0);
  });

  step('comes back by Undo', async () => {
    await (await page.ask('undo')).press('Undo');
    await page.waitForText('.rules .list', 'Phones → 90 % to v2-4-0, 10 % to v2-4-1');
    expect(await ruleNames()).toBe('on-request known-users cablecar-phone primary');
    await waitForPhones(SAMPLE / 10);
  });

  step('is taken away by itself, after which its requests are like all others', async () => {
    await page.frame.getByRole('button', { name: /^Remove the rule: Phones/ }).click();
    await workbench.waitFor('the dialog', async () =>
      (await workbench.hasModal()) ? { done: undefined } : { seen: 'none' },
    );
    await (await workbench.modal()).press('Change Rules');
    await workbench.waitFor('the rule to go', async () => {
      const names = await ruleNames();
      const isGone = names === 'on-request known-users primary';
      return isGone ? { done: undefined } : { seen: names };
    });
    await waitForPhones(0);
  });
});
