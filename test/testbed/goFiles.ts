import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, filledFolder, type Progress } from './cache.ts';

const run = promisify(execFile);

/** Files of a published Go module that the testbed reads: its CRDs or its configuration. */
export interface GoFiles {
  /** `path@version`, as the Go proxy knows it. */
  readonly module: string;
  /** Files, or folders of which every `.yaml` file is taken, relative to the module. */
  readonly paths: readonly string[];
}

/**
 * Copies of the wanted YAML files, as absolute paths in a fixed order. The first call fetches the module; later ones read the
 * cache and run nothing.
 */
export async function goFiles(files: GoFiles, onProgress: Progress): Promise<readonly string[]> {
  const wanted = createHash('sha256').update(files.paths.join()).digest('hex').slice(0, 8);
  const name = `${files.module.replaceAll('/', '!')}-${wanted}`;
  const folder = await filledFolder(
    join(cacheFolder(), 'files', name),
    onProgress,
    async (target) => {
      onProgress(`Fetching ${files.module}`);
      const source = await moduleFolder(files.module);
      for (const path of files.paths) copyYaml(join(source, path), join(target, path));
    },
  );
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') || file.endsWith('.yml'))
    .sort()
    .map((file) => join(folder, file));
}

async function moduleFolder(module: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', module]).catch(
    (error: unknown) => {
      const said = (error as { stdout?: string }).stdout ?? '';
      throw new Error(
        `Go is needed to fetch ${module} (install it from go.dev/dl). It said: ${said || String(error)}`,
      );
    },
  );
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/** Copies the text, not the mode: a module's own folder is read-only, and the cache must be removable. */
function copyYaml(from: string, to: string): void {
  const isFolder = statSync(from).isDirectory();
  for (const entry of isFolder ? readdirSync(from, { recursive: true, encoding: 'utf8' }) : ['']) {
    if (!/\.ya?ml$/.test(join(from, entry))) continue;
    mkdirSync(dirname(join(to, entry)), { recursive: true });
    writeFileSync(join(to, entry), readFileSync(join(from, entry)));
  }
}
