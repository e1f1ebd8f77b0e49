/** The parser's position in the text, giving back, remembering, and what was expected where it got stuck. */
import { FeelError } from './errors';
import { lineAndColumn, skipName, skipWhitespace } from './tokens';

interface Remembered {
  readonly node: unknown;
  readonly end: number;
}

export abstract class ParseBase {
  protected at = 0;
  /** The farthest place where something was missing, and what. */
  protected farthest = 0;
  protected readonly expected = new Set<string>();
  readonly #memory = new Map<string, Map<number, Remembered>>();

  constructor(protected readonly text: string) {}

  protected skip(): void {
    const end = skipWhitespace(this.text, this.at);
    if (end < 0) {
      const { line, column } = lineAndColumn(this.text, ~end);
      throw new FeelError(
        'parse',
        `Syntax error: a comment is not closed, see line ${line}, column ${column}.`,
        ~end,
      );
    }
    this.at = end;
  }

  /** Notes that `what` is missing here; always undefined. */
  protected expect(what: string): undefined {
    if (this.at > this.farthest) {
      this.farthest = this.at;
      this.expected.clear();
    }
    if (this.at === this.farthest) this.expected.add(what);
    return undefined;
  }

  /** Takes a word or sign after white space. It needs no boundary behind it. */
  protected word(word: string): boolean {
    const start = this.at;
    this.skip();
    if (this.text.startsWith(word, this.at)) {
      this.at += word.length;
      return true;
    }
    this.expect(`'${word}'`);
    this.at = start;
    return false;
  }

  /** Goes back to where it began when `read` finds nothing. */
  protected attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.at;
    const result = read();
    if (result === undefined) this.at = start;
    return result;
  }

  /** As `attempt`, and asks only once at every position. */
  protected remember<T>(rule: string, read: () => T | undefined): T | undefined {
    let results = this.#memory.get(rule);
    if (results === undefined) {
      results = new Map<number, Remembered>();
      this.#memory.set(rule, results);
    }
    const start = this.at;
    const known = results.get(start);
    if (known !== undefined) {
      this.at = known.end;
      return known.node as T | undefined;
    }
    const node = this.attempt(read);
    results.set(start, { node, end: this.at });
    return node;
  }

  /** Items with commas between them, none included; a comma without item behind it is given back. */
  protected separated<T>(item: () => T | undefined): T[] {
    const items: T[] = [];
    let next = item();
    while (next !== undefined) {
      items.push(next);
      next = this.attempt(() => (this.word(',') ? item() : undefined));
    }
    return items;
  }

  /** A plain name or one in backticks. */
  protected name(): string | undefined {
    return this.attempt(() => {
      this.skip();
      const start = this.at;
      const end = skipName(this.text, start);
      if (end > 0) {
        this.at = end;
        return this.text.slice(start, end);
      }
      const close = this.text[start] === '`' ? this.text.indexOf('`', start + 1) : -1;
      if (close <= start + 1) return this.expect('a name');
      this.at = close + 1;
      return this.text.slice(start + 1, close);
    });
  }
}
