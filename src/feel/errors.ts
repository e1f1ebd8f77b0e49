/** What stops an evaluation as a whole, and what only spoils one value of it. */

/**
 * `parse`: the expression is not FEEL. `evaluation`: it is, but this evaluation failed as a whole.
 * `limit`: a budget of `limits.ts` was used up.
 */
export type FeelErrorKind = 'parse' | 'evaluation' | 'limit';

/** The only error that leaves this folder. `message` says what failed and, for syntax, where. */
export class FeelError extends Error {
  override readonly name = 'FeelError';

  constructor(
    readonly kind: FeelErrorKind,
    message: string,
    /** Where in the expression text, counted from 0; only for `parse`. */
    readonly offset?: number,
  ) {
    super(message);
  }
}

/**
 * An evaluation that fails because a function or an operator threw. `sort` recovers from it like feel-scala does;
 * nothing recovers from a plain FeelError.
 */
export class EvaluationError extends FeelError {
  constructor(message: string) {
    super('evaluation', message);
  }
}

/**
 * A value that could not be worked out. It travels upwards like any other value until an operator turns it into null.
 * A fatal one is not turned into null: it ends the evaluation, or makes an unary test try again with `?` bound.
 */
export class Failure {
  constructor(
    readonly message: string,
    readonly fatal: boolean = false,
  ) {}
}

/** A failure that feel-scala suppresses: the value became null, or the evaluation went on. */
export interface FeelWarning {
  readonly type: WarningType;
  /** Names and types only; never a value, since values are customers' data. */
  readonly message: string;
}

export type WarningType =
  | 'NO_VARIABLE_FOUND'
  | 'NO_CONTEXT_ENTRY_FOUND'
  | 'NO_PROPERTY_FOUND'
  | 'NOT_COMPARABLE'
  | 'INVALID_TYPE'
  | 'NO_FUNCTION_FOUND'
  | 'FUNCTION_INVOCATION_FAILURE';
