/** What one evaluation may use. No expression and no data can hold the process longer than that. */
import { FeelError } from './errors';

export interface Limits {
  /** Evaluated operators, calls and list items. */
  readonly steps: number;
  /** Items of one list, entries of one context. */
  readonly items: number;
  /** UTF-16 units of one text. */
  readonly text: number;
  /** Nesting of calls while evaluating. */
  readonly depth: number;
  /** UTF-16 units of an expression. */
  readonly expression: number;
}

export const defaultLimits: Limits = {
  steps: 1_000_000,
  items: 1_000_000,
  text: 10_000_000,
  depth: 400,
  expression: 100_000,
};

/** Nesting of an expression: brackets and control structures. */
export const maxNesting = 200;
/** Operators in a row, and chained `else if`. */
export const maxChain = 1_000;

export function tooMany(what: string, limit: number): FeelError {
  return new FeelError('limit', `The evaluation was stopped: ${what} (limit ${limit.toLocaleString('en')}).`);
}

/** @throws FeelError of kind limit */
export function checkText(length: number, limits: Limits): void {
  if (length > limits.text) throw tooMany('a text became too long', limits.text);
}

/** @throws FeelError of kind limit */
export function checkItems(count: number, limits: Limits): void {
  if (count > limits.items) throw tooMany('a list or context became too long', limits.items);
}
