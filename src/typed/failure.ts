/** Failed calls: what went wrong, what to do about it, and what the next try costs. */
import { ConnectorError, type Cause, type ConnectorErrorDetails, type RetryRule } from '../errors';
import type { ProviderId } from '../fields/fields';
import { objectText, plainText, type JsonText } from '../json/text';
import type { TransportError } from '../http/request';
import { isObject, member, numberOf, textOf, type Reply } from '../operations/kit/reply';
import { rateLimitStatus, ruleOf } from '../retry/policy';

/** What is known of a call that was answered with a failure. */
export interface FailedCall {
  readonly status: number;
  /** Text of the status line. */
  readonly reason: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text of the body: the body itself, or a JSON string of it. */
  readonly body: JsonText;
  /** The API's error object, when there is one. */
  readonly error: unknown;
  /** Whether it arrived with a good status, as an answer. */
  readonly inAnswer: boolean;
  readonly provider: ProviderId;
  /** Whether a try may be made again: the server lets us (status and `x-should-retry`), or the task wants it. */
  readonly retryable: boolean;
  /** ms the server wants us to wait. */
  readonly hintMs: number | undefined;
  /** How the template calls the parameter of the API: `Field "Temperature" (input.temperature)`. */
  readonly fieldOf: (parameter: string) => string | undefined;
}

interface Diagnosis {
  readonly cause: Cause;
  readonly remedy: string;
  /** Overrides what status and headers say. */
  readonly never?: true;
}

const quotaCodes = new Set(['insufficient_quota', 'credit_balance_exhausted', 'billing_hard_limit_reached']);
const lengthCodes = new Set(['context_length_exceeded', 'string_above_max_length', 'request_too_large']);
const filterCodes = new Set(['content_filter', 'content_policy_violation', 'moderation_blocked']);
const maxShownMessage = 1000;

/** A call that was answered with a failure, as the error of the job. */
export class Refusal extends ConnectorError {
  constructor(
    /** What the failure arrived as. */
    readonly reply: Reply,
    message: string,
    details: ConnectorErrorDetails,
  ) {
    super(message, details);
  }

  override with(changes: ConnectorErrorDetails): Refusal {
    return new Refusal(this.reply, this.message, { ...this.details, ...changes });
  }
}

/** Explains a call that was answered with a failure. */
export function refusalOf(reply: Reply, call: FailedCall): Refusal {
  const { cause, remedy, never } = judge(call);
  const said = textOf(member(call.error, 'message')) ?? call.reason;
  const message = said.length > maxShownMessage ? `${said.slice(0, maxShownMessage)}...` : said;
  const answered = `${providerName(call.provider)} answered ${call.status}${message === '' ? '' : `: ${endSentence(message)}`}`;
  return new Refusal(reply, `${endSentence(answered)} ${remedy}`.trim(), {
    code: String(call.status),
    cause,
    retry: retryRule(call, never === true),
    ...(call.inAnswer ? { inAnswer: true } : {}),
    variables: objectText({
      response: objectText({
        status: plainText(call.status),
        headers: plainText(call.headers),
        body: call.body,
      }),
    }),
  });
}

function retryRule({ retryable, hintMs }: FailedCall, never: boolean): RetryRule {
  if (never || !retryable) return { kind: 'never' };
  return hintMs === undefined ? { kind: 'consume' } : { kind: 'postpone', waitMs: hintMs };
}

function providerName(provider: ProviderId): string {
  return provider === 'openai' ? 'OpenAI' : 'Azure OpenAI';
}

function endSentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** `error.code` decides first, the status second, words never. */
function judge(call: FailedCall): Diagnosis {
  const code = codeOf(call.error);
  return judgeCode(call, code) ?? judgeStatus(call, code);
}

function judgeCode({ error, provider }: FailedCall, code: string): Diagnosis | undefined {
  if (quotaCodes.has(code) || textOf(member(error, 'type')) === 'insufficient_quota') {
    return {
      cause: 'QUOTA_EXHAUSTED',
      remedy:
        provider === 'azure-openai'
          ? 'Raise the quota of the deployment in the Azure portal.'
          : 'Check plan, balance and limits of the account; waiting does not help.',
      never: true,
    };
  }
  if (filterCodes.has(code)) {
    return {
      cause: 'CONTENT_FILTERED',
      remedy: 'Change the prompt, or the content filter of the deployment.',
      never: true,
    };
  }
  if (lengthCodes.has(code)) {
    return {
      cause: 'CONTEXT_TOO_LONG',
      remedy: 'Shorten the prompt or the earlier messages, or choose a model with a larger context.',
      never: true,
    };
  }
  return undefined;
}

