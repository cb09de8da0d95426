import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { cacheFolder, filledFolder, type Progress } from './cache.ts';

const run = promisify(execFile);

/** A small Go module of ours whose only purpose is to build other people's programs at pinned versions. */
export interface GoModule {
  /** What it builds, for messages: "the control plane". */
  readonly title: string;
  /** Folder with go.mod, go.sum and tools.go. */
  readonly folder: string;
  /** Packages to build, as `go build` takes them. */
  readonly packages: readonly string[];
  /** Programs that must be there afterwards. */
  readonly programs: readonly string[];
  readonly ldflags?: string;
  /** Roughly how many packages a cold build compiles, for the progress line. */
  readonly packageCount: number;
}

/** The version of Go that would build in this folder, such as `go1.26.8`; `undefined` where there is no Go. */
export async function goVersion(folder: string): Promise<string | undefined> {
  try {
    return (await run('go', ['env', 'GOVERSION'], { cwd: folder })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** The folder where this module's programs are, or will be, for this version of Go. */
export function builtFolder(module: GoModule, version: string): string {
  const hash = createHash('sha256')
    .update(version)
    .update(module.ldflags ?? '');
  for (const file of sourceFiles(module.folder))
    hash.update(file).update(readFileSync(join(module.folder, file)));
  return join(cacheFolder(), hash.digest('hex').slice(0, 16), 'bin');
}

/** Builds the module's programs unless the cache has them, and returns their folder. */
export async function buildGoModule(
  module: GoModule,
  version: string,
  onProgress: Progress,
): Promise<string> {
  return filledFolder(builtFolder(module, version), onProgress, async (folder) => {
    onProgress(`Building ${module.title} with ${version}: once, takes minutes`);
    await goBuild(module, folder, onProgress);
    const missing = module.programs.filter((program) => !existsSync(join(folder, program)));
    if (missing.length > 0) throw new Error(`go build did not make ${missing.join(', ')}`);
  });
}

async function goBuild(module: GoModule, folder: string, onProgress: Progress): Promise<void> {
  const args = [
    'build',
    '-v',
    '-trimpath',
    '-buildvcs=false',
    '-ldflags',
    `-s -w ${module.ldflags ?? ''}`,
  ];
  const build = spawn('go', [...args, '-o', `${folder}/`, ...module.packages], {
    cwd: module.folder,
    env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    build.once('error', reject);
    build.once('close', resolve);
  });
  const output: string[] = [];
  let lastTold = Date.now();
  for await (const line of createInterface({ input: build.stderr })) {
    output.push(line);
    if (Date.now() - lastTold < 5000) continue;
    lastTold = Date.now();
    onProgress(
      `Building ${module.title}: ${String(output.length)} of about ${String(module.packageCount)} packages`,
    );
  }
  const code = await ended;
  if (code !== 0)
    throw new Error(`go build of ${module.title} failed:\n${output.slice(-20).join('\n')}`);
}

/** The files that decide what is built, in a fixed order. */
function sourceFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(go|mod|sum)$/.test(file))
    .sort();
}
