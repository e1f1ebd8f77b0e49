/** Resolving an incident repeats what failed; if it fails again, there is a new incident. */
import { closeIncident } from '../rules/life-cycle';
import type { Turn } from '../turn/turn';
import { freeJob } from './jobs';
import { notFound } from './refuse';
import { Rejection } from '../api';

export function resolveIncident(turn: Turn, key: string): void {
  const incident = turn.state.incidents.get(key);
  if (incident?.state !== 'ACTIVE') throw notFound('RESOLVE', 'incident', key);
  if (turn.instance(incident).banned)
    throw new Rejection(
      409,
      'INVALID_STATE',
      `Expected to resolve incident with key '${key}', but its process instance is stopped for good. Cancel process instance '${incident.instance}'.`,
    );
  const job = incident.job === null ? undefined : turn.state.jobs.get(incident.job);
  if (job !== undefined && job.retries < 1)
    throw new Rejection(
      404,
      'NOT_FOUND',
      `Command 'RESOLVE' rejected with code 'NOT_FOUND': Expected to resolve the incident of job with key '${job.key}', but the job has no retries left. Update its retries first`,
    );
  closeIncident(turn, key);
  if (job !== undefined && job.endTime === null) freeJob(turn, job);
  if (incident.step !== undefined) turn.addStep(incident.step);
}
