/** How a builtin is written down: one row with its name, its parameters and what it does. */
import { Failure } from '../errors';
import type { Run } from '../run';
import { FeelFunction } from '../values/function';
import { typeName, type Value } from '../values/value';

export interface Builtin {
  readonly name: string;
  readonly overload: FeelFunction;
}

/** What a builtin does with its arguments, one per parameter; `undefined` for arguments that it does not take. */
export type Implementation = (args: readonly Value[], run: Run) => Value | undefined;

/**
 * One builtin with one list of parameters. Rows of the same name are overloads, tried in order.
 * Arguments that the implementation does not take make the call null, with a warning.
 */
export function builtin(name: string, params: readonly string[], implementation: Implementation): Builtin {
  return { name, overload: new FeelFunction(params, guarded(implementation)) };
}

/** As `builtin`; the last parameter takes any number of arguments and is handed over as a list. */
export function varargs(name: string, params: readonly string[], implementation: Implementation): Builtin {
  return { name, overload: new FeelFunction(params, guarded(implementation), true) };
}

function guarded(implementation: Implementation): FeelFunction['invoke'] {
  return (args, run) => {
    const result = implementation(args, run);
    return result === undefined ? new Failure(`Illegal arguments: ${args.map(typeName).join(', ')}`) : result;
  };
}
