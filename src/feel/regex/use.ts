/** What is done with patterns: all matches, replacing, splitting, by the rules of Java's Matcher. */
import type { Limits } from '../limits';
import { checkText } from '../limits';
import type { Match, Pattern } from './pattern';

/** Matches one after the other; an empty one is followed by a search one unit further on. */
export function* matchesOf(pattern: Pattern, text: string): Generator<Match> {
  for (let from = 0; from <= text.length;) {
    const match = pattern.find(text, from);
    if (match === undefined) return;
    yield match;
    from = match.end > match.start ? match.end : match.end + 1;
  }
}

export function allMatches(pattern: Pattern, text: string): string[] {
  return Array.from(matchesOf(pattern, text), ({ start, end }) => text.slice(start, end));
}

/** Empty parts at the end stay; an empty match at the very beginning gives none. */
export function splitAt(pattern: Pattern, text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of matchesOf(pattern, text)) {
    if (start === 0 && end === 0) continue;
    parts.push(text.slice(from, start));
    from = end;
  }
  parts.push(text.slice(from));
  return parts;
}

/** A part of a replacement: text as it is, or the number of a group. */
type Part = string | number;

/**
 * Replaces all matches. `$1` and `${name}` stand for groups, a backslash makes the next character ordinary.
 * @returns undefined when the replacement is invalid and something matched
 */
export function replaceAll(
  pattern: Pattern,
  text: string,
  replacement: string,
  limits: Limits,
): string | undefined {
  const result: string[] = [];
  let parts: readonly Part[] | undefined;
  let from = 0;
  let length = 0;
  for (const match of matchesOf(pattern, text)) {
    parts ??= readReplacement(pattern, replacement);
    if (parts === undefined) return undefined;
    const inserted = parts
      .map((part) => (typeof part === 'string' ? part : (match.group(part) ?? '')))
      .join('');
    result.push(text.slice(from, match.start), inserted);
    length += match.start - from + inserted.length;
    checkText(length, limits);
    from = match.end;
  }
  result.push(text.slice(from));
  return result.join('');
}

const REPLACEMENT = /\\([^])|\$(\d)(\d*)|\$\{([A-Za-z][A-Za-z0-9]*)\}|([^\\$]+)/y;

function readReplacement(pattern: Pattern, replacement: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  REPLACEMENT.lastIndex = 0;
  while (REPLACEMENT.lastIndex < replacement.length) {
    const match = REPLACEMENT.exec(replacement);
    if (match === null) return undefined;
    const [, escaped, digit, digits = '', name, plain] = match;
    if (digit !== undefined) {
      const part = groupNumber(pattern, Number(digit), digits);
      if (part === undefined) return undefined;
      parts.push(...part);
    } else if (name !== undefined) {
      const index = pattern.groupIndex(name);
      if (index === undefined) return undefined;
      parts.push(index);
    } else parts.push(escaped ?? plain ?? '');
  }
  return parts;
}

/** As many digits as still name a group; the rest is text. */
function groupNumber(pattern: Pattern, first: number, digits: string): Part[] | undefined {
  if (first > pattern.groupCount) return undefined;
  let group = first;
  let used = 0;
  while (used < digits.length && group * 10 + Number(digits[used]) <= pattern.groupCount)
    group = group * 10 + Number(digits[used++]);
  return [group, digits.slice(used)];
}
