/** Character classes in brackets: unions, ranges, intersections, negation. */
import { CharSet } from './charset';
import { PatternError } from './syntax';
import { PatternReader } from './reader';

export abstract class ClassParser extends PatternReader {
  /** Reads behind `[`; the closing bracket is taken only when `consume`. */
  protected bracketed(consume: boolean, atBracket = true): CharSet {
    const negated = atBracket && this.take('^');
    let set: CharSet | undefined;
    const add = (part: CharSet): void => {
      set = set === undefined ? part : set.union(part);
    };
    for (;;) {
      const next = this.peek();
      if (next === undefined) throw new PatternError('A character class is not closed.');
      if (next === '[') {
        this.next();
        add(this.nested(() => this.bracketed(true)));
      } else if (next === '&' && this.takeAll('&&')) {
        const right = this.#rightOperand();
        if (set === undefined && right === undefined) throw new PatternError('An operand of && is missing.');
        set = set === undefined ? right : right === undefined ? set : set.intersection(right);
      } else if (next === ']' && set !== undefined) {
        if (consume) this.next();
        return negated ? set.complement() : set;
      } else {
        add(this.#rangeOrClass());
      }
    }
  }

  /** Everything behind `&&` up to the end of the class or the next `&`. */
  #rightOperand(): CharSet | undefined {
    let right: CharSet | undefined;
    for (let next = this.peek(); next !== ']' && next !== '&'; next = this.peek()) {
      if (next === undefined) throw new PatternError('A character class is not closed.');
      const part = this.nested(() => {
        if (next !== '[') return this.bracketed(false, false);
        this.next();
        return this.bracketed(true);
      });
      right = right === undefined ? part : right.union(part);
    }
    return right;
  }

  #rangeOrClass(): CharSet {
    const first = this.#classItem();
    if (first instanceof CharSet) return this.folded(first);
    if (this.peek() === '-' && !['[', ']', undefined].includes(this.peek(1))) {
      this.next();
      const last = this.#classItem();
      if (last instanceof CharSet || last < first)
        throw new PatternError('A range of characters is out of order.');
      return this.folded(CharSet.of([[first, last]]));
    }
    return this.folded(CharSet.of([[first, first]]));
  }

  /** A character, or a class such as `\d`. */
  #classItem(): number | CharSet {
    const next = this.next();
    if (next !== '\\') return next.codePointAt(0)!;
    return this.shorthand() ?? this.escapedCode();
  }

  protected folded(set: CharSet): CharSet {
    return this.flags.i ? set.withOtherCase(this.flags.u) : set;
  }
}
