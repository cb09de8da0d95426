import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { openWorkbench, startBrowser, type Locale } from '../testbed/editor/browser.ts';
import { startEditorServer, type EditorServer } from '../testbed/editor/server.ts';
import type { Workbench } from '../testbed/editor/workbench.ts';
import { seen } from './lab.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FILE = 'shop.cablecar.yaml';
const WRONG = `apiVersion: cablecar/v1alpha1
kind: ReleasePlan
scope:
  service: shop
interval: 15s
steps:
  - weight: 25%
    minTime: 5
  - weight: 5%
metrics:
  - kind: errorRatio
    max: 1%
onSuccess: promote
`;

let server: EditorServer;
let browser: Browser;
let folder: string;
let workbench: Workbench;

beforeAll(async () => {
  [server, browser, folder] = await Promise.all([
    // No kubeconfig at all: a plan needs none.
    startEditorServer({ extensionPath: ROOT, env: { KUBECONFIG: '/nowhere/kubeconfig' } }),
    startBrowser(),
    mkdtemp(join(tmpdir(), 'cablecar-plans-')),
  ]);
});
afterEach(() => workbench.close());
afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const step = (title: string, test: () => Promise<void>): void => {
  seen(() => workbench, title, test);
};

/** Opens the plan with this text in a folder that is not trusted. */
async function openPlan(text: string, locale: Locale): Promise<void> {
  await writeFile(join(folder, FILE), text);
  workbench = await openWorkbench(browser, server, { folder, locale, trust: false });
  await workbench.openView('Explorer');
  await workbench.row(FILE).first().dblclick();
  await workbench.page.locator('.editor-instance .view-lines').first().waitFor();
}

/** What shows when the pointer rests on the first text of the editor that is this. */
async function hoverText(text: string): Promise<string> {
  const { page } = workbench;
  const place = page
    .locator('.editor-instance .view-line')
    .getByText(text, { exact: true })
    .first();
  return workbench.waitFor(`a hover over ${text}`, async () => {
    await page.mouse.move(0, 0);
    await place.hover({ timeout: 3_000 });
    const hover = page.locator('.monaco-editor .monaco-hover:visible').first();
    await hover.waitFor({ timeout: 3_000 });
    // Markdown's spaces do not break.
    const shown = (await hover.innerText()).replaceAll('\u00a0', ' ');
    return shown.trim() === '' || shown.includes('Loading') ? { seen: shown } : { done: shown };
  });
}

/** Waits until as many places are underlined as wrong. */
async function underlined(count: number): Promise<void> {
  await workbench.waitFor(`${String(count)} underlined places`, async () => {
    const found = await workbench.page.locator('.editor-instance .squiggly-error').count();
    return found === count ? { done: undefined } : { seen: String(found) };
  });
}

async function lenses(): Promise<readonly string[]> {
  return workbench.waitFor('the lenses', async () => {
    const found = await workbench.page.locator('.codelens-decoration a').allInnerTexts();
    return found.length > 0 ? { done: found } : { seen: 'none' };
  });
}

describe('a plan file in an untrusted folder, without a kubeconfig', () => {
  step('is underlined where it is wrong, and explains its keys', async () => {
    await openPlan(WRONG, 'en');
    await underlined(1);
    expect(await hoverText('5')).toContain(
      'steps[0].minTime is a time with its unit, like 90s, 5m or 1h30m, not "5".',
    );
    await workbench.screenshot(join(ROOT, 'out', 'vscode', 'plan-en.png'));
    const explained = await hoverText('onSuccess');
    expect(explained).toContain('promote makes the canary the stable version');
    expect(explained).toContain('One of: promote, hold.');
    expect(await lenses()).toEqual(['Validate']);
  });

  step('says the same in Chinese', async () => {
    await openPlan(WRONG, 'zh-cn');
    await underlined(1);
    expect(await hoverText('5')).toContain(
      'steps[0].minTime 应为带单位的时间，例如 90s、5m 或 1h30m，而不是“5”。',
    );
    await workbench.screenshot(join(ROOT, 'out', 'vscode', 'plan-zh.png'));
    expect(await hoverText('onSuccess')).toContain('promote 将金丝雀版本提升为稳定版');
    expect(await lenses()).toEqual(['验证']);
  });

  step('follows what is changed, completes, and is validated by its lens', async () => {
    const good = WRONG.replace('minTime: 5\n', 'minTime: 5m\n').replace(
      'weight: 5%',
      'weight: 50%',
    );
    await openPlan(good.replace('50%', '5%'), 'en');
    await underlined(1);
    expect(await hoverText('5%')).toContain('5% is not above 25%');
    await writeFile(join(folder, FILE), good);
    await underlined(0);
    const { page } = workbench;
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('runB');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget:visible').getByText('runBy').first().waitFor();
    await workbench.screenshot(join(ROOT, 'out', 'vscode', 'plan-completion.png'));
    await page.keyboard.press('Enter');
    await page
      .locator('.editor-instance .view-line')
      .getByText('editor', { exact: true })
      .waitFor();
    await page.locator('.codelens-decoration a').getByText('Validate').click();
    await workbench.notification('This plan has no problems: 2 steps, at least 10m, at most 1h.');
  });
});
