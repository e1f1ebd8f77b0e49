/** From a job's variables to checked input: one section (`connection`, `input`, `options`) by its schema. */
import { z } from 'zod';
import { inputError } from '../errors';
import { isJsonObject, stringifyJson, type Json, type JsonObject } from '../json/json';
import { fieldRegistry, fieldset, type Checked, type FieldMeta, type ProviderId, type Shape } from './fields';

/** A field with the place it has in the job: `connection.authentication.apiKey`. */
export interface PlacedField {
  /** Below the section: `authentication.apiKey`. */
  readonly name: string;
  readonly meta: FieldMeta;
}

/** All fields of a section that a provider has, nested ones included, in order. @throws Error when a field has no metadata */
export function fieldsOf(shape: Shape, provider: ProviderId, prefix = ''): PlacedField[] {
  return Object.entries(shape).flatMap(([key, schema]): PlacedField[] => {
    const name = prefix + key;
    if (schema instanceof z.ZodObject) return fieldsOf(schema.shape, provider, `${name}.`);
    const meta = fieldRegistry.get(schema as z.ZodType);
    if (meta === undefined) throw new Error(`Field ${name} has no metadata`);
    return meta.providers === undefined || meta.providers.includes(provider) ? [{ name, meta }] : [];
  });
}

export type SectionName = 'connection' | 'input' | 'options';

/**
 * A section of a job's variables, compiled for one provider: building a schema costs far more than using it, so there
 * is one section per process, provider and operation.
 */
export class Section<S extends Shape> {
  /** Every field the provider has, nested ones included, in order. */
  readonly fields: readonly PlacedField[];
  readonly #shape: S;
  readonly #schema: z.ZodObject<S, z.core.$strict>;

  constructor(
    readonly name: SectionName,
    shape: S,
    provider: ProviderId,
  ) {
    this.fields = fieldsOf(shape, provider);
    this.#shape = offeredFields(shape, provider);
    this.#schema = fieldset(this.#shape);
  }

  /**
   * Checks what a job holds. Blank and absent are the same: null, "" and white space count as not filled in, at any
   * depth of the section's own fields (never inside data such as messages).
   * @param raw value of the job's variable
   * @throws ConnectorError INVALID_INPUT, naming every wrong field and the remedy
   */
  bind(raw: Json | undefined): Checked<S> {
    if (raw !== undefined && raw !== null && !isJsonObject(raw)) {
      throw inputError(`The variable "${this.name}" must be a context with the fields of the template.`);
    }
    const filled = withoutBlanks(raw ?? {}, this.#shape);
    const result = this.#schema.safeParse(filled);
    if (result.success) return result.data;
    const faults = result.error.issues.flatMap((issue) => describe(issue, this.name, this.fields, filled));
    throw inputError(faults.join('\n'));
  }
}

/** The fields without those that only other providers have. */
function offeredFields<S extends Shape>(shape: S, provider: ProviderId): S {
  const entries = Object.entries(shape).filter(([, schema]) => {
    const providers = fieldRegistry.get(schema as z.ZodType)?.providers;
    return providers === undefined || providers.includes(provider);
  });
  // A field that not every provider has is optional, so what is checked without it is still of the section's type.
  return Object.fromEntries(entries) as S;
}

function withoutBlanks(value: JsonObject, shape: Shape): JsonObject {
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === null || (typeof member === 'string' && member.trim() === '')) continue;
    const schema = Object.hasOwn(shape, key) ? shape[key] : undefined;
    const nested = schema instanceof z.ZodObject && isJsonObject(member);
    result[key] = nested ? withoutBlanks(member, schema.shape) : member;
  }
  for (const [key, schema] of Object.entries(shape)) {
    // A group of fields that was not filled in at all is an empty group.
    if (schema instanceof z.ZodObject && !(key in result)) result[key] = {};
  }
  return result;
}

function describe(
  issue: z.core.$ZodIssue,
  section: string,
  fields: readonly PlacedField[],
  filled: JsonObject,
): string[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = [...path, key].join('.');
      const known = fields.map((field) => field.name);
      const close = known.find((candidate) => nearlyEqual(candidate, name));
      const remedy =
        close === undefined
          ? `Remove it; known are ${known.map((one) => `${section}.${one}`).join(', ')}.`
          : `Did you mean ${section}.${close}?`;
      return `The field ${section}.${name} is not known here. ${remedy}`;
    });
  }
  const name = path.join('.');
  const meta = fields.find((field) => field.name === name)?.meta;
  const label = meta === undefined ? `${section}.${name}` : `Field "${meta.label}" (${section}.${name})`;
  if (valueAt(filled, path) === undefined) return [`${label} is empty. Fill it in.`];
  const shown = meta?.secret ? '' : `, but is ${shorten(valueAt(filled, path))}`;
  const leave = meta?.required ? '' : ' Correct it, or leave it empty.';
  return [`${label} ${issue.message}${shown}.${leave}`];
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  let current = value;
  for (const key of path)
    current = isJsonObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

/** Values in messages: short ones only, data by its kind. */
function shorten(value: Json | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (isJsonObject(value)) return 'a context';
  const text = typeof value === 'string' ? value : stringifyJson(value ?? null);
  return `"${text.length > 60 ? `${text.slice(0, 60)}...` : text}"`;
}

/** Same letters apart from case, `_` and `-`, or one edit apart. */
export function nearlyEqual(left: string, right: string): boolean {
  const a = left.toLowerCase().replaceAll(/[_-]/g, '');
  const b = right.toLowerCase().replaceAll(/[_-]/g, '');
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 3) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
