import { build, type Metafile, type Plugin } from 'esbuild';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** The Job's program, bundled as scripts/build.mjs does, in a folder of its own. */
export interface JobBundle {
  readonly path: string;
  readonly text: string;
  readonly metafile: Metafile;
  readonly remove: () => Promise<void>;
}

export async function bundleJob(): Promise<JobBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'cablecar-job-'));
  const path = join(folder, 'job.cjs');
  const { clientNodeSlim } = (await import(join(ROOT, 'scripts', 'clientNodeSlim.mjs'))) as {
    clientNodeSlim: () => Plugin;
  };
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/job.ts'],
    outfile: path,
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    plugins: [clientNodeSlim()],
    logLevel: 'error',
  });
  return {
    path,
    text: await readFile(path, 'utf8'),
    metafile,
    remove: () => rm(folder, { recursive: true }),
  };
}
