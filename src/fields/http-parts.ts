/** Parts of a request that people write into fields: addresses, header lines, query. */
import { inputError } from '../errors';
import { isJsonObject, JsonNumber, type Json, type JsonObject } from '../json/json';

/**
 * Checks and trims an address: no trailing slash, no query, no user and password.
 * @param fieldName as in messages: `Field "Base URL" (connection.baseUrl)`
 * @throws ConnectorError INVALID_INPUT
 */
export function readAddress(text: string, fieldName: string, example: string): URL {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw inputError(`${fieldName} must be a URL such as ${example}, but is "${trimmed}".`);
  }
  if (url.username !== '' || url.password !== '') {
    throw inputError(`${fieldName} must not hold a user or password. Use the authentication fields.`);
  }
  return url;
}

/** Address, path and query of a call put together. */
export function joinUrl(base: string, path: string, query: readonly (readonly [string, string])[]): string {
  const search = new URLSearchParams(
    query.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  const separator = path.includes('?') ? '&' : '?';
  return search === '' ? base + path : `${base}${path}${separator}${search}`;
}

/** A context as header lines; a list of values becomes several lines. @throws ConnectorError INVALID_INPUT */
export function headerLines(headers: JsonObject | undefined, fieldName: string): [string, string][] {
  const lines: [string, string][] = [];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw inputError(`${fieldName} has "${name}", which is not a valid header name.`);
    }
    for (const item of Array.isArray(value) ? (value as readonly Json[]) : [value]) {
      if (item === null) continue;
      const text = item instanceof JsonNumber ? item.text : item;
      if (isJsonObject(item) || typeof text === 'object') {
        throw inputError(`${fieldName}: the value of "${name}" must be text.`);
      }
      lines.push([name, headerText(String(text), `${fieldName}: the value of "${name}"`)]);
    }
  }
  return lines;
}

/** A value that fits into one header line. The value is not shown: it may be a secret. @throws ConnectorError INVALID_INPUT */
export function headerText(value: string, what: string): string {
  const trimmed = value.trim();
  if (/[^\t\x20-\x7e\x80-\xff]/.test(trimmed)) {
    throw inputError(
      `${what} has a line break or another character that a header must not hold. Check that the secret was stored without one.`,
    );
  }
  return trimmed;
}
