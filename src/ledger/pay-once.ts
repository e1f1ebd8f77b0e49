/**
 * Wraps the HTTP port of one activation of a job so that an answer is paid for once: asked of the ledger first, claimed
 * before the call, kept before anything else is done with it.
 */
import { ConnectorError } from '../errors';
import { TransportError, type HttpResponse } from '../http/request';
import type { AnswerCodec } from './answer-codec';
import { LedgerError, type EntryKey, type Ledger } from './ledger';
import type { PaidExecute } from './paid-request';
import { requestHash } from './request-hash';

export interface PayOnceOptions {
  readonly ledger: Ledger;
  readonly codec: AnswerCodec;
  readonly jobKey: string;
  /** Unique for this activation of the job. */
  readonly claimant: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** Without a ledger: `refuse` postpones the job, `unprotected` calls all the same. */
  readonly onLedgerFailure: 'refuse' | 'unprotected';
  /**
   * A claim ends this long after its last renewal. The job's time-out is the right length: after a crash both end
   * together, and a process that stalled for less has lost neither.
   */
  readonly claimMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onEvent: (event: LedgerEvent, error?: Error) => void;
}

export type LedgerEvent = 'hit' | 'miss' | 'waited' | 'doubt' | 'failure';

const pollMs = 500;
/** How long a job stays away from a ledger that does not answer. */
const ledgerAwayMs = 10_000;

/** Answers below 400 are kept; a refusal cost nothing, and its repeat may be answered. */
const isPaid = (answer: HttpResponse): boolean => answer.status < 400;

export interface PaidCalls {
  readonly call: PaidExecute;
  /** Forgets the answers this activation got: they were read and are no good. */
  readonly discard: () => Promise<void>;
}

type Found =
  | { readonly kind: 'claimed'; readonly doubtful: boolean }
  | { readonly kind: 'answered'; readonly answer: HttpResponse };

export function payOnce(execute: PaidExecute, options: PayOnceOptions): PaidCalls {
  const { ledger, codec, claimant, secrets, claimMs, onEvent } = options;
  const answered: EntryKey[] = [];

  /** @returns undefined when the ledger failed and the policy is to go on without it */
  async function guarded<T>(action: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      onEvent('failure', error);
      if (options.onLedgerFailure === 'unprotected') return undefined;
      const reason = error.fault === 'sealed' ? error.message : 'The ledger of paid answers is not available';
      throw new ConnectorError(`${reason}, so the call was not made. The job tries again by itself.`, {
        cause: 'LEDGER_UNAVAILABLE',
        retry: { kind: 'postpone', waitMs: ledgerAwayMs },
        origin: error,
      });
    }
  }

  /** The answer, or the claim to fetch it. Waits while another activation of the job is at it. */
  async function claim(key: EntryKey): Promise<Found> {
    let waited = false;
    let lost = false;
    for (;;) {
      const outcome = (await guarded(() => ledger.claim(key, claimant, claimMs))) ?? {
        kind: 'claimed',
        doubtful: false,
      };
      switch (outcome.kind) {
        case 'claimed':
          return { kind: 'claimed', doubtful: outcome.doubtful || lost };
        case 'answered': {
          const answer = await guarded(() => readable(outcome.answer));
          if (answer !== undefined && answer !== 'damaged') return { kind: 'answered', answer };
          // What was paid for cannot be read: the same doubt as after a crash before it was kept.
          if (answer === undefined || lost) return { kind: 'claimed', doubtful: true };
          lost = true;
          await guarded(() => ledger.discard(key));
          break;
        }
        case 'busy':
          if (!waited) onEvent('waited');
          waited = true;
          await options.sleep(Math.min(pollMs, outcome.endsInMs));
      }
    }
  }

  /** @throws LedgerError when another key is needed to read it */
  function readable(bytes: Buffer): HttpResponse | 'damaged' {
    try {
      return codec.decode(bytes, secrets);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.fault !== 'damaged') throw error;
      onEvent('failure', error);
      return 'damaged';
    }
  }

  const call: PaidExecute = async (request, signal) => {
    const key = { jobKey: options.jobKey, requestHash: requestHash(request) };
    const found = await claim(key);
    if (found.kind === 'answered') {
      onEvent('hit');
      answered.push(key);
      return found.answer;
    }
    if (found.doubtful) {
      onEvent('doubt');
      if (request.onDoubt === 'incident') {
        await guarded(() => ledger.release(key, claimant));
        throw new ConnectorError(
          'An earlier try of this job ended between sending its request and hearing the answer, so the call may have been made and paid for. Look at the provider; raise the retries to call again.',
          { cause: 'ANSWER_IN_DOUBT', retry: { kind: 'never' } },
        );
      }
    }
    onEvent('miss');
    const renewal = setInterval(
      () => void ledger.renew(key, claimant, claimMs).catch((error: Error) => onEvent('failure', error)),
      claimMs / 4,
    );
    try {
      const answer = await execute(request, signal);
      if (isPaid(answer)) await keep(key, answer);
      else await ledger.release(key, claimant).catch((error: Error) => onEvent('failure', error));
      return answer;
    } catch (error) {
      // What may have been paid for stays on record as a doubt, but nobody has to wait for this claim any more.
      const end =
        error instanceof TransportError && wasNotPaid(error)
          ? ledger.release(key, claimant)
          : ledger.renew(key, claimant, 0);
      await end.catch((fault: Error) => onEvent('failure', fault));
      throw error;
    } finally {
      clearInterval(renewal);
    }
  };

  return {
    call,
    async discard() {
      for (const key of answered.splice(0)) {
        await ledger.discard(key).catch((error: Error) => onEvent('failure', error));
      }
    },
  };

  /** An answer that is here is used, even if it cannot be kept: failing the job now would pay for it again. */
  async function keep(key: EntryKey, answer: HttpResponse): Promise<void> {
    answered.push(key);
    try {
      await ledger.keep(key, codec.encode(answer, secrets));
    } catch (error) {
      onEvent('failure', error as Error);
    }
  }
}

/** No connection, no request. Everything later may have been heard by the provider. */
function wasNotPaid(error: TransportError): boolean {
  return error.phase === 'connect' || error.phase === 'protocol';
}
