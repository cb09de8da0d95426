import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { renderer, type Text } from '../base/text.ts';
import { fastClock } from '../../test/support/fastClock.ts';
import { clusterWords } from './cluster.l10n.ts';
import { kubeconfigFiles, loadKubeconfig, targetOf, type Kubeconfig } from './kubeconfig.ts';
import { KubeconfigWatcher, type KubeconfigState } from './kubeconfigWatcher.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cablecar-kubeconfig-'));
});
afterEach(() => rm(dir, { recursive: true }));

const good = `
current-context: dev
clusters:
- { name: dev-cluster, cluster: { server: "https://dev.example:6443/", certificate-authority: ca.pem } }
users:
- name: me
  user: { as: boss, as-groups: [a, b], as-uid: "7", tokenFile: token, exec: { command: ./bin/login } }
contexts:
- { name: dev, context: { cluster: dev-cluster, user: me, namespace: shop } }
- { name: alone, context: { cluster: dev-cluster } }
`;

test('the setting counts before KUBECONFIG, and that before the home folder; a list names each file once', () => {
  const home = join('/home', 'me');
  const env = { KUBECONFIG: ['/a', '', '/b', '/a'].join(delimiter) };
  expect(kubeconfigFiles({ env: {}, home })).toEqual([join(home, '.kube', 'config')]);
  expect(kubeconfigFiles({ env, home })).toEqual(['/a', '/b']);
  expect(kubeconfigFiles({ setting: '~/x', env, home })).toEqual([join(home, 'x')]);
  expect(kubeconfigFiles({ setting: ' ', env, home })).toEqual(['/a', '/b']);
});

test('a file is read with the fields that client-node drops, and paths relative to it', async () => {
  const file = await write('config', good);
  const config = await load(file);
  expect(config.contexts).toEqual([
    {
      name: 'dev',
      cluster: 'dev-cluster',
      server: 'https://dev.example:6443',
      user: 'me',
      namespace: 'shop',
    },
    {
      name: 'alone',
      cluster: 'dev-cluster',
      server: 'https://dev.example:6443',
      user: '',
      namespace: 'default',
    },
  ]);
  expect(targetOf(config)).toMatchObject({
    ok: true,
    value: {
      context: 'dev',
      namespace: 'shop',
      cluster: { caFile: join(dir, 'ca.pem') },
      user: {
        impersonateUser: 'boss',
        impersonateGroups: ['a', 'b'],
        impersonateUid: '7',
        tokenFile: join(dir, 'token'),
        exec: { command: join(dir, 'bin', 'login') },
      },
    },
  });
  expect(targetOf(config, 'alone')).toMatchObject({ ok: true, value: { user: { name: '' } } });
});

test('of several files the first that says a thing counts, and missing ones are skipped', async () => {
  const first = await write('first', good.replace('current-context: dev\n', ''));
  const second = await write(
    'second',
    JSON.stringify({
      'current-context': 'prod',
      clusters: [
        { name: 'dev-cluster', cluster: { server: 'https://evil.example' } },
        { name: 'p', cluster: { server: 'https://prod.example' } },
      ],
      users: [{ name: 'me', user: { token: 'other' } }],
      contexts: [{ name: 'prod', context: { cluster: 'p', user: 'me' } }],
    }),
  );
  const config = await load(join(dir, 'missing'), first, second);
  expect(config.files).toEqual([first, second]);
  expect(config.currentContext).toBe('prod');
  expect(config.contexts.map(({ name, server }) => [name, server])).toEqual([
    ['dev', 'https://dev.example:6443'],
    ['alone', 'https://dev.example:6443'],
    ['prod', 'https://prod.example'],
  ]);
  expect(targetOf(config)).toMatchObject({
    ok: true,
    value: { user: { impersonateUser: 'boss' } },
  });
});

test.each([
  [
    'no file',
    undefined,
    'There is no kubeconfig at FILE. Create one, set KUBECONFIG before starting VS Code, or name a file in the setting “Cablecar: Kubeconfig”.',
    '在 FILE 没有找到 kubeconfig。请创建一个，或在启动 VS Code 前设置 KUBECONFIG，或在设置“Cablecar: Kubeconfig”中指定文件。',
  ],
  [
    'no YAML',
    'contexts:\n- name: a\n  bad: [1\nusers: []\n',
    /^The kubeconfig FILE is not valid YAML at line 4: \S.*$/,
    /^kubeconfig FILE 第 4 行不是有效的 YAML：\S.*$/,
  ],
  [
    'no map',
    'just a text',
    'The kubeconfig FILE does not hold a kubeconfig. Check that the file is the right one.',
    'FILE 的内容不是 kubeconfig。请确认文件是否正确。',
  ],
])('%s is one sentence, in both languages', async (_, content, english, chinese) => {
  const file = join(dir, 'config');
  if (content !== undefined) await write('config', content);
  const read = await loadKubeconfig([file]);
  if (read.ok) throw new Error('It was read.');
  expectSentence(read.error, file, english, chinese);
});

