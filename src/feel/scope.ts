/** Variables and functions in sight: a chain of frames, the innermost first. */
import type { Run } from './run';
import { BuiltContext, getEntry, type Context } from './values/context';
import { FeelFunction } from './values/function';
import type { Value } from './values/value';

export class Scope {
  readonly #parent: Scope | undefined;
  readonly #name: string | undefined;
  readonly #value: Value;
  readonly #context: Context | undefined;
  readonly #functions: ReadonlyMap<string, readonly FeelFunction[]> | undefined;
  /** The nearest frame, this one included, that defines functions. */
  readonly functionFrame: Scope | undefined;

  private constructor(
    readonly run: Run,
    parent: Scope | undefined,
    name: string | undefined,
    value: Value,
    context: Context | undefined,
    functions: ReadonlyMap<string, readonly FeelFunction[]> | undefined,
  ) {
    this.#parent = parent;
    this.#name = name;
    this.#value = value;
    this.#context = context;
    this.#functions = functions;
    this.functionFrame = functions === undefined ? parent?.functionFrame : this;
  }

  static root(run: Run, context: Context): Scope {
    return new Scope(run, undefined, undefined, null, context, functionsOf(context));
  }

  /** With one more variable, whatever its value. */
  withVariable(name: string, value: Value): Scope {
    return new Scope(this.run, this, name, value, undefined, undefined);
  }

  /** With one more name: a function can be called by it, anything else is a variable. */
  with(name: string, value: Value): Scope {
    return value instanceof FeelFunction
      ? new Scope(this.run, this, undefined, null, undefined, new Map([[name, [value]]]))
      : this.withVariable(name, value);
  }

  /** With the functions of a context literal that is being read. */
  withFunctions(functions: ReadonlyMap<string, readonly FeelFunction[]>): Scope {
    return new Scope(this.run, this, undefined, null, undefined, functions);
  }

  /** With all entries of a context. */
  withContext(context: Context): Scope {
    return new Scope(this.run, this, undefined, null, context, functionsOf(context));
  }

  /** undefined when no frame has such a variable. */
  variable(name: string): Value | undefined {
    const own = this.#ownVariable(name);
    if (own !== undefined) return own;
    for (let frame = this.#parent; frame !== undefined; frame = frame.#parent) {
      const value = frame.#ownVariable(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #ownVariable(name: string): Value | undefined {
    if (this.#name === name) return this.#value;
    return this.#context === undefined ? undefined : getEntry(this.#context, name);
  }

  /** The innermost function of this name that fits the call; builtins are not among them. */
  findFunction(name: string, fits: (candidate: FeelFunction) => boolean): FeelFunction | undefined {
    for (let frame = this.functionFrame; frame !== undefined; frame = frame.#parent?.functionFrame) {
      const found = frame.#functions?.get(name)?.find(fits);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function functionsOf(context: Context): ReadonlyMap<string, readonly FeelFunction[]> | undefined {
  return context instanceof BuiltContext ? context.functions : undefined;
}
