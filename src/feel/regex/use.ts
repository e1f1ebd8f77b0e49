/** What is done with patterns: all matches, replacing, splitting, by the rules of Java's Matcher. */
import { checkItems, checkText } from '../limits';
import type { Run } from '../run';
import type { Match, Pattern } from './pattern';

/** All matches, counted against the budget. */
function matchesOf(pattern: Pattern, text: string, run: Run): Generator<Match> {
  return pattern.matches(text, (steps) => run.spend(steps));
}

export function isMatch(pattern: Pattern, text: string, run: Run): boolean {
  return matchesOf(pattern, text, run).next().done === false;
}

export function allMatches(pattern: Pattern, text: string, run: Run): string[] {
  const found = Array.from(matchesOf(pattern, text, run), ({ start, end }) => text.slice(start, end));
  checkItems(found.length, run.limits);
  return found;
}

/** Empty parts at the end stay; an empty match at the very beginning gives none. */
export function splitAt(pattern: Pattern, text: string, run: Run): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of matchesOf(pattern, text, run)) {
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
  run: Run,
): string | undefined {
  const result: string[] = [];
  let parts: readonly Part[] | undefined;
  let from = 0;
  let length = 0;
  for (const match of matchesOf(pattern, text, run)) {
    parts ??= readReplacement(pattern, replacement);
    if (parts === undefined) return undefined;
    const inserted = parts
      .map((part) => (typeof part === 'string' ? part : (match.group(part) ?? '')))
      .join('');
    result.push(text.slice(from, match.start), inserted);
    length += match.start - from + inserted.length;
    checkText(length, run.limits);
    from = match.end;
  }
  result.push(text.slice(from));
  return result.join('');
}

const replacementPart = /\\([^])|\$(\d)(\d*)|\$\{([A-Za-z][A-Za-z0-9]*)\}|([^\\$]+)/y;

function readReplacement(pattern: Pattern, replacement: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  replacementPart.lastIndex = 0;
  while (replacementPart.lastIndex < replacement.length) {
    const match = replacementPart.exec(replacement);
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
