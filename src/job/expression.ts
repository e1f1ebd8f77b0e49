/** FEEL in task headers: evaluation of one expression and what may come out of it. */
import { ConnectorError, inputError, javaTypes } from '../errors';
import { evaluateJson, FeelError, parseResponse } from '../feel';
import { isJsonList, isJsonObject, parseJson, stringifyJson, type Json, type JsonObject } from '../json/json';
import { javaText } from './java-text';

export type ExpressionName = 'resultExpression' | 'errorExpression';

export interface ExpressionOptions {
  readonly name: ExpressionName;
  /** Messages as the Java runtime words them; else without its class names and without a dump of the data. */
  readonly official: boolean;
  /** Called for every failure that FEEL turned into null. */
  readonly onWarning: (message: string) => void;
}

/** The names an expression sees: the members of the response, the whole as `response`, and `job`. */
export interface ExpressionContext {
  /** JSON text; only an object has members. */
  readonly response: string;
  readonly job?: { readonly retries: number };
}

export interface EvaluatedContext {
  readonly json: string;
  readonly value: JsonObject;
}

/** Longest dump of the context in a message, in characters. */
const maxContextDump = 2000;
const forbiddenLiteral = 'camunda.function.type';
const titles = { resultExpression: 'Result expression', errorExpression: 'Error expression' } as const;

/**
 * Evaluates an expression that must yield a context.
 * @param expression as it stands in the header, with or without a leading `=`
 * @returns the context, or undefined for null
 * @throws ConnectorError EXPRESSION_FAILED; in the official way a failed evaluation costs one retry, a result of the
 *   wrong kind all of them; otherwise both cost all, because a repeat cannot heal the expression
 */
export function evaluateToContext(
  expression: string,
  context: ExpressionContext,
  options: ExpressionOptions,
): EvaluatedContext | undefined {
  const json = evaluate(expression, context, options);
  const value = parseJson(json);
  if (json.includes(forbiddenLiteral)) {
    throw unusable(
      expression,
      json,
      `The connector result contains a forbidden literal '${forbiddenLiteral}'.`,
      options,
    );
  }
  if (value === null) return undefined;
  if (!isJsonObject(value)) {
    const reason = `${titles[options.name]} must return a JSON object, but got ${kindOf(value)}. Evaluated value: ${json}`;
    throw unusable(expression, json, reason, options);
  }
  return { json, value };
}

/** The result of an expression is of no use: an input error. */
export function unusable(
  expression: string,
  json: string,
  reason: string,
  options: ExpressionOptions,
): ConnectorError {
  const message = options.official
    ? `io.camunda.connector.feel.FeelEngineWrapperException: Failed to evaluate expression '${expression}' in context '${json}'. Reason: ${reason}`
    : `The ${options.name} '${expression}' cannot be used: ${reason}`;
  return inputError(message, { cause: 'EXPRESSION_FAILED' });
}

function evaluate(expression: string, context: ExpressionContext, options: ExpressionOptions): string {
  try {
    const { response, ...more } = context;
    const { json, warnings } = evaluateJson(expression, parseResponse(response, more));
    for (const { message } of warnings) options.onWarning(`${options.name}: ${message}`);
    return json;
  } catch (error) {
    if (!(error instanceof FeelError)) throw error;
    const message = options.official
      ? `Failed to evaluate expression '${expression}' in context '${dump(context)}'. Reason: ${error.message}`
      : `The ${options.name} '${expression}' cannot be evaluated: ${error.message.replace(/\.$/, '')}. Correct it in the task's headers.`;
    throw new ConnectorError(message, {
      cause: 'EXPRESSION_FAILED',
      type: javaTypes.feel,
      retry: { kind: options.official && error.kind !== 'limit' ? 'consume' : 'never' },
    });
  }
}

function dump({ response, job }: ExpressionContext): string {
  const members = addMember(response.startsWith('{') ? response : '{}', 'response', response);
  const names = job === undefined ? members : addMember(members, 'job', stringifyJson(job));
  const text = `[${javaText(parseJson(names))}]`;
  return text.length <= maxContextDump ? text : `${text.slice(0, maxContextDump)}...(truncated)`;
}

/** Adds a member at the end of an object's JSON text; of members with the same name the last one counts. Pure. */
export function addMember(object: string, name: string, value: string): string {
  const members = object.slice(0, object.lastIndexOf('}')).trimEnd();
  return `${members}${members === '{' ? '' : ','}${stringifyJson(name)}:${value}}`;
}

function kindOf(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  return isJsonList(value) ? 'array' : 'number';
}
