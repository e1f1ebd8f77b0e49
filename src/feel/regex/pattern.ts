/** Patterns with Java's syntax and meaning, which no text can make slow. */
import { RE2JS } from 're2js';

/** One place where a pattern matched; groups by number, 0 is the whole. Offsets in UTF-16 units. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** undefined where a group took no part. */
  group(index: number): string | undefined;
}

export interface Pattern {
  readonly groupCount: number;
  /** Number of a named group. */
  groupIndex(name: string): number | undefined;
  /** The first match that begins at `from` or later. */
  find(text: string, from: number): Match | undefined;
}

/**
 * Reads a pattern.
 * @param flags of these `s`, `m`, `i` and `x` count
 * @returns undefined when it is no pattern
 */
export function compilePattern(pattern: string, flags: string): Pattern | undefined {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern, flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    return undefined;
  }
  const names = compiled.namedGroups();
  return {
    groupCount: compiled.groupCount(),
    groupIndex: (name) => names[name],
    find: (text, from) => {
      const matcher = compiled.matcher(text);
      if (!matcher.find(from)) return undefined;
      return {
        start: matcher.start(),
        end: matcher.end(),
        group: (index) => matcher.group(index) ?? undefined,
      };
    },
  };
}
