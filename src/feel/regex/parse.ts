/** Text -> the parts of a pattern, by the syntax of java.util.regex. */
import { CharSet } from './charset';
import { ClassParser } from './parse-class';
import { lineEnds, vertical } from './properties';
import type { Flags } from './reader';
import { PatternError, type Assertion, type Greed, type ParsedPattern, type RegexNode } from './syntax';

const newline = CharSet.ofText('\n');
const empty: RegexNode = { kind: 'sequence', items: [] };
const assertions: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  z: 'textEnd',
  Z: 'lastLineEnd',
  b: 'wordBoundary',
  B: 'noWordBoundary',
  G: 'searchStart',
};
/** `\R` */
const lineBreak: RegexNode = {
  kind: 'choice',
  options: [
    {
      kind: 'sequence',
      items: [
        { kind: 'set', set: CharSet.ofText('\r') },
        { kind: 'set', set: newline },
      ],
    },
    { kind: 'set', set: vertical },
  ],
};
const maxRepeat = 1_000_000;

class PatternParser extends ClassParser {
  #groups = 0;
  readonly #names = new Map<string, number>();

  constructor(pattern: string, flags: string) {
    super(pattern);
    for (const flag of ['s', 'm', 'i', 'x'] as const) this.flags[flag] = flags.includes(flag);
  }

  parseAll(): ParsedPattern {
    const root = this.#choice();
    if (this.peek() !== undefined) throw new PatternError("A closing ')' has no opening one.");
    return { root, groupCount: this.#groups, names: this.#names };
  }

  #choice(): RegexNode {
    return this.nested(() => {
      const options = [this.#sequence()];
      while (this.take('|')) options.push(this.#sequence());
      return options.length === 1 ? options[0]! : { kind: 'choice', options };
    });
  }

  #sequence(): RegexNode {
    const items: RegexNode[] = [];
    for (let next = this.peek(); next !== undefined && next !== '|' && next !== ')'; next = this.peek()) {
      const atom = this.#atom();
      if (atom !== undefined) items.push(this.#repeated(atom));
    }
    return items.length === 1 ? items[0]! : { kind: 'sequence', items };
  }

  /** undefined for what only sets flags. */
  #atom(): RegexNode | undefined {
    const next = this.peek()!;
    switch (next) {
      case '*':
      case '+':
      case '?':
        throw new PatternError(`'${next}' has nothing to repeat.`);
      case '{':
        return empty;
      case '(':
        this.next();
        return this.#group();
      case '[':
        this.next();
        return { kind: 'set', set: this.nested(() => this.bracketed(true)) };
      case '.':
        this.next();
        return { kind: 'set', set: this.#dot() };
      case '^':
        this.next();
        return { kind: 'assertion', assertion: this.flags.m ? 'lineStart' : 'textStart' };
      case '$':
        this.next();
        return { kind: 'assertion', assertion: this.flags.m ? 'lineEnd' : 'lastLineEnd' };
      case '\\':
        this.next();
        return this.#escape();
      default:
        this.next();
        return this.#character(next.codePointAt(0)!);
    }
  }

  #character(code: number): RegexNode {
    return { kind: 'set', set: this.folded(CharSet.of([[code, code]])) };
  }

  #dot(): CharSet {
    if (this.flags.s) return CharSet.of([[0, 0x10ffff]]);
    return (this.flags.d ? newline : lineEnds).complement();
  }

