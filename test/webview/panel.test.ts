import type { Browser, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PanelSnapshot, ToHost } from '../../src/protocol/messages.ts';
import {
  bundlePanel,
  openPanel,
  startBrowser,
  type OpenOptions,
  type OpenPanel,
  type PanelFiles,
} from './page.ts';
import { batches, good, nowSeconds, samples, type Sample } from './samples.ts';
import { themes, type ThemeName } from './themes.ts';

const nowMs = nowSeconds * 1000;
let browser: Browser;
let files: PanelFiles;
let panel: OpenPanel;

beforeAll(async () => {
  [browser, files] = await Promise.all([startBrowser(), bundlePanel()]);
});
afterAll(async () => {
  await browser.close();
});
afterEach(async () => {
  expect(panel.faults).toEqual([]);
  await panel.page.context().close();
});

async function open(sample: Sample, options: OpenOptions = {}): Promise<void> {
  panel = await openPanel(browser, files, { nowMs, ...options });
  await panel.show(sample);
}

const slider = (): Locator => panel.page.getByRole('slider').first();
const action = (name: string): Locator => panel.page.locator(`[data-action=${name}]`);
const sendButton = (): Locator => action('send');

/** The kit passes a change on to its inner button with the next frame. */
async function isEnabled(name: string): Promise<boolean> {
  await panel.page.clock.runFor(20);
  return action(name).getByRole('button').isEnabled();
}

/** From now on only `runFor` moves the page's clock, so that what waits for a rest does not depend on the speed of the machine. */
async function stopClock(): Promise<void> {
  const pageMs = await panel.page.evaluate<number>('Date.now()');
  await panel.page.clock.pauseAt(pageMs + 5000);
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await slider().press(key);
}

/** The newest message of a type, after the rest that a draft waits for. */
async function sent<T extends ToHost['type']>(
  type: T,
): Promise<Extract<ToHost, { type: T }> | undefined> {
  await panel.page.clock.runFor(200);
  const all = await panel.sent();
  return all.findLast((message): message is Extract<ToHost, { type: T }> => message.type === type);
}

async function live(canary: number, change: Partial<PanelSnapshot> = {}): Promise<void> {
  const tracks = good.snapshot.tracks.map((track) => {
    const percent = track.role === 'canary' ? canary : 100 - canary;
    return { ...track, share: percent / 100, percentText: String(percent) };
  });
  await panel.post({
    type: 'snapshot',
    snapshot: { ...good.snapshot, tracks, sequence: 2, ...change },
  });
}

const text = (selector: string): Promise<string> =>
  panel.page.locator(selector).first().innerText();

