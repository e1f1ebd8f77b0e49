/** The characters of a pattern, its flags, and what follows a backslash. */
import type { CharSet } from './charset';
import { digit, horizontal, space, vertical, word, propertySet, unicodeShorthand } from './properties';
import { PatternError } from './syntax';

export interface Flags {
  /** Case of ASCII letters does not count. */
  i: boolean;
  /** `^` and `$` match at every line. */
  m: boolean;
  /** `.` matches line ends. */
  s: boolean;
  /** White space and comments are skipped. */
  x: boolean;
  /** With `i`: case of no letter counts. */
  u: boolean;
  /** Only a line feed ends a line. */
  d: boolean;
  /** Classes such as `\w` are those of Unicode. */
  U: boolean;
}

const maxNesting = 200;
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

export abstract class PatternReader {
  #at = 0;
  readonly #characters: readonly string[];
  #depth = 0;
  protected flags: Flags = { i: false, m: false, s: false, x: false, u: false, d: false, U: false };

  constructor(pattern: string) {
    this.#characters = literalQuotes(Array.from(pattern));
  }

  protected get position(): number {
    return this.#at;
  }

  protected set position(at: number) {
    this.#at = at;
  }

  /** The next character, or one further on; skipped ones do not count. */
  protected peek(further = 0): string | undefined {
    this.#skipComments();
    return this.#characters[this.#at + further];
  }

  protected next(): string {
    const next = this.peek();
    if (next === undefined) throw new PatternError('The pattern ends too early.');
    this.#at++;
    return next;
  }

  protected take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at++;
    return true;
  }

  protected takeAll(text: string): boolean {
    this.#skipComments();
    if (!Array.from(text).every((character, i) => this.#characters[this.#at + i] === character)) return false;
    this.#at += text.length;
    return true;
  }

  protected nested<T>(read: () => T): T {
    if (++this.#depth > maxNesting) throw new PatternError('The pattern is nested too deeply.');
    const result = read();
    this.#depth--;
    return result;
  }

  #skipComments(): void {
    if (!this.flags.x) return;
    for (;;) {
      const next = this.#characters[this.#at];
      if (next === '#') {
        while (
          this.#at < this.#characters.length &&
          !/[\n\r\u0085\u2028\u2029]/.test(this.#characters[this.#at]!)
        )
          this.#at++;
      } else if (next !== undefined && space.has(next.codePointAt(0)!)) {
        this.#at++;
      } else {
        return;
      }
    }
  }

  /** A run of characters up to a closing one, which is taken as well. */
  protected until(close: string): string {
    const end = this.#characters.indexOf(close, this.#at);
    if (end < 0) throw new PatternError(`'${close}' is missing.`);
    const text = this.#characters.slice(this.#at, end).join('');
    this.#at = end + 1;
    return text;
  }

  /** After a backslash: the class that a letter stands for; undefined, and nothing taken, when it does not stand for one. */
  protected shorthand(): CharSet | undefined {
    const letter = this.#characters[this.#at];
    const set = letter === undefined ? undefined : this.#shorthandOf(letter);
    if (set !== undefined) return set;
    return undefined;
  }

  #shorthandOf(letter: string): CharSet | undefined {
    const small = letter.toLowerCase();
    if (!'dswhvp'.includes(small)) return undefined;
    this.#at++;
    const set = this.#smallShorthand(small);
    return small === letter ? set : set.complement();
  }

  #smallShorthand(letter: string): CharSet {
    switch (letter) {
      case 'd':
        return this.flags.U ? unicodeShorthand('d') : digit;
      case 's':
        return this.flags.U ? unicodeShorthand('s') : space;
      case 'w':
        return this.flags.U ? unicodeShorthand('w') : word;
      case 'h':
        return horizontal;
      case 'v':
        return vertical;
      default:
        return this.#property();
    }
  }

  #property(): CharSet {
    const name = this.take('{') ? this.until('}') : this.next();
    const set = propertySet(name, this.flags.U);
    if (set === undefined) throw new PatternError(`There is no character class '${name}'.`);
    // Without regard to case the three cases of letters are one.
    if (this.flags.i && /^(Is|gc=|general_category=)?(Lu|Ll|Lt)$/.test(name))
      return ['Lu', 'Ll', 'Lt'].reduce((all, one) => all.union(propertySet(one, false) ?? all), set);
    if (this.flags.i && (name === 'Lower' || name === 'Upper'))
      return propertySet('Alpha', this.flags.U) ?? set;
    return set;
  }

  /** After a backslash: the character that an escape stands for. */
  protected escapedCode(): number {
    const letter = this.#characters[this.#at++];
    if (letter === undefined) throw new PatternError('A backslash is at the end.');
    const control = controls[letter];
    if (control !== undefined) return control;
    if (letter === '0') return this.#octal();
    if (letter === 'x')
      return this.take('{') ? this.#hexadecimal(this.until('}')) : this.#hexadecimal(this.#digits(2));
    if (letter === 'u') return this.#utf16();
    if (letter === 'c') return this.#rawNext().codePointAt(0)! ^ 64;
    if (/[A-Za-z1-9]/.test(letter)) throw new PatternError(`'\\${letter}' has no meaning.`);
    return letter.codePointAt(0)!;
  }

  #rawNext(): string {
    const next = this.#characters[this.#at++];
    if (next === undefined) throw new PatternError('An escape ends too early.');
    return next;
  }

  #digits(count: number): string {
    let text = '';
    while (text.length < count) text += this.#rawNext();
    return text;
  }

  #hexadecimal(text: string): number {
    const code = /^[\da-fA-F]+$/.test(text) ? parseInt(text, 16) : NaN;
    if (!(code <= 0x10ffff)) throw new PatternError(`'${text}' is not a character code.`);
    return code;
  }

  /** Two escapes may make up one character. */
  #utf16(): number {
    const unit = this.#hexadecimal(this.#digits(4));
    if (
      unit < 0xd800 ||
      unit > 0xdbff ||
      this.#characters[this.#at] !== '\\' ||
      this.#characters[this.#at + 1] !== 'u'
    )
      return unit;
    const start = this.#at;
    this.#at += 2;
    const low = this.#hexadecimal(this.#digits(4));
    if (low >= 0xdc00 && low <= 0xdfff) return (unit - 0xd800) * 0x400 + low - 0xdc00 + 0x10000;
    this.#at = start;
    return unit;
  }

  #octal(): number {
    let text = '';
    while (
      text.length < 3 &&
      /^[0-7]$/.test(this.#characters[this.#at] ?? '') &&
      parseInt(text + this.#characters[this.#at]!, 8) < 256
    )
      text += this.#rawNext();
    if (text === '') throw new PatternError('An octal escape has no digits.');
    return parseInt(text, 8);
  }
}

/** `\Q..\E`: the text between is not syntax; it is escaped character by character. */
function literalQuotes(characters: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < characters.length; at++) {
    const [here, behind] = [characters[at]!, characters[at + 1]];
    if (here !== '\\') {
      result.push(here);
    } else if (behind !== 'Q') {
      result.push(here);
      if (behind !== undefined) result.push(behind);
      at++;
    } else {
      at += 2;
      while (at < characters.length && !(characters[at] === '\\' && characters[at + 1] === 'E')) {
        const quoted = characters[at++]!;
        // Letters and digits mean themselves, and behind a backslash something else.
        result.push(...(/[\p{L}\p{N}]/u.test(quoted) ? [quoted] : ['\\', quoted]));
      }
      at++;
    }
  }
  return result;
}
