import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openWorkbench, type WorkbenchOptions } from './editor/browser.ts';
import { RolloutPage } from './editor/rolloutPage.ts';
import type { EditorServer } from './editor/server.ts';
import { withPicture, type Workbench } from './editor/workbench.ts';

/** A picture of a window: what is open in it, and how it looks. */
interface Picture extends Omit<WorkbenchOptions, 'folder'> {
  readonly name: string;
  /** Default `panel`: the shop's rollout. */
  readonly shows?: 'panel' | 'panel alone' | 'sidebar';
}

const wide = { width: 1400, height: 900 };

/** The README's pictures, and those for a look at each theme. */
const PICTURES: readonly Picture[] = [
  { name: 'panel-dark', theme: 'dark', viewport: wide },
  { name: 'panel-light', theme: 'light', viewport: wide },
  { name: 'hc', theme: 'hc-black', viewport: wide },
  { name: 'hc-light', theme: 'hc-light', viewport: wide },
  { name: 'zh', theme: 'dark', locale: 'zh-cn', viewport: wide },
  { name: 'narrow', theme: 'dark', viewport: { width: 476, height: 1400 }, shows: 'panel alone' },
  { name: 'tree', theme: 'dark', viewport: { width: 1000, height: 760 }, shows: 'sidebar' },
];

/** Takes every picture of a running shop in a window of its own and saves it in the folder as `<name>.png`. */
export async function takePictures(
  browser: Browser,
  editor: EditorServer,
  { folder, outDir }: { readonly folder: string; readonly outDir: string },
): Promise<void> {
  for (const picture of PICTURES) {
    const workbench = await openWorkbench(browser, editor, { folder, ...picture });
    try {
      const file = join(outDir, `${picture.name}.png`);
      await withPicture(workbench, join(outDir, `${picture.name}-failed.png`), () =>
        take(workbench, picture, file),
      );
    } finally {
      await workbench.close();
    }
  }
}

async function take(workbench: Workbench, picture: Picture, file: string): Promise<void> {
  await workbench.openView('Cablecar');
  const shop = workbench.row(/^(Rollout|灰度发布) shop\b/).first();
  await shop.waitFor();
  if (picture.shows === 'sidebar') {
    await workbench.expand(shop);
    await workbench.row(/(Service|服务) cart\b/).waitFor();
    await sidebarAlone(workbench, file);
    return;
  }
  const page = new RolloutPage(workbench);
  await shop.click();
  await page.shows('shop');
  if (picture.shows === 'panel alone')
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await page.frame.locator('[data-chart=share] canvas').waitFor();
  await page.moveSliderTo(50);
  await page.waitForText('.sentence', /50 ?%/);
  await workbench.screenshot(file);
}

/** Wide enough for the facts of each row, without the rest of the window. */
async function sidebarAlone({ page }: Workbench, file: string): Promise<void> {
  const sidebar = page.locator('.part.sidebar');
  const box = await sidebar.boundingBox();
  if (box === null) throw new Error('There is no side bar.');
  await page.mouse.move(box.x + box.width, box.y + box.height / 3);
  await page.mouse.down();
  await page.mouse.move(box.x + 500, box.y + box.height / 3, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(box.x + 800, 0);
  await sidebar.screenshot({ path: file, animations: 'disabled' });
}
