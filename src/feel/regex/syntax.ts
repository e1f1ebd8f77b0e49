/** The parts of a pattern. */
import type { CharSet } from './charset';

export type Assertion =
  /** `^`, `\A`; with lines: after every line end. */
  | 'textStart'
  | 'lineStart'
  /** `\z`, and `$` or `\Z` before a last line end; with lines: before every line end. */
  | 'textEnd'
  | 'lastLineEnd'
  | 'lineEnd'
  | 'wordBoundary'
  | 'noWordBoundary'
  /** `\G`: where the search began. */
  | 'searchStart';

/** How a repetition tries: most first, fewest first, or most without giving back. */
export type Greed = 'greedy' | 'lazy' | 'possessive';

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly body: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly greed: Greed;
    }
  | { readonly kind: 'group'; readonly index: number; readonly body: RegexNode }
  | { readonly kind: 'atomic'; readonly body: RegexNode }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly body: RegexNode }
  | { readonly kind: 'reference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly kind: 'assertion'; readonly assertion: Assertion };

export interface ParsedPattern {
  readonly root: RegexNode;
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
}

/** Thrown for texts that are not a pattern. */
export class PatternError extends Error {}
