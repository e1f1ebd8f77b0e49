/**
 * One job, from its variables to the one command that ends it:
 * headers -> secrets -> connector -> result -> error expression -> command.
 */
import { ConnectorError, toConnectorError } from '../errors';
import { parseJson, stringifyJson, type JsonObject } from '../json/json';
import { fitEngineNumbers } from '../json/java-number';
import { maskText } from '../secrets/placeholders';
import { decideAnswerFate, type Ending } from './answer-fate';
import { decideRetry } from './decide-retry';
import { errorMap, maxMessageLength, type ErrorMap } from './error-map';
import { fetchSecrets } from './fetch-secrets';
import { javaText } from './java-text';
import type { Connector, Job, JobCommand, JobEnd, JobPorts } from './job';
import { evaluateErrorExpression, type Outcome, type Verdict } from './map-error';
import { mapResult } from './map-result';
import { readDurations, readExpressions } from './task-headers';

/** What running the connector gave. */
interface Attempt {
  readonly result:
    | { readonly response: string; readonly variables: string }
    | { readonly error: ConnectorError; readonly backoffMs: number | undefined };
  /** The connector read its answer and could not use it; an abort that came meanwhile does not change that. */
  readonly badAnswer: boolean;
  /** Values to be masked. */
  readonly secrets: readonly string[];
}

/** The command, and how the job ended with it. */
interface End {
  readonly command: JobCommand;
  readonly ending: Ending;
}

/**
 * Runs a job. Never throws: whatever goes wrong becomes a `fail`.
 * A job whose signal is aborted fails without its error expression being asked: nobody knows how the call ended.
 */
export async function handleJob(job: Job, connector: Connector, ports: JobPorts): Promise<JobEnd> {
  const official = connector.official === true;
  const attempted = await attempt(job, connector, ports, official);
  const { command, ending } = await conclude(attempted, job, ports, official);
  return { command, answer: decideAnswerFate(ending, attempted.badAnswer, official) };
}

async function conclude(
  { result, secrets }: Attempt,
  job: Job,
  ports: JobPorts,
  official: boolean,
): Promise<End> {
  try {
    const { errorExpression } = readExpressions(job);
    const outcome: Outcome =
      'error' in result
        ? { kind: 'failure', error: errorMap(result.error, secrets, official) }
        : { kind: 'success', ...result };
    const verdict: Verdict =
      errorExpression === undefined || ports.signal.aborted
        ? { kind: 'none' }
        : evaluateErrorExpression(errorExpression, outcome, job.retries, {
            official,
            onWarning: ports.onWarning,
          });
    if (verdict.kind !== 'none') return fromVerdict(verdict, secrets, official);
    if (outcome.kind === 'success') {
      return {
        command: { kind: 'complete', variables: fitEngineNumbers(outcome.variables) },
        ending: 'done',
      };
    }
    const { error, backoffMs } = result as Extract<Attempt['result'], { error: unknown }>;
    if (error.bpmnErrorCode !== undefined && !ports.signal.aborted) {
      return { command: chosenBpmnError(error.bpmnErrorCode, outcome.error), ending: 'done' };
    }
    return await ordinaryFailure(error, outcome.error, backoffMs, job, ports, official);
  } catch (thrown) {
    return { command: brokenExpression(toConnectorError(thrown), secrets, official), ending: 'failed' };
  }
}

/** The task's own fields asked for a BPMN error; the boundary event gets the error as a variable. */
function chosenBpmnError(errorCode: string, error: ErrorMap): JobCommand {
  const variables = fitEngineNumbers(stringifyJson({ error }));
  return { kind: 'throwError', errorCode, errorMessage: error.message, variables };
}

