/** Ranges as arguments of functions: `[1..5)`. */
import type { Value } from './value';

export interface Bound {
  readonly value: Value;
  readonly closed: boolean;
}

export class Range {
  constructor(
    readonly start: Bound,
    readonly end: Bound,
  ) {}
}
