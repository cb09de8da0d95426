/** Looks into the schema of the plan file: what may stand where. For completion, hover and messages. */
import type * as v from 'valibot';
import { planFile } from './planFile.ts';
import type { Path } from './yamlText.ts';

/** One key that may stand in a mapping of the file, or what stands at a path. */
export interface Field {
  readonly key: string;
  /** Key of its description in `fields.l10n.ts`; '' where it has none. */
  readonly description: string;
  readonly isRequired: boolean;
  /** Values to choose from; empty where there are none. */
  readonly values: readonly string[];
  /** As the file would have it; absent where there is none. */
  readonly default?: string;
  readonly shape: 'mapping' | 'list' | 'value';
}

/** What of a schema is read here. */
type Schema = v.GenericSchema & {
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly item?: Schema;
  readonly value?: Schema;
  readonly options?: readonly (Schema | string)[];
  readonly literal?: string;
  readonly default?: unknown;
  readonly pipe?: readonly (Schema | v.DescriptionAction<unknown, string>)[];
};

/** The keys that may stand in the mapping at the path. */
export function keysAt(path: Path): readonly string[] {
  return fieldsAt(path).map(({ key }) => key);
}

/**
 * The fields of the mapping at the path, in the order of the schema. Where it has several forms, those of all, or of the one that `kind`
 * names.
 */
export function fieldsAt(path: Path, kind?: string): readonly Field[] {
  const all = schemasAt(path);
  const named = all.filter((schema) => schema.entries?.['kind']?.literal === kind);
  const fields = (named.length > 0 ? named : all).flatMap((schema) =>
    Object.entries(schema.entries ?? {}).map(([key, of]) => fieldOf(key, of)),
  );
  return [...new Set(fields.map(({ key }) => key))].flatMap((key) => {
    const [first, ...more] = fields.filter((field) => field.key === key);
    if (first === undefined) return [];
    return [{ ...first, values: [first, ...more].flatMap(({ values }) => values) }];
  });
}

function schemasAt(path: Path): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (schemas, part) => schemas.flatMap((schema) => childrenOf(schema, part)),
    formsOf(planFile as Schema),
  );
}

function childrenOf(schema: Schema, part: string | number): readonly Schema[] {
  const child =
    typeof part === 'number'
      ? schema.item
      : schema.entries === undefined
        ? schema.value
        : Object.hasOwn(schema.entries, part)
          ? schema.entries[part]
          : undefined;
  return child === undefined ? [] : formsOf(child);
}

/** Without what is optional around it, and with every branch of a union. */
function formsOf(schema: Schema): readonly Schema[] {
  if (schema.wrapped !== undefined) return formsOf(schema.wrapped);
  const branches = (schema.options ?? []).filter((option) => typeof option !== 'string');
  return branches.length > 0 ? branches.flatMap(formsOf) : [schema];
}

function fieldOf(key: string, schema: Schema): Field {
  const forms = formsOf(schema);
  const { default: fallback } = schema;
  return {
    key,
    description: descriptionOf(schema),
    isRequired: !('wrapped' in schema),
    values: forms.flatMap(valuesOf),
    ...(isPlain(fallback) && { default: String(fallback) }),
    shape: shapeOf(forms),
  };
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function shapeOf(forms: readonly Schema[]): Field['shape'] {
  if (forms.every((form) => form.item !== undefined)) return 'list';
  const isMapping = ({ entries, value }: Schema): boolean =>
    entries !== undefined || value !== undefined;
  return forms.every(isMapping) ? 'mapping' : 'value';
}

function valuesOf({ type, options, literal }: Schema): readonly string[] {
  if (type === 'boolean') return ['true', 'false'];
  if (literal !== undefined) return [literal];
  return (options ?? []).filter((option) => typeof option === 'string');
}

function descriptionOf({ pipe }: Schema): string {
  const found = pipe?.findLast((item) => item.kind === 'metadata');
  return found?.kind === 'metadata' ? found.description : '';
}
