/**
 * Words for people, from folders that know no editor and no language.
 *
 * A folder that speaks has a catalogue beside it (`<folder>.l10n.ts`): key → English and Simplified Chinese together, so that
 * one cannot be added without the other. `{name}` stands for an argument. Code makes a `Text` (key and arguments); only the two
 * composition roots turn it into a sentence.
 */
export interface Text {
  readonly key: string;
  readonly args: TextArgs;
}

/** Arguments are plain values, or texts that are rendered in the same language. */
export type TextArgs = Readonly<Record<string, string | number | Text>>;

/** Key → [English, Simplified Chinese]. */
export type Catalogue<K extends string = string> = Readonly<Record<K, readonly [string, string]>>;

export type Locale = 'en' | 'zh-cn';

/** Makes texts of one catalogue; a key that the catalogue lacks does not compile. */
export function speaker<K extends string>(
  _catalogue: Catalogue<K>,
): (key: K, args?: TextArgs) => Text {
  return (key, args = {}) => ({ key, args });
}

/** Turns texts into sentences of one language. An unknown key throws: it is a bug. */
export function renderer(catalogue: Catalogue, locale: Locale): (text: Text) => string {
  const column = locale === 'zh-cn' ? 1 : 0;
  const render = (text: Text): string => {
    const entry = catalogue[text.key];
    if (entry === undefined) throw new Error(`No words for the key "${text.key}".`);
    return fill(entry[column], text.args, render);
  };
  return render;
}

function fill(template: string, args: TextArgs, render: (text: Text) => string): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : undefined;
    if (value === undefined) return whole;
    return typeof value === 'object' ? render(value) : String(value);
  });
}
