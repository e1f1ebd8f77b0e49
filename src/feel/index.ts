/**
 * FEEL as Camunda evaluates it in result and error expressions: the rules of feel-scala, with the functions and the
 * JSON conversion of the connector runtime. Nothing else of this folder is public.
 */
import { Cache } from './cache';
import type { Compiled } from './call';
import { compileText } from './compile';
import { EvaluationError, Failure, FeelError, type FeelWarning } from './errors';
import { toPlain, writeJson, type Plain } from './json';
import { fromPlain, readJson } from './json-read';
import { defaultLimits, tooMany, type Limits } from './limits';
import { Run, type Surroundings } from './run';
import { Scope } from './scope';
import { BuiltContext, isContext, type Context, type JsonContext } from './values/context';
import { typeName, type Value } from './values/value';

export { FeelError } from './errors';
export type { FeelErrorKind, FeelWarning, WarningType } from './errors';
export type { Plain } from './json';
export type { Limits } from './limits';

/** All optional. */
export interface FeelOptions {
  /** Milliseconds since 1970, for `now()`, `today()` and `uuid()`; default: the clock. */
  readonly now?: () => number;
  /** From 0 up to, not including, 1, for `random number()`, `uuid()` and `backoff(..)`; default: chance. */
  readonly random?: () => number;
  /** Region of `now()` and `today()`, such as `Europe/Berlin`; default: the one of the process. */
  readonly zone?: string;
  /** What one evaluation may use; default: `defaultLimits`. */
  readonly limits?: Partial<Limits>;
}

/** Variables that were read from JSON once and serve any number of expressions. Made by `parseContext`. */
export class ParsedContext {
  constructor(
    /** @internal */
    readonly variables: Context,
  ) {}
}

/** An expression that was read once and serves any number of evaluations. Made by `prepare`. */
export class Prepared {
  constructor(
    /** The expression without `=` and white space around it. */
    readonly text: string,
    /** @internal */
    readonly compiled: Compiled,
  ) {}
}

const cachedExpressions = 1_000;
const prepared = new Cache<string, Prepared>(cachedExpressions);
const noVariables = new BuiltContext(new Map());

const words = new Uint32Array(2);
let processZone: string | undefined;

/** 53 random bits. */
function chance(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(words);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

/** What callers do not fix comes from the process; nothing else in this folder reaches it. */
function surroundingsOf(given: FeelOptions): Surroundings {
  return {
    now: given.now ?? (() => new Date().getTime()),
    random: given.random ?? chance,
    zone: given.zone ?? (processZone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone),
  };
}

function limitsOf(options: FeelOptions): Limits {
  return options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits };
}

/** Anything unforeseen becomes a FeelError, so that callers have one kind of error to handle. */
function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof FeelError) throw error;
    if (error instanceof RangeError && /stack|length|BigInt/i.test(error.message))
      throw new FeelError('limit', `The evaluation was stopped: ${error.message}.`);
    throw new FeelError('evaluation', error instanceof Error ? error.message : String(error));
  }
}

/**
 * Reads an expression, once for each text: the last 1,000 are remembered.
 * @param expression trimmed, one leading `=` is dropped
 * @throws FeelError kind `parse`, with line and column; kind `limit` when it is too long or nested too deeply
 */
export function prepare(expression: string, options: FeelOptions = {}): Prepared {
  const known = prepared.get(expression);
  if (known !== undefined) return known;
  const limits = limitsOf(options);
  if (expression.length > limits.expression) throw tooMany('the expression is too long', limits.expression);
  const text = expression.trim().replace(/^=/, '').trim();
  const result = guarded(() => new Prepared(text, compileText(text)));
  prepared.set(expression, result);
  return result;
}

/**
 * Reads variables from JSON once, for several expressions over the same response.
 * @param json text of a JSON object; no number loses a digit
 * @throws FeelError kind `evaluation` when it is not the text of an object
 */
