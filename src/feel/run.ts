/** One evaluation: what it has used of its budget, what it warned of, and its clock and chance. */
import type { FeelWarning, WarningType } from './errors';
import { tooMany, type Limits } from './limits';

/** What the outside world gives to an evaluation. */
export interface Surroundings {
  /** Milliseconds since 1970; for `now`, `today` and `uuid`. */
  readonly now: () => number;
  /** A number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Region of `now` and `today`, such as `Europe/Berlin`. */
  readonly zone: string;
}

const maxWarnings = 100;

export class Run {
  readonly warnings: FeelWarning[] = [];
  #steps = 0;
  #depth = 0;

  constructor(
    readonly limits: Limits,
    readonly surroundings: Surroundings,
  ) {}

  /** Counts work. @throws FeelError of kind limit */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.limits.steps) throw tooMany('it took too many steps', this.limits.steps);
  }

  /** Runs one level deeper. @throws FeelError of kind limit */
  deeper<T>(action: () => T): T {
    if (++this.#depth > this.limits.depth)
      throw tooMany('functions call each other too deeply', this.limits.depth);
    try {
      return action();
    } finally {
      this.#depth--;
    }
  }

  warn(type: WarningType, message: string): void {
    if (this.warnings.length < maxWarnings) this.warnings.push({ type, message });
  }
}
