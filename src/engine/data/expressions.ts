/** Evaluates the model's expressions over the variables of a scope. What cannot be evaluated is an incident. */
import { evaluateJson, FeelError, lazyContext, type FeelWarning } from '../../feel';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';
import type { Expression } from '../model/process';
import type { IncidentType } from '../state/rows';
import { lookUp } from './variables';

export interface Evaluated {
  /** JSON text. */
  readonly json: string;
  readonly warnings: readonly FeelWarning[];
}

/** Gives the JSON text of a variable by name. */
export type Reader = (name: string) => string | undefined;

/** Reads what a scope sees. */
export function readerOf(turn: Turn, scope: string): Reader {
  return (name) => lookUp(turn.state, scope, name);
}

/**
 * @param type the kind of incident when the evaluation fails
 * @throws IncidentError
 */
export function evaluate(turn: Turn, expression: Expression, read: Reader, type: IncidentType): Evaluated {
  if (!expression.feel) return { json: JSON.stringify(expression.text), warnings: [] };
  try {
    return evaluateJson(expression.text, lazyContext(read), { now: () => turn.now, random: turn.random });
  } catch (error) {
    if (!(error instanceof FeelError)) throw error;
    throw new IncidentError(type, `Failed to evaluate expression '${expression.text}'. ${error.message}`);
  }
}

/** @throws IncidentError EXTRACT_VALUE_ERROR unless it is true or false */
export function evaluateBoolean(turn: Turn, expression: Expression, read: Reader): boolean {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  if (evaluated.json === 'true') return true;
  if (evaluated.json === 'false') return false;
  throw unexpected(expression, 'BOOLEAN', evaluated);
}

/** @throws IncidentError EXTRACT_VALUE_ERROR unless it is a text */
export function evaluateText(turn: Turn, expression: Expression, read: Reader): string {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  const value = JSON.parse(evaluated.json) as unknown;
  if (typeof value === 'string') return value;
  throw unexpected(expression, 'STRING', evaluated);
}

/** A text, or a number as text. @throws IncidentError EXTRACT_VALUE_ERROR otherwise */
export function evaluateKey(turn: Turn, expression: Expression, read: Reader): string {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  if (isNumber(evaluated.json)) return evaluated.json;
  const value = JSON.parse(evaluated.json) as unknown;
  if (typeof value === 'string') return value;
  throw new IncidentError(
    'EXTRACT_VALUE_ERROR',
    `Failed to extract the correlation key for '${expression.text}' expression: ` +
      `The value must be either a string or a number, but was '${typeOf(evaluated.json)}'.${told(evaluated.warnings)}`,
  );
}

/** @throws IncidentError EXTRACT_VALUE_ERROR unless it is a number or a text of digits */
export function evaluateInteger(turn: Turn, expression: Expression, read: Reader): number {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  const text = expression.feel ? evaluated.json : expression.text.trim();
  if (/^-?\d+$/.test(text)) return Number(text);
  throw unexpected(expression, 'NUMBER', evaluated);
}

/** A list as JSON text. @throws IncidentError EXTRACT_VALUE_ERROR otherwise */
export function evaluateList(turn: Turn, expression: Expression, read: Reader): string {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  if (evaluated.json.startsWith('[')) return evaluated.json;
  throw unexpected(expression, 'ARRAY', evaluated);
}

/** A list of texts, or one text with commas. Null is an empty list. */
export function evaluateNames(turn: Turn, expression: Expression, read: Reader): string[] {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  const value = JSON.parse(evaluated.json) as unknown;
  if (value === null) return [];
  if (typeof value === 'string') return value.split(',').map((name) => name.trim());
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw unexpected(expression, 'ARRAY', evaluated);
}

/** A text, or null. @throws IncidentError EXTRACT_VALUE_ERROR for anything else */
export function evaluateOptionalText(turn: Turn, expression: Expression, read: Reader): string | null {
  const evaluated = evaluate(turn, expression, read, 'EXTRACT_VALUE_ERROR');
  const value = JSON.parse(evaluated.json) as unknown;
  if (value === null || typeof value === 'string') return value;
  throw unexpected(expression, 'STRING', evaluated);
}

function unexpected(expression: Expression, wanted: string, { json, warnings }: Evaluated): IncidentError {
  return new IncidentError(
    'EXTRACT_VALUE_ERROR',
    `Expected result of the expression '${expression.text}' to be '${wanted}', but was '${typeOf(json)}'.${told(warnings)}`,
  );
}

function isNumber(json: string): boolean {
  return /^-?\d/.test(json);
}

function typeOf(json: string): string {
  if (json === 'null') return 'NULL';
  if (json === 'true' || json === 'false') return 'BOOLEAN';
  if (json.startsWith('"')) return 'STRING';
  if (json.startsWith('[')) return 'ARRAY';
  return json.startsWith('{') ? 'OBJECT' : 'NUMBER';
}

function told(warnings: readonly FeelWarning[]): string {
  if (warnings.length === 0) return '';
  const lines = warnings.map(({ type, message }) => `[${type}] ${message}`);
  return ` The evaluation reported the following warnings:\n${lines.join('\n')}`;
}
