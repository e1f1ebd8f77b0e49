/** The error expression: what the task makes of an attempt, good or bad. */
import { ConnectorError, errorTypes } from '../errors';
import { isJsonObject, JsonNumber, stringifyJson, type Json, type JsonObject } from '../json/json';
import type { JsonText } from '../json/text';
import type { ErrorMap } from './error-map';
import { evaluateToContext, type EvaluatedContext, type ExpressionOptions } from './expression';
import { parseIsoDurationMs } from './iso-duration';
import { checkSize } from './map-result';

/** A job's result or its error, before the error expression is asked. Texts are JSON. */
export type Attempt =
  | { readonly kind: 'success'; readonly response: JsonText; readonly variables: JsonText }
  | { readonly kind: 'failure'; readonly error: ErrorMap };

/** What the error expression decided; variables are objects. */
export type Ruling =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'bpmnError';
      readonly errorCode: string;
      readonly errorMessage: string | undefined;
      readonly variables: JsonObject;
    }
  | {
      readonly kind: 'jobError';
      readonly errorMessage: string;
      readonly retries: number;
      readonly backoffMs: number;
      readonly variables: JsonObject;
    }
  | { readonly kind: 'ignoreError'; readonly variables: JsonObject };

const none: Ruling = { kind: 'none' };

/**
 * Asks the error expression.
 * On success it sees the variables the job would complete with (in `response` too) or, when there are none, the
 * response; on failure `error`. `job.retries` is there always.
 * @throws ConnectorError when the expression fails or its result cannot be used
 */
export function evaluateErrorExpression(
  expression: string,
  attempt: Attempt,
  retries: number,
  options: Omit<ExpressionOptions, 'name'>,
): Ruling {
  const settings: ExpressionOptions = { ...options, name: 'errorExpression' };
  const context = { response: seenAsResponse(attempt), job: { retries } };
  const evaluated = evaluateToContext(expression, context, settings);
  if (evaluated === undefined || Object.keys(evaluated.value).length === 0) return none;
  const { manner } = options;
  const ruling = toRuling(evaluated, () =>
    manner.expressionUnusable(
      { name: 'errorExpression', text: expression },
      evaluated.json,
      manner.notARuling(evaluated.json),
    ),
  );
  if (ruling.kind !== 'none') checkSize(stringifyJson(ruling.variables), manner);
  return ruling;
}

function seenAsResponse(attempt: Attempt): JsonText {
  if (attempt.kind === 'failure') return stringifyJson({ error: attempt.error });
  const { response, variables } = attempt;
  return variables === '{}' ? response : variables;
}

function toRuling({ value }: EvaluatedContext, unreadable: () => ConnectorError): Ruling {
  const text = (member: Json | undefined): string | undefined => {
    if (typeof member === 'object' && member !== null && !(member instanceof JsonNumber)) throw unreadable();
    if (member === null || member === undefined) return undefined;
    return member instanceof JsonNumber ? member.text : String(member);
  };
  const variablesOf = (member: Json | undefined): JsonObject | undefined => {
    if (member === null || member === undefined) return undefined;
    if (!isJsonObject(member)) throw unreadable();
    return member;
  };
  const errorMessage = text(value['errorMessage']);
  const variables = variablesOf(value['variables']);
  switch (value['errorType']) {
    case 'bpmnError': {
      const errorCode = text(value['errorCode']);
      if (errorCode === undefined) return none;
      return { kind: 'bpmnError', errorCode, errorMessage, variables: variables ?? {} };
    }
    case 'jobError':
      return {
        kind: 'jobError',
        errorMessage: errorMessage ?? '',
        retries: Math.max(0, retriesOf(value['retries'], unreadable)),
        backoffMs: backoffOf(value['retryBackoff'], unreadable),
        variables: variables ?? {},
      };
    case 'ignoreError':
      // The Java client refuses null variables, so a bare ignoreError() is a failure there; processes may rely on it.
      if (variables === undefined) {
        throw new ConnectorError('variables must not be null', {
          cause: 'EXPRESSION_FAILED',
          type: errorTypes.illegalArgument,
          retry: { kind: 'never' },
        });
      }
      return { kind: 'ignoreError', variables };
    default:
      throw unreadable();
  }
}

function retriesOf(value: Json | undefined, unreadable: () => ConnectorError): number {
  if (value === null || value === undefined) {
    throw new ConnectorError('A jobError needs retries: the number of tries that are left', {
      cause: 'EXPRESSION_FAILED',
      type: errorTypes.nullPointer,
      retry: { kind: 'never' },
    });
  }
  const number = numberOf(value);
  if (number === undefined || Math.abs(number) >= 2 ** 31) throw unreadable();
  return Math.trunc(number);
}

/** Text is an ISO-8601 duration, a number means seconds. */
function backoffOf(value: Json | undefined, unreadable: () => ConnectorError): number {
  if (value === null || value === undefined) return 0;
  const seconds = typeof value === 'string' ? undefined : numberOf(value);
  const ms =
    typeof value === 'string'
      ? parseIsoDurationMs(value)
      : seconds === undefined
        ? undefined
        : Math.trunc(seconds * 1000);
  if (ms === undefined) throw unreadable();
  return ms;
}

function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof JsonNumber) return Number(value.text);
  if (typeof value === 'string' && /^\s*-?\d+\s*$/.test(value)) return Number(value);
  return undefined;
}
