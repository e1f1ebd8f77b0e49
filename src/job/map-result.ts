/** From the response to process variables: result variable and result expression. */
import { emptyObject, withMember, type JsonText } from '../json/text';
import { evaluateToContext, type ExpressionOptions } from './expression';
import type { Manner } from './manner';
import type { TaskHeaders } from './task-headers';

/** Largest JSON text of variables that the engine surely takes, in bytes. */
export const maxVariablesBytes = 1_572_864;

/**
 * Variables the job completes with.
 * The response goes to the result variable; the entries of the result expression's context are put on top.
 * @param response JSON text of an object, or `null`
 * @returns JSON text of an object; `{}` when neither header is set
 * @throws ConnectorError EXPRESSION_FAILED or RESULT_TOO_LARGE
 */
export function mapResult(
  response: JsonText,
  headers: Pick<TaskHeaders, 'resultVariable' | 'resultExpression'>,
  options: Omit<ExpressionOptions, 'name'>,
): JsonText {
  const { resultVariable, resultExpression } = headers;
  const mapped =
    resultExpression === undefined
      ? undefined
      : evaluateToContext(resultExpression, { response }, { ...options, name: 'resultExpression' });
  const withVariable = resultVariable !== undefined && !Object.hasOwn(mapped?.value ?? {}, resultVariable);
  const variables = withVariable
    ? withMember(mapped?.json ?? emptyObject, resultVariable, response)
    : (mapped?.json ?? emptyObject);
  checkSize(variables, options.manner);
  return variables;
}

/** @throws ConnectorError RESULT_TOO_LARGE */
export function checkSize(variables: JsonText, manner: Manner): void {
  const bytes = Buffer.byteLength(variables);
  if (bytes > maxVariablesBytes) throw manner.resultTooLarge(bytes);
}
