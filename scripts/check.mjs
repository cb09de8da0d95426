/**
 * Everything that can be said of the code without running it. Prints each part with its time, and what it said only when it failed.
 * `--json <file>` also writes the results, for `npm test`. Runs under Node 24.
 */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { binScript, root, toolEnvironment } from './node24.mjs';

/** In the order they start: the longest first. */
const parts = [
  { name: 'lint', bin: 'eslint', args: ['.'] },
  { name: 'types', bin: 'tsc', args: ['-p', '.'] },
  { name: 'types of the webview', bin: 'tsc', args: ['-p', 'webview', '--noEmit'] },
  { name: 'formatting', bin: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'unused code', bin: 'knip', args: ['--no-progress'] },
  { name: 'import rules', bin: 'depcruise', args: ['src', 'webview'] },
  { name: 'generated files, both languages', script: 'src/build/generate.ts', args: ['--check'] },
];
/** As many as the smallest machine we are used on has cores. */
const AT_ONCE = 2;

const waiting = [...parts];
const results = [];
const worker = async () => {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const result = await run(part);
    results.push(result);
    report(result);
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, worker));

const json = process.argv.indexOf('--json');
if (json > 0) await writeFile(process.argv[json + 1], JSON.stringify(results));
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

async function run({ name, bin, script, args }) {
  const startedAtMs = performance.now();
  const { code, output } = await ran([script ?? (await binScript(bin)), ...args]);
  return { name, ok: code === 0, seconds: (performance.now() - startedAtMs) / 1000, output };
}

/** A child's exit code and what it said. A part that cannot start has failed like any other. */
function ran(args) {
  const child = spawn(process.execPath, args, { cwd: root, env: toolEnvironment() });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk.toString();
    });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function report({ name, ok, seconds, output }) {
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${output.trimEnd().replace(/^/gm, '  ')}\n`);
}
