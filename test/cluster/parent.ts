import { start } from '../testbed/index.ts';

/** Run by a test, which kills it: starts a whole testbed and prints the process ids of its children. */
const testbed = await start({ controlPlane: { crds: [] }, prometheus: true, alertmanager: true });
const { controlPlane, prometheus, alertmanager } = testbed;
const children = [...controlPlane.children(), prometheus, alertmanager].map((part) =>
  part === undefined ? 0 : 'pid' in part ? part.pid : part.child.pid,
);
process.stdout.write(`${JSON.stringify(children)}\n`);
