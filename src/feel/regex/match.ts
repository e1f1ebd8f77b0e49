/**
 * Runs a program over a text: tries alternatives in order and gives back as Java's matcher does, on a stack of its own.
 * When a search takes long, states that failed are remembered, so that time stays linear in the length of the text.
 * Every step is counted; the caller's budget ends what still takes too long.
 */
import type { CharSet } from './charset';
import { holdsAt } from './assertions';
import type { Instruction, Program } from './program';

/** Steps of one search after which failed states are remembered. */
const patientSteps = 2_000;
/** Largest number of states that are remembered, one bit each. */
const maxStates = 2 ** 28;
/** Matcher steps for one step of the budget. */
const stepsPerCharge = 4;
/** Places that are passed over for one step of the matcher. */
const placesPerStep = 16;
const chargedAtOnce = 1_024;

/** What a frame of the stack does when everything behind it failed. */
const enum Frame {
  /** Go on at an instruction and position. */
  Resume,
  /** Put a slot back. */
  Slot,
  /** Put a register back. */
  Register,
  /** Give back one more character of a run. */
  Shrink,
  /** Take one more character of a run. */
  Grow,
}

export class Matcher {
  readonly #program: Program;
  readonly #text: string;
  readonly #spend: (steps: number) => void;
  #steps = 0;
  #charged = 0;
  #visited: Uint32Array | undefined;
  readonly #slots: Int32Array;
  readonly #registers: Int32Array;
  /** End of the match before, for `\\G`. */
  #lastEnd = 0;

  constructor(
    program: Program,
    text: string,
    /** Takes steps from the budget; throws when it is used up. */
    spend: (steps: number) => void,
  ) {
    this.#program = program;
    this.#text = text;
    this.#spend = spend;
    this.#slots = new Int32Array(program.slots);
    this.#registers = new Int32Array(program.registers);
  }

