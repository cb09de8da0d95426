import type { Catalogue } from '../base/text.ts';

/** At most this part of the values may read the same in both languages: names and bare placeholders. */
const maxIdenticalRatio = 0.05;

/** A catalogue with where it stands, for messages. */
export interface NamedCatalogue {
  readonly file: string;
  readonly words: Catalogue;
}

/** What is wrong with the catalogues, one sentence each; empty when both languages are complete and fit each other. */
export function catalogueFaults(catalogues: readonly NamedCatalogue[]): string[] {
  const faults: string[] = [];
  const owners = new Map<string, string>();
  let identical = 0;
  for (const { file, words } of catalogues) {
    for (const [key, [english, chinese]] of Object.entries(words)) {
      const other = owners.get(key);
      if (other !== undefined) faults.push(`${file}: the key "${key}" is in ${other} too.`);
      owners.set(key, file);
      faults.push(...entryFaults(`${file}: "${key}"`, english, chinese));
      if (english === chinese) identical += 1;
    }
  }
  if (identical > owners.size * maxIdenticalRatio) {
    const all = String(owners.size);
    faults.push(
      `${String(identical)} of ${all} values are the same in both languages; at most 5 % may be.`,
    );
  }
  return faults;
}

function entryFaults(where: string, english: string, chinese: string): string[] {
  const faults: string[] = [];
  if (english.trim() === '' || chinese.trim() === '')
    faults.push(`${where} is empty in a language.`);
  const [a, b] = [placeholders(english), placeholders(chinese)];
  if (a !== b) faults.push(`${where} has {${a}} in English and {${b}} in Chinese.`);
  return faults;
}

function placeholders(template: string): string {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return [...new Set(names)].sort().join(', ');
}

/**
 * The bundle that `vscode.l10n.t` reads: English template → Chinese template. The same English with two Chinese forms cannot be told
 * apart there, and is reported.
 */
export function bundleOf(words: Catalogue): {
  readonly bundle: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
} {
  const bundle: Record<string, string> = {};
  const faults: string[] = [];
  for (const [key, [english, chinese]] of Object.entries(words)) {
    const other = Object.hasOwn(bundle, english) ? bundle[english] : undefined;
    if (other !== undefined && other !== chinese) {
      faults.push(`"${key}": "${english}" is "${other}" elsewhere and "${chinese}" here.`);
    }
    bundle[english] = chinese;
  }
  return { bundle, faults };
}
