/**
 * What workers report about their jobs. Nobody is asked for ownership: a worker whose time is over may still complete a job,
 * and the next one then hears that it is gone.
 *
 *   ACTIVATABLE --activate--> ACTIVATED --complete--> COMPLETED
 *        ^  ^                   |  |  +---throw error--> ERROR_CAUGHT, or ERROR_THROWN with an incident
 *        |  +--time is over-----+  +--fail--> ACTIVATABLE, BACKOFF, or FAILED with an incident
 *        +--back-off is over, incident resolved-- BACKOFF, FAILED, ERROR_THROWN
 */
import type { ActivatedJob, JobPoll } from '../api';
import { lookUp, readVariables, setAllLocal, toObject, visibleFrom } from '../data/variables';
import { throwError } from '../rules/errors';
import { raiseIncident } from '../rules/incidents';
import { beginCompletion } from '../rules/life-cycle';
import { deliver } from '../rules/triggers';
import type { JobRow } from '../state/rows';
import { jobValue, recordJob } from '../turn/records';
import type { Turn } from '../turn/turn';
import { invalidArgument, invalidState, notFound } from './refuse';

/** A job whose variables exceed this is not handed out. */
const maxJobBytes = 4 * 1024 * 1024;
/** One answer to a poll; jobs beyond it wait for the next poll. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Hands out jobs of a type, the longest waiting ones first. */
export function activateJobs(turn: Turn, request: JobPoll): ActivatedJob[] {
  const { type, worker, timeoutMs, maxJobs, fetchVariables } = request;
  const activated: ActivatedJob[] = [];
  let bytes = 0;
  const jobs = [...first(turn.state.activatableJobs.of(type), maxJobs)].map((key) =>
    turn.state.jobs.get(key)!,
  );
  // Before anything changes: what is taken back because a process is not read yet goes to the end of the queue.
  for (const { definition } of jobs) turn.process(definition);
  for (const waiting of jobs) {
    const { key } = waiting;
    const variables = variablesOf(turn, waiting, fetchVariables);
    const size = Buffer.byteLength(variables);
    if (size > maxJobBytes) {
      refuseToHandOut(turn, waiting, size);
      continue;
    }
    bytes += size;
    if (bytes > maxAnswerBytes && activated.length > 0) break;
    const job = turn.state.jobs.update(key, {
      state: 'ACTIVATED',
      worker,
      due: turn.now + timeoutMs,
      lastUpdateTime: turn.now,
    });
    activated.push(describe(turn, job, variables));
  }
  if (activated.length > 0) recordBatch(turn, request, activated);
  return activated;
}

/** Frees jobs that were handed out to somebody who has gone before they arrived. */
export function giveBackJobs(turn: Turn, jobs: readonly ActivatedJob[]): void {
  for (const { job } of jobs) {
    const now = turn.state.jobs.get(job.key);
    if (now?.state === 'ACTIVATED' && now.due === job.due) free(turn, now, 'YIELDED');
  }
}

export function completeJob(turn: Turn, key: string, variables: string): void {
  const job = openJob(turn, 'COMPLETE', key);
  const element = turn.state.elements.get(job.elementInstance)!;
  const ended = turn.state.jobs.update(key, { ...end(turn), state: 'COMPLETED' });
  recordJob(turn, ended, 'COMPLETED', { variables });
  deliver(turn, element, turn.model(element), readVariables(variables));
  beginCompletion(turn, element.key);
}

export function failJob(
  turn: Turn,
  key: string,
  failure: { retries: number; errorMessage: string; retryBackOffMs: number; variables: string },
): void {
  const job = openJob(turn, 'FAIL', key);
  const retries = Math.max(0, failure.retries);
  const backOff = retries > 0 && failure.retryBackOffMs > 0;
  const failed = turn.state.jobs.update(key, {
    retries,
    state: retries === 0 ? 'FAILED' : backOff ? 'BACKOFF' : 'ACTIVATABLE',
    due: backOff ? turn.now + failure.retryBackOffMs : null,
    errorMessage: failure.errorMessage,
    lastUpdateTime: turn.now,
  });
  recordJob(turn, failed, 'FAILED', {
    variables: failure.variables,
    retryBackoff: Math.max(0, failure.retryBackOffMs),
  });
  const element = turn.state.elements.get(job.elementInstance)!;
  setAllLocal(turn, element, readVariables(failure.variables));
  if (failed.state === 'ACTIVATABLE') turn.wokenTypes.add(job.type);
  if (failed.state === 'FAILED')
    raiseIncident(turn, {
      type: 'JOB_NO_RETRIES',
      message: failure.errorMessage === '' ? 'No more retries left.' : failure.errorMessage,
      element: element.key,
      job: failed,
    });
}

/** Throws a BPMN error from the job's task; not caught, it is an incident and its variables are dropped. */
export function throwJobError(
  turn: Turn,
  key: string,
  error: { errorCode: string; errorMessage: string; variables: string },
): void {
  if (error.errorCode === '') throw invalidArgument('No errorCode provided.');
  openJob(turn, 'THROW_ERROR', key);
  const { errorCode, errorMessage, variables } = error;
  const job = turn.state.jobs.update(key, {
    ...end(turn),
    state: 'ERROR_CAUGHT',
    errorCode,
    errorMessage,
  });
  recordJob(turn, job, 'ERROR_THROWN', { variables });
  const element = turn.state.elements.get(job.elementInstance)!;
  const thrown = { code: errorCode, message: errorMessage, variables: readVariables(variables) };
  const reason = throwError(turn, element, thrown);
  if (reason === undefined) return;
  const uncaught = turn.state.jobs.update(key, { state: 'ERROR_THROWN', endTime: null });
  raiseIncident(turn, {
    type: 'UNHANDLED_ERROR_EVENT',
    message: reason,
    element: element.key,
    job: uncaught,
  });
}

