/** What a failure costs the job. */
import type { ConnectorError } from '../errors';

export interface RetryDecision {
  readonly retries: number;
  /** ms until the job may be taken again. */
  readonly retryBackOffMs: number;
}

/** A postponed job comes back up to this share of its wait later. */
const maxSpread = 0.2;
/** A server that says "at once" again and again must not have the job back in no time, a hundred times over. */
const minPostponeMs = 1000;

/**
 * Retries and delay to report. Pure.
 * @param retries      retries of the activated job
 * @param backoffMs    the task's `retryBackoff`, ms
 * @param mayPostpone  whether a wish of the server to wait may still be granted at no cost
 * @param random       number in [0, 1): spreads postponed jobs out, or a hundred would come back in one instant
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
      return { retries: 0, retryBackOffMs: fromHeader };
    case 'consume':
      return { retries: Math.max(0, retries - 1), retryBackOffMs: fromHeader };
    case 'postpone': {
      const waitMs = Math.round(Math.max(error.retry.waitMs, minPostponeMs) * (1 + maxSpread * random));
      const retryBackOffMs = Math.max(waitMs, mayPostpone ? 0 : fromHeader);
      return { retries: mayPostpone ? retries : Math.max(0, retries - 1), retryBackOffMs };
    }
  }
}
