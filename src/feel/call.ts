/** Finding the function of a call and calling it. */
import { Failure, FeelError } from './errors';
import { findBuiltin } from './builtins/registry';
import type { Scope } from './scope';
import { BuiltContext, isContext } from './values/context';
import type { FeelFunction } from './values/function';
import { isList, type Value } from './values/value';

/** Evaluates a node in a scope. */
export type Compiled = (scope: Scope) => Value;

/** Arguments of a call as they are written. */
export interface CompiledArguments {
  /** Names in a call by name; undefined in a positional call. */
  readonly names: readonly string[] | undefined;
  readonly values: readonly Compiled[];
}

function fits(args: CompiledArguments): (candidate: FeelFunction) => boolean {
  const { names, values } = args;
  return names === undefined
    ? (candidate) => candidate.takes(values.length)
    : (candidate) => candidate.takesNames(names);
}

function notFound(name: string, args: CompiledArguments, scope: Scope): Failure {
  const what =
    args.names === undefined ? `${args.values.length} parameters` : `parameters: ${args.names.join(', ')}`;
  const message = `No function found with name '${name}' and ${what}`;
  scope.run.warn('NO_FUNCTION_FOUND', message);
  return new Failure(message);
}

/** A call by name only. Functions in sight come before builtins of the same name and number of arguments. */
export function compileCall(name: string, args: CompiledArguments): Compiled {
  const matches = fits(args);
  const builtin = findBuiltin(name)?.find(matches);
  return (scope) => {
    const found =
      (scope.functionFrame === undefined ? undefined : scope.findFunction(name, matches)) ?? builtin;
    if (found === undefined) {
      notFound(name, args, scope);
      return null;
    }
    const result = invoke(found, args, scope);
    if (!(result instanceof Failure) || result.fatal) return result;
    // A failed assertion fails the evaluation, wherever it is.
    if (name === 'assert') throw new FeelError('evaluation', `Assertion failure: ${result.message}`);
    scope.run.warn('FUNCTION_INVOCATION_FAILURE', `Failed to invoke function '${name}': ${result.message}`);
    return null;
  };
}

/** A call of a function that is an entry of a context; failures are passed on. */
export function compileMethodCall(target: Compiled, name: string, args: CompiledArguments): Compiled {
  const matches = fits(args);
  return (scope) => {
    const context = target(scope);
    if (context instanceof Failure) return context;
    const found = functionsOf(context)?.get(name)?.find(matches);
    if (found !== undefined) return invoke(found, args, scope);
    if (isContext(context)) return notFound(name, args, scope);
    const message = `Expected a context with a function '${name}', found another type`;
    scope.run.warn('INVALID_TYPE', message);
    return new Failure(message);
  };
}

function functionsOf(value: Value): BuiltContext['functions'] {
  return value instanceof BuiltContext ? value.functions : undefined;
}

/** Long texts and lists cost more than one step, whatever is done with them. */
function costOf(values: readonly Value[]): number {
  let cost = 0;
  for (const value of values) {
    if (typeof value === 'string') cost += value.length >>> 6;
    else if (isList(value)) cost += value.length >>> 3;
  }
  return cost;
}

function invoke(callee: FeelFunction, args: CompiledArguments, scope: Scope): Value {
  const values =
    args.names === undefined
      ? positional(callee, args.values, scope)
      : named(callee, args.names, args.values, scope);
  let failure: Failure | undefined;
  for (const value of values) {
    if (!(value instanceof Failure)) continue;
    if (value.fatal) return value;
    failure ??= value;
  }
  if (failure !== undefined) return failure;
  scope.run.spend(1 + costOf(values));
  return callee.invoke(values, scope.run);
}

/** The last parameter of a vararg function takes the rest as a list; a list as the only argument is that list. */
function positional(callee: FeelFunction, values: readonly Compiled[], scope: Scope): Value[] {
  const evaluated: Value[] = [];
  for (let i = 0; i < values.length; i++) evaluated.push(values[i]!(scope));
  if (!callee.varargs) return evaluated;
  const fixed = callee.params.length - 1;
  const rest = evaluated.slice(fixed);
  const [only] = rest;
  const list = fixed === 0 && rest.length === 1 && Array.isArray(only) ? only : rest;
  return [...evaluated.slice(0, fixed), list as readonly Value[]];
}

/** Parameters that are left out are null; of two arguments with one name the later counts. */
function named(
  callee: FeelFunction,
  names: readonly string[],
  values: readonly Compiled[],
  scope: Scope,
): Value[] {
  return callee.params.map((param) => {
    const at = names.lastIndexOf(param);
    return at < 0 ? null : values[at]!(scope);
  });
}
