/**
 * The one table of statuses and waits. Who wants another rule for a 429 changes it here; what follows from it is worked
 * out beside it (`hint.ts`, `decide.ts`), and the rooms that call an API ask.
 */
import type { Cause } from '../errors';

/** What a status means for the next try. */
export interface StatusRule {
  /** Whether the same request may succeed later; the server's `x-should-retry` overrides it. */
  readonly retryable: boolean;
  readonly cause: Cause;
  /** The server asks for a rest: with a hint its deployment cools down, and the compatible family makes its repeat. */
  readonly cools?: true;
  /** A used-up budget in the headers counts as a hint: `x-ratelimit-remaining-*` and `-reset-*`. */
  readonly hintInBudgets?: true;
  /** The message is searched for a hint when the headers have none. */
  readonly hintInWords?: true;
}

/** The status of a rate limit, for failures that have none of their own: error objects in a stream, the cooling gate. */
export const rateLimitStatus = 429;

/** A 408 has the cause of other bad requests, as the compatible family tells it; our own types tell a time-out. */
const statuses: Readonly<Record<number, Partial<StatusRule>>> = {
  401: { cause: 'UNAUTHORIZED' },
  403: { cause: 'FORBIDDEN' },
  404: { cause: 'NOT_FOUND' },
  408: { retryable: true },
  409: { retryable: true },
  425: { retryable: true },
  [rateLimitStatus]: {
    retryable: true,
    cause: 'RATE_LIMITED',
    cools: true,
    hintInBudgets: true,
    hintInWords: true,
  },
  501: { retryable: false },
  503: { cools: true },
  505: { retryable: false },
};
const serverErrors: StatusRule = { retryable: true, cause: 'SERVER_ERROR' };
const others: StatusRule = { retryable: false, cause: 'INVALID_REQUEST' };

/** The rule for the status of a failed call: its row of the table, the rest as for all of its kind. */
export function ruleOf(status: number): StatusRule {
  return { ...(status >= 500 ? serverErrors : others), ...statuses[status] };
}

/** Waits within one call. `maxWaits`: a server that says "at once" again and again must not hold the job in a loop. */
export const inCall = { maxWaitMs: 2_000, maxWaits: 3 };

/**
 * The compatible family's own: it asks once more, after a second when the server names no wait. One that wants more than
 * `maxWaitMs` is not asked again in this call, because a waiting job holds a place.
 */
export const restInCall = { maxRepeats: 1, waitWithoutHintMs: 1_000, maxWaitMs: 60_000 };

/** A server that asks for more than this means "not today" or is mistaken; both are told apart by nobody. */
export const maxHintMs = 86_400_000;

/** A longer hint binds the job that got it; others try the deployment again after this, because a header may be mistaken. */
export const maxCoolMs = 5 * 60_000;

/**
 * Jobs that go back with the wait the server named. They return up to the share `spread` later, or a hundred would come
 * back in one instant; and after `minMs` at least, or a server that says "at once" would have them back a hundred times.
 */
export const postponement = { spread: 0.2, minMs: 1_000 };
