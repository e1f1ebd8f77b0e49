/** The task headers a job obeys, whatever its type. */
import { ConnectorError, errorTypes } from '../errors';
import { parseIsoDurationMs } from './iso-duration';
import type { Job } from './job';

export interface TaskHeaders {
  /** Takes the whole response; not trimmed. */
  readonly resultVariable: string | undefined;
  /** FEEL, as written. */
  readonly resultExpression: string | undefined;
  /** FEEL, as written. */
  readonly errorExpression: string | undefined;
  /** ms to wait before a failed job comes back; negative ones go to the engine as they are. */
  readonly backoffMs: number | undefined;
  /** ms > 0 for which the job is to be ours. */
  readonly jobTimeoutMs: number | undefined;
}

type Expressions = Pick<TaskHeaders, 'resultVariable' | 'resultExpression' | 'errorExpression'>;

/** The headers that cannot be wrong; blank ones are off. */
export function readExpressions(job: Job): Expressions {
  return {
    resultVariable: filled(job, 'resultVariable'),
    resultExpression: filled(job, 'resultExpression'),
    errorExpression: filled(job, 'errorExpression'),
  };
}

/**
 * The durations.
 * @throws ConnectorError (no retry) for a text that is not a duration, and for a `jobTimeout` that is not positive
 */
export function readDurations(job: Job): Pick<TaskHeaders, 'backoffMs' | 'jobTimeoutMs'> {
  const backoff = ownHeader(job, 'retryBackoff');
  const backoffMs = backoff === undefined ? undefined : parseIsoDurationMs(backoff);
  if (backoff !== undefined && backoffMs === undefined) {
    throw headerError(
      `Failed to parse retry backoff header. Expected ISO-8601 duration, e.g. PT5M, got: ${backoff}`,
      errorTypes.backoff,
    );
  }
  const timeout = filled(job, 'jobTimeout');
  const jobTimeoutMs = timeout === undefined ? undefined : parseIsoDurationMs(timeout);
  if (timeout !== undefined && jobTimeoutMs === undefined) {
    throw headerError(
      `Failed to parse job timeout header. Expected ISO-8601 duration, e.g. PT5M, got: ${timeout}`,
      errorTypes.jobTimeout,
    );
  }
  if (jobTimeoutMs !== undefined && jobTimeoutMs < 1) {
    throw headerError(
      `Job timeout header must be a positive duration, e.g. PT5M, got: ${timeout}`,
      errorTypes.jobTimeout,
    );
  }
  return { backoffMs, jobTimeoutMs };
}

function headerError(message: string, type: string): ConnectorError {
  return new ConnectorError(message, { type, cause: 'INVALID_INPUT', retry: { kind: 'never' } });
}

function ownHeader(job: Job, name: string): string | undefined {
  return Object.hasOwn(job.customHeaders, name) ? job.customHeaders[name] : undefined;
}

function filled(job: Job, name: string): string | undefined {
  const value = ownHeader(job, name);
  return value === undefined || value.trim() === '' ? undefined : value;
}