describe('the slider', () => {
  test.each([
    [['ArrowRight'], '11'],
    [['ArrowLeft', 'ArrowLeft'], '8'],
    [['Shift+ArrowRight'], '20'],
    [['PageUp'], '20'],
    [['End'], '100'],
    [['Home'], '0'],
    [['Shift+ArrowLeft', 'Shift+ArrowLeft'], '0'],
  ])('goes by the keys %j from 10 to %s', async (keys, value) => {
    await open(good);
    await press(...keys);
    expect(await panel.page.locator('.box').inputValue()).toBe(value);
    expect(await slider().inputValue()).toBe(value);
  });

  test('is dragged, and the thumb stands where the pointer is', async () => {
    await open(good);
    const bar = await panel.page.locator('.bar').boundingBox();
    if (bar === null) throw new Error('The bar is not shown.');
    const y = bar.y + bar.height / 2;
    await panel.page.mouse.move(bar.x + bar.width * 0.1, y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(bar.x + bar.width * 0.4, y, { steps: 4 });
    await panel.page.mouse.up();
    expect(await text('.draft-text')).toBe('10 now → 40 when sent');
    expect(await sendButton().innerText()).toBe('Send 40 %');
  });

  test('says its value and what is live', async () => {
    await open(good);
    await press('ArrowRight');
    const named = panel.page.getByRole('slider', { name: 'Share of requests to the canary' });
    expect(await named.getAttribute('aria-valuetext')).toBe('11 %, live is 10 %');
  });

  test('stops only where pods can', async () => {
    await open(samples.stops);
    await press('ArrowRight');
    expect(await text('.draft-text')).toBe('14.3 now → 2 of 8 pods, 25 % when sent');
    await press('ArrowLeft');
    expect(await text('.draft-text')).toBe('1 of 7 pods, 14 %');
  });

  test('is replaced by the reason where no weight can be set', async () => {
    await open(samples.owned);
    expect(await panel.page.getByRole('slider').count()).toBe(0);
    expect(await text('.no-slider')).toContain('Flagger decides this split');
  });

  test('has a row for each of three destinations, with a lock', async () => {
    await open(samples.threeDestinations);
    await action('"lock:v3"').click();
    const second = panel.page.getByRole('slider').nth(1);
    await second.press('Shift+ArrowRight');
    expect(await sendButton().innerText()).toBe('Send 79 / 20 / 1');
    expect(await panel.page.getByRole('slider').nth(2).isEnabled()).toBe(false);
  });
});

describe('a draft', () => {
  test('is told to the host once it rests, and the answer stands under the buttons', async () => {
    await open(good);
    await stopClock();
    await press('ArrowRight', 'ArrowRight');
    const drafts = (await panel.sent()).filter((message) => message.type === 'draft');
    expect(drafts).toEqual([]);
    const draft = await sent('draft');
    expect(draft?.draft).toEqual({ percents: { v1: 88, v2: 12 }, rule: 'primary' });
    const request = draft?.request ?? 0;
    await panel.page.clock.resume();
    await panel.post({ type: 'preview', request, sentence: 'shop: send 12 %.', error: '' });
    expect(await text('.sentence')).toBe('shop: send 12 %.');
  });

  test('survives a live update and shows both values', async () => {
    await open(good);
    await press('Shift+ArrowRight');
    await live(15);
    expect(await panel.page.locator('.box').inputValue()).toBe('20');
    expect(await text('.end.track-canary .percent')).toBe('15 %');
    expect(await text('.draft-text')).toBe(
      'Live changed from 10 to 15 while you were drafting → 20 when sent',
    );
  });

  test('is dropped by Escape', async () => {
    await open(good);
    await press('ArrowRight', 'Escape');
    expect(await text('.draft-text')).toBe('10 now');
    expect(await isEnabled('send')).toBe(false);
  });

  test('is kept over a reload with the key that finds the rollout again', async () => {
    await open(good);
    await press('Shift+ArrowRight');
    const restored = await panel.keptState();
    expect(restored).toMatchObject({ panelKey: good.snapshot.panelKey });
    await panel.page.context().close();
    await open(good, { restored });
    expect(await panel.page.locator('.box').inputValue()).toBe('20');
  });

  test('that the host refuses says why and cannot be sent', async () => {
    await open(good);
    await press('ArrowRight');
    const request = (await sent('draft'))?.request ?? 0;
    await panel.post({ type: 'preview', request, sentence: '', error: 'The route is gone.' });
    expect(await panel.page.getByRole('alert').innerText()).toBe('The route is gone.');
    expect(await isEnabled('send')).toBe(false);
  });

  test('of something that is no whole percent is not made', async () => {
    await open(good);
    await panel.page.locator('.box').fill('250');
    expect(await panel.page.getByRole('alert').innerText()).toBe('A whole number from 0 to 100.');
    expect(await isEnabled('send')).toBe(false);
  });
});

describe('a rule for some of the requests', () => {
  const editor = (): Locator => panel.page.locator('.rule-editor');

  async function answerRule(sentence: string, error = ''): Promise<void> {
    const request = (await sent('ruleDraft'))?.request ?? 0;
    await panel.post({ type: 'rulePreview', request, sentence, error });
  }

  test('is added by the keyboard alone, after the host said what it comes to', async () => {
    await open(good);
    await action('addRule').focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.clock.runFor(20);
    expect(await editor().getAttribute('aria-label')).toBe('New rule for some of the requests');
    const focused = await panel.page.evaluate('document.activeElement?.getAttribute("name")');
    expect(focused).toBe('kind');
    await panel.page.keyboard.press('u');
    expect(await panel.page.getByLabel('Requests by').inputValue()).toBe('user');
    await panel.page.getByLabel('Values, separated by commas').fill('7, 42 ，9');
    await panel.page.getByLabel('The canary gets').fill('100');
    expect((await sent('ruleDraft'))?.edit).toEqual({
      to: {
        percent: 100,
        match: [{ on: 'user', op: 'oneOf', name: 'x-user-id', value: '7,42,9' }],
      },
    });
    expect(await isEnabled('setRule')).toBe(false);
    await answerRule('shop: add the rule.');
    expect(await editor().locator('.sentence').innerText()).toBe('shop: add the rule.');
    await panel.page.getByLabel('The canary gets').press('Control+Enter');
    expect((await sent('setRule'))?.edit.to?.percent).toBe(100);
    expect(await sent('send')).toBeUndefined();
    await panel.post({ type: 'action', state: 'done', text: 'Done.' });
    expect(await editor().count()).toBe(0);
  });

  test('stays open when it was not written, and when the consent was left', async () => {
    await open(good);
    await action('addRule').click();
    await answerRule('shop: add the rule.');
    await action('setRule').click();
    await panel.post({ type: 'action', state: 'busy', text: '' });
    await panel.post({ type: 'action', state: 'cancelled', text: '' });
    expect(await editor().count()).toBe(1);
    await panel.post({ type: 'action', state: 'failed', text: 'The server refused it.' });
    expect(await editor().count()).toBe(1);
  });

  test('asks for several conditions, each of a kind of its own', async () => {
    await open(good);
    await action('addRule').click();
    await panel.page.getByRole('checkbox', { name: 'Tablets' }).click();
    await action('addCondition').click();
    await action('addCondition').click();
    const kinds = panel.page.getByLabel('Requests by');
    expect(await kinds.count()).toBe(3);
    await panel.page.locator('[name=op]').last().selectOption('present');
    await panel.page.locator('[name=name]').last().fill('x-beta');
    await panel.page.getByRole('button', { name: 'Remove condition 2' }).click();
    expect((await sent('ruleDraft'))?.edit.to?.match).toEqual([
      { on: 'device', op: 'oneOf', name: '', value: 'phone,tablet' },
      { on: 'header', op: 'present', name: 'x-beta', value: '' },
    ]);
  });

  test('that the host refuses says why and cannot be sent', async () => {
    await open(good);
    await action('addRule').click();
    await answerRule('', 'The condition names no header.');
    expect(await editor().getByRole('alert').innerText()).toBe('The condition names no header.');
    expect(await isEnabled('setRule')).toBe(false);
    await panel.page.getByLabel('The canary gets').fill('1.5');
    expect(await editor().getByRole('alert').innerText()).toBe('A whole number from 0 to 100.');
  });

  test('of ours is changed in its place, one of others only in its share', async () => {
    await open(good);
    const phones = 'Edit the rule: Phones → 90 % to v1, 10 % to v2';
    await panel.page.getByRole('button', { name: phones }).click();
    expect(await panel.page.getByRole('checkbox', { name: 'Phones' }).isChecked()).toBe(true);
    await panel.page.getByLabel('The canary gets').fill('30');
    expect((await sent('ruleDraft'))?.edit).toEqual({
      rule: { id: 'cablecar-phone', key: 'key-cablecar-phone' },
      to: {
        percent: 30,
        match: [{ on: 'device', op: 'exact', name: 'user-agent', value: 'phone' }],
      },
    });
    await panel.page.getByLabel('The canary gets').press('Escape');
    expect(await editor().count()).toBe(0);
    await panel.page.getByRole('button', { name: /^Edit the rule: Header/ }).click();
    expect(await editor().locator('select').count()).toBe(0);
    expect((await sent('ruleDraft'))?.edit).toEqual({
      rule: { id: 'testers', key: 'key-testers' },
      to: { percent: 100 },
    });
  });

  test('is taken away by its id and key; one for everybody cannot be', async () => {
    await open(good);
    expect(await action('removeRule').count()).toBe(3);
    await panel.page.getByRole('button', { name: /^Remove the rule: Phones/ }).click();
    expect((await sent('setRule'))?.edit).toEqual({
      rule: { id: 'cablecar-phone', key: 'key-cablecar-phone' },
    });
  });

  test('cannot be written while the host is silent', async () => {
    await open(good);
    await action('addRule').click();
    await answerRule('shop: add the rule.');
    expect(await isEnabled('setRule')).toBe(true);
    await panel.page.clock.runFor(12_000);
    expect(await isEnabled('setRule')).toBe(false);
    expect(await action('removeRule').first().isEnabled()).toBe(false);
  });

  test.each(['light', 'hc'] as const)('fits into 420 px in the theme %s', async (theme) => {
    await open(good, { width: 420, theme });
    await action('addRule').click();
    await action('addCondition').click();
    expect(await panel.page.evaluate('document.documentElement.scrollWidth')).toBe(420);
  });
});

describe('sending', () => {
  test('carries the intent alone', async () => {
    await open(good);
    await panel.page.getByRole('button', { name: '25', exact: true }).click();
    await sendButton().click();
    expect(await sent('send')).toEqual({
      type: 'send',
      draft: { percents: { v1: 75, v2: 25 }, rule: 'primary' },
    });
    expect(await text('.end.track-canary .percent')).toBe('10 %');
  });

  test('goes by Ctrl+Enter, and not without a draft', async () => {
    await open(good);
    await press('Control+Enter');
    expect(await sent('send')).toBeUndefined();
    await press('ArrowRight', 'Control+Enter');
    expect((await sent('send'))?.draft.percents).toEqual({ v1: 89, v2: 11 });
  });

  test('stops when the host is silent for 10 s; Roll back stays', async () => {
    await open(good);
    await press('ArrowRight');
    await panel.page.clock.runFor(6000);
    await panel.post({ type: 'heartbeat', sequence: 1 });
    await panel.page.clock.runFor(6000);
    expect(await isEnabled('send')).toBe(true);
    await panel.page.clock.runFor(5000);
    expect(await isEnabled('send')).toBe(false);
    expect(await isEnabled('promote')).toBe(false);
    expect(await action('undo').isEnabled()).toBe(false);
    await press('Control+Enter');
    expect(await sent('send')).toBeUndefined();
    await action('rollback').getByRole('button').click();
    expect(await sent('rollback')).toEqual({ type: 'rollback' });
  });

  test('waits while an action runs, and its result is read out', async () => {
    await open(good);
    await press('ArrowRight');
    await panel.post({ type: 'action', state: 'busy', text: 'Sending 11 %…' });
    expect(await isEnabled('send')).toBe(false);
    expect(await isEnabled('rollback')).toBe(true);
    await panel.post({ type: 'action', state: 'failed', text: 'VirtualService shop was changed.' });
    const region = panel.page.locator('.notice[role=status]');
    expect(await region.innerText()).toContain('VirtualService shop was changed.');
    await action('showLog').click();
    expect(await sent('showLog')).toBeDefined();
    expect(await isEnabled('send')).toBe(true);
  });

  test('asks for the snapshot again that a heartbeat speaks of and that never came', async () => {
    await open(good);
    await panel.post({ type: 'heartbeat', sequence: 7 });
    expect((await panel.sent()).filter((message) => message.type === 'ready')).toHaveLength(2);
  });
});

describe('the other buttons', () => {
  test('that the host refuses post nothing when pressed', async () => {
    await open(samples.stale);
    await action('promote').click({ force: true });
    expect(await sent('promote')).toBeUndefined();
    expect(await text('.held')).toContain('The API server does not answer');
    await action('rollback').click();
    expect(await sent('rollback')).toBeDefined();
  });

  test.each([
    ['rollback', { type: 'rollback' }],
    ['promote', { type: 'promote' }],
    ['openRoute', { type: 'openRoute' }],
    ['undo', { type: 'undo', entry: 'h4' }],
    ['copyHistory', { type: 'copyHistory' }],
    ['openInGrafana', { type: 'openInGrafana' }],
    ['openInPrometheus', { type: 'openInPrometheus', chart: 'success' }],
  ] as const)('%s posts its message', async (name, message) => {
    await open(good);
    await action(name).first().click();
    expect(await sent(message.type)).toEqual(message);
  });

  test('Preview asks for the diff of the draft', async () => {
    await open(good);
    expect(await isEnabled('preview')).toBe(false);
    await press('ArrowRight');
    await action('preview').click();
    expect((await sent('openDiff'))?.draft.percents).toEqual({ v1: 89, v2: 11 });
  });

  test('a service without a canary starts one where the slider would be', async () => {
    await open(samples.serviceOnly);
    expect(await panel.page.getByRole('slider').count()).toBe(0);
    await action('startCanary').click();
    expect(await sent('startCanary')).toBeDefined();
  });

  test('without Prometheus the attempts are listed and a way to set one', async () => {
    await open(samples.noPrometheus);
    expect(await text('.no-prometheus')).toContain('prometheus in istio-system: not found');
    await action('setPrometheus').click();
    expect(await sent('setPrometheus')).toBeDefined();
  });
});

describe('the charts', () => {
  test('say in a sentence what they show', async () => {
    await open(good);
    const picture = panel.page.getByRole('img').first();
    expect(await picture.getAttribute('aria-label')).toBe(
      'Success, stable 99.95 %, canary 99.93 %, last 15 min',
    );
  });

  test('share the crosshair, and the tooltip has the p50', async () => {
    await open(good);
    await panel.page.locator('[data-chart=latency] canvas').hover();
    expect(await panel.page.locator('.crosshair:visible').count()).toBe(4);
    const tip = panel.page.locator('.tooltip:visible');
    expect(await tip.innerText()).toMatch(/stable 1\d\d ms p50 \d\d ms/);
  });

  test('are read by the arrow keys', async () => {
    await open(good);
    const chart = panel.page.locator('[data-chart=success] canvas');
    await chart.press('ArrowLeft');
    expect(await panel.page.locator('.tooltip:visible').innerText()).toContain('12:05:00');
    await chart.press('ArrowLeft');
    expect(await panel.page.locator('.tooltip:visible').innerText()).toContain('12:04:45');
    expect(await text('.draft-text')).toBe('10 now');
  });

  test('become tables, where a gap is no data', async () => {
    await open(good);
    await action('table').click();
    const latency = panel.page.locator('[data-chart=latency] table');
    expect(await latency.innerText()).toContain('no data');
    expect(await panel.page.locator('canvas').count()).toBe(0);
    await action('table').click();
    expect(await panel.page.locator('canvas').count()).toBe(4);
  });

  test('ask for another range and tell so until it comes', async () => {
    await open(good);
    await panel.page.getByText('1 h', { exact: true }).click();
    expect(await sent('setRange')).toEqual({ type: 'setRange', minutes: 60 });
    expect(await panel.page.locator('.charts').getAttribute('aria-busy')).toBe('true');
  });

  test('draw lines in the tracks’ colours', async () => {
    await open(good);
    const colours = await panel.page.evaluate<string[]>(`(() => {
      const canvas = document.querySelector('[data-chart=requests] canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3] === 255) seen.add([data[i], data[i + 1], data[i + 2]].join(' '));
      return [...seen];
    })()`);
    expect(colours).toContain('89 164 249');
    expect(colours).toContain('209 134 22');
  });
});

describe('what comes from the cluster', () => {
  test('is text, never markup', async () => {
    const name = '<img src=x onerror="window.cablecarHacked = 1">';
    await open({
      ...good,
      snapshot: { ...good.snapshot, title: { ...good.snapshot.title, service: name } },
    });
    expect(await text('h1')).toBe(name);
    expect(await panel.page.locator('h1 img').count()).toBe(0);
  });

  test('is dropped when it does not parse', async () => {
    await open(good);
    await panel.post({ type: 'snapshot', snapshot: { ...good.snapshot, mode: 'x' as 'rollout' } });
    expect(await text('h1')).toBe('shop');
    await panel.post({ type: 'heartbeat', sequence: 1 });
  });
});

test('speaks Chinese when the snapshot does', async () => {
  await open(samples.chinese);
  await press('ArrowRight');
  expect(await sendButton().innerText()).toBe('发送 11%');
  expect(await action('rollback').innerText()).toBe('回滚');
  expect(await panel.page.locator('html').getAttribute('lang')).toBe('zh-CN');
});

test('a protected context has a red frame and says so', async () => {
  await open(samples.guarded);
  expect(await text('.protected')).toBe('Protected context');
  expect(await panel.page.locator('.panel.is-protected').count()).toBe(1);
});

/** Lets the resize observer and then the frame that the charts wait for happen; frames belong to the page's fake clock. */
async function layOut(): Promise<void> {
  await panel.page.evaluate(`new Promise((done) => {
    const seen = new ResizeObserver(() => { seen.disconnect(); done(); });
    seen.observe(document.body);
  })`);
  await panel.page.clock.runFor(50);
}

describe('an update in batches', () => {
  const { update } = batches.snapshot;
  if (update === undefined) throw new Error('The sample has no update.');
  const like = (change: Partial<typeof update>): Sample => ({
    ...batches,
    snapshot: { ...batches.snapshot, update: { ...update, ...change } },
  });
  const off = { shown: true, enabled: false, reason: 'You may not patch deployments.apps.' };
  const row = (): Locator => panel.page.locator('.update-row');

  test('says where it is, and what its limits come to in pods', async () => {
    await open(batches);
    const text = await row().innerText();
    expect(text).toContain('3 of 10 pods have the new version (3 ready)');
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/maxSurge.*= 3 pods.*maxUnavailable.*= 2 pods/);
    expect(await row().locator('input[name=maxSurge]').inputValue()).toBe('25%');
    expect(await action('promote').innerText()).toBe('Finish');
  });

  test.each(['pause', 'undoRevision'] as const)('asks the host to %s', async (name) => {
    await open(batches);
    await action(name).click();
    expect(await sent(name)).toEqual({ type: name });
  });

  test('offers to resume in the place of a pause', async () => {
    await open(like({ pause: { ...off, shown: false }, resume: { ...off, enabled: true } }));
    expect(await action('pause').count()).toBe(0);
    await action('resume').click();
    expect(await sent('resume')).toEqual({ type: 'resume' });
  });

  test('sends both limits as they were typed, and keeps what is typed over a live update', async () => {
    await open(batches);
    await row().locator('input[name=maxSurge]').fill('50%');
    await panel.show(like({ sentence: '4 of 10 pods have the new version.' }));
    await row().locator('input[name=maxUnavailable]').fill('0');
    await action('setSurge').click();
    expect(await sent('setSurge')).toEqual({
      type: 'setSurge',
      maxSurge: '50%',
      maxUnavailable: '0',
    });
  });

  test('offers nothing without the right, and says why', async () => {
    await open(like({ pause: off, setSurge: off, undoRevision: off }));
    for (const name of ['pause', 'setSurge', 'undoRevision']) {
      expect(await isEnabled(name)).toBe(false);
      expect(await action(name).getAttribute('title')).toBe(off.reason);
    }
  });

  test('moves the slider from batch to batch, with the pods of each', async () => {
    await open(batches);
    await press('ArrowRight');
    expect(await panel.page.locator('.draft-text').innerText()).toContain('4 of 13 pods, 31 %');
    await press('ArrowLeft', 'ArrowLeft');
    // Never narrower than it is: there is nothing to send.
    expect(await panel.page.locator('.draft-text').innerText()).not.toContain('when sent');
    expect(await isEnabled('send')).toBe(false);
  });
});

