/**
 * Takes jobs from the engine, runs them and ends each with exactly one command.
 *
 *   running  --drain()-->  draining  --all ended, or grace over-->  gone
 *      each type: one long poll after the other while there is room
 *
 * - One counter holds what is in flight: taken when a job starts, given back in one `finally`.
 * - A poll is never aborted. Several types poll side by side, so their answers together may bring more than there is
 *   room for; the surplus waits here under a renewed lease and takes the next free place.
 * - Draining opens no poll, waits for the open ones and hands back what they bring and what has not begun.
 */
import type { Job, JobCommand } from '../job/job';
import { emptyObject } from '../json/text';
import { jitteredWaitMs } from './back-off';
import { BrokerError, type Broker } from './broker';
import { deliver, type Delivery } from './deliver';
import { Lease } from './lease';
import { pause } from './pause';

export interface Subscription {
  readonly type: string;
  readonly fetchVariables: readonly string[];
  /** Runs one job under its lease. Must not throw; its command is sent. */
  readonly handle: (job: Job, lease: Lease) => Promise<Handled>;
  /** How long jobs of this type cannot be served, ms: it is not polled meanwhile. */
  readonly pauseMs?: () => number;
}

/** What a job came to. */
export interface Handled {
  readonly command: JobCommand;
  /** For the log line: the operation, when the job names one. */
  readonly operation?: string | undefined;
  /** Called once the command's fate is known, e.g. to forget the kept answer. When the job was handed back instead, only a job that is gone is settled. */
  readonly settled?: (delivery: Delivery) => Promise<void>;
}

export interface JobLoopOptions {
  readonly broker: Broker;
  readonly subscriptions: readonly Subscription[];
  readonly worker: string;
  readonly tenantIds: readonly string[];
  /** At most this many jobs in flight, all types together. */
  readonly maxJobs: number;
  readonly jobTimeoutMs: number;
  /** A job that runs longer is aborted, however well its lease is renewed. */
  readonly maxJobDurationMs: number;
  /** How long `drain` waits for running jobs before it aborts them. */
  readonly graceMs: number;
  readonly random: () => number;
  readonly observer: JobLoopObserver;
}

/** What happens in the loop, for logs and metrics. */
export interface JobLoopObserver {
  pollSucceeded(type: string, jobs: number): void;
  pollFailed(type: string, error: BrokerError, waitMs: number): void;
  jobStarted(job: Job): void;
  jobEnded(job: Job, end: Handled, delivery: Delivery, durationMs: number): void;
  jobHandedBack(job: Job, delivery: Delivery): void;
  leaseLost(job: Job, error: BrokerError): void;
  /** The handler broke its promise not to throw. */
  handlerFailed(job: Job, error: unknown): void;
  commandRetried(job: Job, error: BrokerError, waitMs: number): void;
}

/** The reasons with which a running job's signal is aborted by the loop itself. */
export class JobAborted extends Error {
  override readonly name = 'JobAborted';
  constructor(
    readonly reason: 'worker-stopping' | 'job-duration',
    message: string,
  ) {
    super(message);
  }
}

const maxJobsPerPoll = 32;
const pollRetryMinMs = 100;
const pollRetryMaxMs = 5_000;
/** When full, a poll waits until a quarter of a batch is free, but never longer than this: fewer, fuller polls. */
const roomWaitMs = 10;
/** After aborting what still runs, this long for the commands to arrive. */
const leaveMs = 3_000;

interface Waiting {
  readonly subscription: Subscription;
  readonly job: Job;
  readonly lease: Lease;
}

export class JobLoop {
  readonly #options: JobLoopOptions;
  readonly #running = new Map<Lease, Promise<void>>();
  readonly #waiting: Waiting[] = [];
  readonly #handingBack = new Set<Promise<void>>();
  readonly #roomWatchers = new Set<() => void>();
  readonly #leave = new AbortController();
  #polls: Promise<void>[] = [];
  readonly #stopping = new AbortController();
  #leaveTimer: NodeJS.Timeout | undefined;
  #drained: Promise<void> | undefined;

  constructor(options: JobLoopOptions) {
    this.#options = options;
  }

  /** Jobs in flight now. */
  get inFlight(): number {
    return this.#running.size;
  }

  /** Jobs that are ours and wait for a free place. */
  get waiting(): number {
    return this.#waiting.length;
  }

  start(): void {
    this.#polls = this.#options.subscriptions.map((subscription) => this.#pollLoop(subscription));
  }

