/**
 * The errors of a job and what is to be done about them. Everything thrown while a job runs passes `toConnectorError`.
 */
import { classNames as errorTypes } from './java/class-names';

/** Values of `error.type`. Both families have them: processes written for the Java runtime match on its class names. */
export { errorTypes };

/** Names of causes that a modeler can match on as `error.cause` (typed family). */
export const causes = [
  'RATE_LIMITED',
  'QUOTA_EXHAUSTED',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_REQUEST',
  'CONTEXT_TOO_LONG',
  'CONTENT_FILTERED',
  'REFUSED',
  'TRUNCATED',
  'SCHEMA_MISMATCH',
  'TIMEOUT',
  'CONNECTION_FAILED',
  'SERVER_ERROR',
  'INVALID_ANSWER',
  'SECRET_MISSING',
  'SECRETS_UNAVAILABLE',
  'INVALID_INPUT',
  'DOCUMENT_STORE_MISSING',
  'DOCUMENT_FAILED',
  'RESULT_TOO_LARGE',
  'EXPRESSION_FAILED',
  'ANSWER_IN_DOUBT',
  'LEDGER_UNAVAILABLE',
  'INTERNAL',
] as const;

export type Cause = (typeof causes)[number];

/** Causes that lie in the answer itself. */
const answerCauses: ReadonlySet<Cause> = new Set<Cause>([
  'INVALID_ANSWER',
  'CONTENT_FILTERED',
  'REFUSED',
  'TRUNCATED',
  'SCHEMA_MISMATCH',
]);

/**
 * What the job's next try costs.
 * - `never`: waiting cannot heal it, retries 0, an incident now
 * - `consume`: one retry less, after the task's `retryBackoff`
 * - `postpone`: same number of retries, after `waitMs` (the server said when to come back)
 */
export type RetryRule =
  | { readonly kind: 'never' }
  | { readonly kind: 'consume' }
  | { readonly kind: 'postpone'; readonly waitMs: number };

export interface ConnectorErrorDetails {
  /** `error.code` of the error expression; HTTP errors carry the status as text. */
  readonly code?: string;
  /** `error.cause` of the error expression. */
  readonly cause?: Cause;
  /** `error.type` of the error expression: one of `errorTypes`, or another class name in the compatible family. */
  readonly type?: string;
  readonly retry?: RetryRule;
  /** `error.variables` as JSON text of an object. */
  readonly variables?: string;
  /**
   * The task chose a BPMN error for this cause: unless its error expression decides otherwise, the job ends with a BPMN
   * error of this code, and `variables` go to the boundary event.
   */
  readonly bpmnErrorCode?: string;
  /**
   * The answer itself is no good: a new try has to call again instead of reading it again. Some causes say so by
   * themselves; a failure that arrived as an answer must be told from one of the call.
   */
  readonly inAnswer?: boolean;
  /** Thrown by someone else; goes to the log at debug level only. */
  readonly origin?: unknown;
}

/** A job that cannot be completed: message for people, code and cause for expressions, rule for the retries. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError';
  readonly code: string | undefined;
  readonly causeName: Cause | undefined;
  readonly type: string;
  readonly retry: RetryRule;
  readonly variables: string | undefined;
  readonly bpmnErrorCode: string | undefined;
  readonly inAnswer: boolean;
  readonly origin: unknown;

  constructor(
    message: string,
    protected readonly details: ConnectorErrorDetails = {},
  ) {
    super(message);
    this.code = details.code;
    this.causeName = details.cause;
    this.type = details.type ?? errorTypes.connector;
    this.retry = details.retry ?? { kind: 'consume' };
    this.variables = details.variables;
    this.bpmnErrorCode = details.bpmnErrorCode;
    this.inAnswer = details.inAnswer ?? (details.cause !== undefined && answerCauses.has(details.cause));
    this.origin = details.origin;
  }

  /** The same error with some details changed. */
  with(changes: ConnectorErrorDetails): ConnectorError {
    return new ConnectorError(this.message, { ...this.details, ...changes });
  }
}

/** The job's input is wrong: no request leaves the worker and the job gets an incident at once. */
export function inputError(message: string, details: ConnectorErrorDetails = {}): ConnectorError {
  return new ConnectorError(message, {
    cause: 'INVALID_INPUT',
    type: errorTypes.input,
    retry: { kind: 'never' },
    ...details,
  });
}

/** Anything thrown, as a ConnectorError. What is not one already is a fault of ours and costs one retry. */
export function toConnectorError(thrown: unknown): ConnectorError {
  if (thrown instanceof ConnectorError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConnectorError(message, {
    cause: 'INTERNAL',
    type: errorTypes.runtime,
    origin: thrown,
  });
}
