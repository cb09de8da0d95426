import Mocha from 'mocha';
import { rename, writeFile } from 'node:fs/promises';
import type { InHostResult } from '../../testbed/editor/inHost.ts';

/**
 * Runs mocha inside the extension host. `load` imports the files with the tests; they may use mocha's globals. Results go to the
 * file that `CABLECAR_IN_HOST_RESULTS` names, which appears whole at the end.
 * @throws when a test failed, which is how the desktop runner learns of it.
 */
export async function runMocha(load: () => Promise<unknown>): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: 'dot' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  const results: InHostResult[] = [];
  await loadOrReport(load, results);
  await ran(mocha, results);
  await save(results);
  const failed = results.filter((result) => result.error !== undefined);
  if (failed.length > 0)
    throw new Error(failed.map(({ title, error }) => `${title}: ${error ?? ''}`).join('\n'));
}

/** A file that cannot be loaded is a failed test, not a silence. */
async function loadOrReport(load: () => Promise<unknown>, results: InHostResult[]): Promise<void> {
  try {
    await load();
  } catch (error) {
    results.push({ title: 'The in-host tests load', durationMs: 0, error: textOf(error) });
  }
}

function ran(mocha: Mocha, results: InHostResult[]): Promise<void> {
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.on('pass', (test) => results.push(resultOf(test)));
    runner.on('fail', (test, error: unknown) =>
      results.push({ ...resultOf(test), error: textOf(error) }),
    );
  });
}

function resultOf(test: Mocha.Test): InHostResult {
  return { title: test.fullTitle(), durationMs: test.duration ?? 0 };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function save(results: readonly InHostResult[]): Promise<void> {
  const file = process.env['CABLECAR_IN_HOST_RESULTS'];
  if (file === undefined) return;
  await writeFile(`${file}.partial`, JSON.stringify(results));
  await rename(`${file}.partial`, file);
}
