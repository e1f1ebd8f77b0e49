/** Polls that wait for jobs. The newest one of a type is served first, as a cluster's gateway does. */
import type { ActivatedJob, JobPoll } from './api';
import type { Clock } from './clock';

export class WaitingPoll {
  readonly jobs: Promise<readonly ActivatedJob[]>;
  #answer!: (jobs: readonly ActivatedJob[]) => void;
  #cancelTimer: () => void = () => undefined;
  #open = true;

  constructor(readonly request: JobPoll) {
    this.jobs = new Promise((resolve) => (this.#answer = resolve));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Ends the poll without a job when its time is over. */
  endAt(clock: Clock, time: number, ended: () => void): void {
    this.#cancelTimer = clock.at(time, () => {
      ended();
      this.answer([]);
    });
  }

  /** The first answer counts. */
  answer(jobs: readonly ActivatedJob[]): void {
    this.#open = false;
    this.#cancelTimer();
    this.#answer(jobs);
  }
}

export class PollQueue {
  readonly #polls = new Map<string, WaitingPoll[]>();

  add(poll: WaitingPoll): void {
    const polls = this.#polls.get(poll.request.type);
    if (polls === undefined) this.#polls.set(poll.request.type, [poll]);
    else polls.push(poll);
  }

  remove(poll: WaitingPoll): void {
    const { type } = poll.request;
    const rest = (this.#polls.get(type) ?? []).filter((other) => other !== poll);
    if (rest.length === 0) this.#polls.delete(type);
    else this.#polls.set(type, rest);
  }

  newest(type: string): WaitingPoll | undefined {
    return this.#polls.get(type)?.at(-1);
  }

  /** All that wait; none do afterwards. */
  takeAll(): WaitingPoll[] {
    const all = [...this.#polls.values()].flat();
    this.#polls.clear();
    return all;
  }
}
