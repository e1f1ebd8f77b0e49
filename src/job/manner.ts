/**
 * How failures read and what they cost. Two families of job types differ in this alone: the connectors of our own, whose
 * manner is here, and the one compatible with the Java runtime (java/manner.ts).
 */
import { ConnectorError, errorTypes, inputError } from '../errors';
import type { JsonObject } from '../json/json';
import type { JsonText } from '../json/text';

export type ExpressionName = 'resultExpression' | 'errorExpression';

/** The names an expression sees: the members of the response, the whole as `response`, and `job`. */
export interface ExpressionContext {
  /** Only an object has members. */
  readonly response: JsonText;
  readonly job?: { readonly retries: number };
}

/** A FEEL expression of the task. */
export interface HeaderExpression {
  readonly name: ExpressionName;
  /** As it is in the header, with or without a leading `=`. */
  readonly text: string;
}

/** Why FEEL did not evaluate an expression. */
export interface EvaluationFault {
  readonly message: string;
  /** It took too many steps or too much memory: another try ends the same way. */
  readonly limit: boolean;
}

/** How failures read and what they cost. */
export interface Manner {
  /** How long an answer that was paid for is kept: processes may poll with the same job, or retry it for what came after. */
  readonly answerServes: 'one-command' | 'until-done';
  /** A secret that no source knows. */
  secretMissing(name: string): ConnectorError;
  /** The source of secrets cannot be asked at the moment. */
  secretsUnavailable(reason: string, origin: unknown): ConnectorError;
  /** @param context what the expression saw */
  expressionFailed(
    expression: HeaderExpression,
    context: ExpressionContext,
    fault: EvaluationFault,
  ): ConnectorError;
  /** @param json what the expression gave */
  expressionUnusable(expression: HeaderExpression, json: JsonText, reason: string): ConnectorError;
  /** Why the result of an error expression is not a decision. */
  notARuling(json: JsonText): string;
  /** The variables would be larger than the engine surely takes. */
  resultTooLarge(bytes: number): ConnectorError;
  /** The members of `error` that a process can match on, besides `type` and `message`. */
  errorCodes(error: ConnectorError): JsonObject;
  /** The task's `retryBackoff`, or undefined where it does not apply to this error. */
  backoffMs(error: ConnectorError, taskBackoffMs: number | undefined): number | undefined;
  /** @param variables JSON text of an object: what the failure sets */
  failMessage(message: string, variables: JsonText): string;
}

/** The manner of our own: sentences with a remedy, `error.cause`, and no retry for what a repeat cannot heal. */
export const ourManner: Manner = {
  answerServes: 'until-done',
  secretMissing: (name) =>
    inputError(
      `Secret with name '${name}' is not available. Give it to the worker: as environment variable (by default SECRET_${name}) or as file ${name} in its secrets folder.`,
      { cause: 'SECRET_MISSING' },
    ),
  secretsUnavailable: (reason, origin) =>
    new ConnectorError(`The secrets cannot be read at the moment: ${reason}`, {
      cause: 'SECRETS_UNAVAILABLE',
      type: errorTypes.runtime,
      origin,
    }),
  expressionFailed: ({ name, text }, _context, { message }) =>
    new ConnectorError(
      `The ${name} '${text}' cannot be evaluated: ${message.replace(/\.$/, '')}. Correct it in the task's headers.`,
      { cause: 'EXPRESSION_FAILED', type: errorTypes.feel, retry: { kind: 'never' } },
    ),
  expressionUnusable: ({ name, text }, _json, reason) =>
    inputError(`The ${name} '${text}' cannot be used: ${reason}`, { cause: 'EXPRESSION_FAILED' }),
  notARuling: (json) =>
    `it must yield null, bpmnError(..), jobError(..) or ignoreError(..), but gave ${json}`,
  resultTooLarge: (bytes) =>
    inputError(
      `${resultTooLargeMessage(bytes)} Or take only what the process needs with the result expression.`,
      { cause: 'RESULT_TOO_LARGE' },
    ),
  errorCodes: ({ code, causeName }) => ({
    ...(code === undefined ? {} : { code }),
    ...(causeName === undefined ? {} : { cause: causeName }),
  }),
  backoffMs: (_error, taskBackoffMs) => taskBackoffMs,
  failMessage: (message) => message,
};

/** What both families say of a result that is too large. */
export function resultTooLargeMessage(bytes: number): string {
  return `Output variables payload (${bytes} bytes) exceeds the 1.5 MB safe variable size limit for Zeebe job completion. To handle large payloads, enable the 'Create document' option where available.`;
}
