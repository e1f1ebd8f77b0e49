/**
 * JSON without loss: numbers that a double or JavaScript's notation would change keep their text.
 * Used wherever a process variable or an answer passes through.
 */
import { endOfString, skipSpace } from './scan';
import type { JsonText } from './text';

/** A number whose text must survive: an integer beyond 2^53, `1.0`, `1e400`. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

export type Json =
  null | boolean | number | string | JsonNumber | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Text that is not JSON. `position` counts UTF-16 units from 0. */
export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
  constructor(
    message: string,
    readonly position: number,
    /** It may be valid, but there is too much of it. */
    readonly tooLarge = false,
  ) {
    super(message);
  }
}

/** Nesting beyond this is refused: the broker refuses it too, and a recursive reader must end somewhere. */
const maxDepth = 1000;
/** More than this is refused: a few bytes of text become a hundred of memory, several times over. */
export const maxJsonParts = 2_000_000;
/**
 * Where JavaScript's own parser may change a number: beyond 15 digits, with an exponent, `-0`, or a zero at the end.
 * It looks for a digit first and behind it second: prose has few digits and many spaces.
 */
const mayHoldSpecialNumber =
  /\d(?<=(?:^|[[:,\s])-?\d)(?:\d{15}|\d{9,}\.|\d*(?:[eE]|\.(?!\d{0,5}[1-9](?![\deE]))))|-0(?<=(?:^|[[:,\s])-0)(?!\.)/;
/** How JavaScript's own writer shows one. */
const maybeLoneSurrogate = /\\ud[89a-f]/;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Parses one JSON text.
 * @throws JsonSyntaxError
 */
export function parseJson(text: string): Json {
  const { value, end } = parseJsonPrefix(text);
  const rest = skipSpace(text, end);
  if (rest < text.length)
    throw new JsonSyntaxError(`Unexpected text after the JSON value at position ${rest}`, rest);
  return value;
}

/**
 * Parses the JSON value at the beginning of a text and tells where it ends; what follows is not looked at.
 * @throws JsonSyntaxError
 */
export function parseJsonPrefix(text: string): { value: Json; end: number } {
  const { tooDeep, parts } = measureJson(text);
  if (parts > maxJsonParts) {
    throw new JsonSyntaxError(`JSON of more than ${maxJsonParts} parts`, 0, true);
  }
  if (!tooDeep && !mayHoldSpecialNumber.test(text)) {
    try {
      return { value: JSON.parse(text) as Json, end: text.length };
    } catch {
      // More follows, or the reader says where it is wrong.
    }
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  return { value, end: reader.position };
}

export interface JsonMeasure {
  /** Nested deeper than anything that can be worked with: JavaScript's parser takes every depth, its writer and the engine do not. */
  readonly tooDeep: boolean;
  /** Brackets that open, colons and commas: two for each object or member, one for each number in a list. */
  readonly parts: number;
}

/**
 * Measures JSON text without making anything of it.
 * @param text need not be valid; counting ends where it is too deep or has too many parts
 */
export function measureJson(text: string): JsonMeasure {
  let parts = 0;
  let depth = 0;
  for (let position = 0; position < text.length; position++) {
    switch (text.charCodeAt(position)) {
      case 0x22:
        position = endOfString(text, position);
        if (position < 0) return { tooDeep: false, parts };
        break;
      case 0x2c:
      case 0x3a:
        if (++parts > maxJsonParts) return { tooDeep: false, parts };
        break;
      case 0x5b:
      case 0x7b:
        if (++depth > maxDepth) return { tooDeep: true, parts };
        if (++parts > maxJsonParts) return { tooDeep: false, parts };
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return { tooDeep: false, parts };
}

/** Whether the value is an object (not null, list or number). */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber)
  );
}

/** Whether the value is a list; `Array.isArray` does not narrow read-only ones. */
export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** JSON text of a value, compact; lone surrogates become U+FFFD, because the broker would change them silently. */
export function stringifyJson(value: Json): JsonText {
  if (!holdsJsonNumber(value)) {
    const text = JSON.stringify(value);
    if (!maybeLoneSurrogate.test(text)) return text as JsonText;
  }
  return stringifyByHand(value) as JsonText;
}

function holdsJsonNumber(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof JsonNumber) return true;
  for (const member of Object.values(value)) if (holdsJsonNumber(member)) return true;
  return false;
}

function stringifyByHand(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value.toWellFormed());
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(stringifyByHand).join(',')}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value as JsonObject)) {
    if (member !== undefined)
      members.push(`${JSON.stringify(key.toWellFormed())}:${stringifyByHand(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** A plain value for libraries that know no JsonNumber: such numbers become doubles. */
export function toPlain(value: Json): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return (value as readonly Json[]).map(toPlain);
  if (isJsonObject(value)) {
    const result: Record<string, unknown> = {};
    for (const [key, member] of Object.entries(value)) setOwn(result, key, toPlain(member));
    return result;
  }
  return value;
}

/** Maps the members of a list or an object; the value itself when none of them changes. */
export function mapMembers(value: Json, map: (member: Json) => Json): Json {
  if (isJsonList(value)) {
    const mapped = value.map(map);
    return mapped.some((member, index) => member !== value[index]) ? mapped : value;
  }
  if (!isJsonObject(value)) return value;
  let changed = false;
  const members = Object.entries(value).map(([key, member]) => {
    const mapped = map(member);
    changed ||= mapped !== member;
    return [key, mapped] as const;
  });
  return changed ? Object.fromEntries(members) : value;
}

/** Sets an own property, also one named `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

class Reader {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > maxDepth) throw this.#error(`JSON is nested deeper than ${maxDepth} levels`);
    this.position = skipSpace(this.#text, this.position);
    switch (this.#text[this.position]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#list(depth);
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(depth: number): JsonObject {
    const result: Record<string, Json> = {};
    this.position++;
    if (this.#closes('}')) return result;
    for (;;) {
      this.position = skipSpace(this.#text, this.position);
      if (this.#text[this.position] !== '"') throw this.#error('Expected a member name in quotes');
      const key = this.#string();
      this.position = skipSpace(this.#text, this.position);
      if (this.#text[this.position] !== ':') throw this.#error('Expected a colon');
      this.position++;
      setOwn(result, key, this.value(depth + 1));
      if (this.#closes('}')) return result;
      this.#comma();
    }
  }

  #list(depth: number): Json[] {
    const result: Json[] = [];
    this.position++;
    if (this.#closes(']')) return result;
    for (;;) {
      result.push(this.value(depth + 1));
      if (this.#closes(']')) return result;
      this.#comma();
    }
  }

  #string(): string {
    const start = this.position;
    const end = endOfString(this.#text, start);
    if (end < 0) throw this.#error('Text without closing quotes');
    this.position = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch {
      this.position = start;
      throw this.#error('Text with an invalid escape or control character');
    }
  }

  #word<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.position)) throw this.#error('Unexpected text');
    this.position += word.length;
    return value;
  }

  #number(): number | JsonNumber {
    numberPattern.lastIndex = this.position;
    const match = numberPattern.exec(this.#text);
    if (match === null)
      throw this.#error(this.position >= this.#text.length ? 'Unexpected end' : 'Unexpected text');
    this.position += match[0].length;
    const value = Number(match[0]);
    return String(value) === match[0] ? value : new JsonNumber(match[0]);
  }

  #closes(bracket: string): boolean {
    this.position = skipSpace(this.#text, this.position);
    if (this.#text[this.position] !== bracket) return false;
    this.position++;
    return true;
  }

  #comma(): void {
    if (this.#text[this.position] !== ',') throw this.#error('Expected a comma or the end');
    this.position++;
  }

  #error(message: string): JsonSyntaxError {
    return new JsonSyntaxError(`${message} at position ${this.position}`, this.position);
  }
}