  /** Bounds of the groups of the first match at `from` or later; -1 for groups that took no part. */
  find(from: number): Int32Array | undefined {
    const { first, instructions } = this.#program;
    this.#visited = undefined;
    const patience = this.#steps + patientSteps;
    for (let start = from; start <= this.#text.length; start++) {
      if (start % placesPerStep === 0) this.#count();
      if (first !== undefined && !(start < this.#text.length && first.has(this.#text.codePointAt(start)!)))
        continue;
      this.#slots.fill(-1);
      const end = this.#run(instructions, start, -1, patience);
      if (end >= 0) {
        this.#slots[0] = start;
        this.#slots[1] = end;
        this.#lastEnd = end;
        return this.#slots.slice();
      }
      // A pattern that knows such characters does not look into them.
      if (this.#program.supplementary && this.#isPairBefore(start + 2, start)) start++;
    }
    return undefined;
  }

  #count(): void {
    if (++this.#steps - this.#charged < chargedAtOnce) return;
    this.#spend((this.#steps - this.#charged) / stepsPerCharge);
    this.#charged = this.#steps;
  }

  /** Takes what is not yet counted from the budget. */
  settle(): void {
    this.#spend((this.#steps - this.#charged) / stepsPerCharge);
    this.#charged = this.#steps;
  }

  /** Has this state failed before? It counts as failed from now on. */
  #failedBefore(state: number): boolean {
    if (this.#visited === undefined) {
      const states = this.#program.instructions.length * (this.#text.length + 1);
      this.#spend(states / 1024);
      this.#visited = new Uint32Array(Math.ceil(states / 32));
    }
    const word = state >>> 5;
    const bit = 1 << (state & 31);
    if ((this.#visited[word]! & bit) !== 0) return true;
    this.#visited[word]! |= bit;
    return false;
  }

  /**
   * Runs instructions from a position.
   * @param mustEnd where the match has to end; -1: anywhere
   * @param patience count of steps from which on failed states are remembered; Infinity inside other programs
   * @returns the end of the match, -1 when there is none
   */
  // eslint-disable-next-line max-lines-per-function -- an interpreter's loop: position and stack are local, for speed
  #run(code: readonly Instruction[], start: number, mustEnd: number, patience: number): number {
    const text = this.#text;
    const states = code.length * (text.length + 1);
    const mayRemember = this.#program.repeatable && patience !== Infinity && states <= maxStates;
    const stack: number[] = [];
    let pc = 0;
    let at = start;
    for (;;) {
      this.#count();
      const instruction = code[pc]!;
      let ok = !(
        mayRemember &&
        this.#steps > patience &&
        (instruction.op === 'split' || instruction.op === 'again' || instruction.op === 'run') &&
        this.#failedBefore(at * code.length + pc)
      );
      if (ok) {
        switch (instruction.op) {
          case 'set': {
            const code = at < text.length ? text.codePointAt(at)! : -1;
            ok = code >= 0 && instruction.set.has(code);
            if (ok) at += code > 0xffff ? 2 : 1;
            pc++;
            break;
          }
          case 'split':
            stack.push(instruction.second, at, Frame.Resume);
            pc = instruction.first;
            break;
          case 'jump':
            pc = instruction.to;
            break;
          case 'save':
            stack.push(instruction.slot, this.#slots[instruction.slot]!, Frame.Slot);
            this.#slots[instruction.slot] = at;
            pc++;
            break;
          case 'mark':
            stack.push(instruction.register, this.#registers[instruction.register]!, Frame.Register);
            this.#registers[instruction.register] = at;
            pc++;
            break;
          case 'again':
            if (this.#registers[instruction.register]! === at) {
              pc++;
            } else if (instruction.lazy) {
              stack.push(instruction.body, at, Frame.Resume);
              pc++;
            } else {
              stack.push(pc + 1, at, Frame.Resume);
              pc = instruction.body;
            }
            break;
          case 'run': {
            const least = this.#advance(instruction.set, at, instruction.min);
            ok = least >= 0;
            if (ok) at = this.#takeRun(instruction, least, pc, stack);
            pc++;
            break;
          }
          case 'assertion':
            ok = holdsAt(instruction.assertion, text, at, this.#lastEnd);
            pc++;
            break;
          case 'reference': {
            const end = this.#endOfReference(instruction.group, instruction.ignoreCase, at);
            ok = end >= 0;
            at = end;
            pc++;
            break;
          }
          case 'atomic': {
            const before = this.#slots.slice();
            const end = this.#run(instruction.body, at, -1, Infinity);
            ok = end >= 0;
            this.#keepSlots(before, stack);
            at = end;
            pc++;
            break;
          }
          case 'look': {
            const before = this.#slots.slice();
            const found = this.#look(instruction, at);
            ok = found !== instruction.negative;
            if (found && !instruction.negative) this.#keepSlots(before, stack);
            else this.#slots.set(before);
            pc++;
            break;
          }
          case 'match':
            ok = mustEnd < 0 || at === mustEnd;
            if (ok) return at;
            break;
        }
      }
      if (ok) continue;
      // Everything from here failed: undo, up to the last place where something else can be tried.
      for (;;) {
        const frame = stack.pop() as Frame | undefined;
        if (frame === undefined) return -1;
        const second = stack.pop()!;
        const first = stack.pop()!;
        if (frame === Frame.Resume) {
          pc = first;
          at = second;
          break;
        } else if (frame === Frame.Slot) {
          this.#slots[first] = second;
        } else if (frame === Frame.Register) {
          this.#registers[first] = second;
        } else if (frame === Frame.Shrink) {
          const least = stack.pop()!;
          at = second - (this.#isPairBefore(second, least) ? 2 : 1);
          if (at > least) stack.push(least, first, at, Frame.Shrink);
          pc = first + 1;
          break;
        } else {
          const left = stack.pop()!;
          const { set } = code[first] as Extract<Instruction, { op: 'run' }>;
          const next = this.#advance(set, second, 1);
          if (next < 0) continue;
          if (left > 1) stack.push(left - 1, first, next, Frame.Grow);
          at = next;
          pc = first + 1;
          break;
        }
      }
    }
  }

  /** Do both units before a position make up one character of a run that began at `least`? */
  #isPairBefore(at: number, least: number): boolean {
    if (at - 2 < least) return false;
    const low = this.#text.charCodeAt(at - 1);
    const high = this.#text.charCodeAt(at - 2);
    return low >= 0xdc00 && low <= 0xdfff && high >= 0xd800 && high <= 0xdbff;
  }

  /** Position after exactly `count` characters of a set, or -1. */
  #advance(set: CharSet, from: number, count: number): number {
    let at = from;
    for (let i = 0; i < count; i++) {
      this.#count();
      const code = at < this.#text.length ? this.#text.codePointAt(at)! : -1;
      if (code < 0 || !set.has(code)) return -1;
      at += code > 0xffff ? 2 : 1;
    }
    return at;
  }

  /** Position after as many characters of a set as there are, up to `most`. */
  #advanceMost(set: CharSet, from: number, most: number): number {
    let at = from;
    for (let i = 0; i < most && at < this.#text.length; i++) {
      const code = this.#text.codePointAt(at)!;
      if (!set.has(code)) break;
      this.#count();
      at += code > 0xffff ? 2 : 1;
    }
    return at;
  }

  /** Takes what a run takes first beyond its minimum; the other lengths go on the stack. @returns its end */
  #takeRun(
    { set, min, max, lazy }: Extract<Instruction, { op: 'run' }>,
    least: number,
    pc: number,
    stack: number[],
  ): number {
    if (lazy) {
      if (max > min) stack.push(max - min, pc, least, Frame.Grow);
      return least;
    }
    const most = this.#advanceMost(set, least, max - min);
    if (most > least) stack.push(least, pc, most, Frame.Shrink);
    return most;
  }

  /** Slots that changed get back their old values when what follows fails. */
  #keepSlots(before: Int32Array, stack: number[]): void {
    for (let slot = 0; slot < before.length; slot++)
      if (before[slot] !== this.#slots[slot]) stack.push(slot, before[slot]!, Frame.Slot);
  }

  #look(instruction: Extract<Instruction, { op: 'look' }>, at: number): boolean {
    const { body, behind } = instruction;
    if (behind === undefined) return this.#run(body, at, -1, Infinity) >= 0;
    // A character takes up to two units.
    const earliest = Math.max(0, at - behind.max * 2);
    for (let start = at - behind.min; start >= earliest; start--)
      if (this.#run(body, start, at, Infinity) >= 0) return true;
    return false;
  }

  #endOfReference(group: number, ignoreCase: boolean, at: number): number {
    const start = this.#slots[group * 2] ?? -1;
    const end = this.#slots[group * 2 + 1] ?? -1;
    if (start < 0 || end < 0) return -1;
    const length = end - start;
    for (let i = 0; i < length; i++) {
      this.#count();
      const expected = this.#text.charCodeAt(start + i);
      const found = this.#text.charCodeAt(at + i);
      if (expected !== found && !(ignoreCase && sameLetter(expected, found))) return -1;
    }
    return at + length;
  }
}

function sameLetter(x: number, y: number): boolean {
  const letter = x | 0x20;
  return (x ^ y) === 0x20 && letter >= 0x61 && letter <= 0x7a;
}
