import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as benches from './benches.ts';
import { writeDecisionQuality } from './decision-quality.ts';
import { machineNow, markdown, number, type Missing, type Row } from './report.ts';
import { openSetting, type Setting } from './setting.ts';

/** `npm run bench [H1 H5 …]`: runs the benches one after another and writes `RESULTS.md`, and the raw runs beside it. */
const HERE = import.meta.dirname;
const wanted = process.argv.slice(2);
const rows: Row[] = [];
const missing: Missing[] = [];
const machine = machineNow();

const folder = await mkdtemp(join(tmpdir(), 'cablecar-bench-'));
const setting = await openSetting(folder);
try {
  for (const [id, bench] of Object.entries(benches).sort(byNumber))
    if (wanted.length === 0 || wanted.includes(id)) await run(id, bench);
} finally {
  await setting.close();
  await rm(folder, { recursive: true, force: true });
}
await mkdir(join(HERE, 'raw'), { recursive: true });
const results = { machine, rows, missing };
await writeFile(join(HERE, 'raw', 'results.json'), JSON.stringify(results, null, 2));
// A part of the benches is for whoever works on it; the page is of all, from one run.
if (wanted.length === 0) await writeFile(join(HERE, 'RESULTS.md'), markdown(results));
if (wanted.length === 0) await writeDecisionQuality();
process.exitCode = missing.length === 0 ? 0 : 1;

/** `H5` before `H16`. */
function byNumber([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Number.parseInt(a.slice(1), 10) - Number.parseInt(b.slice(1), 10);
}

/** A bench that cannot run is said to be missing; it does not take the others with it. */
async function run(id: string, bench: (setting: Setting) => Promise<Row>): Promise<void> {
  process.stdout.write(`${id} …\n`);
  try {
    const row = await bench(setting);
    rows.push(row);
    const floor =
      row.floor === undefined ? '' : `, ${row.floor.name} ${number(row.floor.sample.median)}`;
    const peers = row.peers
      .map(({ name, sample }) => `, ${name} ${number(sample.median)}`)
      .join('');
    process.stdout.write(`  ours ${number(row.ours.median)} ${row.unit}${floor}${peers}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    missing.push({ id, why: why.split('\n')[0] ?? why });
    process.stdout.write(`  not measured: ${why}\n`);
  }
}
