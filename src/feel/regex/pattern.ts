/**
 * Patterns with the syntax and meaning of java.util.regex, and a matcher whose time is bounded: what would take
 * exponential time elsewhere takes linear time here, and every step counts against the budget of the evaluation.
 */
import { Cache } from '../cache';
import { Matcher } from './match';
import { parsePattern } from './parse';
import { buildProgram, type Program } from './program';
import { PatternError } from './syntax';

/** One place where a pattern matched. Offsets in UTF-16 units. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Text of a group by number, 0 is the whole; undefined where it took no part. */
  group(index: number): string | undefined;
}

export class Pattern {
  readonly #program: Program;
  readonly #names: ReadonlyMap<string, number>;

  constructor(
    program: Program,
    readonly groupCount: number,
    names: ReadonlyMap<string, number>,
  ) {
    this.#program = program;
    this.#names = names;
  }

  /** Number of a named group. */
  groupIndex(name: string): number | undefined {
    return this.#names.get(name);
  }

  /**
   * Matches one after the other; an empty one is followed by a search one unit further on.
   * @param spend takes steps from the budget
   */
  *matches(text: string, spend: (steps: number) => void): Generator<Match> {
    const matcher = new Matcher(this.#program, text, spend);
    for (let from = 0; from <= text.length;) {
      const slots = matcher.find(from);
      if (slots === undefined) break;
      const [start = 0, end = 0] = slots;
      yield {
        start,
        end,
        group: (index) => {
          const low = slots[index * 2] ?? -1;
          const high = slots[index * 2 + 1] ?? -1;
          return low < 0 || high < 0 ? undefined : text.slice(low, high);
        },
      };
      from = end > start ? end : end + 1;
    }
    matcher.settle();
  }
}

const cachedPatterns = 200;
const patterns = new Cache<string, { pattern: Pattern | undefined }>(cachedPatterns);

/**
 * Reads a pattern; the last 200 are remembered.
 * @param flags of these `s`, `m`, `i` and `x` count
 * @returns undefined when the text is not a pattern
 */
export function compilePattern(text: string, flags: string): Pattern | undefined {
  const key = `${flags}/${text}`;
  const known = patterns.get(key);
  if (known !== undefined) return known.pattern;
  const pattern = read(text, flags);
  patterns.set(key, { pattern });
  return pattern;
}

function read(text: string, flags: string): Pattern | undefined {
  try {
    const parsed = parsePattern(text, flags);
    return new Pattern(buildProgram(parsed), parsed.groupCount, parsed.names);
  } catch (error) {
    if (error instanceof PatternError) return undefined;
    throw error;
  }
}
