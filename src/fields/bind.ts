/** From a job's variables to checked input: one section (`connection`, `input`, `options`) by its schema. Pure. */
import { z } from 'zod';
import { inputError } from '../errors';
import { isJsonObject, stringifyJson, type Json, type JsonObject } from '../json/json';
import { fieldRegistry, type FieldMeta, type ProviderId } from './fields';

/** A field with the place it has in the job: `connection.authentication.apiKey`. */
export interface PlacedField {
  /** Below the section: `authentication.apiKey`. */
  readonly name: string;
  readonly meta: FieldMeta;
}

/** All fields of a section that a provider has, nested ones included, in order. @throws Error when a field has no metadata */
export function fieldsOf(shape: z.ZodRawShape, provider: ProviderId, prefix = ''): PlacedField[] {
  return Object.entries(shape).flatMap(([key, schema]): PlacedField[] => {
    const name = prefix + key;
    if (schema instanceof z.ZodObject) return fieldsOf(schema.shape, provider, `${name}.`);
    const meta = fieldRegistry.get(schema as z.ZodType);
    if (meta === undefined) throw new Error(`Field ${name} has no metadata`);
    return meta.providers === undefined || meta.providers.includes(provider) ? [{ name, meta }] : [];
  });
}

interface OwnSchema {
  readonly shape: z.ZodRawShape;
  readonly schema: z.ZodObject;
}
/** Building a schema costs far more than using it; there is one per operation and provider. */
const ownSchemas = new WeakMap<z.ZodRawShape, Map<ProviderId, OwnSchema>>();

/** The schema without the fields other providers have. */
function schemaFor(shape: z.ZodRawShape, provider: ProviderId): OwnSchema {
  let byProvider = ownSchemas.get(shape);
  if (byProvider === undefined) ownSchemas.set(shape, (byProvider = new Map<ProviderId, OwnSchema>()));
  let own = byProvider.get(provider);
  if (own === undefined) {
    const kept = Object.fromEntries(
      Object.entries(shape).filter(([, schema]) => {
        const providers = fieldRegistry.get(schema as z.ZodType)?.providers;
        return providers === undefined || providers.includes(provider);
      }),
    );
    own = { shape: kept, schema: z.strictObject(kept) };
    byProvider.set(provider, own);
  }
  return own;
}

/**
 * Checks one section. Blank and absent are the same: null, "" and white space count as not filled in, at any depth of
 * the section's own fields (never inside data such as messages).
 * @param shape the same object every time: its schema is kept
 * @param raw   value of the job's variable
 * @throws ConnectorError INVALID_INPUT, naming every wrong field and the remedy
 */
export function bind(
  section: 'connection' | 'input' | 'options',
  shape: z.ZodRawShape,
  raw: Json | undefined,
  provider: ProviderId,
): unknown {
  if (raw !== undefined && raw !== null && !isJsonObject(raw)) {
    throw inputError(`The variable "${section}" must be a context with the fields of the template.`);
  }
  const own = schemaFor(shape, provider);
  const filled = withoutBlanks(raw ?? {}, own.shape);
  const result = own.schema.safeParse(filled);
  if (result.success) return result.data;
  const fields = fieldsOf(shape, provider);
  const faults = result.error.issues.flatMap((issue) => describe(issue, section, fields, filled));
  throw inputError(faults.join('\n'));
}

function withoutBlanks(value: JsonObject, shape: z.ZodRawShape): JsonObject {
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

/** Same letters but for case, `_` and `-`, or one edit apart. */
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
