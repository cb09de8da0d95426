import { toJsonSchema } from '@valibot/to-json-schema';
import { fieldWords } from '../release/fields.l10n.ts';
import { planFile } from '../release/planFile.ts';
import type { Language } from './documents.ts';

/** The parts of a JSON Schema (draft 7) that plan files need. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Below the root, in the order of the languages; part of the package. */
export const planSchemaFiles = [
  'media/release-plan.schema.json',
  'media/release-plan.schema.zh-cn.json',
] as const;

/** A JSON Schema of the plan file, with its descriptions in one language: for the YAML extension and whatever else reads one. */
export function planJsonSchema(language: Language): JsonSchema {
  const schema = toJsonSchema(planFile, {
    typeMode: 'input',
    target: 'draft-07',
    ignoreActions: ['trim'],
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === 'description'
        ? { ...jsonSchema, description: wordsOf(jsonSchema.description)[language] }
        : undefined,
  });
  return { ...(schema as JsonSchema), title: title[language] };
}

const title = ['Release plan of Cablecar', 'Cablecar 发布计划'] as const;

function wordsOf(key: string | undefined): readonly [string, string] {
  const words = Object.entries(fieldWords).find(([name]) => name === key)?.[1];
  if (words === undefined) throw new Error(`No words for the field "${String(key)}".`);
  return words;
}
