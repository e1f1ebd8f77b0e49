/** The characters of FEEL: white space and comments, names, strings. No knowledge of the grammar. */

const whitespace = new Set([
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x85, 0xa0, 0x1680, 0x180e, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004,
  0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
]);

const slash = 0x2f;
const star = 0x2a;

/**
 * Position after white space and comments.
 * @returns ~position of a block comment that is not closed, which is negative
 */
export function skipWhitespace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x20 || whitespace.has(code)) {
      at++;
    } else if (code === slash && text.charCodeAt(at + 1) === slash) {
      const end = text.indexOf('\n', at);
      if (end < 0) return text.length;
      at = end + 1;
    } else if (code === slash && text.charCodeAt(at + 1) === star) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return ~at;
      at = end + 2;
    } else {
      return at;
    }
  }
}

/** Words that are never a name by themselves; longer names may begin with them. */
export const reservedWords = [
  'satisfies',
  'function',
  'return',
  'false',
  'null',
  'true',
  'then',
  'else',
  'and',
  'in',
  'or',
] as const;

const nameStart = /[\p{L}\p{Nl}\p{Sc}\p{Pc}]/u;
const namePart = /[\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}\p{Cf}]/u;

/** May a name begin with this UTF-16 unit? As Java identifiers do. */
function isNameStart(code: number): boolean {
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x24;
  return nameStart.test(String.fromCharCode(code));
}

/** May a name go on with this UTF-16 unit? */
function isNamePart(code: number): boolean {
  if (isNameStart(code) || (code >= 0x30 && code <= 0x39)) return true;
  if (whitespace.has(code) || Number.isNaN(code)) return false;
  if (code < 0x80) return code <= 0x08 || (code >= 0x0e && code <= 0x1b) || code === 0x7f;
  return code <= 0x9f || namePart.test(String.fromCharCode(code));
}

function skipNameParts(text: string, from: number): number {
  let at = from;
  while (at < text.length && isNamePart(text.charCodeAt(at))) at++;
  return at;
}

/** Position after the name that begins here, or -1. */
export function skipName(text: string, from: number): number {
  const code = text.charCodeAt(from);
  const reserved = isNameStart(code) ? reservedWords.find((word) => text.startsWith(word, from)) : undefined;
  if (reserved === undefined) return isNameStart(code) ? skipNameParts(text, from + 1) : -1;
  const end = skipNameParts(text, from + reserved.length);
  return end > from + reserved.length ? end : -1;
}

/** Position after two or more names with spaces between them, or -1. */
export function skipSpacedName(text: string, from: number): number {
  let end = skipName(text, from);
  if (end < 0) return -1;
  let names = 1;
  for (;;) {
    let at = end;
    while (text.charCodeAt(at) === 0x20) at++;
    const next = at > end ? skipName(text, at) : -1;
    if (next < 0) break;
    end = next;
    names++;
  }
  return names > 1 ? end : -1;
}

/** Position after the closing quote of the string that begins here, or -1. */
export function skipString(text: string, from: number): number {
  if (text.charCodeAt(from) !== 0x22) return -1;
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
  return -1;
}

/** Position after the digits that begin here. */
export function skipDigits(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 0x30 && code <= 0x39; code = text.charCodeAt(at)) at++;
  return at;
}

const escapes: readonly (readonly [RegExp, string])[] = [
  [/(?<!\\)\\n/g, '\n'],
  [/(?<!\\)\\r/g, '\r'],
  [/(?<!\\)\\t/g, '\t'],
  [/(?<!\\)\\b/g, '\b'],
  [/(?<!\\)\\f/g, '\f'],
  [/(?<!\\)\\'/g, "'"],
  [/(?<!\\)\\"/g, '"'],
  [/\\\\/g, '\\'],
];

/**
 * The text that a string literal stands for. Other backslashes stay, for patterns.
 * @param raw the text between the quotes
 */
export function unescape(raw: string): string {
  if (!raw.includes('\\')) return raw;
  return escapes.reduce((text, [pattern, character]) => text.replace(pattern, character), raw);
}

/** Line and column of a position, counted from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