export function parseContext(json: string): ParsedContext {
  const value = guarded(() => readJson(json));
  if (!isContext(value))
    throw new EvaluationError(`The context must be a JSON object, found ${typeName(value)}.`);
  return new ParsedContext(value);
}

/**
 * Reads what a connector's expressions see of a response, once: its members by name, the whole as `response`.
 * @param response JSON text; only an object has members
 * @param more     variables that hide members of the same name
 * @throws FeelError kind `evaluation` when the text is not JSON
 */
export function parseResponse(response: string, more: JsonContext = {}): ParsedContext {
  const whole = guarded(() => readJson(response));
  const added = { response: whole, ...more };
  if (!isContext(whole)) return new ParsedContext(added);
  if (!(whole instanceof BuiltContext)) return new ParsedContext({ ...whole, ...added });
  return new ParsedContext(new BuiltContext(new Map([...whole.entries, ...Object.entries(added)])));
}

/**
 * Variables that are read only when an expression asks for them, each at most once.
 * @param read gives the JSON text of a variable, undefined when there is none; what it throws ends the evaluation
 */
export function lazyContext(read: (name: string) => string | undefined): ParsedContext {
  return new ParsedContext(new BuiltContext(new LazyEntries(read)));
}

/** The evaluation asks a root context for single names only, never for all. */
class LazyEntries extends Map<string, Value> {
  readonly #read: (name: string) => string | undefined;

  constructor(read: (name: string) => string | undefined) {
    super();
    this.#read = read;
  }

  override get(name: string): Value | undefined {
    const known = super.get(name);
    if (known !== undefined) return known;
    const json = this.#read(name);
    if (json === undefined) return undefined;
    const value = readJson(json);
    super.set(name, value);
    return value;
  }
}

function run(
  expression: string | Prepared,
  context: Context,
  options: FeelOptions,
): { result: Value; warnings: readonly FeelWarning[]; limits: Limits } {
  const { compiled } = typeof expression === 'string' ? prepare(expression, options) : expression;
  const limits = limitsOf(options);
  const evaluation = new Run(limits, surroundingsOf(options));
  const result = compiled(Scope.root(evaluation, context));
  if (result instanceof Failure) throw new EvaluationError(`The evaluation failed: ${result.message}.`);
  return { result, warnings: evaluation.warnings, limits };
}

/**
 * Evaluates an expression over plain JavaScript values.
 * @param expression FEEL, with or without the leading `=`
 * @param context variables by name: JSON values, also `Map`, `Date` and `bigint`
 * @returns the value as JSON.parse would give it, dates and durations as text; and the failures that were suppressed
 * @throws FeelError and nothing else: see its `kind`
 */
export function evaluate(
  expression: string | Prepared,
  context: unknown = {},
  options: FeelOptions = {},
): { value: Plain; warnings: readonly FeelWarning[] } {
  return guarded(() => {
    const variables = fromPlain(context ?? {});
    if (!isContext(variables))
      throw new EvaluationError(`The context must be an object, found ${typeName(variables)}.`);
    const { result, warnings } = run(expression, variables, options);
    return { value: toPlain(result), warnings };
  });
}

/**
 * Evaluates an expression with JSON on both sides: exactly what the connector runtime does, no digit lost.
 * @param expression FEEL, with or without the leading `=`
 * @param context text of a JSON object, or what `parseContext` made of one; absent or blank: no variables
 * @returns JSON text of the result; and the failures that were suppressed
 * @throws FeelError and nothing else: see its `kind`
 */
export function evaluateJson(
  expression: string | Prepared,
  context: string | ParsedContext = '',
  options: FeelOptions = {},
): { json: string; warnings: readonly FeelWarning[] } {
  return guarded(() => {
    const { result, warnings, limits } = run(expression, variablesOf(context), options);
    return { json: writeJson(result, limits), warnings };
  });
}

function variablesOf(context: string | ParsedContext): Context {
  if (typeof context !== 'string') return context.variables;
  return context.trim() === '' ? noVariables : parseContext(context).variables;
}
