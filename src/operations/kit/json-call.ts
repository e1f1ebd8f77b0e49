/** A call with a JSON body, and how values of fields get into it. */
import { inputError } from '../../errors';
import { object } from '../../fields/fields';
import { isJsonObject, type Json, type JsonObject } from '../../json/json';
import type { Call } from './operation';
import { withoutAbsent } from './without-absent';

export const extraBody = object({
  label: 'Extra body fields',
  group: 'options',
  tooltip:
    'A FEEL context that is merged into the request body last. What the API learns tomorrow works today: <code>={new_field: 1}</code>.',
});

/** The whole body without what was not filled in, `extraBody` merged in last. */
export function jsonCall(
  path: string,
  body: Readonly<Record<string, Json | undefined>>,
  extra: JsonObject | undefined,
  perDeployment = true,
): Call {
  return {
    method: 'POST',
    path,
    perDeployment,
    body: { kind: 'json', json: withoutAbsent(body, extra) },
  };
}

/** One text alone, several as a list. */
export function oneOrMany(values: readonly string[] | undefined): Json | undefined {
  return values?.length === 1 ? values[0] : values;
}

/** A check box whose empty state means: not sent. The Modeler writes `false` for a box nobody touched. */
export function ifOn(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

/** A name that becomes a segment of a path. */
export function segment(value: string): string {
  return encodeURIComponent(value.trim());
}

/** A tool choice or similar: a word, a context, or the JSON text of one. */
export function wordOrObject(value: Json, fieldName: string, words: readonly string[]): Json {
  if (isJsonObject(value)) return value;
  if (typeof value === 'string' && words.includes(value.trim())) return value.trim();
  throw inputError(`${fieldName} must be one of ${words.join(', ')} or a context.`);
}
