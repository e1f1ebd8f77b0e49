/** Numbers that the engine can hold: integers of 64 bits, and doubles in its notation. */
import { JsonNumber, mapMembers, parseJson, stringifyJson, type Json } from './json';
import type { JsonText } from './text';

const integer = /^-?\d+$/;
/** What the engine can hold as an integer: Java's long, and the unsigned one of its message format. */
const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 64n - 1n;
/** Texts without such a number need no second look. */
const mayBeUnfit = /\d{19}|\d[eE]/;

/** A double in the engine's notation, which is Java's: `1.0`, `1.0E21`, `1.0E-7`. */
export function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/**
 * Variables that the engine can hold: integers beyond 64 bits become doubles, numbers beyond a double's range text.
 * Otherwise it refuses the command, and the job with it.
 */
export function fitEngineNumbers(jsonText: JsonText): JsonText {
  return mayBeUnfit.test(jsonText) ? stringifyJson(fitted(parseJson(jsonText))) : jsonText;
}

function fitted(value: Json): Json {
  if (!(value instanceof JsonNumber)) return mapMembers(value, fitted);
  if (!integer.test(value.text))
    return Number.isFinite(Number(value.text)) ? value : finiteDoubleJson(Number(value.text));
  const number = BigInt(value.text);
  const fits = number >= smallestInteger && number <= largestInteger;
  return fits ? value : finiteDoubleJson(Number(value.text));
}

/** A double as JSON that the engine takes: beyond its range the text `Infinity`. */
export function finiteDoubleJson(double: number): JsonNumber | string {
  return Number.isFinite(double) ? new JsonNumber(doubleText(double)) : String(double);
}
