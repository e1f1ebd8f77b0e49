/** FEEL in task headers: evaluation of one expression and what may come out of it. */
import type { ConnectorError } from '../errors';
import { evaluateJson, FeelError, parseResponse } from '../feel';
import { isJsonList, isJsonObject, parseJson, type Json, type JsonObject } from '../json/json';
import { knownJson, type JsonText } from '../json/text';
import type { ExpressionContext, ExpressionName, Manner } from './manner';

export interface ExpressionOptions {
  readonly name: ExpressionName;
  readonly manner: Manner;
  readonly surroundings: FeelSurroundings;
}

/** What an evaluation gets from the job's ports. */
export interface FeelSurroundings {
  /** ms since 1970, for `now()`, `today()` and `uuid()`. */
  readonly now: () => number;
  /** From 0 up to, not including, 1, for `random number()`, `uuid()` and `backoff(..)`. */
  readonly random: () => number;
  /** Called for every failure that FEEL turned into null. */
  readonly onWarning: (message: string) => void;
}

export interface EvaluatedContext {
  readonly json: JsonText;
  readonly value: JsonObject;
}

const forbiddenLiteral = 'camunda.function.type';
const titles = { resultExpression: 'Result expression', errorExpression: 'Error expression' } as const;

/**
 * Evaluates an expression that must yield a context.
 * @param expression as it is in the header, with or without a leading `=`
 * @returns the context, or undefined for null
 * @throws ConnectorError EXPRESSION_FAILED, in the words and at the cost of the family
 */
export function evaluateToContext(
  expression: string,
  context: ExpressionContext,
  options: ExpressionOptions,
): EvaluatedContext | undefined {
  const json = evaluate(expression, context, options);
  const value = parseJson(json);
  const { name, manner } = options;
  const unusable = (reason: string): ConnectorError =>
    manner.expressionUnusable({ name, text: expression }, json, reason);
  if (json.includes(forbiddenLiteral)) {
    throw unusable(`The connector result contains a forbidden literal '${forbiddenLiteral}'.`);
  }
  if (value === null) return undefined;
  if (!isJsonObject(value)) {
    throw unusable(
      `${titles[name]} must return a JSON object, but got ${kindOf(value)}. Evaluated value: ${json}`,
    );
  }
  return { json, value };
}

function evaluate(expression: string, context: ExpressionContext, options: ExpressionOptions): JsonText {
  const { name, manner, surroundings } = options;
  try {
    const { response, ...more } = context;
    const { json, warnings } = evaluateJson(expression, parseResponse(response, more), surroundings);
    for (const { message } of warnings) surroundings.onWarning(`${name}: ${message}`);
    return knownJson(json);
  } catch (error) {
    if (!(error instanceof FeelError)) throw error;
    const fault = { message: error.message, limit: error.kind === 'limit' };
    throw manner.expressionFailed({ name, text: expression }, context, fault);
  }
}

function kindOf(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  return isJsonList(value) ? 'array' : 'number';
}
