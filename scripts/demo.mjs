/**
 * `npm run demo`: from a fresh clone on, a real cluster with a small shop and a real editor with Cablecar in it.
 * `--desktop` uses the command `code` instead of a browser; `--tour [folder]` plays the main scenario and saves pictures.
 * Plain JavaScript without dependencies: it must work on Node 20, before anything is installed.
 */
import { spawn } from 'node:child_process';
import { findNode24, root, runNode24, toolEnvironment } from './node24.mjs';
import { prepare, requireGo } from './prepare.mjs';

try {
  prepare();
  requireGo();
  process.stdout.write('Building the extension\n');
  process.exitCode = runNode24(['scripts/build.mjs']);
  if (process.exitCode === 0) process.exitCode = await demo(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Runs the demo until it ends. Ctrl+C reaches it as well as us, and it is the one that has something to end. */
function demo(args) {
  const child = spawn(findNode24(), ['test/testbed/demo.ts', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: toolEnvironment(),
  });
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