async function attempt(job: Job, connector: Connector, ports: JobPorts, official: boolean): Promise<Attempt> {
  const values = new Map<string, string>();
  let backoffMs: number | undefined;
  try {
    const durations = readDurations(job);
    backoffMs = durations.retryBackoffMs;
    if (durations.jobTimeoutMs !== undefined) await ports.extendLease(durations.jobTimeoutMs);
    await fetchSecrets(connector.secretNames(job), job, ports.secrets, official, values);
    const response = await connector.execute({
      ...ports,
      job,
      secrets: values,
      call: ports.openCall(values),
    });
    const variables = mapResult(response, readExpressions(job), { official, onWarning: ports.onWarning });
    return { result: { response, variables }, badAnswer: false, secrets: [...values.values()] };
  } catch (thrown) {
    const error = ports.signal.aborted ? abortError(ports.signal, thrown) : toConnectorError(thrown);
    const badAnswer = thrown instanceof ConnectorError && thrown.inAnswer;
    return { result: { error, backoffMs }, badAnswer, secrets: [...values.values()] };
  }
}

/** The reason of the abort says more than the broken call does. */
function abortError({ reason }: { readonly reason: unknown }, thrown: unknown): ConnectorError {
  const message = reason instanceof Error ? reason.message : 'The job was aborted';
  return new ConnectorError(message, { code: '408', cause: 'TIMEOUT', origin: thrown });
}

async function ordinaryFailure(
  error: ConnectorError,
  map: ErrorMap,
  backoffMs: number | undefined,
  job: Job,
  ports: JobPorts,
  official: boolean,
): Promise<End> {
  // The Java runtime fetches secrets outside its back-off rule.
  const noBackoff = official && error.causeName === 'SECRETS_UNAVAILABLE';
  const { retry } = error;
  const mayPostpone = retry.kind === 'postpone' && (await isAllowed(ports, retry.waitMs));
  const decision = decideRetry(
    error,
    job.retries,
    noBackoff ? undefined : backoffMs,
    mayPostpone,
    ports.random(),
  );
  const command = fail(decision.retries, decision.retryBackOffMs, map.message, { error: map }, official);
  return { command, ending: mayPostpone ? 'postponed' : 'failed' };
}

/** When nobody can say how often the job was postponed, it costs a retry. */
async function isAllowed(ports: JobPorts, waitMs: number): Promise<boolean> {
  try {
    return await ports.mayPostpone(waitMs);
  } catch {
    return false;
  }
}

/** The error expression itself failed, or what it wants cannot be done: an incident, whatever came before. */
function brokenExpression(error: ConnectorError, secrets: readonly string[], official: boolean): JobCommand {
  const map = errorMap(error, secrets, official);
  return fail(0, 0, map.message, { error: map }, official);
}

function fromVerdict(
  verdict: Exclude<Verdict, { kind: 'none' }>,
  secrets: readonly string[],
  official: boolean,
): End {
  const variables = fitEngineNumbers(stringifyJson(verdict.variables));
  switch (verdict.kind) {
    case 'ignoreError':
      return { command: { kind: 'complete', variables }, ending: 'done' };
    case 'bpmnError': {
      const { errorCode, errorMessage } = verdict;
      const message =
        errorMessage === undefined ? {} : { errorMessage: maskedMessage(errorMessage, secrets) };
      return { command: { kind: 'throwError', errorCode, ...message, variables }, ending: 'done' };
    }
    case 'jobError': {
      const { retries, retryBackOffMs } = verdict;
      const errorMessage = maskedMessage(verdict.errorMessage, secrets);
      const withError = { ...verdict.variables, error: errorMessage };
      return { command: fail(retries, retryBackOffMs, errorMessage, withError, official), ending: 'asked' };
    }
  }
}

function fail(
  retries: number,
  retryBackOffMs: number,
  message: string,
  variables: JsonObject,
  official: boolean,
): Extract<JobCommand, { kind: 'fail' }> {
  const fitted = fitEngineNumbers(stringifyJson(variables));
  const suffix = official ? ` | Error variables: ${javaText(parseJson(fitted))}` : '';
  return {
    kind: 'fail',
    retries,
    retryBackOffMs,
    errorMessage: (message + suffix).slice(0, maxMessageLength),
    variables: fitted,
  };
}

function maskedMessage(message: string, secrets: readonly string[]): string {
  return maskText(message, secrets).slice(0, maxMessageLength);
}
