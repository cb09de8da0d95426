/** Takes pictures of the panel in every state and theme: `node test/webview/shots.ts <folder> [name…]`. For the eyes, not for a comparison. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePanel, openPanel, startBrowser, type OpenOptions } from './page.ts';
import { nowSeconds, samples } from './samples.ts';

interface Shot extends OpenOptions {
  readonly name: string;
  readonly sample: keyof typeof samples;
  /** Keys pressed on the slider before the picture. */
  readonly keys?: readonly string[];
  readonly table?: boolean;
  /** Chart under the pointer. */
  readonly hover?: string;
  /** Rule in the editor: a new one with these conditions, or the one that is there; and the host's answer. */
  readonly rule?: 'new' | 'edit';
  readonly error?: string;
}

const draft = ['Shift+ArrowRight', ...Array<string>(5).fill('ArrowRight')];
const shots: Shot[] = [
  { name: 'dark', sample: 'good', keys: draft },
  { name: 'light', sample: 'good', theme: 'light', keys: draft },
  { name: 'hc', sample: 'good', theme: 'hc', keys: draft },
  { name: 'hc-light', sample: 'good', theme: 'hcLight', keys: draft },
  { name: 'narrow', sample: 'good', width: 400, keys: draft },
  { name: 'chinese', sample: 'chinese', keys: draft },
  { name: 'chinese-narrow', sample: 'chinese', width: 400, keys: draft },
  { name: 'failing', sample: 'failing' },
  { name: 'stops', sample: 'stops', keys: ['ArrowRight'] },
  { name: 'batches', sample: 'batches', keys: ['ArrowRight'] },
  { name: 'batches-light', sample: 'batches', theme: 'light' },
  { name: 'batches-hc', sample: 'batches', theme: 'hc' },
  { name: 'batches-narrow', sample: 'batches', width: 420 },
  { name: 'batches-chinese', sample: 'batchesChinese' },
  { name: 'batches-chinese-narrow', sample: 'batchesChinese', width: 420 },
  { name: 'three', sample: 'threeDestinations', keys: draft },
  { name: 'three-narrow', sample: 'threeDestinations', width: 400, keys: draft },
  { name: 'service', sample: 'serviceOnly' },
  { name: 'stale', sample: 'stale' },
  { name: 'gone', sample: 'gone' },
  { name: 'no-prometheus', sample: 'noPrometheus' },
  { name: 'empty', sample: 'emptyCharts' },
  { name: 'guarded', sample: 'guarded' },
  { name: 'owned', sample: 'owned' },
  { name: 'table', sample: 'good', table: true },
  { name: 'hover', sample: 'good', hover: 'latency' },
  { name: 'rule', sample: 'good', rule: 'new' },
  { name: 'rule-light', sample: 'good', theme: 'light', rule: 'new' },
  { name: 'rule-hc', sample: 'good', theme: 'hc', rule: 'new' },
  { name: 'rule-narrow', sample: 'good', width: 420, rule: 'new' },
  { name: 'rule-chinese', sample: 'chinese', rule: 'new' },
  {
    name: 'rule-edit',
    sample: 'good',
    theme: 'light',
    rule: 'edit',
    error: 'v2 has no ready pod.',
  },
  // 1120 px at 200 %.
  { name: 'zoom', sample: 'good', keys: draft, width: 560 },
  { name: 'wide', sample: 'good', theme: 'light', width: 1800 },
];

const [folder = 'shots', ...wanted] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const files = await bundlePanel();
const browser = await startBrowser();
for (const shot of shots.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const panel = await openPanel(browser, files, {
    ...shot,
    nowMs: nowSeconds * 1000,
  });
  const { page, faults } = panel;
  await panel.show(samples[shot.sample]);
  if (shot.keys !== undefined) {
    const slider = page.getByRole('slider').nth(shot.sample === 'threeDestinations' ? 1 : 0);
    for (const key of shot.keys) await slider.press(key);
    const sentence = 'shop: send 25 % of requests to v2.4.1 (was 10 %), in kind-dev/default.';
    await page.clock.runFor(200);
    const sent = await page.evaluate<{ type: string; request?: number }[]>('window.cablecarSent');
    const request = sent.findLast((message) => message.type === 'draft')?.request ?? 0;
    await panel.post({ type: 'preview', request, sentence, error: '' });
  }
  if (shot.rule !== undefined) {
    await page
      .locator(`[data-action=${shot.rule === 'new' ? 'addRule' : 'editRule'}]`)
      .last()
      .click();
    if (shot.rule === 'new') {
      await page.locator('[data-action=addCondition]').click();
      await page.locator('[name=value]').fill('7, 42');
    }
    await page.clock.runFor(200);
    const sent = await page.evaluate<{ type: string; request?: number }[]>('window.cablecarSent');
    const request = sent.findLast((message) => message.type === 'ruleDraft')?.request ?? 0;
    const error = shot.error ?? '';
    const sentence =
      error === ''
        ? 'shop: add the rule Phones and User id `x-user-id: 7, 42` → 90 % to v1, 10 % to v2, in default. A client can send `x-user-id` itself and so choose its version, unless your edge sets or removes it on every request.'
        : '';
    await panel.post({ type: 'rulePreview', request, sentence, error });
  }
  if (shot.table === true) await page.locator('[data-action=table]').click();
  if (shot.hover !== undefined) await page.locator(`[data-chart=${shot.hover}] canvas`).hover();
  const path = join(folder, `webview-${shot.name}.png`);
  await page.screenshot({ path, fullPage: true });
  const width = await page.evaluate<number>('document.documentElement.scrollWidth');
  process.stdout.write(`${path} ${String(width)} px ${faults.join(' | ')}\n`);
  await page.context().close();
}
await browser.close();
