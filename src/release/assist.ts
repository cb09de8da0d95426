/** What an editor says while a plan file is written: pure, from the text and an offset. */
import { fieldsAt, type Field } from './fields.ts';
import { spotAt, type Spot } from './pathAt.ts';

export interface Hover {
  readonly field: Field;
  readonly from: number;
  readonly to: number;
}

export interface Completion {
  readonly label: string;
  /** Key of the description; '' where there is none. */
  readonly description: string;
  /** Replaces the text from `from` to `to`. Lines after the first are indented already. */
  readonly insert: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'key' | 'value';
  readonly isRequired: boolean;
}

/** The field whose key or value is at the offset. */
export function hoverAt(text: string, offset: number): Hover | undefined {
  const spot = spotAt(text, offset);
  if (spot?.key === undefined) return undefined;
  const field = fieldsOf(spot).find(({ key }) => key === spot.key);
  if (field === undefined || field.description === '') return undefined;
  const [from, to] = spot.valueSpan ?? spot.keySpan;
  return { field, from, to: Math.max(to, from) };
}

/** Keys that the mapping may have and has not, or the values of the key to the left. */
export function completionsAt(text: string, offset: number): readonly Completion[] {
  const spot = spotAt(text, offset);
  if (spot === undefined) return [];
  if (spot.valueSpan === undefined) return keyCompletions(spot, offset);
  const [from, to] = spot.valueSpan;
  const field = fieldsOf(spot).find(({ key }) => key === spot.key);
  return (field?.values ?? []).map((value) => ({
    label: value,
    description: field?.description ?? '',
    insert: value,
    from: Math.min(from, offset),
    to: Math.max(to, offset),
    kind: 'value',
    isRequired: false,
  }));
}

function keyCompletions(spot: Spot, offset: number): readonly Completion[] {
  const [from, to] = spot.keySpan;
  if (offset > to) return [];
  return fieldsOf(spot)
    .filter(({ key }) => !Object.hasOwn(spot.siblings, key))
    .map((field) => ({
      label: field.key,
      description: field.description,
      insert: spot.key === undefined ? keyText(field, spot.column) : field.key,
      from,
      to,
      kind: 'key',
      isRequired: field.isRequired,
    }));
}

/** Of a mapping with several forms only the keys that fit what `kind` says there. */
function fieldsOf(spot: Spot): readonly Field[] {
  const kind = spot.siblings['kind']?.replaceAll(/["']/g, '');
  const isMetric = spot.within[0] === 'metrics' && spot.within.length === 2;
  return fieldsAt(spot.within, isMetric ? kind : undefined);
}

function keyText({ key, shape, values, ...field }: Field, column: number): string {
  const below = `\n${' '.repeat(column + 2)}`;
  if (shape === 'list') return `${key}:${below}- `;
  if (shape === 'mapping') return `${key}:${below}`;
  return `${key}: ${values.length === 1 ? (values[0] ?? '') : (field.default ?? '')}`;
}
