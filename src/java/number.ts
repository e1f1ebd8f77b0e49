/** Numbers as the Java runtime writes them: integers exact, everything else through a double in its notation. */
import { finiteDoubleJson } from '../json/engine-numbers';
import { JsonNumber, mapMembers, type Json } from '../json/json';

const integer = /^-?\d+$/;

/** Text of a number as Java writes it; `Infinity` beyond a double's range. */
export function javaNumberText(value: number | JsonNumber): string {
  const number = javaNumber(value);
  return number instanceof JsonNumber ? number.text : String(number);
}

/**
 * The value with every number as Java reads and writes it. A number beyond a double's range stays as it is, so that
 * FEEL makes null of it; written out it becomes text.
 */
export function withJavaNumbers(value: Json): Json {
  if (typeof value !== 'number' && !(value instanceof JsonNumber)) return mapMembers(value, withJavaNumbers);
  return Number.isFinite(Number(numberText(value))) ? javaNumber(value) : value;
}

/** The value as Java writes it: beyond a double's range the text `Infinity`. */
export function asJavaWrites(value: Json): Json {
  if (typeof value === 'number' || value instanceof JsonNumber) return javaNumber(value);
  return mapMembers(value, asJavaWrites);
}

function javaNumber(value: number | JsonNumber): JsonNumber | number | string {
  const text = numberText(value);
  if (integer.test(text)) return text === '-0' ? 0 : value;
  return finiteDoubleJson(Number(text));
}

function numberText(value: number | JsonNumber): string {
  return value instanceof JsonNumber ? value.text : String(value);
}
