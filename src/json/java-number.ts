/** Numbers as the Java runtime writes them: integers exact, everything else through a double in Java's notation. Pure. */
import { isJsonList, isJsonObject, JsonNumber, parseJson, stringifyJson, type Json } from './json';

const integer = /^-?\d+$/;
/** What the engine can hold as an integer: Java's long, and the unsigned one of its message format. */
const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 64n - 1n;
/** Texts without such a number need no second look. */
const mayBeUnfit = /\d{19}|\d[eE]/;

/** A double in Java's notation: `1.0`, `1.0E21`, `1.0E-7`. Pure. */
export function javaDouble(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/** Text of a number as Java writes it; `Infinity` beyond a double's range. Pure. */
export function javaNumberText(value: number | JsonNumber): string {
  const number = javaNumber(value);
  return number instanceof JsonNumber ? number.text : String(number);
}

/**
 * The value with every number as Java reads and writes it. A number beyond a double's range stays as it is, so that
 * FEEL makes null of it; written out it becomes text. Pure.
 */
export function withJavaNumbers(value: Json): Json {
  if (typeof value !== 'number' && !(value instanceof JsonNumber)) return mapMembers(value, withJavaNumbers);
  return Number.isFinite(Number(numberText(value))) ? javaNumber(value) : value;
}

/** The value as Java writes it: beyond a double's range the text `Infinity`. Pure. */
export function asJavaWrites(value: Json): Json {
  if (typeof value === 'number' || value instanceof JsonNumber) return javaNumber(value);
  return mapMembers(value, asJavaWrites);
}

/**
 * Variables that the engine can hold: integers beyond 64 bits become doubles, numbers beyond a double's range text.
 * Otherwise it refuses the command, and the job with it. Pure.
 * @param jsonText valid JSON
 */
export function fitEngineNumbers(jsonText: string): string {
  return mayBeUnfit.test(jsonText) ? stringifyJson(fitted(parseJson(jsonText))) : jsonText;
}

function fitted(value: Json): Json {
  if (!(value instanceof JsonNumber)) return mapMembers(value, fitted);
  if (!integer.test(value.text)) return Number.isFinite(Number(value.text)) ? value : javaNumber(value);
  const number = BigInt(value.text);
  const fits = number >= smallestInteger && number <= largestInteger;
  return fits ? value : finiteDouble(Number(value.text));
}

function javaNumber(value: number | JsonNumber): JsonNumber | number | string {
  const text = numberText(value);
  if (integer.test(text)) return text === '-0' ? 0 : value;
  return finiteDouble(Number(text));
}

function numberText(value: number | JsonNumber): string {
  return value instanceof JsonNumber ? value.text : String(value);
}

function finiteDouble(double: number): JsonNumber | string {
  return Number.isFinite(double) ? new JsonNumber(javaDouble(double)) : String(double);
}

/** The value itself when nothing in it changes. */
function mapMembers(value: Json, map: (member: Json) => Json): Json {
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
