/** The syntax check of Java's `java.net.URI`: what it refuses costs the job a retry, with its message. */
import { classNames } from './class-names';
import { javaFault } from './fault';

const unreserved = "A-Za-z0-9_\\-!.~'()*";
/** Beyond ASCII everything but control characters and spaces is allowed. */
const other =
  '\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\uffff';
const illegal = {
  authority: new RegExp(`[^${unreserved}${other}%$,;:@&=+\\[\\]]`),
  path: new RegExp(`[^${unreserved}${other}%:@&=+$,;/]`),
  query: new RegExp(`[^${unreserved}${other}%;/?:@&=+$,\\[\\]]`),
  fragment: new RegExp(`[^${unreserved}${other}%;/?:@&=+$,\\[\\]]`),
} as const;
const halfEscape = /%(?![0-9A-Fa-f]{2})/;

/** The pieces of an http(s) URI as they are written. */
export interface UriParts {
  readonly scheme: string;
  /** `user@host:port`; "" when there is none. */
  readonly authority: string;
  readonly path: string;
  /** Without the question mark; undefined when there is none. */
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

/** Cuts a URI at its delimiters, without judging it. */
export function splitUri(text: string): UriParts {
  const match = /^(?:([^:/?#]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, scheme = '', authority = '', path = '', query, fragment] = match ?? [];
  return { scheme, authority, path, query, fragment };
}

/**
 * Checks a URI.
 * @throws ConnectorError (one retry) `Illegal character in path at index 21: ...`
 */
export function checkJavaUri(text: string): UriParts {
  const parts = splitUri(text);
  let index = text.indexOf('//');
  index = index < 0 ? text.length - parts.path.length : index + 2;
  for (const name of ['authority', 'path', 'query', 'fragment'] as const) {
    const part = parts[name];
    if (part === undefined) continue;
    checkPart(text, name, part, index);
    index += part.length + (name === 'path' || name === 'query' ? 1 : 0);
  }
  return parts;
}

function checkPart(text: string, name: keyof typeof illegal, part: string, start: number): void {
  const wrong = illegal[name].exec(part);
  const escape = halfEscape.exec(part);
  if (escape !== null && (wrong === null || escape.index < wrong.index)) {
    throw syntaxFault(`Malformed escape pair at index ${start + escape.index}: ${text}`);
  }
  if (wrong !== null)
    throw syntaxFault(`Illegal character in ${name} at index ${start + wrong.index}: ${text}`);
}

function syntaxFault(message: string): Error {
  return javaFault(classNames.illegalArgument, message);
}
