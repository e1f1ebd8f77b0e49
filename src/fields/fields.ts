/**
 * Fields of operations and connections: zod schemas that know how they look in the Modeler and in the documentation.
 *
 * A value comes from an input mapping, so it may be what FEEL gave (number, list, context) or what was typed (text).
 * Blank fields are taken out before these schemas see them (see bind.ts); numbers, booleans and JSON are accepted as
 * text too.
 */
import { z } from 'zod';
import {
  isJsonObject,
  JsonNumber,
  JsonSyntaxError,
  parseJson,
  type Json,
  type JsonObject,
} from '../json/json';

export type ProviderId = 'openai' | 'azure-openai';

/** Fields by name; a nested object made by `fieldset` is a group of them. */
export type Shape = z.ZodRawShape;
/** What a section gives that was checked against its fields. */
export type Checked<S extends Shape> = z.output<z.ZodObject<S, z.core.$strict>>;

/** A group of fields below one name: `connection.authentication`. */
export function fieldset<S extends Shape>(shape: S): z.ZodObject<S, z.core.$strict> {
  return z.strictObject(shape);
}

/** Sections of the properties panel, in the order of their appearance. */
export const groups = {
  connection: { label: 'Connection', open: true },
  request: { label: 'Request', open: true },
  content: { label: 'Images, audio and files', open: false },
  format: { label: 'Answer format', open: false },
  tools: { label: 'Tools', open: false },
  tuning: { label: 'Model settings', open: false },
  options: { label: 'Options', open: false },
  connectionDetails: { label: 'Connection details', open: false },
  output: { label: 'Output', open: false },
  errors: { label: 'Errors and retries', open: false },
} as const;
export type GroupId = keyof typeof groups;

export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** How a field is entered. `model` is a list of names with the freedom to type another one. */
export type FieldKind = 'text' | 'longText' | 'number' | 'boolean' | 'choice' | 'model' | 'json';

export interface FieldMeta {
  readonly label: string;
  readonly group: GroupId;
  readonly kind: FieldKind;
  /** Must-know fact, always visible. HTML as the panel allows it: strong, em, code, ul, a. */
  readonly description?: string;
  /** The rest, shown on hovering. */
  readonly tooltip?: string;
  readonly placeholder?: string;
  /** `required`: only FEEL; `optional`: text or FEEL; `static`: value of its type. */
  readonly feel?: 'optional' | 'required' | 'static';
  readonly choices?: readonly Choice[];
  /** What the template fills in; from `default` where that is given. */
  readonly preset?: string | number | boolean;
  /** `true`: never absent. `template`: the panel insists while the field is shown; the operation checks by itself. */
  readonly required?: true | 'template';
  /** A deployment takes the place of the model: shown for operations that have a model. */
  readonly standsForModel?: true;
  /** Shown for these providers only; absent: all. */
  readonly providers?: readonly ProviderId[];
  /** Shown while another field of the same section, or a switch of the operation, has one of these values. */
  readonly when?: { readonly field: string; readonly oneOf: readonly string[] };
  /** Constraint of the template; must let a secret and an empty field pass. */
  readonly pattern?: { readonly value: string; readonly message: string };
  /** Accepted from hand-written processes, not offered in the template. */
  readonly hidden?: true;
  /** May hold references to secrets. */
  readonly secret?: true;
  /** Range or form for the documentation. */
  readonly limits?: string;
}

/** What a definition says; the rest of the metadata follows from the helper that makes the field. */
type Given = Omit<FieldMeta, 'kind' | 'limits' | 'choices'> & {
  /** Entered in a box of several lines. */
  readonly long?: true;
  /** What the template fills in and what holds for a field left empty, so that the operation never sees it absent. */
  readonly default?: string | number | boolean;
};
/** A field that only some providers have may be absent, whatever else is said of it. */
type Field<T, M> = M extends { readonly providers: unknown }
  ? z.ZodOptional<z.ZodType<T>>
  : M extends { readonly required: true } | { readonly default: T }
    ? z.ZodType<T>
    : z.ZodOptional<z.ZodType<T>>;

