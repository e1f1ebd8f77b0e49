/**
 * JSON as text. Process variables and answers pass through the worker as text, so that no number loses a digit; the type
 * tells it from other text. It is made here, by `stringifyJson`, and where text from outside is known to be JSON.
 */
import { stringifyJson } from './json';

declare const jsonText: unique symbol;

/** Text that is valid JSON. */
export type JsonText = string & { readonly [jsonText]: true };

/** JSON text of an object without members. */
export const emptyObject = '{}' as JsonText;

/** Text that is known to be JSON: the engine or FEEL wrote it, or somebody parsed it before. */
export function knownJson(text: string): JsonText {
  return text as JsonText;
}

/** JSON text of plain data: no JsonNumber, and text without lone surrogates. */
export function plainText(value: string | number | null | object): JsonText {
  return JSON.stringify(value) as JsonText;
}

/** JSON text of an object, from the JSON texts of its members; absent ones are left out. */
export function objectText(members: Readonly<Record<string, JsonText | undefined>>): JsonText {
  const parts = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${stringifyJson(name)}:${value}`],
  );
  return `{${parts.join(',')}}` as JsonText;
}

/** Adds a member at the end of an object's JSON text; of members with the same name the last one counts. */
export function withMember(object: JsonText, name: string, value: JsonText): JsonText {
  const members = object.slice(0, object.lastIndexOf('}')).trimEnd();
  return `${members}${members.endsWith('{') ? '' : ','}${stringifyJson(name)}:${value}}` as JsonText;
}
