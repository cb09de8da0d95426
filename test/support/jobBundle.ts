import { build, type BuildOptions, type Metafile } from 'esbuild';
import { omit } from '../../src/base/omit.ts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The Job's program, bundled with the options of scripts/bundles.mjs, in a folder of its own. */
export interface JobBundle {
  readonly path: string;
  readonly text: string;
  readonly metafile: Metafile;
  readonly remove: () => Promise<void>;
}

export async function bundleJob(): Promise<JobBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-job-'));
  const path = join(folder, 'job.cjs');
  const { bundles } = (await import(join(ROOT, 'scripts', 'bundles.mjs'))) as {
    bundles: Readonly<Record<'job', BuildOptions>>;
  };
  const options = omit(bundles.job, 'entryPoints', 'outdir', 'outExtension');
  const { metafile } = await build({
    ...options,
    entryPoints: ['src/job.ts'],
    outfile: path,
    metafile: true,
    logLevel: 'error',
  });
  return {
    path,
    text: await readFile(path, 'utf8'),
    metafile,
    remove: () => rm(folder, { recursive: true }),
  };
}