/** Metadata of every field; a field without it is a mistake that a test finds. */
export const fieldRegistry = z.registry<FieldMeta>();

/** A reader of one value: gives the value or says how it must be. */
type Read<T> = (value: unknown) => { readonly value: T } | { readonly must: string };

function field<T, M extends Given>(
  read: Read<T>,
  extra: Partial<FieldMeta> & Pick<FieldMeta, 'kind'>,
  meta: M,
): Field<T, M> {
  const schema = z.unknown().transform((value, context): T => {
    const result = read(value);
    if ('value' in result) return result.value;
    context.addIssue({ code: 'custom', message: result.must });
    return z.NEVER;
  });
  const { long, default: fallback, ...rest } = meta;
  const complete: FieldMeta = {
    ...extra,
    ...rest,
    ...(long ? { kind: 'longText' } : {}),
    ...(fallback === undefined ? {} : { preset: fallback }),
  };
  // The registry holds the outermost schema: `.optional()` after `.register()` would lose the metadata.
  if (complete.required === true) return schema.register(fieldRegistry, complete) as unknown as Field<T, M>;
  if (fallback !== undefined && complete.providers === undefined) {
    return schema.prefault(fallback).register(fieldRegistry, complete) as unknown as Field<T, M>;
  }
  return (schema as unknown as z.ZodType<T>).optional().register(fieldRegistry, complete) as unknown as Field<
    T,
    M
  >;
}

const readText: Read<string> = (value) => {
  if (typeof value === 'string') return { value };
  if (typeof value === 'number' || typeof value === 'boolean') return { value: String(value) };
  if (value instanceof JsonNumber) return { value: value.text };
  return { must: 'must be text' };
};

/** One line of text. */
export function text<const M extends Given>(meta: M): Field<string, M> {
  return field(readText, { kind: 'text', feel: 'optional' }, meta);
}

/** Text of several lines. */
export function longText<const M extends Given>(meta: M): Field<string, M> {
  return field(readText, { kind: 'longText', feel: 'optional' }, meta);
}

/** For keys and the like: typed plainly they could be read by everybody who sees the model. */
export const secretPattern = {
  value: '^(=[\\s\\S]*|.*secrets\\..+|undefined)?$',
  message: 'must be a secret of the worker, such as {{secrets.NAME}}, not the value itself',
};

/**
 * Name of a model: a list to choose from, of which the template presets the first, and any other name. Where a deployment
 * replaces it, the field does not exist.
 */
export function model<const M extends Given & { readonly required: 'template' }>(
  names: readonly [string, ...string[]],
  meta: M,
): Field<string, M> {
  const choices = names.map((value) => ({ name: value, value }));
  return field(readText, { kind: 'model', feel: 'optional', choices, preset: names[0] }, meta);
}

interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
}

/** A number, also given as text. */
export function number<const M extends Given>(range: Range, meta: M): Field<number, M> {
  const noun = range.integer ? 'a whole number' : 'a number';
  const limits =
    range.min !== undefined && range.max !== undefined
      ? `from ${range.min} to ${range.max}`
      : range.min !== undefined
        ? `of at least ${range.min}`
        : '';
  const must = `must be ${noun} ${limits}`.trim();
  const read: Read<number> = (raw) => {
    const value =
      typeof raw === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(raw)
        ? Number(raw)
        : raw instanceof JsonNumber
          ? Number(raw.text)
          : raw;
    if (typeof value !== 'number' || !Number.isFinite(value)) return { must };
    const { min = -Infinity, max = Infinity } = range;
    const fits = value >= min && value <= max && (!range.integer || Number.isInteger(value));
    return fits ? { value } : { must };
  };
  return field(read, { kind: 'number', feel: 'optional', limits: `${noun} ${limits}`.trim() }, meta);
}

