/** What a failure costs the job. */
import type { ConnectorError } from '../errors';
import { postponement } from './policy';

export interface RetryDecision {
  readonly retries: number;
  /** ms until the job may be taken again. */
  readonly backoffMs: number;
}

/**
 * Retries and delay to report.
 * @param retries      retries of the activated job
 * @param backoffMs    the task's `retryBackoff`, ms
 * @param mayPostpone  whether a wish of the server to wait may still be granted at no cost
 * @param random       number in [0, 1): spreads postponed jobs out
 */
export function decideRetry(
  error: ConnectorError,
  retries: number,
  backoffMs: number | undefined,
  mayPostpone: boolean,
  random: number,
): RetryDecision {
  const fromHeader = backoffMs ?? 0;
  switch (error.retry.kind) {
    case 'never':
      return { retries: 0, backoffMs: fromHeader };
    case 'consume':
      return { retries: Math.max(0, retries - 1), backoffMs: fromHeader };
    case 'postpone': {
      const { spread, minMs } = postponement;
      const waitMs = Math.round(Math.max(error.retry.waitMs, minMs) * (1 + spread * random));
      return mayPostpone
        ? { retries, backoffMs: waitMs }
        : { retries: Math.max(0, retries - 1), backoffMs: Math.max(waitMs, fromHeader) };
    }
  }
}
