import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** What a product bundle does with client-node: parse, and make credentials of every kind. */
const program = `
  import { CredentialSource } from './src/cluster/credentials.ts';
  import { loadKubeconfig, targetOf } from './src/cluster/kubeconfig.ts';
  import { systemClock } from './src/base/clock.ts';
  const host = { clock: systemClock, env: process.env, home: process.cwd(), approve: async () => true, log: () => {} };
  const config = await loadKubeconfig([process.argv[2]]);
  const shown = {};
  for (const { name } of config.value.contexts) {
    const target = targetOf(config.value, name);
    const made = await new CredentialSource(target.value, host).get(new AbortController().signal);
    shown[name] = made.ok ? { ...made.value.headers, ...made.value.tls } : made.error;
  }
  process.stdout.write(JSON.stringify(shown, (_, value) => value?.type === 'Buffer' ? Buffer.from(value.data).toString() : value));
`;

test(
  'client-node without its HTTP layer still reads a kubeconfig and makes credentials',
  { timeout: 120_000 },
  async () => {
    const { clientNodeSlim } = (await import(join(root, 'scripts', 'clientNodeSlim.mjs'))) as {
      clientNodeSlim: () => Plugin;
    };
    const dir = await mkdtemp(join(tmpdir(), 'cablecar-slim-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const { metafile } = await build({
      stdin: { contents: program, resolveDir: root, loader: 'ts' },
      bundle: true,
      minify: true,
      platform: 'node',
      // CommonJS as the product's; top-level await of this test's program needs a wrapper there.
      format: 'esm',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
      outfile: join(dir, 'program.mjs'),
      plugins: [clientNodeSlim()],
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    expect(output?.bytes).toBeLessThan(400_000);

    const kubeconfig = join(dir, 'config');
    await writeFile(kubeconfig, JSON.stringify(config));
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(dir, 'program.mjs'),
      kubeconfig,
    ]);
    expect(JSON.parse(stdout)).toEqual({
      token: { Authorization: 'Bearer abc', ca: 'CA', servername: 'api.example' },
      certificate: { cert: 'CERT', key: 'KEY', ca: 'CA', servername: 'api.example' },
      basic: { Authorization: `Basic ${base64('me:secret')}`, ca: 'CA', servername: 'api.example' },
      plugin: { Authorization: 'Bearer from-plugin', ca: 'CA', servername: 'api.example' },
      nobody: { ca: 'CA', servername: 'api.example' },
    });
  },
);

const users = {
  token: { token: 'abc' },
  certificate: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
  basic: { username: 'me', password: 'secret' },
  plugin: {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-e', 'console.log(JSON.stringify({ status: { token: "from-plugin" } }))'],
    },
  },
};

const config = {
  clusters: [
    {
      name: 'c',
      cluster: {
        server: 'https://10.0.0.1',
        'certificate-authority-data': base64('CA'),
        'tls-server-name': 'api.example',
      },
    },
  ],
  users: Object.entries(users).map(([name, user]) => ({ name, user })),
  contexts: [...Object.keys(users), 'nobody'].map((name) => ({
    name,
    context: { cluster: 'c', user: name },
  })),
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