function judgeStatus(call: FailedCall, code: string): Diagnosis {
  const { status, provider } = call;
  const azure = provider === 'azure-openai';
  if (status >= 300 && status < 400) {
    return {
      cause: 'INVALID_ANSWER',
      remedy: `Redirects are not followed, because they would carry the key elsewhere. Put the final address into the field "${azure ? 'Endpoint' : 'Base URL'}".`,
    };
  }
  if (status === 408) return { cause: 'TIMEOUT', remedy: '' };
  const { cause } = ruleOf(status);
  switch (cause) {
    case 'UNAUTHORIZED':
      return { cause, remedy: credentialsRemedy(azure) };
    case 'FORBIDDEN':
      return {
        cause,
        remedy: azure
          ? 'Check the role of the identity, and the network rules (firewall, private endpoint) of the resource.'
          : 'Check the rights of the key and project, and whether the country is served.',
      };
    case 'NOT_FOUND':
      return { cause, remedy: notFoundRemedy(code, azure) };
    case 'RATE_LIMITED':
      return {
        cause,
        remedy: 'The rate limit is reached; fewer calls, smaller token limits or a higher quota help.',
      };
    case 'INVALID_REQUEST':
      return { cause, remedy: requestRemedy(call, code, azure) };
    default:
      return { cause, remedy: '' };
  }
}

function codeOf(error: unknown): string {
  const code = member(error, 'code');
  const inner = member(member(error, 'innererror') ?? member(error, 'inner_error'), 'code');
  if (inner === 'ResponsibleAIPolicyViolation') return 'content_filter';
  return typeof code === 'number' ? String(code) : (textOf(code) ?? '');
}

function credentialsRemedy(azure: boolean): string {
  return azure
    ? 'Check the secret behind the key and that it belongs to this endpoint. With Entra ID check the role "Cognitive Services OpenAI User" and the scope of the token.'
    : 'Check the field "API key" (connection.apiKey) and the secret behind it, and the organization and project.';
}

function notFoundRemedy(code: string, azure: boolean): string {
  if (code === 'DeploymentNotFound') {
    return 'Check the field "Deployment" (connection.deployment): it takes the name of the deployment, not of the model. A new deployment needs some minutes.';
  }
  if (azure) {
    return 'Check the fields "Endpoint", "Deployment" and "API version" (connection.*): not every version has every operation.';
  }
  return code === 'model_not_found'
    ? 'Check the field "Model" (input.model), and that this account may use the model.'
    : 'Check the field "Base URL" (connection.baseUrl) and the ids in the input.';
}

function requestRemedy(call: FailedCall, code: string, azure: boolean): string {
  switch (call.status) {
    case 409:
      return 'Something else was changing the same object; another try may help.';
    case 413:
      return 'The request is too large: send smaller files or less text.';
    case 431:
      return azure
        ? 'Send fewer headers: Azure accepts at most ten custom headers.'
        : 'Send fewer or shorter headers.';
    default:
      return parameterRemedy(call, code);
  }
}

function parameterRemedy({ error, fieldOf }: FailedCall, code: string): string {
  const parameter = textOf(member(error, 'param')) ?? '';
  if (parameter === '') return 'Check the input of the task.';
  const field = fieldOf(parameter) ?? `the parameter "${parameter}"`;
  return code === 'unsupported_value' || code === 'unsupported_parameter'
    ? `This model does not take it: leave ${field} empty.`
    : `Check ${field}.`;
}

/** The status a failure stands for that arrived with a good one. */
export function statusOfError(error: unknown): number {
  const told = numberOf(member(error, 'status')) ?? Number(textOf(member(error, 'code')));
  if (Number.isInteger(told) && told >= 400 && told < 600) return told;
  const code = codeOf(error);
  if (filterCodes.has(code) || lengthCodes.has(code)) return 400;
  if (quotaCodes.has(code) || code === 'rate_limit_exceeded') return rateLimitStatus;
  return textOf(member(error, 'type')) === 'invalid_request_error' ? 400 : 500;
}

/** The error object in a body: `{error: {...}}`, or the body itself when a gateway writes it flat. */
export function errorObject(body: unknown): unknown {
  const error = member(body, 'error');
  if (isObject(error)) return error;
  if (typeof error === 'string') return { message: error, code: member(body, 'code') };
  return isObject(body) && textOf(member(body, 'message')) !== undefined ? body : undefined;
}

/** A call without a complete answer as the error of the job. */
export function transportFailure(error: TransportError, host: string, limits: string): ConnectorError {
  const details = { retry: { kind: 'consume' }, origin: error } as const;
  if (error.timedOut) {
    const where = error.phase === 'connect' ? 'No connection to' : 'No complete answer from';
    return new ConnectorError(
      `${where} ${host} in time (${error.message}). ${error.phase === 'connect' ? 'Check the address and the network.' : limits}`,
      { ...details, code: '408', cause: 'TIMEOUT' },
    );
  }
  switch (error.phase) {
    case 'connect':
      return new ConnectorError(
        `No connection to ${host}: ${endSentence(error.message)} Check the address, the network and the proxy of the worker.`,
        { ...details, cause: 'CONNECTION_FAILED' },
      );
    case 'too-large':
      return new ConnectorError(
        `The answer of ${host} is too large: ${endSentence(error.message)} Ask for less, or raise CONNECTOR_MAX_ANSWER_SIZE of the worker.`,
        { ...details, cause: 'RESULT_TOO_LARGE', retry: { kind: 'never' } },
      );
    case 'protocol':
      return new ConnectorError(`The exchange with ${host} failed: ${error.message}`, {
        ...details,
        cause: 'INVALID_ANSWER',
      });
    case 'headers':
    case 'body':
    case 'aborted':
      return new ConnectorError(`The connection to ${host} broke: ${error.message}`, {
        ...details,
        cause: 'CONNECTION_FAILED',
      });
  }
}
