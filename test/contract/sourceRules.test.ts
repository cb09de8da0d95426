import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

/** What only some files may do, and no linter holds (ARCHITECTURE.md, invariants). */
interface SourceRule {
  readonly title: string;
  /** Folders that it is about. */
  readonly within: RegExp;
  readonly pattern: RegExp;
  readonly allowed: readonly string[];
  /** A line that must be caught. */
  readonly sample: string;
}

const rules: readonly SourceRule[] = [
  {
    title: 'only execute.ts sends a change through the door of the cluster layer',
    // The cluster layer has the door, and src/wiring hands it over.
    within: /^src\/(?!(cluster|wiring)\/)/,
    pattern: /\.send\(/,
    // A run keeps its own record and Lease by it, and asks the Lease before a write.
    allowed: [
      'src/operations/execute.ts',
      'src/operations/run/lease.ts',
      'src/operations/run/store.ts',
    ],
    sample: 'await session.send(change, { dryRun: false }, signal);',
  },
  {
    title: 'only the runner of exec plugins starts a program',
    within: /^(src|webview)\//,
    pattern: /\bchild_process\b/,
    allowed: ['src/cluster/execPlugin.ts'],
    sample: "import { spawn } from 'node:child_process';",
  },
  {
    title: 'nothing listens on a socket',
    within: /^(src|webview)\//,
    pattern: /\bcreate(Secure)?Server\(|\.listen\(/,
    allowed: [],
    sample: 'http.createServer(answer).listen(0);',
  },
  {
    title: 'only the kit knows the UI toolkit',
    within: /^(src|webview)\//,
    pattern: /@vscode\/webview-ui-toolkit/,
    allowed: ['webview/ui/kit.ts'],
    sample: "import { vsCodeButton } from '@vscode/webview-ui-toolkit';",
  },
  {
    // VS Code forgets them while the row is drawn again: a click in between is lost (src/editor/tree/rowCommands.ts).
    title: 'no row has a command with arguments',
    within: /^src\/editor\/tree\//,
    pattern: /\barguments:/,
    allowed: [],
    sample: "item.command = { command: 'cablecar.openRollout', title: '', arguments: [address] };",
  },
  {
    title: 'no markup or code is made of text',
    within: /^(src|webview)\//,
    pattern: /\b(innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|document\.write|eval\()/,
    allowed: [],
    sample: 'row.innerHTML = name;',
  },
];

const root = join(import.meta.dirname, '../..');
const sources = ['src', 'webview'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .map(
      (file) => [relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')] as const,
    ),
);

test.each(rules)('$title', ({ within, pattern, allowed }) => {
  const offenders = sources
    .filter(([file, text]) => within.test(file) && pattern.test(text))
    .map(([file]) => file);
  expect(offenders.filter((file) => !allowed.includes(file))).toEqual([]);
  expect(offenders).toEqual(expect.arrayContaining([...allowed]));
});

test.each(rules)('the check would see that not: $title', ({ pattern, sample }) => {
  expect(sample).toMatch(pattern);
});
