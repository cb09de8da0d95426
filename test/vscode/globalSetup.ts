import { resolve } from 'node:path';
import { findChromium } from '../testbed/editor/chromium.ts';
import { installEditor, runToEnd } from '../testbed/editor/install.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Builds the extension and has the editor and the browser ready, so that no test's deadline pays for it. */
export async function setup(): Promise<void> {
  await runToEnd(process.execPath, ['scripts/build.mjs'], ROOT);
  await installEditor(say);
  await findChromium(say);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
