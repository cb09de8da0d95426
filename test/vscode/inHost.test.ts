import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runInHost } from '../testbed/editor/inHost.ts';

const folder = await mkdtemp(join(tmpdir(), 'cablecar-workspace-'));
const results = await runInHost({
  extensionPath: resolve(import.meta.dirname, '../..'),
  suite: join(import.meta.dirname, 'suite', 'index.ts'),
  folder,
  env: { KUBECONFIG: join(folder, 'no-kubeconfig') },
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('inside the extension host', () => {
  it('tests ran', () => {
    expect(results.length).toBeGreaterThan(0);
  });

  it.each(results)('$title', ({ error }) => {
    expect(error).toBeUndefined();
  });
});
