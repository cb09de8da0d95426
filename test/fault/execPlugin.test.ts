import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderer } from '../../src/base/text.ts';
import { clusterWords } from '../../src/cluster/cluster.l10n.ts';
import { CredentialSource } from '../../src/cluster/credentials.ts';
import type { ExecPluginCall, ExecPluginHost } from '../../src/cluster/execPlugin.ts';
import { pluginHost, targetOfText } from '../support/clusterTarget.ts';
import { lives, waitUntil } from '../testbed/processes.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cablecar-plugin-'));
});
afterEach(() => rm(dir, { recursive: true }));

const signal = AbortSignal.timeout(30_000);

test.each([
  [
    'is missing',
    { command: 'no-such-plugin' },
    'The credential plugin “no-such-plugin” of the context “prod” is not installed. Install it, or correct the kubeconfig.',
    '未安装上下文“prod”的凭据插件“no-such-plugin”。请安装它，或更正 kubeconfig。',
  ],
  [
    'fails',
    plugin('process.stderr.write("token: s3cret\\n"); process.exitCode = 3;'),
    `The credential plugin “${process.execPath}” of the context “prod” failed with exit code 3. Run it in a terminal to see why.`,
    `上下文“prod”的凭据插件“${process.execPath}”失败，退出码为 3。请在终端中运行它以查明原因。`,
  ],
  [
    'hangs',
    plugin('setInterval(() => {}, 1000);'),
    `The credential plugin “${process.execPath}” of the context “prod” did not answer within 1 s and was ended. Run it in a terminal to see what it waits for.`,
    `上下文“prod”的凭据插件“${process.execPath}”在 1 秒内没有响应，已被终止。请在终端中运行它，查看它在等待什么。`,
  ],
  [
    'prints nonsense',
    plugin('console.log("Logged in!")'),
    `The credential plugin “${process.execPath}” of the context “prod” did not print an ExecCredential with a token or a certificate.`,
    `上下文“prod”的凭据插件“${process.execPath}”没有输出带令牌或证书的 ExecCredential。`,
  ],
  [
    'wants a terminal',
    { ...plugin(''), interactiveMode: 'Always' },
    `The credential plugin “${process.execPath}” of the context “prod” wants a terminal. Log in with it in a terminal, then try again.`,
    `上下文“prod”的凭据插件“${process.execPath}”需要终端。请先在终端中用它登录，然后重试。`,
  ],
])('a plugin that %s is one sentence, in both languages', async (_, exec, english, chinese) => {
  const credentials = await source(exec, { timeoutMs: 1000 });
  const answer = await credentials.get(signal);
  if (answer.ok) throw new Error('It has credentials.');
  expect(renderer(clusterWords, 'en')(answer.error)).toBe(english);
  expect(renderer(clusterWords, 'zh-cn')(answer.error)).toBe(chinese);
});

test('fifty requests at once run the plugin once, and later ones not at all', async () => {
  const credentials = await source(counting('{ token: "t" }'));
  const answers = await Promise.all(Array.from({ length: 50 }, () => credentials.get(signal)));
  expect(
    answers.every((answer) => answer.ok && answer.value.headers['Authorization'] === 'Bearer t'),
  ).toBe(true);
  await credentials.get(signal);
  expect(await runs()).toBe(1);
});

test('a refused token is made again once, however many requests were refused', async () => {
  const credentials = await source(counting('{ token: String(Math.random()) }'));
  const first = await credentials.get(signal);
  if (!first.ok) throw new Error('no credentials');
  credentials.refuse(first.value);
  credentials.refuse(first.value);
  const second = await credentials.get(signal);
  credentials.refuse(first.value);
  expect(await credentials.get(signal)).toEqual(second);
  expect(second).not.toEqual(first);
  expect(await runs()).toBe(2);
});

test('a token is renewed half a minute before its end', async () => {
  let nowMs = Date.now();
  const clock = { ...pluginHost.clock, nowMs: () => nowMs };
  const expires = new Date(nowMs + 600_000).toISOString();
  const credentials = await source(counting(`{ token: "t", expirationTimestamp: "${expires}" }`), {
    clock,
  });
  await credentials.get(signal);
  nowMs += 569_000;
  await credentials.get(signal);
  expect(await runs()).toBe(1);
  nowMs += 2000;
  await credentials.get(signal);
  expect(await runs()).toBe(2);
});

test('a plugin that failed is left alone for a while, unless somebody asks', async () => {
  const credentials = await source(counting('null'));
  for (let i = 0; i < 20; i += 1) expect((await credentials.get(signal)).ok).toBe(false);
  expect(await runs()).toBe(1);
  credentials.retry();
  await credentials.get(signal);
  expect(await runs()).toBe(2);
});

