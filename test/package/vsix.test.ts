import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runToEnd } from '../testbed/editor/install.ts';
import { unzip } from './zip.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Megabytes, as people mean them: 10^6 bytes. */
const MOST_BYTES = 0.6e6;
/** Source maps, sources, tests, dependencies and dot files are none of these. `LICENSE` is packed as `LICENSE.txt`. */
const ALLOWED = [
  /^extension\/package\.json$/,
  /^extension\/package\.nls(\.[\w-]+)?\.json$/,
  /^extension\/(readme|readme\.zh-cn|changelog)\.md$/i,
  /^extension\/LICENSE(\.txt)?$/,
  /^extension\/dist\/(extension|core|worker|job)\.cjs$/,
  /^extension\/dist\/webview\/[\w-]+\.(js|css|ttf)$/,
  /^extension\/media\/[\w/.-]+\.(svg|png|md|json)$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  // What the format itself asks for.
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
];
const folder = mkdtempSync(join(tmpdir(), 'cablecar-vsix-'));
const file = join(folder, 'cablecar.vsix');
let zip = Buffer.alloc(0);
let files: ReadonlyMap<string, Buffer> = new Map();

beforeAll(async () => {
  await runToEnd(process.execPath, ['scripts/package.mjs', file], ROOT);
  zip = readFileSync(file);
  files = unzip(zip);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const text = (name: string): string => files.get(`extension/${name}`)?.toString() ?? '';

describe('the package', () => {
  it('holds nothing but what is allowed', () => {
    const others = [...files.keys()].filter((name) => !ALLOWED.some((one) => one.test(name)));
    expect(others).toEqual([]);
  });

  it('holds every file that its manifest names', () => {
    const manifest = text('package.json');
    const named = [...manifest.matchAll(/"(?:\.\/)?((?:media|dist)\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named).toContain('dist/extension.cjs');
    expect(named.filter((path) => !files.has(`extension/${path}`))).toEqual([]);
  });

  it('holds the core, the Job, the webview and the words of both languages', () => {
    const needed = ['dist/core.cjs', 'dist/job.cjs', 'dist/webview/main.js'];
    const words = ['package.nls.json', 'package.nls.zh-cn.json'];
    expect([...needed, ...words].filter((path) => text(path) === '')).toEqual([]);
  });

  it('was built for release, without a trace of this machine', () => {
    const code = [...files].filter(([name]) => /\.(cjs|js|css)$/.test(name));
    const traces = code.filter(
      ([, bytes]) => bytes.includes(ROOT) || bytes.includes('sourceMapping'),
    );
    expect(traces.map(([name]) => name)).toEqual([]);
  });

  it('is at most 0.6 MB', () => {
    expect(zip.length).toBeLessThanOrEqual(MOST_BYTES);
  });
});
