import { join } from 'node:path';
import { isShare } from './dataPlane/share.ts';
import type { Demo } from './demo.ts';
import { openWorkbench, startBrowser } from './editor/browser.ts';
import { RolloutPage } from './editor/rolloutPage.ts';
import { withPicture, type Workbench } from './editor/workbench.ts';
import { takePictures } from './pictures.ts';

/** Requests of which each check counts the canary's. */
const SAMPLE_SIZE = 1_200;
const SHOP = { service: 'shop', namespace: 'default' } as const;
const CANARY = 'v2.4.1';

/** What the steps work with. */
interface Tour {
  readonly demo: Demo;
  readonly workbench: Workbench;
  /** Saves a picture of the window by this name. */
  readonly picture: (name: string) => Promise<void>;
}

/** A step of the scenario: what a person does, and what kubectl and the requests must say afterwards. */
interface Step {
  readonly title: string;
  readonly act: (tour: Tour) => Promise<void>;
  /** Percent of the requests that the canary must get from now on; absent: nothing is written in this step. */
  readonly canaryPercent?: number;
}

const STEPS: readonly Step[] = [
  { title: 'Open Cablecar in the activity bar', act: openView },
  { title: 'Open the rollout of the shop', act: openRollout },
  { title: 'Move the slider from 10 to 25', act: moveSlider },
  { title: 'Send, read, confirm', act: (tour) => send(tour, 'Send 25 %'), canaryPercent: 25 },
  { title: 'Roll back', act: rollBack, canaryPercent: 0 },
  { title: 'Undo the roll back', act: undo, canaryPercent: 25 },
];

/**
 * Plays the main scenario in a browser as a person would, and after each step asks kubectl and the traffic. The README's pictures go to
 * `outDir`, those of the steps beside them.
 * @throws at the first step that does not hold, with a picture of the window.
 */
export async function runTour(demo: Demo, outDir: string): Promise<void> {
  const { editor } = demo.testbed;
  if (editor === undefined) throw new Error('The tour needs the editor of the testbed.');
  const browser = await startBrowser();
  try {
    const workbench = await openWorkbench(browser, editor, { folder: demo.folder });
    const picture = (name: string): Promise<void> =>
      workbench.screenshot(join(outDir, 'steps', `${name}.png`));
    const tour = { demo, workbench, picture };
    for (const [index, step] of STEPS.entries()) {
      print(`\n${String(index + 1)}. ${step.title}`);
      const name = `${String(index + 1).padStart(2, '0')}-${nameOf(step.title)}`;
      await withPicture(workbench, join(outDir, 'steps', `${name}-failed.png`), () =>
        step.act(tour),
      );
      await picture(name);
      if (step.canaryPercent !== undefined) await checkShare(demo, step.canaryPercent / 100);
    }
    await workbench.close();
    print('\nTaking the pictures of the README');
    await takePictures(browser, editor, { folder: demo.folder, outDir });
    print(`\nThe tour went well. Pictures: ${outDir}`);
  } catch (error) {
    print(`\nThe extension's log:\n${await editor.outputChannel('Cablecar')}`);
    throw error;
  } finally {
    await browser.close();
  }
}

async function openView({ workbench }: Tour): Promise<void> {
  await workbench.openView('Cablecar');
  const startedAtMs = performance.now();
  await shopRow(workbench).waitFor();
  print(`   The row of the shop is there after ${String(elapsedMs(startedAtMs))} ms.`);
  print((await workbench.rows()).map((row) => `   | ${row}`).join('\n'));
}

async function openRollout({ workbench }: Tour): Promise<void> {
  const page = new RolloutPage(workbench);
  await page.open('shop');
  await page.slider.waitFor();
  // The graphs are part of what a person decides by.
  await page.frame.locator('canvas').first().waitFor();
}

async function moveSlider({ workbench }: Tour): Promise<void> {
  const page = new RolloutPage(workbench);
  await page.moveSliderTo(25);
  print(`   | ${await page.waitForText('.sentence', '25 %')}`);
}

async function send({ workbench, picture }: Tour, button: string): Promise<void> {
  await new RolloutPage(workbench).button('send').click();
  await confirm({ workbench, picture }, button);
}

async function rollBack({ workbench, picture }: Tour): Promise<void> {
  await new RolloutPage(workbench).button('rollback').click();
  await confirm({ workbench, picture }, 'Roll Back');
}

async function undo({ workbench, picture }: Tour): Promise<void> {
  await workbench.runCommand('Cablecar: Undo Last Change…');
  const changes = await workbench.quickPick('Undo which change?');
  await changes.pick('send all requests back');
  await confirm({ workbench, picture }, 'Undo');
}

/** Reads the dialog aloud and presses the button that says the verb. */
async function confirm(
  { workbench, picture }: Pick<Tour, 'workbench' | 'picture'>,
  button: string,
): Promise<void> {
  const modal = await workbench.modal();
  print(modal.text.replace(/^/gm, '   | '));
  await picture(`dialog-${nameOf(button)}`);
  await modal.press(button);
}

/** Asks kubectl for the weights and the traffic for the shares; and sees that the same check fails for swapped weights. */
async function checkShare({ testbed }: Demo, share: number): Promise<void> {
  const { controlPlane, dataPlane } = testbed;
  if (dataPlane === undefined) throw new Error('The tour needs the data plane.');
  await dataPlane.waitForShare({ ...SHOP, by: 'version' }, CANARY, share);
  const path = '{range .spec.http[*]}{.name}: {.route[*].weight}{"\\n"}{end}';
  const get = ['get', 'virtualservice', SHOP.service, '--namespace', SHOP.namespace];
  const weights = await controlPlane.kubectl([...get, '--output', `jsonpath=${path}`]);
  print(weights.trimEnd().replace(/^/gm, '   kubectl: '));
  const { byVersion } = await dataPlane.sample({ ...SHOP, count: SAMPLE_SIZE });
  const canary = byVersion[CANARY] ?? 0;
  print(`   traffic: ${String(canary)} of ${String(SAMPLE_SIZE)} requests to ${CANARY}`);
  if (!isShare(canary, SAMPLE_SIZE, share))
    throw new Error(`That is not within three standard deviations of ${String(share)}.`);
  if (isShare(canary, SAMPLE_SIZE, 1 - share))
    throw new Error('The check does not tell the weights from swapped ones.');
}

function shopRow(workbench: Workbench): ReturnType<Workbench['row']> {
  return workbench.row(/^Rollout shop\b/).first();
}

function nameOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function elapsedMs(sinceMs: number): number {
  return Math.round(performance.now() - sinceMs);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
