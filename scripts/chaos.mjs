/** Random stories of runs: `npm run chaos -- [how many] [first seed]`. The same seed always tells the same story. Runs under Node 24. */
import { binScript, runNode24 } from './node24.mjs';

const [runs = '100000', seed = '1'] = process.argv.slice(2);
process.env.CHAOS_RUNS = runs;
process.env.CHAOS_SEED = seed;
const vitest = await binScript('vitest');
const file = 'src/operations/run/chaos.test.ts';
process.exit(
  runNode24([vitest, 'run', '--project', 'unit', '--testTimeout=0', file, '-t', 'random stories']),
);
