/**
 * Text -> syntax tree. A recursive descent over an ordered-choice grammar: the first alternative that matches is
 * taken, and what it took is not given back. Names are not looked up, so data never changes how text is read.
 * Results are remembered by position, which keeps the time linear where alternatives begin alike.
 */
import { FeelError } from './errors';
import { maxChain, maxNesting } from './limits';
import { ParseCalls } from './parse-calls';
import type { BinaryOperator, ComparisonOperator, Iterator, Node, RangeNode } from './syntax';
import { reservedWords, lineAndColumn } from './tokens';

/** Words of two or more letters come before their beginnings. */
const comparisons = ['<=', '>=', '!=', '<', '>', '='] as const;
const testComparisons = ['<=', '>=', '<', '>'] as const;
const specialTypes = ['years and months duration', 'days and time duration', 'date and time', 'function'];

const anOperator = 'an operator or the end';

class Parser extends ParseCalls {
  #nesting = 0;
  #chain = 0;

  parseAll(): Node {
    const node = this.expression();
    if (node !== undefined) {
      this.skip();
      if (this.at === this.text.length) return node;
      this.expect(anOperator);
    }
    throw this.#syntaxError();
  }

  #syntaxError(): FeelError {
    const offset = Math.min(this.farthest, this.text.length);
    const { line, column } = lineAndColumn(this.text, offset);
    const found =
      offset === this.text.length ? 'the end' : `'${this.text.slice(offset, offset + 12).split('\n')[0]}'`;
    const wanted = summary(this.expected);
    return new FeelError(
      'parse',
      `Syntax error in line ${line}, column ${column}: found ${found}${wanted && `, expected ${wanted}`}.${this.#hint(offset)}`,
      offset,
    );
  }

  /** The usual trap behind a dot: a key that is a word of the language. */
  #hint(offset: number): string {
    const word = this.expected.has('a name')
      ? reservedWords.find((reserved) => this.text.startsWith(reserved, offset))
      : undefined;
    return word === undefined
      ? ''
      : ` '${word}' is a reserved word; as a name it needs backticks: \`${word}\`.`;
  }

  /** Control structures, then everything with operators. */
  protected override expression(): Node | undefined {
    return this.remember('expression', () => {
      this.#enter();
      const node = this.#ifExpression() ?? this.#unconditional();
      this.#leave();
      return node;
    });
  }

  #enter(): void {
    if (++this.#chain > maxChain)
      throw new FeelError('limit', `The expression is nested more than ${maxChain} deep.`);
  }

  #leave(): void {
    this.#chain--;
  }

  /** Everything in brackets passes here, so depth of nesting is counted in one place. */
  protected override bracketed<T>(read: () => T): T {
    if (++this.#nesting > maxNesting)
      throw new FeelError('limit', `The expression is nested in brackets more than ${maxNesting} deep.`);
    const result = read();
    this.#nesting--;
    return result;
  }

  /** Chained `else if` is read in a loop, so that long chains need no deep stack. */
  #ifExpression(): Node | undefined {
    const branches: { start: number; condition: Node; then: Node }[] = [];
    for (
      let start = this.at, head = this.#ifHead();
      head !== undefined;
      start = this.at, head = this.#ifHead()
    ) {
      branches.push({ start, ...head });
      if (branches.length > maxChain)
        throw new FeelError('limit', `More than ${maxChain} else if are chained.`);
    }
    let otherwise = branches.length > 0 ? this.expression() : undefined;
    for (let branch = branches.pop(); branch !== undefined; branch = branches.pop()) {
      if (otherwise !== undefined) {
        const { condition, then } = branch;
        otherwise = { kind: 'if', condition, then, else: otherwise };
      } else {
        // Without its else it is not a branch: perhaps something else begins with these letters.
        this.at = branch.start;
        if (branches.length > 0) otherwise = this.#unconditional();
      }
    }
    return otherwise;
  }

  #ifHead(): { condition: Node; then: Node } | undefined {
    return this.attempt(() => {
      const condition = this.word('if') ? this.expression() : undefined;
      const then = condition && this.word('then') ? this.expression() : undefined;
      return condition && then && this.word('else') ? { condition, then } : undefined;
    });
  }

  #unconditional(): Node | undefined {
    return this.#forExpression() ?? this.#quantified() ?? this.#disjunction();
  }

  #forExpression(): Node | undefined {
    return this.attempt(() => {
      const iterators = this.word('for') ? this.#iterators() : undefined;
      if (iterators === undefined || !this.word('return')) return undefined;
      const body = this.expression();
      return body && { kind: 'for', iterators, body };
    });
  }

  #quantified(): Node | undefined {
    return this.attempt(() => {
      const kind = this.word('some') ? 'some' : this.word('every') ? 'every' : undefined;
      const iterators = kind && this.#iterators();
      if (kind === undefined || iterators === undefined || !this.word('satisfies')) return undefined;
      const body = this.expression();
      return body && { kind, iterators, body };
    });
  }

  #iterators(): Iterator[] | undefined {
    const iterators = this.separated(() => this.#iterator());
    return iterators.length > 0 ? iterators : undefined;
  }

  #iterator(): Iterator | undefined {
    return this.attempt(() => {
      const name = this.name();
      if (name === undefined || !this.word('in')) return undefined;
      const list = this.#iterationRange() ?? this.value();
      return list && { name, list };
    });
  }

  #iterationRange(): Node | undefined {
    return this.attempt(() => {
      const start = this.#arithmetic();
      if (start === undefined || !this.word('..')) return undefined;
      const end = this.#arithmetic();
      return end && { kind: 'iteration', start, end };
    });
  }

  #disjunction(): Node | undefined {
    return this.#chained(
      () => this.#conjunction(),
      () => (this.word('or') ? 'or' : undefined),
      (left, kind, right) => ({ kind, left, right }),
    );
  }

  #conjunction(): Node | undefined {
    return this.#chained(
      () => this.#comparison(),
      () => (this.word('and') ? 'and' : undefined),
      (left, kind, right) => ({ kind, left, right }),
    );
  }

  /** `operand (operator operand)*`, read from the left; an operator without operand is given back. */
  #chained<O extends string>(
    operand: () => Node | undefined,
    operator: () => O | undefined,
    join: (left: Node, operator: O, right: Node) => Node,
  ): Node | undefined {
    let left = operand();
    for (let count = 0; left !== undefined; count++) {
      if (count > maxChain) throw new FeelError('limit', `More than ${maxChain} operators are in a row.`);
      const base: Node = left;
      const joined: Node | undefined = this.attempt(() => {
        const sign = operator();
        const right = sign && operand();
        return sign && right && join(base, sign, right);
      });
      if (joined === undefined) return left;
      left = joined;
    }
    return undefined;
  }

  #comparison(): Node | undefined {
    const value = this.#arithmetic();
    if (value === undefined) return this.#simpleTest();
    return (
      this.attempt(() => this.#binaryComparison(value)) ??
      this.attempt(() => this.#between(value)) ??
      this.attempt(() => this.#instanceOf(value)) ??
      this.attempt(() => this.#inTests(value)) ??
      value
    );
  }

  #binaryComparison(left: Node): Node | undefined {
    const operator = comparisons.find((sign) => this.word(sign));
    const right = operator && this.#arithmetic();
    if (operator === undefined || right === undefined) return undefined;
    return operator === '!='
      ? { kind: 'notEqual', left, right }
      : { kind: 'comparison', operator, left, right };
  }

  #between(value: Node): Node | undefined {
    const low = this.word('between') ? this.#arithmetic() : undefined;
    const high = low && this.word('and') ? this.#arithmetic() : undefined;
    return low && high && { kind: 'between', value, low, high };
  }

  #instanceOf(value: Node): Node | undefined {
    if (!this.word('instance') || !this.word('of')) return undefined;
    const special = specialTypes.find((name) => this.word(name));
    const type = special ?? this.qualifiedName()?.join('.');
    return type === undefined ? undefined : { kind: 'instanceOf', value, type };
  }

  #inTests(value: Node): Node | undefined {
    if (!this.word('in')) return undefined;
    const several = this.attempt(() => {
      if (!this.word('(')) return undefined;
      const tests = this.bracketed(() => this.separated(() => this.#positiveTest()));
      return tests.length > 0 && this.word(')') ? tests : undefined;
    });
    if (several !== undefined) return { kind: 'in', value, tests: several };
    const test = this.#positiveTest();
    return test && { kind: 'in', value, tests: [test] };
  }

  #positiveTest(): Node | undefined {
    return this.remember('test', () => {
      // At the very end a boolean is compared with the value; elsewhere it is a condition.
      const last = this.attempt(() => {
        const operand = this.boolean();
        this.skip();
        return operand && this.at === this.text.length ? operand : undefined;
      });
      if (last !== undefined) return { kind: 'testCompare', operator: '=', operand: last };
      const simple = this.#simpleTest();
      if (simple !== undefined) return simple;
      const value = this.expression();
      return value && { kind: 'testExpression', value };
    });
  }

  #simpleTest(): Node | undefined {
    const compared = this.attempt((): Node | undefined => {
      const operator: ComparisonOperator | undefined = testComparisons.find((sign) => this.word(sign));
      const operand = operator && this.#arithmetic();
      return operator && operand && { kind: 'testCompare', operator, operand };
    });
    if (compared !== undefined) return compared;
    const range = this.range();
    return range && { kind: 'testRange', range };
  }

  protected override range(): RangeNode | undefined {
    return this.remember('range', () => {
      const open = ['(', ']', '['].find((sign) => this.word(sign));
      if (open === undefined) return undefined;
      return this.bracketed(() => {
        const start = this.#arithmetic();
        if (start === undefined || !this.word('..')) return undefined;
        const end = this.#arithmetic();
        const close = end && [')', '[', ']'].find((sign) => this.word(sign));
        if (end === undefined || close === undefined) return undefined;
        return { kind: 'range', start, startClosed: open === '[', end, endClosed: close === ']' };
      });
    });
  }

  /** Everything that binds closer than a comparison. */
  #arithmetic(): Node | undefined {
    return this.remember('arithmetic', () =>
      this.#operators(['+', '-'], () =>
        this.#operators(['*', '/'], () => this.#operators(['**'], () => this.#negation())),
      ),
    );
  }

  #operators(signs: readonly BinaryOperator[], operand: () => Node | undefined): Node | undefined {
    return this.#chained(
      operand,
      () => signs.find((sign) => this.word(sign)),
      (left, operator, right) => ({ kind: 'binary', operator, left, right }),
    );
  }

  #negation(): Node | undefined {
    return this.attempt(() => {
      if (!this.word('-')) return this.value();
      const value = this.value();
      return value && { kind: 'negation', value };
    });
  }
}

/** Everything that may follow a value. */
const operators = new Set(
  ['.', '[', '**', '*', '/', '+', '-', ...comparisons, 'between', 'instance', 'in', 'and', 'or', '..'].map(
    (sign) => `'${sign}'`,
  ),
);

/** What was expected, in few words: of all that begins a value or goes on behind one, only that. */
function summary(expected: ReadonlySet<string>): string {
  if (expected.has('a value')) return 'a value';
  if (expected.has('a name')) return 'a name';
  const others = [...expected].filter((one) => !operators.has(one) && one !== anOperator);
  const operator = others.length < expected.size ? ['an operator'] : [];
  return [...operator, ...others].join(', ');
}

/**
 * Reads an expression.
 * @throws FeelError kind parse, with the position; kind limit when it is nested too deeply
 */
export function parse(text: string): Node {
  return new Parser(text).parseAll();
}
