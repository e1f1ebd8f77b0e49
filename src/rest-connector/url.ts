/** The URL on the wire: decoded and encoded again as the Java runtime does, query parameters added. Pure. */
import { inputError } from '../errors';
import { protocolError } from './errors';
import type { TextMap } from './input';
import { checkJavaUri, splitUri, type UriParts } from '../java/uri';

/** Characters that stay as they are, next to letters and digits. */
const literalInPath = "-_.!~*'()@:$&,;=";
const literalInQuery = "-_.!~*'()@:$,;/?";
const unreserved = '-._~';

/**
 * Builds the URL to call.
 * @param url        as the task gives it
 * @param parameters added to the query; as soon as there is one, the URL's own query is encoded by the same strict rule
 * @param skipEncoding the URL is taken as it is
 * @returns absolute URL without fragment
 * @throws ConnectorError: no retry when it has no usable host, one retry when it cannot be encoded at all or names a user
 */
export function buildUrl(url: string, parameters: TextMap, skipEncoding: boolean): string {
  const parts = checkJavaUri(skipEncoding ? url : (reencode(url) ?? url));
  if (!isUsable(parts)) {
    const missing = /^https?$/i.test(parts.scheme) ? 'hostname' : parts.scheme === '' ? 'hostname' : 'scheme';
    throw inputError(
      `Invalid URL: The URL '${url}' cannot be parsed as a valid HTTP request. Please ensure the URL includes a valid ${missing}.`,
    );
  }
  if (parts.authority.includes('@')) throw protocolError();
  const query = addParameters(parts.query, parameters);
  const path = encodeNonAscii(parts.path === '' ? '/' : parts.path);
  return `${parts.scheme}://${parts.authority}${path}${query === undefined ? '' : `?${query}`}`;
}

/** Decodes and encodes piece by piece; undefined when the text cannot be decoded. */
function reencode(text: string): string | undefined {
  const trimmed = trimJava(text);
  const { scheme, authority, path, query, fragment } = splitUri(trimmed);
  if (!/^https?$/i.test(scheme) || !hasValidPort(authority)) return undefined;
  const segments = path.split('/').map((segment) => decode(segment));
  const pairs = query === undefined ? [] : decodeQuery(query);
  if (segments.includes(undefined) || pairs === undefined) return undefined;
  const encodedPath = segments.map((segment) => encode(segment ?? '', literalInPath)).join('/');
  const encodedQuery = pairs.map(([name, value]) => {
    const encodedName = encode(name, literalInQuery);
    return value === '' ? encodedName : `${encodedName}=${encode(value, literalInQuery)}`;
  });
  return [
    `${scheme.toLowerCase()}://${authority}${encodedPath}`,
    encodedQuery.length === 0 ? '' : `?${encodedQuery.join('&')}`,
    fragment === undefined ? '' : `#${encode(fragment, literalInQuery)}`,
  ].join('');
}

/** Pairs of a query, a repeated name's values next to each other; undefined when an escape is broken. */
function decodeQuery(query: string): (readonly [name: string, value: string])[] | undefined {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = decode((at < 0 ? pair : pair.slice(0, at)).replaceAll('+', ' '));
    const value = decode((at < 0 ? '' : pair.slice(at + 1)).replaceAll('+', ' '));
    if (name === undefined || value === undefined) return undefined;
    if (name === '') continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return [...values].flatMap(([name, list]) => list.map((value) => [name, value] as const));
}

function addParameters(query: string | undefined, parameters: TextMap): string | undefined {
  if (parameters.length === 0) return query === undefined ? undefined : encodeNonAscii(query);
  const own = (query ?? '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): readonly [string, string | undefined] => {
      const at = pair.indexOf('=');
      const name = at < 0 ? pair : pair.slice(0, at);
      const value = at < 0 ? undefined : pair.slice(at + 1);
      return [decode(name) ?? name, value === undefined ? undefined : (decode(value) ?? value)];
    });
  return [...own, ...parameters]
    .map(([name, value]) => {
      const encodedName = encode(name, unreserved);
      return value === undefined ? encodedName : `${encodedName}=${encode(value, unreserved)}`;
    })
    .join('&');
}

/** A host that can be called: no empty one, brackets around an IPv6 address, a port that is a number. */
function isUsable({ scheme, authority }: UriParts): boolean {
  return /^https?$/i.test(scheme) && hasValidPort(authority);
}

function hasValidPort(authority: string): boolean {
  const match = /^(?:[^@]*@)?(\[[0-9A-Fa-f:.%]+\]|[^:[\]@\s]+)(?::(\d*))?$/.exec(authority);
  return match !== null && Number(match[2] ?? 0) <= 65_535;
}

/** Percent-decodes UTF-8; what is not UTF-8 becomes U+FFFD. Undefined when an escape is broken. */
export function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Percent-encodes everything except ASCII letters, digits and the given characters, as UTF-8. */
export function encode(text: string, literal: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^A-Za-z0-9]/gu, (character) =>
      literal.includes(character) ? character : percentEncode(character),
    );
}

/** Percent-encodes strictly: only letters, digits and `-._~` stay. */
export function encodeStrictly(text: string): string {
  return encode(text, unreserved);
}

function encodeNonAscii(text: string): string {
  return text.toWellFormed().replaceAll(/[^\u0021-\u007e]/gu, percentEncode);
}

function percentEncode(character: string): string {
  return Array.from(
    Buffer.from(character, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** Java trims everything up to the space. */
function trimJava(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charAt(start) <= ' ') start++;
  while (end > start && text.charAt(end - 1) <= ' ') end--;
  return text.slice(start, end);
}