test('a plugin that hangs is ended with everything that it started', async () => {
  const pids = join(dir, 'pids');
  const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })`;
  const body = `require('node:fs').writeFileSync(${JSON.stringify(pids)}, [process.pid, ${child}.pid].join()); setInterval(() => {}, 1000);`;
  const credentials = await source(plugin(body), { timeoutMs: 1500 });
  expect((await credentials.get(signal)).ok).toBe(false);
  const started = (await readFile(pids, 'utf8')).split(',').map(Number);
  expect(started).toHaveLength(2);
  await waitUntil({ what: 'their end', timeoutMs: 5000 }, () => !started.some(lives));
});

test('the end of a session ends its plugin', async () => {
  const pidFile = join(dir, 'pid');
  const credentials = await source(
    plugin(
      `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000);`,
    ),
  );
  const waiting = credentials.get(signal);
  await waitUntil({ what: 'the plugin', timeoutMs: 5000 }, () => existsSync(pidFile));
  const pid = Number(await readFile(pidFile, 'utf8'));
  credentials.dispose();
  await expect(waiting).rejects.toThrow('closed');
  await waitUntil({ what: 'its end', timeoutMs: 5000 }, () => !lives(pid));
});

test('somebody is asked before the first run, with the program and the names, and a no is respected', async () => {
  const calls: ExecPluginCall[] = [];
  const exec = { ...counting('{ token: "t" }'), env: [{ name: 'SECRET', value: 'value' }] };
  const ask = (isAllowed: boolean): Partial<ExecPluginHost> => ({
    approve: (call) => {
      calls.push(call);
      return Promise.resolve(isAllowed);
    },
  });
  const refused = await (await source(exec, ask(false))).get(signal);
  expect(refused).toMatchObject({ ok: false, error: { key: 'cluster.pluginRefused' } });
  expect(await runs()).toBe(0);
  const allowing = await source(exec, ask(true));
  const first = await allowing.get(signal);
  if (first.ok) allowing.refuse(first.value);
  await allowing.get(signal);
  expect(await runs()).toBe(2);
  expect(calls).toHaveLength(2);
  expect(calls[1]).toMatchObject({
    context: 'prod',
    program: process.execPath,
    envNames: ['SECRET'],
  });
  expect(JSON.stringify(calls)).not.toContain('value"');
});

test('what a plugin says of secrets is not in the log', async () => {
  const lines: string[] = [];
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl';
  const text = `error for bob: token=abc123 password: "hunter2" Bearer ${jwt} ${'Ab3'.repeat(20)}`;
  const credentials = await source(
    plugin(`console.error(${JSON.stringify(text)}); process.exitCode = 1;`),
    {
      log: (line) => lines.push(line),
    },
  );
  const answer = await credentials.get(signal);
  const seen = JSON.stringify([answer, lines]);
  expect(seen).toContain('error for bob');
  for (const secret of ['abc123', 'hunter2', jwt, 'Ab3Ab3']) expect(seen).not.toContain(secret);
});

test('a plugin knows the cluster when it asks to, runs at home, and a bare name is never found in the working directory', async () => {
  const file = join(dir, process.platform === 'win32' ? 'helper.exe' : 'helper');
  await writeFile(
    file,
    `#!${process.execPath}\nconst { spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
console.log(JSON.stringify({ status: { token: [spec.cluster.server, process.cwd(), process.env.NODE_OPTIONS ?? ''].join(' ') } }));`,
  );
  await chmod(file, 0o755);
  const exec = { command: 'helper', provideClusterInfo: true, interactiveMode: 'Never' };
  const env = { PATH: dir, NODE_OPTIONS: '--inspect' };
  const found = await (await source(exec, { env })).get(signal);
  expect(found).toMatchObject({
    ok: true,
    value: { headers: { Authorization: `Bearer https://10.0.0.1 ${tmpdir()} ` } },
  });
  const nowhere = await (await source(exec, { env: { PATH: '' } })).get(signal);
  expect(nowhere).toMatchObject({ ok: false, error: { key: 'cluster.pluginMissing' } });
  const here = process.cwd();
  process.chdir(dir);
  try {
    const inWorkingDirectory = await (
      await source(exec, { env: { PATH: `.:${dir}` } })
    ).get(signal);
    expect(inWorkingDirectory).toMatchObject({
      ok: false,
      error: { key: 'cluster.pluginMissing' },
    });
  } finally {
    process.chdir(here);
  }
});

async function source(exec: object, host: Partial<ExecPluginHost> = {}): Promise<CredentialSource> {
  const target = await targetOfText(
    JSON.stringify({
      'current-context': 'prod',
      clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
    }),
  );
  return new CredentialSource(target, { ...pluginHost, ...host });
}

function plugin(body: string): { command: string; args: string[] } {
  return { command: process.execPath, args: ['-e', body] };
}

/** Leaves a mark for each run. */
function counting(status: string): { command: string; args: string[] } {
  const mark = JSON.stringify(join(dir, 'runs'));
  return plugin(
    `require('node:fs').appendFileSync(${mark}, 'x'); console.log(JSON.stringify({ status: ${status} }));`,
  );
}

async function runs(): Promise<number> {
  return (await readFile(join(dir, 'runs'), 'utf8').catch(() => '')).length;
}
