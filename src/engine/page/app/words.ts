/** Times and states in words. */
import type { Incident, Instance, JobItem } from './shapes';

/** Local time; with the date when it is another day than `now`. */
export function timeText(iso: string, now: Date): string {
  const date = new Date(iso);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return date.toDateString() === now.toDateString() ? time : `${dateText(date)} ${time}`;
}

function dateText(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

export type JobCondition = 'waiting' | 'taken' | 'back-off' | 'failed';

interface JobWords {
  readonly condition: JobCondition;
  readonly sentence: string;
}

/**
 * @param incidents those that are open; a job that has one does not come back by itself
 */
export function jobWords(job: JobItem, incidents: readonly Incident[], now: Date): JobWords {
  const worker = job.worker === '' ? 'a worker without a name' : `worker '${job.worker}'`;
  const since = timeText(job.lastUpdateTime, now);
  if (job.state === 'ERROR_THROWN')
    return {
      condition: 'failed',
      sentence: `Threw the error '${job.errorCode ?? ''}', which nothing catches.`,
    };
  if (job.state === 'FAILED') {
    const left = retriesLeft(job.retries);
    if (incidents.some(({ jobKey }) => jobKey === job.jobKey))
      return {
        condition: 'failed',
        sentence: `Failed at ${since}, ${left}. Waits until its incident is resolved.`,
      };
    return {
      condition: 'back-off',
      sentence: `Failed at ${since}, in back-off, comes back by itself; ${left}.`,
    };
  }
  if (job.deadline !== null)
    return { condition: 'taken', sentence: `Taken by ${worker} until ${timeText(job.deadline, now)}.` };
  if (job.worker === '')
    return {
      condition: 'waiting',
      sentence: `No worker takes jobs of type '${job.type}' yet. Waiting since ${since}.`,
    };
  return { condition: 'waiting', sentence: `Waiting for a worker again since ${since}; ${worker} had it.` };
}

export function retriesLeft(retries: number): string {
  if (retries === 0) return 'no retries left';
  return retries === 1 ? '1 retry left' : `${retries} retries left`;
}

export function instanceState({ state, hasIncident }: Instance): string {
  if (state === 'ACTIVE') return hasIncident ? 'Incident' : 'Active';
  return state === 'COMPLETED' ? 'Completed' : 'Cancelled';
}

/** `SERVICE_TASK` as `service task`. */
export function lowerWords(type: string): string {
  return type.toLowerCase().replaceAll('_', ' ');
}
