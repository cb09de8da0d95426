import * as kubeConfig from '@kubernetes/client-node/dist/config.js';
import { parseArgs } from 'node:util';
import * as yaml from 'yaml';
import { dryRun } from './job/dryRun.ts';
import { EXIT } from './job/exit.ts';
import { runPlan } from './job/runPlan.ts';

const usage = `Usage:
  node job.cjs PLAN.yaml [--id ID] [--prometheus URL] [--alertmanager URL]   runs a release plan to its end
  node job.cjs --namespace NAMESPACE --rollout ID --percent 0..100           asks the server for a dry run of a weight; writes nothing
Where:
  --kubeconfig FILE, --context CONTEXT   as for kubectl; in a pod its ServiceAccount is used unless one of them is given
  --service-account FOLDER               where token, ca.crt and namespace are, if not in the usual place
Exit codes of a run: 0 promoted or completed, 1 interrupted (the same command goes on with it), 2 bad usage or plan,
  3 rolled back, 4 refused before the first write, 5 left as it is or gone. The last line says which: "cablecar: result=…".
`;

/** The composition root without an editor: the same operations and the same engine, in a bundle that does not know `vscode`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      'service-account': { type: 'string' },
      id: { type: 'string' },
      prometheus: { type: 'string' },
      alertmanager: { type: 'string' },
      namespace: { type: 'string' },
      rollout: { type: 'string' },
      percent: { type: 'string' },
    },
  });
  const { kubeconfig, context, namespace, rollout: rolloutId } = values;
  const where = { kubeconfig, context, serviceAccount: values['service-account'] };
  const [file, ...more] = positionals;
  if (file !== undefined && more.length === 0) return runPlan(where, { file, ...values });
  const percent = Number(values.percent ?? NaN);
  if (file === undefined && namespace !== undefined && rolloutId !== undefined)
    if (percent >= 0 && percent <= 100) return dryRun(where, { namespace, rolloutId, percent });
  process.stderr.write(usage);
  return EXIT.usage;
}

/** Libraries that the editor's bundle takes from this one, so that the package holds them once (scripts/bundles.mjs). */
export const libraries = { yaml, kubeConfig };

// Required for its libraries it must not run.
if (isProgram()) run();

function isProgram(): boolean {
  return typeof require !== 'undefined' && require.main === module;
}

function run(): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = EXIT.interrupted;
    },
  );
}
