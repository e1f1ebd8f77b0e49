/**
 * Reads JSON values as the types of the input's fields, as leniently as the Java runtime's mapper does and with its
 * messages. Pure. Every function throws a ConnectorError (no retry) that names the field.
 */
import { inputError, type ConnectorError } from '../errors';
import { isJsonList, isJsonObject, JsonNumber, type Json } from '../json/json';
import { javaNumberText } from '../java/number';
import { invalidField } from './errors';

export type Path = readonly string[];

const smallestInt = -(2 ** 31);
const largestInt = 2 ** 31 - 1;

/** Text of a string, number, boolean, or a list of one of them. */
export function toText(value: Json, _path: Path): string | undefined {
  const single = unwrap(value);
  if (single === null) return undefined;
  if (typeof single === 'string') return single;
  if (typeof single === 'boolean') return String(single);
  if (typeof single === 'number' || single instanceof JsonNumber) return javaNumberText(single);
  throw mismatch('java.lang.String', value);
}

/** A whole number of 32 bits; decimals lose their fraction, blank text is absent. */
export function toInteger(value: Json, path: Path): number | undefined {
  const single = unwrap(value);
  if (single === null) return undefined;
  if (typeof single === 'string') {
    const text = single.trim();
    if (text === '') return undefined;
    const number = Number(text);
    if (!/^[+-]?\d+$/.test(text) || number < smallestInt || number > largestInt) {
      throw invalidField(path, 'Integer');
    }
    return number;
  }
  if (typeof single !== 'number' && !(single instanceof JsonNumber)) {
    throw mismatch('java.lang.Integer', value);
  }
  const text = javaNumberText(single);
  const number = Math.trunc(Number(text));
  if (number >= smallestInt && number <= largestInt) return number;
  throw inputError(`Numeric value (${text}) out of range of int (${smallestInt} - ${largestInt})`);
}

/** true, false, their texts in three spellings, whole numbers; blank text and null are false. */
export function toBoolean(value: Json, path: Path): boolean {
  const single = unwrap(value);
  if (single === null) return false;
  if (typeof single === 'boolean') return single;
  if (typeof single === 'string') {
    const text = single.trim();
    if (text === '' || ['false', 'False', 'FALSE'].includes(text)) return false;
    if (['true', 'True', 'TRUE'].includes(text)) return true;
    throw invalidField(path, 'boolean');
  }
  if (
    (typeof single === 'number' || single instanceof JsonNumber) &&
    /^-?\d+$/.test(javaNumberText(single))
  ) {
    return Number(javaNumberText(single)) !== 0;
  }
  throw mismatch('boolean', value);
}

/** One of the constants, by name without regard to case or by its number. */
export function toConstant<T extends string>(
  value: Json,
  path: Path,
  constants: readonly T[],
  type: { readonly name: string; readonly className: string },
): T | undefined {
  const single = unwrap(value);
  if (single === null) return undefined;
  const number = typeof single === 'number' || single instanceof JsonNumber;
  if (!number && typeof single !== 'string') throw mismatch(type.className, value);
  const text = number ? javaNumberText(single) : single.trim();
  const byNumber = /^(0|[1-9]\d*)$/.test(text) ? constants[Number(text)] : undefined;
  const constant = byNumber ?? constants.find((name) => name.toLowerCase() === text.toLowerCase());
  if (constant === undefined) throw invalidField(path, type.name);
  return constant;
}

/** Texts by name, in order; null values are allowed. */
export function toTextMap(
  value: Json,
  path: Path,
): readonly (readonly [string, string | undefined])[] | undefined {
  const single = unwrap(value);
  if (single === null) return undefined;
  if (typeof single === 'string') throw invalidField(path, 'LinkedHashMap');
  if (!isJsonObject(single)) {
    throw mismatch('java.util.LinkedHashMap<java.lang.String,java.lang.String>', value);
  }
  return Object.entries(single).map(([name, member]) => [name, toText(member, [...path, name])]);
}

/** A list of one element counts as that element. */
export function unwrap(value: Json): Exclude<Json, readonly Json[]> | readonly Json[] {
  const list = isJsonList(value) ? value : undefined;
  const [only] = list ?? [];
  return list?.length === 1 && only !== undefined && !isJsonList(only) ? only : value;
}

/** A value of a kind that the target cannot be made of. */
export function mismatch(className: string, value: Json): ConnectorError {
  const second = isJsonList(value) ? value[1] : undefined;
  if (second !== undefined) {
    return inputError(
      `Unexpected token (${tokenOf(second)[1]}), expected END_ARRAY: Attempted to unwrap '${className}' value from an array (with \`DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS\`) but it contains more than one value`,
    );
  }
  const [kind, token] = tokenOf(value);
  return inputError(
    `Cannot deserialize value of type \`${className}\` from ${kind} (token \`JsonToken.${token}\`)`,
  );
}

function tokenOf(value: Json): [kind: string, token: string] {
  if (typeof value === 'string') return ['String value', 'VALUE_STRING'];
  if (value === null) return ['Null value', 'VALUE_NULL'];
  if (typeof value === 'boolean') return ['Boolean value', value ? 'VALUE_TRUE' : 'VALUE_FALSE'];
  if (isJsonList(value)) return ['Array value', 'START_ARRAY'];
  if (typeof value !== 'number' && !(value instanceof JsonNumber)) return ['Object value', 'START_OBJECT'];
  return /^-?\d+$/.test(javaNumberText(value))
    ? ['Integer value', 'VALUE_NUMBER_INT']
    : ['Floating-point value', 'VALUE_NUMBER_FLOAT'];
}
