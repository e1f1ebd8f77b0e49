/** Answers that were asked for as JSON: parsed without loss, and checked against the schema. */
import { Ajv2020 } from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import { inputError } from '../../errors';
import {
  JsonSyntaxError,
  parseJson,
  stringifyJson,
  toPlain,
  type Json,
  type JsonObject,
} from '../../json/json';
import type { Caveat } from './operation';

/** Checks are compiled once; a process has few schemas, but they may be made by expressions. */
const maxKept = 100;
const kept = new Map<string, ValidateFunction>();

export interface StructuredAnswer {
  readonly json?: Json;
  readonly caveat?: Caveat;
}

/**
 * Reads a text as JSON and checks it.
 * @param schema JSON schema (2020-12 or older drafts that say the same), or undefined: any JSON will do
 * @throws ConnectorError INVALID_INPUT when `schema` is not a valid JSON schema
 */
export function readStructured(text: string, schema: JsonObject | undefined): StructuredAnswer {
  let json: Json;
  try {
    json = parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return { caveat: mismatch(`it is not JSON: ${error.message}`) };
  }
  if (schema === undefined) return { json };
  const validate = compile(schema);
  if (validate(toPlain(json)) === true) return { json };
  const faults = (validate.errors ?? []).slice(0, 3).map(({ instancePath, message }) => {
    return `${instancePath === '' ? 'the answer' : instancePath} ${message ?? 'does not fit'}`;
  });
  return { json, caveat: mismatch(`it does not fit the schema: ${faults.join('; ')}`) };
}

/** @throws ConnectorError INVALID_INPUT when `schema` is not a valid JSON schema; asked before the call, so that nothing is paid for it */
export function checkSchema(schema: JsonObject): void {
  compile(schema);
}

function mismatch(reason: string): Caveat {
  return {
    cause: 'SCHEMA_MISMATCH',
    message: `JSON was asked for, but the answer cannot be used: ${reason}.`,
  };
}

function compile(schema: JsonObject): ValidateFunction {
  const key = stringifyJson(schema);
  const known = kept.get(key);
  if (known !== undefined) return known;
  let validate: ValidateFunction;
  try {
    // A fresh instance: `$id` of one process must not meet the same `$id` of another.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false, allErrors: false });
    const { $schema: _, ...rest } = toPlain(schema) as Record<string, unknown>;
    validate = ajv.compile(rest);
    // Its check would be a promise: never `true`, and an unhandled rejection where the answer does not fit.
    if ('$async' in validate) throw new Error('the keyword "$async" is not part of JSON schema');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(`Field "JSON schema" (input.schema) is not a valid JSON schema: ${reason}`);
  }
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value!);
  kept.set(key, validate);
  return validate;
}
