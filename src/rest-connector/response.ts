/** From the answer to what expressions see of it: the response of a success, the error of a failure. Pure. */
import { ConnectorError, type Cause } from '../errors';
import type { HeaderLines, HttpResponse } from '../http/request';
import {
  isJsonList,
  isJsonObject,
  JsonSyntaxError,
  parseJsonPrefix,
  stringifyJson,
  type Json,
  type JsonObject,
} from '../json/json';
import { withJavaNumbers } from '../json/java-number';
import { javaHashOrder } from './java-hash-order';

/**
 * The response object as JSON text: `{status, headers, body, reason, document}`. Pure.
 * @param body     the body as expressions shall see it
 * @param document reference to the stored body
 */
export function responseText(
  answer: Omit<HttpResponse, 'body'>,
  body: Json,
  document: JsonObject | null,
): string {
  const { status, reason } = answer;
  return stringifyJson({ status, headers: headersObject(answer.headers), body, reason, document });
}

/**
 * The body of a success: objects and lists parsed whatever the content type, everything else as text. Pure.
 * What follows the first object or list is dropped, as the Java runtime does.
 */
export function successBody(body: Buffer | undefined): Json {
  const text = body?.toString('utf8') ?? '';
  return isBlank(text) ? null : (parseContainer(text) ?? text);
}

/** The error for a status of 400 and above. Pure. */
export function statusError(answer: HttpResponse): ConnectorError {
  const variables = { response: { headers: headersObject(answer.headers), body: errorBody(answer.body) } };
  return new ConnectorError(answer.reason, {
    code: String(answer.status),
    cause: causeOf(answer.status),
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
  if (!isJsonList(value)) return value ?? text;
  const [only] = value;
  return value.length === 1 && isJsonObject(only) ? only : null;
}

/** The object or list at the beginning of a text; undefined when there is none. */
function parseContainer(text: string): Json | undefined {
  if (!/^[ \t\r\n]*[{[]/.test(text)) return undefined;
  try {
    return withJavaNumbers(parseJsonPrefix(text).value);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** White space as Java sees it: no-break spaces and the byte order mark are none. */
function isBlank(text: string): boolean {
  return text.trim() === '' && !/[\u00a0\u2007\u202f\ufeff]/.test(text);
}

function causeOf(status: number): Cause {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 429) return 'RATE_LIMITED';
  return status >= 500 ? 'SERVER_ERROR' : 'INVALID_REQUEST';
}
