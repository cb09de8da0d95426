import { start } from '../testbed/index.ts';

/** Run by a test, which kills it: starts a whole testbed and prints the process ids of its children. */
const testbed = await start({ controlPlane: { crds: [] }, prometheus: true });
const children = [...testbed.controlPlane.children(), testbed.prometheus].map((part) =>
  part === undefined ? 0 : 'pid' in part ? part.pid : part.child.pid,
);
process.stdout.write(`${JSON.stringify(children)}\n`);