/** Yes or no, also given as text. */
export function flag<const M extends Given>(meta: M): Field<boolean, M> {
  const read: Read<boolean> = (value) => {
    if (typeof value === 'boolean') return { value };
    const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
    if (word === 'true' || word === 'false') return { value: word === 'true' };
    return { must: 'must be true or false' };
  };
  return field(read, { kind: 'boolean', feel: 'static' }, meta);
}

/** Values of a choice in the order of the panel: with what people read, or as they are. */
export type Choices<V extends string> = Readonly<Record<V, string>> | readonly V[];

/** @returns the entries of a list to choose from */
export function choicesOf(values: Choices<string>): readonly Choice[] {
  if (isNames(values)) return values.map((value) => ({ name: value, value }));
  return Object.entries(values).map(([value, name]) => ({ name, value }));
}

/** One of some values. */
export function choice<const V extends string, const M extends Given & { readonly default?: NoInfer<V> }>(
  choices: Choices<V>,
  meta: M,
): Field<V, M> {
  const values: readonly V[] = isNames(choices) ? choices : (Object.keys(choices) as V[]);
  const must = `must be one of ${values.join(', ')}`;
  const read: Read<V> = (value) => {
    const found = values.find((known) => known === value);
    return found === undefined ? { must } : { value: found };
  };
  return field(read, { kind: 'choice', choices: choicesOf(choices), limits: values.join(', ') }, meta);
}

function isNames<V extends string>(choices: Choices<V>): choices is readonly V[] {
  return Array.isArray(choices);
}

/** JSON data: given by FEEL, or typed as JSON text. */
function json<T extends Json, const M extends Given>(
  fits: (value: Json) => value is T,
  must: string,
  meta: M,
  limits: string,
): Field<T, M> {
  const read: Read<T> = (value) => {
    let data = value as Json;
    if (typeof value === 'string') {
      try {
        data = parseJson(value);
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        return { must: `${must}; as text it must be valid JSON (${error.message})` };
      }
    }
    return fits(data) ? { value: data } : { must };
  };
  return field(read, { kind: 'json', feel: 'required', limits }, meta);
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** A context (JSON object). */
export function object<const M extends Given>(meta: M): Field<JsonObject, M> {
  return json(
    (value): value is JsonObject => isJsonObject(value),
    'must be a FEEL context or a JSON object',
    meta,
    'context',
  );
}

/** A list of anything. */
export function list<const M extends Given>(meta: M): Field<readonly Json[], M> {
  return json(isList, 'must be a list', meta, 'list');
}

/** A list of contexts; a single context stands for a list of one. */
export function objects<const M extends Given>(meta: M): Field<readonly JsonObject[], M> {
  const must = 'must be a list of contexts';
  const read: Read<readonly JsonObject[]> = (value) => {
    let data = value as Json;
    if (typeof value === 'string') {
      try {
        data = parseJson(value);
      } catch {
        return { must: `${must}; as text it must be valid JSON` };
      }
    }
    const items = isJsonObject(data) ? [data] : data;
    return isList(items) && items.every((item): item is JsonObject => isJsonObject(item))
      ? { value: items }
      : { must };
  };
  return field(read, { kind: 'json', feel: 'required', limits: 'list of contexts' }, meta);
}

/** One text or a list of texts; at most `max` entries. */
export function texts<const M extends Given>(max: number, meta: M): Field<readonly string[], M> {
  const must = `must be a text or a list of at most ${max} texts`;
  const read: Read<readonly string[]> = (value) => {
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    if (items.length === 0 || items.length > max) return { must };
    const result: string[] = [];
    for (const item of items) {
      const one = readText(item);
      if (!('value' in one)) return { must };
      result.push(one.value);
    }
    return { value: result };
  };
  return field(
    read,
    { kind: 'text', feel: 'optional', limits: `text or list of texts, at most ${max}` },
    meta,
  );
}

/** Anything: text, or data given by FEEL. What it means is the operation's business. */
export function any<const M extends Given>(limits: string, meta: M): Field<Json, M> {
  return field((value) => ({ value: value as Json }), { kind: 'text', feel: 'optional', limits }, meta);
}