export function updateJob(
  turn: Turn,
  key: string,
  { timeoutMs, retries }: { timeoutMs?: number; retries?: number },
): void {
  if (timeoutMs === undefined && retries === undefined)
    throw invalidArgument(
      'No changes provided. At least one of [retries, timeout] is needed in the changeset.',
    );
  if (retries !== undefined && retries < 1)
    throw invalidArgument(`Expected the retries of a job to be greater than 0, but got ${retries}.`);
  const job = knownJob(turn, 'UPDATE', key);
  if (timeoutMs !== undefined && job.state !== 'ACTIVATED')
    throw invalidArgument(
      `Command 'UPDATE_TIMEOUT' rejected with code 'INVALID_STATE': Expected to update the timeout of job with key '${key}', but it is not active`,
    );
  if (retries !== undefined)
    recordJob(turn, turn.state.jobs.update(key, { retries, lastUpdateTime: turn.now }), 'RETRIES_UPDATED');
  if (timeoutMs !== undefined) setTimeoutOf(turn, key, timeoutMs);
}

function setTimeoutOf(turn: Turn, key: string, timeoutMs: number): void {
  const job = turn.state.jobs.update(key, { due: turn.now + timeoutMs, lastUpdateTime: turn.now });
  recordJob(turn, job, 'TIMEOUT_UPDATED', { timeout: timeoutMs });
}

/** The time of a job is over, or its back-off. */
export function jobIsDue(turn: Turn, job: JobRow): void {
  free(turn, job, job.state === 'BACKOFF' ? 'RECURRED_AFTER_BACKOFF' : 'TIMED_OUT');
}

/** The incident of a job is resolved: it can be taken again. */
export function freeJob(turn: Turn, job: JobRow): void {
  turn.state.jobs.update(job.key, { state: 'ACTIVATABLE', due: null, lastUpdateTime: turn.now });
  turn.wokenTypes.add(job.type);
}

function free(turn: Turn, job: JobRow, intent: 'TIMED_OUT' | 'RECURRED_AFTER_BACKOFF' | 'YIELDED'): void {
  recordJob(turn, job, intent);
  freeJob(turn, job);
}

function end(turn: Turn): Pick<JobRow, 'due' | 'endTime' | 'lastUpdateTime'> {
  return { due: null, endTime: turn.now, lastUpdateTime: turn.now };
}

/** A job that a command can end. @throws Rejection */
function openJob(turn: Turn, verb: string, key: string): JobRow {
  const job = knownJob(turn, verb, key);
  if (job.state === 'ACTIVATABLE' || job.state === 'ACTIVATED') return job;
  // In back-off a job has failed, as far as commands are concerned.
  throw invalidState(verb, 'job', key, job.state === 'BACKOFF' ? 'FAILED' : job.state);
}

function knownJob(turn: Turn, verb: string, key: string): JobRow {
  const job = turn.state.jobs.get(key);
  if (job === undefined || job.endTime !== null) throw notFound(verb, 'job', key);
  return job;
}

function variablesOf(turn: Turn, job: JobRow, names: readonly string[]): string {
  if (names.length === 0) return toObject(visibleFrom(turn.state, job.elementInstance));
  const fetched = new Map<string, string>();
  for (const name of names) {
    const value = lookUp(turn.state, job.elementInstance, name);
    if (value !== undefined) fetched.set(name, value);
  }
  return toObject(fetched);
}

function refuseToHandOut(turn: Turn, job: JobRow, bytes: number): void {
  const stopped = turn.state.jobs.update(job.key, { state: 'FAILED', lastUpdateTime: turn.now });
  raiseIncident(turn, {
    type: 'MESSAGE_SIZE_EXCEEDED',
    message: `The job with key '${job.key}' can not be activated, because with its variables (${bytes} bytes) it is larger than the configured message size (per default 4 MB). Try to reduce the size by reducing the number of fetched variables or modifying the variable values.`,
    element: job.elementInstance,
    job: stopped,
  });
}

function describe(turn: Turn, job: JobRow, variables: string): ActivatedJob {
  const { processId, version, rootInstance, tags } = turn.instance(job);
  const { behaviour } = turn.model(job);
  const headers = behaviour.kind === 'job' ? behaviour.headers : {};
  return { job, processId, version, rootInstance, tags, headers, variables };
}

function recordBatch(turn: Turn, request: JobPoll, activated: readonly ActivatedJob[]): void {
  turn.record({
    valueType: 'JOB_BATCH',
    intent: 'ACTIVATED',
    key: turn.keys.first(),
    value: {
      type: request.type,
      worker: request.worker,
      timeout: request.timeoutMs,
      maxJobsToActivate: request.maxJobs,
      jobKeys: activated.map(({ job }) => job.key),
      jobs: activated.map(({ job }) => jobValue(turn, job, {})),
      truncated: false,
    },
  });
}

function* first(keys: Iterable<string>, count: number): Iterable<string> {
  let left = count;
  for (const key of keys) {
    if (left-- <= 0) return;
    yield key;
  }
}
