/** Jobs: taking, completing, failing, throwing errors, changing. */
import { setImmediate as immediately } from 'node:timers/promises';
import type { ActivatedJob, JobPoll, Poll } from '../api';
import { jsonAnswer, noContent, type Answer } from './answer';
import { invalid, type CheckedBody } from './body';
import type { ApiCall, Route } from './call';
import { keyFromText } from './keys';
import { activatedJobText } from './shapes/job';

/** How long a poll waits that does not say; a broker's default. */
const defaultWaitMs = 10_000;

export const jobRoutes: readonly Route[] = [
  ['POST', '/v2/jobs/activation', activate],
  ['POST', '/v2/jobs/{jobKey}/completion', complete],
  ['POST', '/v2/jobs/{jobKey}/failure', fail],
  ['POST', '/v2/jobs/{jobKey}/error', throwError],
  ['PATCH', '/v2/jobs/{jobKey}', update],
];

async function activate(call: ApiCall): Promise<Answer> {
  const request = activationRequest(await call.body());
  const poll = call.engine.activateJobs(request);
  // Whatever it has taken by then, nobody will hear of: without this the jobs stay locked until they time out.
  whenAborted(call.gone, () => {
    if (!call.switches.deadPolls) poll.giveUp();
  });
  const jobs = await jobsUntil(call.stopping, poll);
  if (jobs.length > 0) await connectionsHeard();
  return jsonAnswer(`{"jobs":[${jobs.map(activatedJobText).join(',')}]}`);
}

/**
 * Resolves when the event loop has looked at all connections once more: the end of one that was closed right behind its
 * request is noticed only then, and an answer written before that would seem to have arrived.
 */
async function connectionsHeard(): Promise<void> {
  // The first one comes before the next look at connections, the second one after it.
  await immediately();
  await immediately();
}

/** The jobs of a poll; none, once the signal is given. */
async function jobsUntil(stopping: AbortSignal, poll: Poll): Promise<readonly ActivatedJob[]> {
  let forget = (): void => undefined;
  const stopped = new Promise<readonly ActivatedJob[]>((resolve) => {
    forget = whenAborted(stopping, () => {
      poll.giveUp();
      resolve([]);
    });
  });
  try {
    return await Promise.race([poll.jobs, stopped]);
  } finally {
    forget();
  }
}

/** @returns takes the listener away: a signal may outlive thousands of polls */
function whenAborted(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', then, { once: true });
  return () => signal.removeEventListener('abort', then);
}

function activationRequest(body: CheckedBody): JobPoll {
  const type = body.needed('type');
  const timeoutMs = body.integer('timeout') ?? 0;
  if (timeoutMs <= 0) throw invalid(`timeout must be above 0, but is ${timeoutMs}.`);
  const maxJobs = body.integer('maxJobsToActivate') ?? 0;
  if (maxJobs <= 0) throw invalid(`maxJobsToActivate must be above 0, but is ${maxJobs}.`);
  const requestTimeout = body.waitMs('requestTimeout');
  return {
    type,
    worker: body.text('worker') ?? '',
    timeoutMs,
    maxJobs,
    fetchVariables: body.texts('fetchVariable'),
    waitMs: requestTimeout === 0 ? defaultWaitMs : Math.max(0, requestTimeout),
  };
}

async function complete(call: ApiCall): Promise<Answer> {
  const key = jobKey(call);
  await call.engine.completeJob(key, (await call.body()).variables());
  return noContent;
}

async function fail(call: ApiCall): Promise<Answer> {
  const key = jobKey(call);
  const body = await call.body();
  await call.engine.failJob(key, {
    // No number of retries means that there are none: an incident.
    retries: Math.max(0, body.integer('retries') ?? 0),
    errorMessage: body.text('errorMessage') ?? '',
    retryBackOffMs: Math.max(0, body.integer('retryBackOff') ?? 0),
    variables: body.variables(),
  });
  return noContent;
}

async function throwError(call: ApiCall): Promise<Answer> {
  const key = jobKey(call);
  const body = await call.body();
  await call.engine.throwJobError(key, {
    errorCode: body.needed('errorCode'),
    errorMessage: body.text('errorMessage') ?? '',
    variables: body.variables(),
  });
  return noContent;
}

async function update(call: ApiCall): Promise<Answer> {
  const key = jobKey(call);
  const changeset = (await call.body()).object('changeset');
  const timeoutMs = changeset?.integer('timeout');
  const retries = changeset?.integer('retries');
  if (timeoutMs === undefined && retries === undefined)
    throw invalid('The changeset must hold a timeout, retries, or both.');
  await call.engine.updateJob(key, {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retries !== undefined && { retries }),
  });
  return noContent;
}

function jobKey({ params }: ApiCall): string {
  return keyFromText(params['jobKey']!, 'jobKey');
}
