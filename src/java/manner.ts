/** The manner of the Java runtime: its sentences, its class names, and what its failures cost. */
import { ConnectorError, inputError } from '../errors';
import { resultTooLargeMessage, type ExpressionContext, type Manner } from '../job/manner';
import { parseJson, stringifyJson } from '../json/json';
import { emptyObject, withMember } from '../json/text';
import { classNames } from './class-names';
import { javaText } from './text';

/** Longest dump of the context in a message, in characters. */
const maxContextDump = 2000;

/** Failures as processes written for the Java runtime expect them. */
export const javaManner: Manner = {
  // Processes poll with it: the same job asks again and wants a new answer.
  answerServes: 'one-command',
  secretMissing: (name) =>
    inputError(`Secret with name '${name}' is not available`, { cause: 'SECRET_MISSING' }),
  secretsUnavailable: (reason, origin) =>
    new ConnectorError(
      `Fetching secrets failed, original error can't be displayed as the error message might contain secrets: ${reason}`,
      { cause: 'SECRETS_UNAVAILABLE', type: classNames.runtime, origin },
    ),
  expressionFailed: ({ text }, context, { message, limit }) =>
    new ConnectorError(
      `Failed to evaluate expression '${text}' in context '${dump(context)}'. Reason: ${message}`,
      { cause: 'EXPRESSION_FAILED', type: classNames.feel, retry: { kind: limit ? 'never' : 'consume' } },
    ),
  expressionUnusable: ({ text }, json, reason) =>
    inputError(
      `${classNames.feel}: Failed to evaluate expression '${text}' in context '${json}'. Reason: ${reason}`,
      { cause: 'EXPRESSION_FAILED' },
    ),
  notARuling: (json) => `Cannot parse '${json}' as 'io.camunda.connector.runtime.core.error.ConnectorError'.`,
  resultTooLarge: (bytes) => inputError(resultTooLargeMessage(bytes), { cause: 'RESULT_TOO_LARGE' }),
  errorCodes: ({ code }) => (code === undefined ? {} : { code }),
  // The Java runtime fetches secrets outside its back-off rule.
  backoffMs: ({ causeName }, taskBackoffMs) =>
    causeName === 'SECRETS_UNAVAILABLE' ? undefined : taskBackoffMs,
  failMessage: (message, variables) => `${message} | Error variables: ${javaText(parseJson(variables))}`,
};

function dump({ response, job }: ExpressionContext): string {
  const members = withMember(response.startsWith('{') ? response : emptyObject, 'response', response);
  const names = job === undefined ? members : withMember(members, 'job', stringifyJson(job));
  const text = `[${javaText(parseJson(names))}]`;
  return text.length <= maxContextDump ? text : `${text.slice(0, maxContextDump)}...(truncated)`;
}