const wide = [1120, 700, 400];
const every = Object.keys(samples) as (keyof typeof samples)[];
test.each(every)('%s fits into 1120, 700 and 400 px without scrolling sideways', async (name) => {
  await open(samples[name]);
  if ((await panel.page.getByRole('slider').count()) > 0) await press('Shift+ArrowRight');
  for (const width of wide) {
    await panel.page.setViewportSize({ width, height: 800 });
    await layOut();
    const over = await panel.page.evaluate<string[]>(`[...document.querySelectorAll('#panel *')]
      .filter((element) => !element.closest('.sr-only, .tooltip, .slider') && element.getBoundingClientRect().right > ${String(width)} + 0.5)
      .map((element) => element.className || element.tagName)`);
    expect(over).toEqual([]);
    expect(await panel.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  }
});

test.each(Object.keys(themes) as ThemeName[])(
  'small text can be read in the theme %s',
  async (theme) => {
    await open(good, { theme });
    await press('Shift+ArrowRight');
    const weak = await panel.page.evaluate<string[]>(contrastCheck);
    expect(weak).toEqual([]);
  },
);

/** Texts whose contrast with the page's background is below 4.5 : 1 (WCAG 1.4.3); disabled and filled controls aside. */
const contrastCheck = `(() => {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour, under) => {
    probe.fillStyle = under; probe.fillRect(0, 0, 1, 1);
    probe.fillStyle = colour; probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  };
  const light = ([r, g, b]) => [r, g, b]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const page = getComputedStyle(document.body).backgroundColor;
  const weak = [];
  for (const element of document.querySelectorAll('#panel *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
    if (!own || element.closest('[disabled], .look-primary, .look-secondary, .segments, .sr-only')) continue;
    const [a, b] = [rgb(getComputedStyle(element).color, page), rgb(page, page)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(element.className + ' ' + element.textContent.trim() + ' ' + ratio.toFixed(2));
  }
  return weak;
})()`;
