import type { Words } from '../editor/contributions.ts';
import {
  durationPattern,
  millisecondsPattern,
  percentPattern,
  podLimitPattern,
  ratioPattern,
} from '../release/units.ts';
import { markdownTable, type Language } from './documents.ts';
import { planJsonSchema, type JsonSchema } from './planSchema.ts';

const units: ReadonlyMap<string, Words> = new Map([
  [durationPattern.source, ['time, like `90s`, `5m`, `1h30m`', '时间，例如 `90s`、`5m`、`1h30m`']],
  [percentPattern.source, ['`1%`–`100%`, whole', '`1%`–`100%`，整数']],
  [ratioPattern.source, ['percentage, like `0.5%`', '百分比，例如 `0.5%`']],
  [millisecondsPattern.source, ['time, like `300ms`, `1.5s`', '时间，例如 `300ms`、`1.5s`']],
  [podLimitPattern.source, ['like `1` or `25%`', '例如 `1` 或 `25%`']],
]);
const kinds: Readonly<Record<string, Words>> = {
  string: ['text', '文本'],
  boolean: ['`true`, `false`', '`true`、`false`'],
  array: ['list, see below', '列表，见下文'],
  object: ['see below', '见下文'],
  integer: ['whole number', '整数'],
  number: ['number', '数字'],
};

const head: readonly Words[] = [
  ['Key', '键'],
  ['Value', '值'],
  ['Default', '默认值'],
  ['Meaning', '含义'],
];

/** All keys of a plan file, a table for each mapping, in Markdown. */
export function planReference(language: Language): string {
  const sections = sectionsOf(planJsonSchema(language), '');
  return sections
    .map(({ path, schema }) => `${heading(path, language)}\n\n${keysTable(schema, language)}`)
    .join('\n\n');
}

interface Section {
  readonly path: string;
  readonly schema: JsonSchema;
}

/** Mappings in the order of the schema, outer before inner. Of several forms of an entry, each is named by its `kind`. */
function sectionsOf(schema: JsonSchema, path: string): readonly Section[] {
  const { properties, items, additionalProperties: any } = schema;
  const inner = Object.entries(properties ?? {}).flatMap(([key, child]) =>
    sectionsOf(child, path === '' ? key : `${path}.${key}`),
  );
  return [
    ...(properties === undefined ? [] : [{ path, schema }]),
    ...inner,
    ...(items === undefined ? [] : sectionsOf(items, `${path}[]`)),
    ...(typeof any === 'object' ? sectionsOf(any, `${path}.*`) : []),
    ...formsOf(schema).flatMap((form) => sectionsOf(form, pathOfForm(path, form))),
  ];
}

/** The forms of a union that are mappings; those without a `kind` have one key each and are told as one. */
function formsOf({ oneOf = [], anyOf = [] }: JsonSchema): readonly JsonSchema[] {
  const mappings = anyOf.filter(({ properties }) => properties !== undefined);
  if (mappings.length < 2) return [...oneOf, ...anyOf];
  const properties = Object.assign({}, ...mappings.map((form) => form.properties)) as object;
  return [{ properties: { ...properties } }];
}

function pathOfForm(path: string, { properties }: JsonSchema): string {
  const kind = properties?.['kind']?.const;
  return kind === undefined ? path : path.replace(/\[\]$/, `[${kind}]`);
}

function heading(path: string, language: Language): string {
  return path === '' ? (['### The file', '### 文件'][language] ?? '') : `### \`${path}\``;
}

function keysTable({ properties = {}, required = [] }: JsonSchema, language: Language): string {
  const rows = Object.entries(properties).map(([key, schema]) => {
    const wanted = required.includes(key) ? ['required', '必填'][language] : defaultText(schema);
    return [`\`${key}\``, valueText(schema, language), wanted ?? '', schema.description ?? ''];
  });
  return markdownTable(
    head.map((cell) => cell[language]),
    rows,
  );
}

function defaultText({ default: value }: JsonSchema): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? `\`${String(value)}\`` : '';
}

function valueText(schema: JsonSchema, language: Language): string {
  const { anyOf = [], oneOf = [], enum: choices } = schema;
  const forms = [...anyOf, ...oneOf].map((form) => valueText(form, language));
  if (forms.length > 0) return [...new Set(forms)].join([' or ', '，或'][language]);
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (choices !== undefined) return choices.map((c) => `\`${c}\``).join([', ', '、'][language]);
  const words = units.get(schema.pattern ?? '') ?? kinds[schema.type ?? ''];
  return `${words?.[language] ?? ''}${rangeText(schema)}`;
}

/** Limits that only keep nonsense out are not worth telling. */
function rangeText({ minimum, maximum = Infinity }: JsonSchema): string {
  if (minimum === undefined || Math.abs(minimum) > 1e9) return '';
  return maximum < 1e9 ? ` ${String(minimum)}–${String(maximum)}` : ` ≥ ${String(minimum)}`;
}
