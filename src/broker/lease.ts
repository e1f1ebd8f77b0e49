/**
 * One job's lease: renewed from the moment the job arrives until its command is acknowledged.
 *
 *   held --renewal acknowledged--> held (deadline moves)
 *   held --renewal finds no job--> lost     the job is done or cancelled: the signal is aborted
 *   held --renewal came too late-> expired  the job timed out: another worker may have it, or will have
 *   held --deadline passes-------> expired  the engine could not be reached in time
 *
 * The engine checks no owner. So after `lost` nothing is sent, and after `expired` only a completion: a fail or an
 * extension would hit whoever has the job now.
 */
import { BrokerError, type Broker } from './broker';

export type LeaseState = 'held' | 'lost' | 'expired';

export interface LeaseOptions {
  readonly broker: Pick<Broker, 'extend'>;
  readonly jobKey: string;
  /** ms for which the job was activated. */
  readonly timeoutMs: number;
  readonly random: () => number;
  readonly onLost: (error: BrokerError) => void;
}

/** Renewed at 30 to 40 % of the time-out: three tries fit in what is left, though the engine may refuse some. */
const renewAt = 0.3;
const renewSpread = 0.1;
const minRetryMs = 100;

export class Lease {
  readonly #options: LeaseOptions;
  readonly #controller = new AbortController();
  #timeoutMs: number;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;
  #refused = false;
  #stopped = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs;
    this.#deadline = Date.now() + options.timeoutMs;
    this.#schedule(this.#renewalDelay());
  }

  /** Aborted when the lease is lost, or by `abort`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get state(): LeaseState {
    if (this.#refused) return 'lost';
    return Date.now() < this.#deadline ? 'held' : 'expired';
  }

  /**
   * Sets the lease's length, from now.
   * @throws BrokerError when the engine does not acknowledge it
   */
  async extend(timeoutMs: number): Promise<void> {
    const asked = Date.now();
    await this.#options.broker.extend(this.#options.jobKey, timeoutMs);
    this.#timeoutMs = timeoutMs;
    this.#deadline = asked + timeoutMs;
    this.#schedule(this.#renewalDelay());
  }

  /** Aborts what runs under the lease; the lease itself stays. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** Ends the renewals. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #renewalDelay(): number {
    return this.#timeoutMs * (renewAt + renewSpread * this.#options.random());
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#refused) return;
    this.#timer = setTimeout(() => void this.#renew(), delayMs);
  }

  async #renew(): Promise<void> {
    if (this.#stopped || this.state !== 'held') return;
    const asked = Date.now();
    try {
      await this.#options.broker.extend(this.#options.jobKey, this.#timeoutMs);
      this.#deadline = Math.max(this.#deadline, asked + this.#timeoutMs);
      this.#schedule(this.#renewalDelay());
    } catch (error) {
      if (this.#stopped) return;
      if (error instanceof BrokerError && error.kind === 'invalid-state') {
        // The call goes on: its answer is worth a completion, and aborting it would pay for it twice.
        this.#deadline = 0;
        this.#options.onLost(error);
        return;
      }
      if (error instanceof BrokerError && !error.repeatable) {
        this.#refused = true;
        this.#options.onLost(error);
        this.#controller.abort(error);
        return;
      }
      const left = this.#deadline - Date.now();
      this.#schedule(Math.max(minRetryMs, (left / 4) * (0.5 + this.#options.random())));
    }
  }
}
