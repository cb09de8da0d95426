/**
 * Writes what is generated from typed sources: the manifest, its words, the bundles of `vscode.l10n`, the tables of the README and the
 * roles for the cluster. `--check` writes nothing and fails when a file is not what it would be.
 */
import { existsSync } from 'node:fs';
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';
import { backends } from '../backends/registry.ts';
import type { Catalogue } from '../base/text.ts';
import { allWatches } from '../state/watches.ts';
import { hostWords } from '../words.ts';
import { bundleOf, catalogueFaults, type NamedCatalogue } from './catalogues.ts';
import {
  commandList,
  fillPlace,
  rbacYaml,
  settingsTable,
  supportTable,
  type Language,
} from './documents.ts';
import { manifestOf } from './manifest.ts';
import { planReference } from './planReference.ts';
import { planJsonSchema, planSchemaFiles } from './planSchema.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Path below the root → content as it must be. */
type Files = Map<string, string>;

const faults = await main(process.argv.includes('--check'));
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

async function main(isCheck: boolean): Promise<readonly string[]> {
  const manifest = manifestOf();
  const { bundle, faults } = bundleOf(hostWords);
  const found = await readCatalogues();
  const ofWebview = ({ file }: NamedCatalogue): boolean => file.startsWith('webview/');
  // Three tables that are looked up apart: a key must be unique only in its own.
  const wordFaults = [
    found.filter((catalogue) => !ofWebview(catalogue)),
    found.filter(ofWebview),
    [{ file: 'package.nls.json', words: Object.fromEntries(manifest.words) }],
  ].flatMap(catalogueFaults);
  const files = await filesOf(manifest, bundle);
  const stale = isCheck ? await staleFiles(files) : [];
  if (!isCheck) await writeAll(files);
  return [...wordFaults, ...faults, ...unmerged(found), ...stale];
}

async function filesOf(
  manifest: ReturnType<typeof manifestOf>,
  bundle: Readonly<Record<string, string>>,
): Promise<Files> {
  const column = (language: Language): object =>
    Object.fromEntries([...manifest.words].map(([key, pair]) => [key, pair[language]]));
  const english = Object.fromEntries(Object.keys(bundle).map((template) => [template, template]));
  const files: Files = new Map([
    ['package.json', await packageJson(manifest)],
    ['package.nls.json', json(column(0))],
    ['package.nls.zh-cn.json', json(column(1))],
    ['l10n/bundle.l10n.json', json(english)],
    ['l10n/bundle.l10n.zh-cn.json', json(bundle)],
    ['docs/rbac.yaml', rbacYaml(allWatches())],
  ]);
  for (const [language, name] of planSchemaFiles.entries())
    files.set(name, json(planJsonSchema(language as Language)));
  await fillReadme(files, 'README.md', 0);
  await fillReadme(files, 'README.zh-CN.md', 1);
  await fillPlanPage(files, 'docs/release-plan.md', 0);
  await fillPlanPage(files, 'docs/release-plan.zh-CN.md', 1);
  return files;
}

async function packageJson(manifest: ReturnType<typeof manifestOf>): Promise<string> {
  const text = await readFile(path.join(root, 'package.json'), 'utf8');
  const { activationEvents, capabilities, contributes } = manifest;
  const whole = { ...(JSON.parse(text) as object), activationEvents, capabilities, contributes };
  return format(JSON.stringify(whole), { parser: 'json-stringify', printWidth: 100 });
}

function fillReadme(files: Files, name: string, language: Language): Promise<void> {
  return fill(files, name, [
    ['support', supportTable(backends, language)],
    ['commands', commandList(language)],
    ['settings', settingsTable(language)],
  ]);
}

/** The example is a file of its own, which a test reads as a plan. */
async function fillPlanPage(files: Files, name: string, language: Language): Promise<void> {
  const example = await readFile(path.join(root, 'docs/example.cablecar.yaml'), 'utf8');
  await fill(files, name, [
    ['example', `\`\`\`yaml\n${example.trimEnd()}\n\`\`\``],
    ['keys', planReference(language)],
  ]);
}

async function fill(
  files: Files,
  name: string,
  parts: readonly (readonly [place: string, content: string])[],
): Promise<void> {
  const text = await readFile(path.join(root, name), 'utf8');
  files.set(
    name,
    parts.reduce((filled, [place, content]) => fillPlace(filled, place, content), text),
  );
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Every exported catalogue of the project: found by the words `satisfies Catalogue`, which each of them ends in. */
async function readCatalogues(): Promise<readonly NamedCatalogue[]> {
  const found: NamedCatalogue[] = [];
  for await (const file of glob('{src,webview}/**/*.ts', { cwd: root })) {
    const text = await readFile(path.join(root, file), 'utf8');
    const names = [...text.matchAll(/^export const (\w+) = \{$/gm)].map((match) => match[1] ?? '');
    if (!/^\} as const satisfies Catalogue;$/m.test(text)) continue;
    const module = (await import(pathToFileURL(path.join(root, file)).href)) as Record<
      string,
      Catalogue
    >;
    const name = names.find((n) => /words$/i.test(n)) ?? '';
    found.push({ file: file.replaceAll('\\', '/'), words: module[name] ?? {} });
  }
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Words of the host that `src/words.ts` and `src/coreWords.ts` forgot: rendering them would throw. */
function unmerged(found: readonly NamedCatalogue[]): string[] {
  return found
    .filter(
      ({ file, words }) =>
        file.startsWith('src/') && Object.keys(words).some((key) => !Object.hasOwn(hostWords, key)),
    )
    .map(({ file }) => `${file} is not merged in src/words.ts or src/coreWords.ts.`);
}

async function staleFiles(files: Files): Promise<string[]> {
  const stale: string[] = [];
  for (const [name, content] of files) {
    const file = path.join(root, name);
    const now = existsSync(file) ? await readFile(file, 'utf8') : undefined;
    if (now !== content) stale.push(`${name} is stale: run "npm run generate".`);
  }
  return stale;
}

async function writeAll(files: Files): Promise<void> {
  for (const [name, content] of files) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