test('an unknown context and a dangling one are one sentence, in both languages', async () => {
  const file = await write(
    'config',
    `${good}\n- { name: dangling, context: { cluster: gone, user: me } }`,
  );
  const config = await load(file);
  const unknown = targetOf(config, 'prd');
  const dangling = targetOf(config, 'dangling');
  if (unknown.ok || dangling.ok) throw new Error('A target was found.');
  expectSentence(
    unknown.error,
    file,
    'The kubeconfig has no context “prd”. Choose another one.',
    'kubeconfig 中没有上下文“prd”。请选择其他上下文。',
  );
  expectSentence(
    dangling.error,
    file,
    'The context “dangling” names the cluster “gone”, which the kubeconfig does not have.',
    '上下文“dangling”引用的集群“gone”在 kubeconfig 中不存在。',
  );
});

test.each(['ftp://x', 'not an address', 'file:///etc/passwd'])(
  'a server at %s is refused',
  async (server) => {
    const file = await write('config', good.replace('https://dev.example:6443/', server));
    expect(targetOf(await load(file))).toMatchObject({
      ok: false,
      error: { key: 'cluster.badServer' },
    });
  },
);

test('whatever a file holds, reading it does not throw', async () => {
  const odd = [
    '',
    '[]',
    '0',
    'contexts: 5',
    'users: [null, 3, {name: x}]',
    'clusters: [{name: a, cluster: {server: 5}}]',
    'a: &a [*a]',
    '\u0000',
    'contexts: [{}]',
  ];
  for (const content of odd) {
    const read = await loadKubeconfig([await write('config', content)]);
    if (read.ok) expect(targetOf(read.value, 'x').ok).toBe(false);
  }
});

test('whatever part of a file is there, what was read before stays until all of it is', async () => {
  const file = await write('config', good);
  const watcher = await watching(file);
  const before = watcher.state.config;
  for (let length = 0; length < good.length - 1; length += 7) {
    await writeFile(file, good.slice(0, length));
    await watcher.reload();
    const { config, error } = watcher.state;
    if (error !== undefined) expect(config).toEqual(before);
    else expect(config?.contexts.length).toBeGreaterThan(0);
    await writeFile(file, good);
    await watcher.reload();
    expect(watcher.state).toEqual({ config: before, error: undefined });
  }
});

test('a change is told, also of a file that another one replaces', async () => {
  const file = await write('config', good);
  const watcher = await watching(file);
  const next = nextState(watcher);
  await rename(
    await write('new', good.replace('current-context: dev', 'current-context: alone')),
    file,
  );
  expect((await next).config?.currentContext).toBe('alone');
  const broken = nextState(watcher);
  await writeFile(file, 'contexts: [');
  expect(await broken).toMatchObject({
    config: { currentContext: 'alone' },
    error: { key: 'cluster.kubeconfigNotYaml' },
  });
});

test('a file in a folder that is made later is found', async () => {
  const folder = join(dir, '.kube');
  const watcher = new KubeconfigWatcher({ env: {}, home: dir }, fastClock(50));
  onTestFinished(() => {
    watcher.dispose();
  });
  expect(await watcher.start()).toMatchObject({ error: { key: 'cluster.noKubeconfig' } });
  const next = nextState(watcher);
  await mkdir(folder);
  await writeFile(join(folder, 'config'), good);
  expect((await next).config?.currentContext).toBe('dev');
});

function nextState(watcher: KubeconfigWatcher): Promise<KubeconfigState> {
  return new Promise((resolve) => {
    const subscription = watcher.onDidChange((state) => {
      subscription.dispose();
      resolve(state);
    });
  });
}

async function watching(file: string): Promise<KubeconfigWatcher> {
  const watcher = new KubeconfigWatcher({ setting: file, env: {}, home: dir });
  onTestFinished(() => {
    watcher.dispose();
  });
  await watcher.start();
  return watcher;
}

async function write(name: string, content: string): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, content);
  return file;
}

async function load(...files: string[]): Promise<Kubeconfig> {
  const config = await loadKubeconfig(files);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

function expectSentence(text: Text, file: string, ...wanted: readonly (string | RegExp)[]): void {
  const said = (['en', 'zh-cn'] as const).map((locale) =>
    renderer(clusterWords, locale)(text).replaceAll(file, 'FILE'),
  );
  for (const [index, expected] of wanted.entries())
    if (typeof expected === 'string') expect(said[index]).toBe(expected);
    else expect(said[index]).toMatch(expected);
}
