/** Functions: builtins and those that an expression defines. */
import type { Run } from '../run';
import type { Value } from './value';

export class FeelFunction {
  constructor(
    readonly params: readonly string[],
    /** As many arguments as parameters; the last one is a list when `varargs`. */
    readonly invoke: (args: readonly Value[], run: Run) => Value,
    /** The last parameter takes any number of arguments. */
    readonly varargs: boolean = false,
  ) {}

  /** Does a call with this many arguments reach it? */
  takes(count: number): boolean {
    return this.params.length === count || (this.varargs && this.params.length < count);
  }

  /** Does a call with these names reach it? Parameters may be left out. */
  takesNames(names: readonly string[]): boolean {
    return names.every((name) => this.params.includes(name));
  }
}

export function isFunction(value: Value): value is FeelFunction {
  return value instanceof FeelFunction;
}
