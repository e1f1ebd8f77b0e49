/**
 * One job, from its variables to the one command that ends it:
 * headers -> secrets -> connector -> result -> error expression -> command.
 */
import { ConnectorError, toConnectorError } from '../errors';
import { stringifyJson, type JsonObject } from '../json/json';
import { fitEngineNumbers } from '../json/engine-numbers';
import type { JsonText } from '../json/text';
import { decideRetry } from '../retry/decide';
import { maskText } from '../secrets/placeholders';
import { decideAnswerFate, type Ending } from './answer-fate';
import { errorMap, maxMessageLength, type ErrorMap } from './error-map';
import { fetchSecrets } from './fetch-secrets';
import type { Connector, Job, JobCommand, JobEnd, JobPorts, Task } from './job';
import type { Manner } from './manner';
import { evaluateErrorExpression, type Attempt, type Ruling } from './map-error';
import { mapResult } from './map-result';
import { readDurations, readExpressions } from './task-headers';

/** An attempt with its error as it was thrown, before it is written for expressions. */
interface RawAttempt {
  readonly result:
    | { readonly response: JsonText; readonly variables: JsonText }
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
  const { manner } = connector;
  const task = connector.open(job);
  const attempted = await runTask(job, task, ports, manner);
  const { command, ending } = await conclude(attempted, job, ports, manner);
  const answer = decideAnswerFate(ending, attempted.badAnswer, manner.answerServes);
  return { command, answer, operation: task.operation };
}

async function conclude(
  { result, secrets }: RawAttempt,
  job: Job,
  ports: JobPorts,
  manner: Manner,
): Promise<End> {
  try {
    const { errorExpression } = readExpressions(job);
    const attempt: Attempt =
      'error' in result
        ? { kind: 'failure', error: errorMap(result.error, secrets, manner) }
        : { kind: 'success', ...result };
    const ruling: Ruling =
      errorExpression === undefined || ports.signal.aborted
        ? { kind: 'none' }
        : evaluateErrorExpression(errorExpression, attempt, job.retries, {
            manner,
            surroundings: ports,
          });
    if (ruling.kind !== 'none') return fromRuling(ruling, secrets, manner);
    if (attempt.kind === 'success') {
      return {
        command: { kind: 'complete', variables: fitEngineNumbers(attempt.variables) },
        ending: 'done',
      };
    }
    const { error, backoffMs } = result as Extract<RawAttempt['result'], { error: unknown }>;
    if (error.bpmnErrorCode !== undefined && !ports.signal.aborted) {
      return { command: chosenBpmnError(error.bpmnErrorCode, attempt.error), ending: 'done' };
    }
    return await ordinaryFailure(error, attempt.error, backoffMs, job, ports, manner);
  } catch (thrown) {
    return { command: brokenExpression(toConnectorError(thrown), secrets, manner), ending: 'failed' };
  }
}

/** The task's own fields asked for a BPMN error; the boundary event gets the error as a variable. */
function chosenBpmnError(errorCode: string, error: ErrorMap): JobCommand {
  const variables = fitEngineNumbers(stringifyJson({ error }));
  return { kind: 'throwError', errorCode, errorMessage: error.message, variables };
}

async function runTask(job: Job, task: Task, ports: JobPorts, manner: Manner): Promise<RawAttempt> {
  const values = new Map<string, string>();
  let backoffMs: number | undefined;
  try {
    const durations = readDurations(job);
    backoffMs = durations.backoffMs;
    if (durations.jobTimeoutMs !== undefined) await ports.extendLease(durations.jobTimeoutMs);
    await fetchSecrets(task.secretNames, job, ports.secrets, manner, values);
    const response = await task.run({ ...ports, secrets: values, call: ports.openCall(values) });
    const variables = mapResult(response, readExpressions(job), { manner, surroundings: ports });
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
  manner: Manner,
): Promise<End> {
  const { retry } = error;
  const mayPostpone = retry.kind === 'postpone' && (await isAllowed(ports, retry.waitMs));
  const decision = decideRetry(
    error,
    job.retries,
    manner.backoffMs(error, backoffMs),
    mayPostpone,
    ports.random(),
  );
  const command = fail(decision.retries, decision.backoffMs, map.message, { error: map }, manner);
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
function brokenExpression(error: ConnectorError, secrets: readonly string[], manner: Manner): JobCommand {
  const map = errorMap(error, secrets, manner);
  return fail(0, 0, map.message, { error: map }, manner);
}

function fromRuling(
  ruling: Exclude<Ruling, { kind: 'none' }>,
  secrets: readonly string[],
  manner: Manner,
): End {
  const variables = fitEngineNumbers(stringifyJson(ruling.variables));
  switch (ruling.kind) {
    case 'ignoreError':
      return { command: { kind: 'complete', variables }, ending: 'done' };
    case 'bpmnError': {
      const { errorCode, errorMessage } = ruling;
      const message =
        errorMessage === undefined ? {} : { errorMessage: maskedMessage(errorMessage, secrets) };
      return { command: { kind: 'throwError', errorCode, ...message, variables }, ending: 'done' };
    }
    case 'jobError': {
      const { retries, backoffMs } = ruling;
      const errorMessage = maskedMessage(ruling.errorMessage, secrets);
      const withError = { ...ruling.variables, error: errorMessage };
      return { command: fail(retries, backoffMs, errorMessage, withError, manner), ending: 'asked' };
    }
  }
}

function fail(
  retries: number,
  backoffMs: number,
  message: string,
  variables: JsonObject,
  manner: Manner,
): Extract<JobCommand, { kind: 'fail' }> {
  const fitted = fitEngineNumbers(stringifyJson(variables));
  return {
    kind: 'fail',
    retries,
    backoffMs,
    errorMessage: manner.failMessage(message, fitted).slice(0, maxMessageLength),
    variables: fitted,
  };
}

function maskedMessage(message: string, secrets: readonly string[]): string {
  return maskText(message, secrets).slice(0, maxMessageLength);
}
