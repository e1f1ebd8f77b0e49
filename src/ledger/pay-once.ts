/**
 * Wraps the HTTP port of one activation of a job so that an answer is paid for once: asked of the ledger first, claimed
 * before the call, kept before anything else is done with it.
 */
import { ConnectorError } from '../errors';
import { TransportError, type HttpResponse } from '../http/request';
import type { AnswerCodec } from './answer-codec';
import { LedgerError, type EntryKey, type Ledger } from './ledger';
import type { PaidExecute, PaidRequest } from '../job/paid-request';
import { requestHash } from './request-hash';

export interface PayOnceOptions {
  readonly ledger: Ledger;
  readonly codec: AnswerCodec;
  readonly jobKey: string;
  /** Unique for this activation of the job. */
  readonly claimant: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** Without a ledger: `refuse` postpones the job, `unprotected` calls anyway. */
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
  const paid = new PaidActivation(execute, options);
  return {
    call: (request, signal) => paid.call(request, signal),
    discard: () => paid.discard(),
  };
}

/** The calls of one activation. */
class PaidActivation {
  readonly #execute: PaidExecute;
  readonly #options: PayOnceOptions;
  /** Entries whose answer this activation got. */
  readonly #answered: EntryKey[] = [];

  constructor(execute: PaidExecute, options: PayOnceOptions) {
    this.#execute = execute;
    this.#options = options;
  }

  async call(request: PaidRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { jobKey, onEvent } = this.#options;
    const key = { jobKey, requestHash: requestHash(request) };
    const found = await this.#claim(key);
    if (found.kind === 'answered') {
      onEvent('hit');
      this.#answered.push(key);
      return found.answer;
    }
    if (found.doubtful) await this.#doubt(key, request);
    onEvent('miss');
    return this.#pay(key, request, signal);
  }

  async discard(): Promise<void> {
    const { ledger } = this.#options;
    for (const key of this.#answered.splice(0)) await this.#tried(ledger.discard(key));
  }

  /** The answer, or the claim to fetch it. Waits while another activation of the job is at it. */
  async #claim(key: EntryKey): Promise<Found> {
    const { ledger, claimant, claimMs, sleep, onEvent } = this.#options;
    let waited = false;
    let lost = false;
    for (;;) {
      const outcome = (await this.#guarded(() => ledger.claim(key, claimant, claimMs))) ?? {
        kind: 'claimed',
        doubtful: false,
      };
      switch (outcome.kind) {
        case 'claimed':
          return { kind: 'claimed', doubtful: outcome.doubtful || lost };
        case 'answered': {
          const answer = await this.#guarded(() => this.#readable(outcome.answer));
          if (answer !== undefined && answer !== 'damaged') return { kind: 'answered', answer };
          // What was paid for cannot be read: the same doubt as after a crash before it was kept.
          if (answer === undefined || lost) return { kind: 'claimed', doubtful: true };
          lost = true;
          await this.#guarded(() => ledger.discard(key));
          break;
        }
        case 'busy':
          if (!waited) onEvent('waited');
          waited = true;
          await sleep(Math.min(pollMs, outcome.endsInMs));
      }
    }
  }

  /** @throws LedgerError when another key is needed to read it */
  #readable(bytes: Buffer): HttpResponse | 'damaged' {
    const { codec, secrets, onEvent } = this.#options;
    try {
      return codec.decode(bytes, secrets);
    } catch (error) {
      if (!(error instanceof LedgerError) || error.fault !== 'damaged') throw error;
      onEvent('failure', error);
      return 'damaged';
    }
  }

  /** @throws ConnectorError when the request wants a person to look before it is sent again */
  async #doubt(key: EntryKey, request: PaidRequest): Promise<void> {
    const { ledger, claimant, onEvent } = this.#options;
    onEvent('doubt');
    if (request.onDoubt !== 'incident') return;
    await this.#guarded(() => ledger.release(key, claimant));
    throw new ConnectorError(
      'An earlier try of this job ended between sending its request and hearing the answer, so the call may have been made and paid for. Look at the provider; raise the retries to call again.',
      { cause: 'ANSWER_IN_DOUBT', retry: { kind: 'never' } },
    );
  }

  /** Calls under the claim, which is renewed until the answer is here. */
  async #pay(key: EntryKey, request: PaidRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { ledger, claimant, claimMs } = this.#options;
    const renewal = setInterval(() => void this.#tried(ledger.renew(key, claimant, claimMs)), claimMs / 4);
    try {
      const answer = await this.#execute(request, signal);
      if (isPaid(answer)) await this.#keep(key, answer);
      else await this.#tried(ledger.release(key, claimant));
      return answer;
    } catch (error) {
      // What may have been paid for stays on record as a doubt, but nobody has to wait for this claim any more.
      const costNothing = error instanceof TransportError && wasNotPaid(error);
      await this.#tried(costNothing ? ledger.release(key, claimant) : ledger.renew(key, claimant, 0));
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** An answer that is here is used, even if it cannot be kept: failing the job now would pay for it again. */
  async #keep(key: EntryKey, answer: HttpResponse): Promise<void> {
    const { ledger, codec, secrets, onEvent } = this.#options;
    this.#answered.push(key);
    try {
      await ledger.keep(key, codec.encode(answer, secrets));
    } catch (error) {
      onEvent('failure', error as Error);
    }
  }

  /** Waits for a change that the job does not depend on; its failure is only told. */
  async #tried(change: Promise<unknown>): Promise<void> {
    await change.catch((error: Error) => this.#options.onEvent('failure', error));
  }

  /** @returns undefined when the ledger failed and the policy is to go on without it */
  async #guarded<T>(action: () => T | Promise<T>): Promise<T | undefined> {
    const { onEvent, onLedgerFailure } = this.#options;
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      onEvent('failure', error);
      if (onLedgerFailure === 'unprotected') return undefined;
      const reason = error.fault === 'sealed' ? error.message : 'The ledger of paid answers is not available';
      throw new ConnectorError(`${reason}, so the call was not made. The job tries again by itself.`, {
        cause: 'LEDGER_UNAVAILABLE',
        retry: { kind: 'postpone', waitMs: ledgerAwayMs },
        origin: error,
      });
    }
  }
}

/** No connection, no request. Everything later may have been heard by the provider. */
function wasNotPaid(error: TransportError): boolean {
  return error.phase === 'connect' || error.phase === 'protocol';
}
