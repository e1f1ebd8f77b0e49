/**
 * One activation of a job: the ports it runs with, its call that is paid once, and what the ledger hears in the end.
 * Made when the job begins; it remembers what is needed until its command is acknowledged.
 *
 *   answer is                bad   bad-and-spent   spent     needed
 *   command leaves retries   ----- discard -----
 *   command is sent
 *     acknowledged           discard   forget      forget
 *     gone                   --------------- forget ---------------
 *     dropped, refused       nothing: the engine has not heard it
 *
 * To discard takes the answers of this activation away, to forget all that is kept of the job.
 */
import { randomUUID } from 'node:crypto';
import type { BrokerError } from './broker/broker';
import type { Delivery } from './broker/deliver';
import type { Handled } from './broker/job-loop';
import type { Lease } from './broker/lease';
import { handleJob } from './job/handle-job';
import type { AnswerFate, Connector, DocumentStore, Job, JobPorts } from './job/job';
import type { HttpExecute } from './http/request';
import type { AnswerCodec } from './ledger/answer-codec';
import { LedgerError, type Ledger } from './ledger/ledger';
import type { PaidExecute } from './job/paid-request';
import { payOnce, type LedgerEvent, type PaidCalls } from './ledger/pay-once';
import type { RateGate } from './limits/rate-gate';
import type { SecretSource } from './secrets/secret-source';

/** What all activations share. */
export interface ActivationParts {
  readonly http: HttpExecute;
  readonly gate: RateGate;
  readonly ledger: Ledger;
  readonly codec: AnswerCodec;
  readonly secrets: SecretSource;
  readonly documents: DocumentStore;
  readonly observer: ActivationObserver;
  readonly limits: {
    readonly claimMs: number;
    readonly maxPostponements: number;
    readonly maxPostponeMs: number;
    readonly onLedgerFailure: 'refuse' | 'unprotected';
  };
}

/** What happens in an activation, for logs and metrics. */
export interface ActivationObserver {
  ledger(job: Job, event: LedgerEvent, error?: Error): void;
  postponed(job: Job): void;
  warning(job: Job, text: string): void;
}

/** Runs one job and tells the ledger how it ended. */
export class Activation {
  readonly #parts: ActivationParts;
  readonly #job: Job;
  readonly #connector: Connector;
  readonly #lease: Pick<Lease, 'signal' | 'extend'>;
  /** Made when the job's secrets are here: the ledger takes them out of what it keeps. */
  #paid: PaidCalls | undefined;

  constructor(
    parts: ActivationParts,
    connector: Connector,
    job: Job,
    lease: Pick<Lease, 'signal' | 'extend'>,
  ) {
    this.#parts = parts;
    this.#connector = connector;
    this.#job = job;
    this.#lease = lease;
  }

  /** Runs the job; never throws. */
  async run(): Promise<Handled> {
    const { command, answer, operation } = await handleJob(this.#job, this.#connector, this.#ports());
    const bad = answer === 'bad' || answer === 'bad-and-spent';
    // The next try may begin before this one hears that its command arrived. An incident waits for a person.
    if (bad && command.kind === 'fail' && command.retries > 0) await this.#paid?.discard();
    return { command, operation, settled: (delivery) => this.#settled(answer, delivery) };
  }

  /** Called when the engine has heard what became of the job: a command may not arrive in time. */
  async #settled(answer: AnswerFate, delivery: Delivery): Promise<void> {
    const spent = answer === 'spent' || answer === 'bad-and-spent';
    if (delivery === 'gone' || (delivery === 'acknowledged' && spent)) {
      const { ledger, observer } = this.#parts;
      await ledger
        .forget(this.#job.key)
        .catch((error: Error) => observer.ledger(this.#job, 'failure', error));
    } else if (delivery === 'acknowledged' && answer === 'bad') await this.#paid?.discard();
  }

  #ports(): JobPorts {
    const { http, documents, secrets, observer } = this.#parts;
    return {
      openCall: (secrets) => this.#openCall(secrets),
      fetch: http,
      documents,
      signal: this.#lease.signal,
      sleep: this.#sleep,
      now: Date.now,
      random: Math.random,
      secrets,
      extendLease: (ms) => this.#extendLease(ms),
      onWarning: (warning) => observer.warning(this.#job, warning),
      mayPostpone: (waitMs) => this.#mayPostpone(waitMs),
    };
  }

  #openCall(secrets: ReadonlyMap<string, string>): PaidExecute {
    const { gate, http, ledger, codec, limits, observer } = this.#parts;
    const job = this.#job;
    this.#paid = payOnce(gate.guard(job.type, http, this.#sleep), {
      ledger,
      codec,
      jobKey: job.key,
      claimant: randomUUID(),
      secrets,
      onLedgerFailure: limits.onLedgerFailure,
      claimMs: limits.claimMs,
      sleep: this.#sleep,
      onEvent: (event, error) => observer.ledger(job, event, error),
    });
    return this.#paid.call;
  }

  async #mayPostpone(waitMs: number): Promise<boolean> {
    const { ledger, limits, observer } = this.#parts;
    const now = Date.now();
    try {
      const { count, sinceMs } = await ledger.postponed(this.#job.key, now);
      const allowed = count <= limits.maxPostponements && now + waitMs - sinceMs <= limits.maxPostponeMs;
      if (allowed) observer.postponed(this.#job);
      return allowed;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      observer.ledger(this.#job, 'failure', error);
      return waitMs <= limits.maxPostponeMs;
    }
  }

  /** A gateway that cannot be reached does not fail the job; the lease then keeps its length. */
  async #extendLease(ms: number): Promise<void> {
    try {
      await this.#lease.extend(ms);
    } catch (error) {
      if (!(error as Partial<BrokerError>).repeatable) throw error;
    }
  }

  readonly #sleep = (ms: number): Promise<void> => sleepUnlessAborted(ms, this.#lease.signal);
}

function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
