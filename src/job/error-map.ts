/** The `error` that error expressions and processes see. */
import type { ConnectorError } from '../errors';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../json/json';
import { maskJson, maskText } from '../secrets/placeholders';
import type { Manner } from './manner';
import { maxVariablesBytes } from './map-result';

/** Longest error message of a command, in characters. */
export const maxMessageLength = 6000;

export type ErrorMap = JsonObject & { readonly message: string };

/**
 * `{type, message, code?, cause?, variables?}`, with the values of secrets masked in message and variables.
 * Variables that would make the command too large for the engine are left out: the job must not be lost for them.
 */
export function errorMap(error: ConnectorError, secrets: Iterable<string>, manner: Manner): ErrorMap {
  const values = [...secrets];
  const message = maskText(error.message, values).slice(0, maxMessageLength);
  const map: Record<string, Json> = { ...manner.errorCodes(error) };
  if (error.variables !== undefined) {
    const variables = maskJson(parseJson(error.variables), values);
    if (Buffer.byteLength(stringifyJson(variables)) <= maxVariablesBytes) map['variables'] = variables;
  }
  return { type: error.type, message, ...map };
}