  /**
   * Stops taking jobs, hands back what has not begun, lets running jobs end until the grace time is over, aborts and
   * hands back the rest. Resolves when every job has its command; never rejects.
   */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#stopping.abort();
    this.#handBackWaiting();
    const grace = setTimeout(() => this.#abortRunning(), this.#options.graceMs);
    await Promise.all(this.#polls);
    while (this.#running.size > 0 || this.#handingBack.size > 0) {
      await Promise.all([...this.#running.values(), ...this.#handingBack]);
    }
    clearTimeout(grace);
    clearTimeout(this.#leaveTimer);
  }

  #abortRunning(): void {
    const reason = new JobAborted('worker-stopping', 'The worker is stopping');
    for (const lease of this.#running.keys()) lease.abort(reason);
    this.#leaveTimer = setTimeout(() => this.#leave.abort(), leaveMs);
  }

  async #pollLoop(subscription: Subscription): Promise<void> {
    const { broker, observer, maxJobs } = this.#options;
    const stopping = this.#stopping.signal;
    for (let failures = 0; !stopping.aborted;) {
      await this.#room();
      const pauseMs = subscription.pauseMs?.() ?? 0;
      if (pauseMs > 0) await pause(pauseMs, stopping);
      if (stopping.aborted) return;
      try {
        const jobs = await broker.activate({
          type: subscription.type,
          worker: this.#options.worker,
          timeoutMs: this.#options.jobTimeoutMs,
          maxJobs: Math.max(1, Math.min(maxJobsPerPoll, maxJobs - this.#running.size)),
          fetchVariables: subscription.fetchVariables,
          tenantIds: this.#options.tenantIds,
        });
        failures = 0;
        observer.pollSucceeded(subscription.type, jobs.length);
        for (const job of jobs) this.#accept(subscription, job);
      } catch (thrown) {
        const error = thrown instanceof BrokerError ? thrown : new BrokerError('unavailable', String(thrown));
        const waitMs = jitteredWaitMs(failures++, this.#options.random(), pollRetryMinMs, pollRetryMaxMs);
        observer.pollFailed(subscription.type, error, waitMs);
        await pause(waitMs, stopping);
      }
    }
  }

  /** Resolves when a poll makes sense: there is room, or the loop stops. */
  async #room(): Promise<void> {
    const { maxJobs } = this.#options;
    if (this.#stopping.signal.aborted || this.#running.size + this.#waiting.length < maxJobs) return;
    const wanted = Math.min(maxJobsPerPoll / 4, Math.max(1, Math.floor(maxJobs / 4)));
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const done = () => {
        clearTimeout(timer);
        this.#roomWatchers.delete(look);
        this.#stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const look = () => {
        const free = maxJobs - this.#running.size - this.#waiting.length;
        if (free >= wanted) done();
        else if (free > 0) timer ??= setTimeout(done, roomWaitMs);
      };
      this.#roomWatchers.add(look);
      this.#stopping.signal.addEventListener('abort', done);
    });
  }

  #accept(subscription: Subscription, job: Job): void {
    const lease = new Lease({
      broker: this.#options.broker,
      jobKey: job.key,
      timeoutMs: this.#options.jobTimeoutMs,
      random: this.#options.random,
      onLost: (error) => this.#options.observer.leaseLost(job, error),
    });
    const waiting = { subscription, job, lease };
    if (this.#stopping.signal.aborted) this.#handBack(waiting);
    else if (this.#running.size < this.#options.maxJobs) this.#begin(waiting);
    else this.#waiting.push(waiting);
  }

  #begin(waiting: Waiting): void {
    this.#running.set(waiting.lease, this.#run(waiting));
  }

  async #run({ subscription, job, lease }: Waiting): Promise<void> {
    const { observer, maxJobDurationMs } = this.#options;
    const started = performance.now();
    const limit = setTimeout(() => {
      const seconds = Math.round(maxJobDurationMs / 1000);
      lease.abort(new JobAborted('job-duration', `The job ran longer than the limit of ${seconds} s`));
    }, maxJobDurationMs);
    try {
      observer.jobStarted(job);
      const end = this.#endOf(job, lease, await this.#handle(subscription, job, lease));
      clearTimeout(limit);
      const delivery = await this.#deliver(job, end.command, lease);
      await end.settled?.(delivery);
      observer.jobEnded(job, end, delivery, performance.now() - started);
    } finally {
      clearTimeout(limit);
      lease.stop();
      this.#running.delete(lease);
      this.#fillPlace();
    }
  }

  /** A fault in the handler is a fault of ours: it costs the job one retry, and never its command. */
  async #handle(subscription: Subscription, job: Job, lease: Lease): Promise<Handled> {
    try {
      return await subscription.handle(job, lease);
    } catch (error) {
      this.#options.observer.handlerFailed(job, error);
      return {
        command: {
          kind: 'fail',
          retries: Math.max(0, job.retries - 1),
          backoffMs: 0,
          errorMessage: 'Internal fault of the connector worker; its log has the details',
          variables: emptyObject,
        },
      };
    }
  }

  /**
   * A job that was cut short because the worker leaves goes back untouched; an answer that came anyway is kept. For the
   * next worker nothing is settled yet, unless there is no job any more.
   */
  #endOf(job: Job, lease: Lease, end: Handled): Handled {
    const { reason } = lease.signal as { reason: unknown };
    const cutShort = reason instanceof JobAborted && reason.reason === 'worker-stopping';
    if (!cutShort || end.command.kind !== 'fail') return end;
    const settled = async (delivery: Delivery): Promise<void> => {
      if (delivery === 'gone') await end.settled?.(delivery);
    };
    return { ...end, command: handBackCommand(job), settled };
  }

  #fillPlace(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#options.maxJobs) {
      const next = this.#waiting.shift()!;
      if (next.lease.state === 'held') this.#begin(next);
      else next.lease.stop();
    }
    for (const look of [...this.#roomWatchers]) look();
  }

  #handBackWaiting(): void {
    for (const waiting of this.#waiting.splice(0)) this.#handBack(waiting);
  }

  #handBack({ job, lease }: Waiting): void {
    const work = this.#deliver(job, handBackCommand(job), lease)
      .then((delivery) => this.#options.observer.jobHandedBack(job, delivery))
      .finally(() => {
        lease.stop();
        this.#handingBack.delete(work);
      });
    this.#handingBack.add(work);
  }

  #deliver(job: Job, command: JobCommand, lease: Lease): Promise<Delivery> {
    const { broker, random, observer } = this.#options;
    return deliver(job, command, lease, {
      broker,
      random,
      leave: this.#leave.signal,
      onRetry: (error, waitMs) => observer.commandRetried(job, error, waitMs),
    });
  }
}

/** Gives a job to the next worker at once, at no cost. */
function handBackCommand(job: Job): JobCommand {
  return {
    kind: 'fail',
    retries: job.retries,
    backoffMs: 0,
    errorMessage: 'The worker is stopping; the job goes to another worker',
    variables: emptyObject,
  };
}