  #escape(): RegexNode {
    const set = this.shorthand();
    if (set !== undefined) return { kind: 'set', set };
    const start = this.position;
    const letter = this.#rawPeek();
    const assertion = letter === undefined ? undefined : assertions[letter];
    if (assertion !== undefined) {
      this.position = start + 1;
      return { kind: 'assertion', assertion };
    }
    if (letter === 'R') {
      this.position = start + 1;
      return lineBreak;
    }
    if (letter === 'k') {
      this.position = start + 1;
      return this.#namedReference();
    }
    if (letter !== undefined && /[1-9]/.test(letter)) return this.#numberedReference();
    return this.#character(this.escapedCode());
  }

  #rawPeek(): string | undefined {
    const { x } = this.flags;
    this.flags.x = false;
    const next = this.peek();
    this.flags.x = x;
    return next;
  }

  #namedReference(): RegexNode {
    const name = this.take('<') ? this.until('>') : '';
    const group = this.#names.get(name);
    if (group === undefined) throw new PatternError(`There is no group '${name}'.`);
    return { kind: 'reference', group, ignoreCase: this.flags.i };
  }

  /** As many digits as name a group that was opened before; the first always counts. */
  #numberedReference(): RegexNode {
    let group = Number(this.next());
    for (let digit = this.#rawPeek(); digit !== undefined && /\d/.test(digit); digit = this.#rawPeek()) {
      const longer = group * 10 + Number(digit);
      if (longer > this.#groups) break;
      group = longer;
      this.next();
    }
    return { kind: 'reference', group, ignoreCase: this.flags.i };
  }

  #group(): RegexNode | undefined {
    const outer = { ...this.flags };
    const node = this.take('?') ? this.#specialGroup(outer) : this.#captured();
    return node;
  }

  #captured(name?: string): RegexNode {
    const index = ++this.#groups;
    if (name !== undefined) {
      if (this.#names.has(name)) throw new PatternError(`There are two groups '${name}'.`);
      this.#names.set(name, index);
    }
    return { kind: 'group', index, body: this.#closed() };
  }

  /** Up to the closing bracket; flags set inside end there. */
  #closed(outer: Flags = { ...this.flags }): RegexNode {
    const body = this.#choice();
    if (!this.take(')')) throw new PatternError("A '(' is not closed.");
    this.flags = outer;
    return body;
  }

  #specialGroup(outer: Flags): RegexNode | undefined {
    if (this.take(':')) return this.#closed(outer);
    if (this.take('=')) return { kind: 'look', behind: false, negative: false, body: this.#closed(outer) };
    if (this.take('!')) return { kind: 'look', behind: false, negative: true, body: this.#closed(outer) };
    if (this.take('>')) return { kind: 'atomic', body: this.#closed(outer) };
    if (this.take('<')) {
      if (this.take('=')) return this.#lookBehind(false, outer);
      if (this.take('!')) return this.#lookBehind(true, outer);
      const name = this.until('>');
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name))
        throw new PatternError(`'${name}' is not a name for a group.`);
      return this.#captured(name);
    }
    this.#setFlags();
    if (this.take(')')) return undefined;
    if (!this.take(':')) throw new PatternError('A group begins in an unknown way.');
    return this.#closed(outer);
  }

  #lookBehind(negative: boolean, outer: Flags): RegexNode {
    const body = this.#closed(outer);
    if (isBoundless(body)) throw new PatternError('A look-behind has no greatest length.');
    return { kind: 'look', behind: true, negative, body };
  }

  #setFlags(): void {
    let on = true;
    for (let next = this.peek(); next !== ')' && next !== ':'; next = this.peek()) {
      if (next === undefined) throw new PatternError('Flags are not closed.');
      this.next();
      if (next === '-') {
        on = false;
      } else if (next in this.flags) {
        // A copy, since the flags of the outer group are kept by reference.
        this.flags = { ...this.flags, [next]: on };
        if (next === 'U') this.flags.u = on;
      } else {
        throw new PatternError(`There is no flag '${next}'.`);
      }
    }
  }

  #repeated(body: RegexNode): RegexNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return body;
    const [min, max] = bounds;
    const greed: Greed = this.take('?') ? 'lazy' : this.take('+') ? 'possessive' : 'greedy';
    // Repeated, a line break is taken whole or not at all.
    const part: RegexNode = body === lineBreak ? { kind: 'atomic', body } : body;
    return { kind: 'repeat', body: part, min, max, greed };
  }

  #bounds(): [number, number] | undefined {
    if (this.take('*')) return [0, Infinity];
    if (this.take('+')) return [1, Infinity];
    if (this.take('?')) return [0, 1];
    if (!this.take('{')) return undefined;
    const match = /^(\d+)(?:(,)(\d*))?$/.exec(this.until('}'));
    if (match === null) throw new PatternError('A repetition in braces needs numbers.');
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (max < min || min > maxRepeat) throw new PatternError('A repetition in braces has no valid numbers.');
    return [min, max];
  }
}

/** Does it repeat more than a single character without end? Java looks back over that only. */
function isBoundless(node: RegexNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return (node.max === Infinity && node.body.kind !== 'set') || isBoundless(node.body);
    case 'sequence':
      return node.items.some(isBoundless);
    case 'choice':
      return node.options.some(isBoundless);
    case 'group':
    case 'atomic':
      return isBoundless(node.body);
    default:
      return node.kind === 'reference';
  }
}

/** Least and greatest number of characters that a part matches. */
export function lengthOf(node: RegexNode): { min: number; max: number } {
  switch (node.kind) {
    case 'set':
      return { min: 1, max: 1 };
    case 'sequence':
      return node.items
        .map(lengthOf)
        .reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), { min: 0, max: 0 });
    case 'choice':
      return node.options
        .map(lengthOf)
        .reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }));
    case 'repeat': {
      const { min, max } = lengthOf(node.body);
      return { min: min * node.min, max: max === 0 ? 0 : max * node.max };
    }
    case 'group':
    case 'atomic':
      return lengthOf(node.body);
    case 'reference':
      return { min: 0, max: Infinity };
    case 'look':
    case 'assertion':
      return { min: 0, max: 0 };
  }
}

/** @throws PatternError when the text is not a pattern */
export function parsePattern(pattern: string, flags: string): ParsedPattern {
  return new PatternParser(pattern, flags).parseAll();
}
