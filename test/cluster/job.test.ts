import { spawn } from 'node:child_process';
import { builtinModules } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleJob, type JobBundle } from '../support/jobBundle.ts';
import { canaryKinds, createCanary, pathOf } from '../support/canaries.ts';
import { useCluster } from './useCluster.ts';

const cluster = useCluster();
let bundle: JobBundle;

beforeAll(async () => {
  bundle = await bundleJob();
});
afterAll(() => bundle.remove());

test('the bundle knows nothing of the editor, and holds the same operations as it', () => {
  const outside = Object.values(bundle.metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external === true).map(({ path }) => path),
  );
  const foreign = outside.filter((path) => !builtinModules.includes(path.replace(/^node:/, '')));
  expect(foreign).toEqual([]);
  expect(bundle.text).not.toMatch(/require\(["']vscode["']\)/);
  expect(bundle.text.length).toBeLessThanOrEqual(704 * 1024);
  const inputs = Object.keys(bundle.metafile.inputs);
  expect(inputs).toContain('src/operations/perform.ts');
  expect(inputs).toContain('src/operations/execute.ts');
});

describe.each(canaryKinds)('for $backend', (kind) => {
  test('it has the server try a new weight: a dry run, and no write', async () => {
    const namespace = await createCanary(cluster, kind);
    const since = await cluster.auditLog.mark();
    const id = `${namespace}/shop@${kind.backend}`;
    const { code, stdout, stderr } = await run(namespace, id, String(kind.percent.wanted));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answer = JSON.parse(stdout) as {
      readonly dryRun: boolean;
      readonly achieved: number;
      readonly changes: readonly { readonly operations: unknown }[];
    };
    expect(answer).toMatchObject({ dryRun: true, achieved: kind.percent.wanted / 100 });
    const [patch, ...more] = await cluster.auditLog.dryRuns({ namespace }, since);
    expect(more).toEqual([]);
    expect(patch?.requestURI).toMatch(/dryRun=All/);
    expect(patch?.requestURI).toMatch(/fieldManager=cablecar/);
    expect(patch?.requestURI).toMatch(/fieldValidation=Strict/);
    expect(patch?.objectRef).toMatchObject({ name: kind.route.name });
    expect(answer.changes.map(({ operations }) => operations)).toEqual([patch?.requestObject]);
    const ours = { namespace, userAgent: /^cablecar/ };
    expect(await cluster.auditLog.writes(ours, since)).toEqual([]);
    const path = pathOf(kind.route.collection, namespace, kind.route.name);
    const managers = await cluster.kubectl(['get', '--raw', path]);
    expect(managers).not.toContain('"manager":"cablecar"');
  });
});

test('a canary that is not there is one sentence, and exit code 1', async () => {
  const namespace = await cluster.createNamespace('job');
  const { code, stdout, stderr } = await run(namespace, `${namespace}/shop@none`, '25');
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `No canary ${namespace}/shop@none in ${namespace}. There: none.\n`,
  });
});

test('a percentage that is none prints how it is used, and exit code 2', async () => {
  const { code, stderr } = await run('default', 'default/shop@none', '101');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Usage:\n {2}node job\.cjs /);
});

async function run(
  namespace: string,
  rollout: string,
  percent: string,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const args = ['--namespace', namespace, '--rollout', rollout, '--percent', percent];
  const child = spawn(process.execPath, [bundle.path, ...args], {
    env: { PATH: process.env['PATH'], KUBECONFIG: cluster.facts.admin.kubeconfigPath },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((end, reject) => {
    child.once('error', reject);
    child.once('close', end);
  });
  return { code, stdout, stderr };
}
