/**
 * `npm test`: from a fresh clone on, the checks and every layer of tests. The last line is "N passed, N failed" over all of them.
 * Plain JavaScript without dependencies: it must work on Node 20, before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binScript, findNode24, root, toolEnvironment } from './node24.mjs';
import { prepare, requireGo } from './prepare.mjs';

/** The projects of vitest.config.ts, cheapest first. */
const LAYERS = ['unit', 'package', 'webview', 'fault', 'cluster', 'vscode'];
/** Far above what the slowest needs, cold: one that hangs must not take the last line with it. */
const LIMIT_MS = 40 * 60_000;

const folder = mkdtempSync(path.join(tmpdir(), 'cablecar-results-'));
let totals = [];
try {
  prepare();
  requireGo();
  totals = [runChecks()];
  for (const layer of LAYERS) totals.push(await runLayer(layer));
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  totals.push({
    name: 'getting ready',
    passed: 0,
    failed: 1,
    skipped: 0,
    seconds: 0,
    faults: [error.message],
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = report();

function runChecks() {
  const file = path.join(folder, 'check.json');
  const { seconds, reason } = run('check', ['scripts/check.mjs', '--json', file]);
  const parts = readJson(file);
  if (parts === undefined) return unread('check', seconds, reason);
  const bad = parts.filter(({ ok }) => !ok).map(({ name }) => name);
  return {
    name: 'check',
    passed: parts.length - bad.length,
    failed: bad.length,
    skipped: 0,
    seconds,
    faults: bad,
  };
}

async function runLayer(name) {
  const file = path.join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { seconds, reason } = run(name, [
    await binScript('vitest'),
    'run',
    '--project',
    name,
    ...reporters,
  ]);
  const results = readJson(file);
  if (results === undefined) return unread(name, seconds, reason);
  const faults = faultsOf(results);
  if (results.numPassedTests + results.numFailedTests === 0) faults.push('no test ran');
  // Such as an error outside of any test, or a set-up that failed.
  if (faults.length === 0 && reason !== undefined) faults.push(reason);
  const skipped = results.numPendingTests + results.numTodoTests;
  return { name, passed: results.numPassedTests, failed: faults.length, skipped, seconds, faults };
}

/** A name for each failed test, and for each file that failed without one: it could not be loaded. */
function faultsOf({ testResults }) {
  return testResults.flatMap((file) => {
    const name = path.relative(root, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    if (failed.length === 0 && file.status === 'failed')
      return [`${name}: ${firstLine(file.message)}`];
    return failed.map(({ fullName }) => `${name}: ${fullName}`);
  });
}

function unread(name, seconds, reason) {
  return {
    name,
    passed: 0,
    failed: 1,
    skipped: 0,
    seconds,
    faults: [reason ?? 'it left no results'],
  };
}

/** Runs a script under Node 24; `reason` says why it did not end well. */
function run(title, args) {
  process.stdout.write(`\n── ${title}\n`);
  const startedAtMs = performance.now();
  const options = { cwd: root, stdio: 'inherit', env: toolEnvironment(), timeout: LIMIT_MS };
  const { status, signal, error } = spawnSync(findNode24(), args, options);
  const seconds = (performance.now() - startedAtMs) / 1000;
  if (status === 0) return { seconds };
  return {
    seconds,
    reason: error?.message ?? `ended with ${signal ?? `code ${status}`} outside of a test`,
  };
}

function report() {
  const sum = (key) => totals.reduce((total, layer) => total + layer[key], 0);
  process.stdout.write('\n── summary\n');
  for (const { name, passed, failed, seconds, faults } of totals) {
    process.stdout.write(`${name}: ${passed} passed, ${failed} failed, ${seconds.toFixed(0)} s\n`);
    for (const fault of faults) process.stdout.write(`  ✗ ${fault}\n`);
  }
  const skipped = sum('skipped');
  const end = skipped === 0 ? '' : `, ${skipped} skipped`;
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed${end}\n`);
  return sum('failed') === 0 ? 0 : 1;
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function firstLine(text) {
  return (text ?? '').trim().split('\n')[0];
}
