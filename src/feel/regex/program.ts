/** Parts of a pattern -> instructions for the matcher. */
import { CharSet } from './charset';
import { lengthOf } from './parse';
import { PatternError, type Assertion, type ParsedPattern, type RegexNode } from './syntax';

export type Instruction =
  | { readonly op: 'set'; readonly set: CharSet }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  /** Remembers the position as a bound of a group. */
  | { readonly op: 'save'; readonly slot: number }
  /** Remembers where a round of a repetition begins. */
  | { readonly op: 'mark'; readonly register: number }
  /** Another round, unless the last one matched nothing. */
  | { readonly op: 'again'; readonly register: number; readonly lazy: boolean; readonly body: number }
  /** Characters of one set, as many or as few as possible. */
  | {
      readonly op: 'run';
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    }
  | { readonly op: 'assertion'; readonly assertion: Assertion }
  | { readonly op: 'reference'; readonly group: number; readonly ignoreCase: boolean }
  | { readonly op: 'atomic'; readonly body: readonly Instruction[] }
  | {
      readonly op: 'look';
      readonly body: readonly Instruction[];
      readonly negative: boolean;
      /** Lengths to try behind the position; undefined looks ahead. */
      readonly behind: { readonly min: number; readonly max: number } | undefined;
    }
  | { readonly op: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** Slots for the bounds of groups, two for each, the whole included. */
  readonly slots: number;
  readonly registers: number;
  /** A state that failed once fails again: true without references to groups. */
  readonly repeatable: boolean;
  /** Does any of its sets hold characters of two units? */
  readonly supplementary: boolean;
  /** What a match can begin with; undefined when it can be empty or begin with anything. */
  readonly first: CharSet | undefined;
}

const maxInstructions = 50_000;

class Builder {
  registers = 0;
  repeatable = true;
  supplementary = false;
  #count = 0;

  build(node: RegexNode): Instruction[] {
    const code: Instruction[] = [];
    this.#emit(node, code);
    code.push({ op: 'match' });
    return code;
  }

  #push(code: Instruction[], instruction: Instruction): void {
    if ('set' in instruction && instruction.set.last > 0xffff) this.supplementary = true;
    if (++this.#count > maxInstructions) throw new PatternError('The pattern is too large.');
    code.push(instruction);
  }

  #emit(node: RegexNode, code: Instruction[]): void {
    switch (node.kind) {
      case 'set':
        return this.#push(code, { op: 'set', set: node.set });
      case 'sequence':
        for (const item of node.items) this.#emit(item, code);
        return;
      case 'choice':
        return this.#emitChoice(node.options, code);
      case 'repeat':
        if (node.greed !== 'possessive') return this.#emitRepeat(node, code);
        return this.#push(code, { op: 'atomic', body: this.build({ ...node, greed: 'greedy' }) });
      case 'group':
        this.#push(code, { op: 'save', slot: node.index * 2 });
        this.#emit(node.body, code);
        return this.#push(code, { op: 'save', slot: node.index * 2 + 1 });
      case 'atomic':
        return this.#push(code, { op: 'atomic', body: this.build(node.body) });
      case 'look':
        return this.#push(code, {
          op: 'look',
          body: this.build(node.body),
          negative: node.negative,
          behind: node.behind ? lengthOf(node.body) : undefined,
        });
      case 'reference':
        this.repeatable = false;
        return this.#push(code, { op: 'reference', group: node.group, ignoreCase: node.ignoreCase });
      case 'assertion':
        return this.#push(code, { op: 'assertion', assertion: node.assertion });
    }
  }

  #emitChoice(options: readonly RegexNode[], code: Instruction[]): void {
    const exits: { op: 'jump'; to: number }[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) return this.#emit(option, code);
      const split = { op: 'split' as const, first: code.length + 1, second: 0 };
      this.#push(code, split);
      this.#emit(option, code);
      const exit = { op: 'jump' as const, to: 0 };
      this.#push(code, exit);
      exits.push(exit);
      split.second = code.length;
    });
    for (const exit of exits) exit.to = code.length;
  }

  #emitRepeat(node: Extract<RegexNode, { kind: 'repeat' }>, code: Instruction[]): void {
    const { body, min, max } = node;
    const lazy = node.greed === 'lazy';
    if (body.kind === 'set') return this.#push(code, { op: 'run', set: body.set, min, max, lazy });
    // What matches nothing but the empty text matches it once as well as often.
    const needed = lengthOf(body).max === 0 ? Math.min(min, 1) : min;
    for (let i = 0; i < needed; i++) this.#emit(body, code);
    if (max === Infinity) return this.#emitLoop(body, lazy, code);
    const exits: { op: 'split'; first: number; second: number }[] = [];
    for (let i = needed; i < max; i++) {
      const split = { op: 'split' as const, first: code.length + 1, second: code.length + 1 };
      this.#push(code, split);
      exits.push(split);
      this.#emit(body, code);
    }
    for (const exit of exits) {
      if (lazy) exit.first = code.length;
      else exit.second = code.length;
    }
  }

  #emitLoop(body: RegexNode, lazy: boolean, code: Instruction[]): void {
    const register = this.registers++;
    const enter = { op: 'split' as const, first: code.length + 1, second: code.length + 1 };
    this.#push(code, enter);
    const start = code.length;
    this.#push(code, { op: 'mark', register });
    this.#emit(body, code);
    this.#push(code, { op: 'again', register, lazy, body: start });
    if (lazy) enter.first = code.length;
    else enter.second = code.length;
  }
}

/** @throws PatternError when it would become too large */
export function buildProgram({ root, groupCount }: ParsedPattern): Program {
  const builder = new Builder();
  const instructions = builder.build(root);
  const first = firstOf(root);
  return {
    instructions,
    slots: (groupCount + 1) * 2,
    registers: builder.registers,
    repeatable: builder.repeatable,
    supplementary: builder.supplementary,
    first: first.empty ? undefined : first.set,
  };
}

interface First {
  /** undefined: anything. */
  readonly set: CharSet | undefined;
  readonly empty: boolean;
}

function firstOf(node: RegexNode): First {
  switch (node.kind) {
    case 'set':
      return { set: node.set, empty: false };
    case 'sequence':
      return node.items.reduce<First>(
        (before, item) => {
          if (!before.empty) return before;
          const next = firstOf(item);
          return { set: before.set && next.set && before.set.union(next.set), empty: next.empty };
        },
        { set: emptySet, empty: true },
      );
    case 'choice':
      return node.options
        .map(firstOf)
        .reduce((a, b) => ({ set: a.set && b.set && a.set.union(b.set), empty: a.empty || b.empty }));
    case 'repeat': {
      const body = firstOf(node.body);
      return { set: body.set, empty: body.empty || node.min === 0 };
    }
    case 'group':
    case 'atomic':
      return firstOf(node.body);
    case 'look':
    case 'assertion':
      return { set: emptySet, empty: true };
    case 'reference':
      return { set: undefined, empty: true };
  }
}

const emptySet = CharSet.of([]);
