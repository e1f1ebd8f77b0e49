/** From the answer to what expressions see of it: the response of a success, the error of a failure. Pure. */
import { ConnectorError } from '../errors';
import type { HeaderLines, HttpResponse } from '../http/request';
import {
  isJsonList,
  isJsonObject,
  JsonSyntaxError,
  maxJsonParts,
  parseJsonPrefix,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../json/json';
import type { JsonText } from '../json/text';
import { ruleOf } from '../retry/policy';
import { withJavaNumbers } from '../java/number';
import { javaHashOrder } from '../java/hash-order';

const tooLarge = Symbol('more JSON than the worker reads');

/**
 * The response object as JSON text: `{status, headers, body, reason, document}`. Pure.
 * @param body     the body as expressions shall see it
 * @param document reference to the stored body
 */
export function responseText(
  answer: Omit<HttpResponse, 'body'>,
  body: Json,
  document: JsonObject | null,
): JsonText {
  const { status, reason } = answer;
  return stringifyJson({ status, headers: headersObject(answer.headers), body, reason, document });
}

/**
 * The body of a success: objects and lists parsed whatever the content type, everything else as text. Pure.
 * What follows the first object or list is dropped, as the Java runtime does.
 * @throws ConnectorError RESULT_TOO_LARGE when it would fill the memory
 */
export function successBody(body: Buffer | undefined): Json {
  const text = body?.toString('utf8') ?? '';
  if (isBlank(text)) return null;
  const value = parseContainer(text);
  if (value === tooLarge) {
    throw new ConnectorError(
      `Error while executing an HTTP request: Failed to read response body: more than ${maxJsonParts} pieces of JSON`,
      { code: '500', cause: 'RESULT_TOO_LARGE' },
    );
  }
  return value ?? text;
}

/** The error for a status of 400 and above. Pure. */
export function statusError(answer: HttpResponse): ConnectorError {
  const variables = { response: { headers: headersObject(answer.headers), body: errorBody(answer.body) } };
  return new ConnectorError(answer.reason, {
    code: String(answer.status),
    cause: ruleOf(answer.status).cause,
    variables: stringifyJson(variables),
  });
}

/** Names as received; lines of the same spelling become a list. */
function headersObject(headers: HeaderLines): JsonObject {
  const collected = new Map<string, string[]>();
  for (const [name, value] of headers) collected.set(name, [...(collected.get(name) ?? []), value]);
  const entries = [...collected].map(
    ([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values] as const,
  );
  return Object.fromEntries(javaHashOrder<Json>(entries));
}

/** Only an object is an object here: a list is unwrapped when it holds just one, and lost otherwise. */
function errorBody(body: Buffer | undefined): Json {
  if (body === undefined) return null;
  const text = body.toString('utf8');
  const value = isBlank(text) ? undefined : parseContainer(text);
  if (value === undefined || value === tooLarge) return text;
  if (!isJsonList(value)) return value;
  const [only] = value;
  return value.length === 1 && isJsonObject(only) ? only : null;
}

/** The object or list at the beginning of a text; undefined when there is none. */
function parseContainer(text: string): Json | typeof tooLarge | undefined {
  if (!/^[ \t\r\n]*[{[]/.test(text)) return undefined;
  try {
    return withJavaNumbers(parseJsonPrefix(text).value);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.tooLarge ? tooLarge : undefined;
    throw error;
  }
}

/** White space as Java sees it: no-break spaces and the byte order mark are not white space. */
function isBlank(text: string): boolean {
  return text.trim() === '' && !/[\u00a0\u2007\u202f\ufeff]/.test(text);
}
