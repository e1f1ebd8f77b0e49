/**
 * JSON text -> values, without losing a digit: integers of any size stay exact, and a number written with a fraction
 * or an exponent is a double that remembers it was one (`2.0` shows as "2.0").
 * Ordinary texts go through JSON.parse; those where it would lose something are read by the parser below.
 */
import { EvaluationError } from './errors';
import { BuiltContext } from './values/context';
import { decimalOfDouble } from './values/decimal-text';
import { fromBigInt } from './values/number';
import type { Value } from './values/value';

/**
 * Something that JSON.parse could lose: long integers, doubles with a whole value or close to one; and keys that look
 * like an index, which would be put first. Texts that merely look so are harmless. A digit is looked for first, what
 * is before it second: prose has few digits and many spaces.
 */
const delicatePattern =
  /\d(?:(?<=[[:,\s]-?\d)(?:\d{15}|\d{7,}\.\d|\d*\.(?:0+(?!\d)|0{8}|9{8}))|(?<="\d)\d*"\s*:)/;
/** Exponents, and those among them that may make a whole number. */
const exponentPattern = /\d[eE][+\d-]/;
const delicateExponentPattern =
  /[[:,\s]-?(?:0(?:\.\d+)?[eE]|\d+(?:\.\d+)?[eE][+\d]|\d\d+(?:\.\d+)?[eE]|\d(?:\.\d+)?[eE]-0(?!\d*[1-9]))/;

function isDelicate(text: string): boolean {
  return delicatePattern.test(text) || (exponentPattern.test(text) && delicateExponentPattern.test(text));
}

const maxDepth = 1_000;
/** As Jackson's own limit. */
const maxNumber = 1_000;

/**
 * Reads one JSON text.
 * @throws SyntaxError when the text is not JSON
 */
export function readJson(text: string): Value {
  if (!isDelicate(` ${text}`)) return JSON.parse(text) as Value;
  const reader = new JsonReader(text);
  const value = reader.readValue(0);
  reader.end();
  return value;
}

/**
 * Reads the JSON value at the beginning of a text, as Jackson does; what follows white space is ignored.
 * @throws SyntaxError when there is none
 */
export function readJsonPrefix(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.readValue(0);
  reader.endOfScalar();
  return value;
}

const numberPattern = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const quote = 0x22;
const backslash = 0x5c;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #fail(): never {
    throw new SyntaxError(`The text is not JSON: unexpected character at position ${this.#at}.`);
  }

  #skip(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++;
  }

  /** Nothing but white space may follow. */
  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) this.#fail();
  }

  /** Behind a number white space must follow, behind a word anything but more of a word. */
  endOfScalar(): void {
    const last = this.#text[this.#at - 1] ?? '';
    const next = this.#text[this.#at];
    if (next === undefined) return;
    if (/\d/.test(last) && !' \t\n\r'.includes(next)) this.#fail();
    if (/[a-z]/.test(last) && /[\p{L}\p{Nd}_$]/u.test(next)) this.#fail();
  }

  readValue(depth: number): Value {
    if (depth > maxDepth) throw new SyntaxError(`The JSON is nested more than ${maxDepth} deep.`);
    this.#skip();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#readObject(depth);
      case '[':
        return this.#readArray(depth);
      case '"':
        return this.#readString();
      case 't':
        return this.#readWord('true', true);
      case 'f':
        return this.#readWord('false', false);
      case 'n':
        return this.#readWord('null', null);
      default:
        return this.#readNumber();
    }
  }

  #readWord(word: string, value: Value): Value {
    if (!this.#text.startsWith(word, this.#at)) this.#fail();
    this.#at += word.length;
    return value;
  }

  #readNumber(): Value {
    numberPattern.lastIndex = this.#at;
    const match = numberPattern.exec(this.#text);
    if (match === null) this.#fail();
    this.#at = numberPattern.lastIndex;
    if (match[0].length > maxNumber)
      throw new SyntaxError(`The JSON holds a number with more than ${maxNumber} digits.`);
    if (match[1] === undefined && match[2] === undefined) return fromBigInt(BigInt(match[0]));
    const double = Number(match[0]);
    if (!Number.isFinite(double)) return null;
    return Number.isInteger(double) ? decimalOfDouble(double) : double;
  }

  #readString(): string {
    this.#at++;
    let result = '';
    for (;;) {
      const start = this.#at;
      let code = this.#text.charCodeAt(this.#at);
      while (code >= 0x20 && code !== quote && code !== backslash) code = this.#text.charCodeAt(++this.#at);
      result += this.#text.slice(start, this.#at);
      if (code === quote) {
        this.#at++;
        return result;
      }
      if (code !== backslash) this.#fail();
      result += this.#readEscape();
    }
  }

  #readEscape(): string {
    const code = this.#text[this.#at + 1] ?? '';
    const simple = escapes[code];
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const digits = code === 'u' ? this.#text.slice(this.#at + 2, this.#at + 6) : '';
    if (!/^[\da-fA-F]{4}$/.test(digits)) this.#fail();
    this.#at += 6;
    return String.fromCharCode(parseInt(digits, 16));
  }

  #readArray(depth: number): Value {
    const items: Value[] = [];
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === ']') {
      this.#at++;
      return items;
    }
    for (;;) {
      items.push(this.readValue(depth + 1));
      if (this.#closes(']')) return items;
    }
  }

  #readObject(depth: number): Value {
    const entries = new Map<string, Value>();
    this.#at++;
    this.#skip();
    if (this.#text[this.#at] === '}') {
      this.#at++;
      return new BuiltContext(entries);
    }
    for (;;) {
      this.#skip();
      if (this.#text[this.#at] !== '"') this.#fail();
      const key = this.#readString();
      this.#skip();
      if (this.#text[this.#at] !== ':') this.#fail();
      this.#at++;
      entries.set(key, this.readValue(depth + 1));
      if (this.#closes('}')) return new BuiltContext(entries);
    }
  }

  /** After an item: true at the closing bracket, false at a comma. */
  #closes(bracket: string): boolean {
    this.#skip();
    const next = this.#text[this.#at];
    if (next !== bracket && next !== ',') this.#fail();
    this.#at++;
    return next === bracket;
  }
}

/**
 * Plain JavaScript values -> values. What is already one is passed on uncopied.
 * Numbers that are not finite become null, as in JSON; `undefined` too. Dates become their JSON text.
 * @throws EvaluationError for functions, symbols, and structures nested too deeply or in a circle
 */
export function fromPlain(value: unknown, depth = 0): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return fromBigInt(value);
    case 'undefined':
      return null;
    case 'object':
      return value === null ? null : fromObject(value, depth);
    default:
      throw new EvaluationError(`The context holds a ${typeof value}; only JSON values can be used.`);
  }
}

function fromObject(value: object, depth: number): Value {
  if (depth > maxDepth)
    throw new EvaluationError(`The context is nested more than ${maxDepth} deep, or in a circle.`);
  if (Array.isArray(value)) {
    const items = value.map((item) => fromPlain(item, depth + 1));
    return items;
  }
  if (value instanceof Date) return fromPlain(value.toJSON(), depth);
  const entries = value instanceof Map ? [...(value as Map<unknown, unknown>)] : Object.entries(value);
  return new BuiltContext(new Map(entries.map(([key, item]) => [String(key), fromPlain(item, depth + 1)])));
}
