/** Hands jobs to polls, at once or when there are some. The newest poll of a type comes first, as at a cluster's gateway. */
import type { ActivatedJob, JobPoll, Poll } from './api';
import type { Clock } from './clock';
import { activateJobs, giveBackJobs } from './commands/jobs';
import { PollQueue, WaitingPoll } from './polls';
import type { Runner } from './runner';
import type { EngineState } from './state/state';
import type { Storage } from './storage/storage';

export class Dispatcher {
  readonly #state: EngineState;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #storage: Pick<Storage, 'written'>;
  readonly #polls = new PollQueue();
  #closed = false;

  constructor(state: EngineState, runner: Runner, clock: Clock, storage: Pick<Storage, 'written'>) {
    this.#state = state;
    this.#runner = runner;
    this.#clock = clock;
    this.#storage = storage;
  }

  open(request: JobPoll): Poll {
    const poll = new WaitingPoll(request);
    this.#runner.attempt(() => this.#serveOrWait(poll)).catch(() => poll.answer([]));
    return {
      jobs: poll.jobs.then(async (taken) => {
        await this.#storage.written();
        return taken;
      }),
      giveUp: () => this.#giveUp(poll),
    };
  }

  /** There may be jobs of a type for those who wait. */
  serve(type: string): void {
    while (this.#state.activatableJobs.count(type) > 0) {
      const poll = this.#polls.newest(type);
      if (poll === undefined) return;
      this.#polls.remove(poll);
      this.#runner
        .attempt(() => this.#take(poll))
        .then(
          (served) => (served ? undefined : this.#polls.add(poll)),
          () => poll.answer([]),
        );
    }
  }

  /** Answers all polls empty, also those that come later. */
  close(): void {
    this.#closed = true;
    for (const poll of this.#polls.takeAll()) poll.answer([]);
  }

  #serveOrWait(poll: WaitingPoll): void {
    if (this.#take(poll)) return;
    const { waitMs } = poll.request;
    if (waitMs <= 0 || this.#closed) return poll.answer([]);
    this.#polls.add(poll);
    poll.endAt(this.#clock, this.#clock.now() + waitMs, () => this.#polls.remove(poll));
  }

  /** @returns whether there was a job for it, or nobody waits for one any more */
  #take(poll: WaitingPoll): boolean {
    if (!poll.isOpen) return true;
    const taken = this.#runner.runNow((turn) => activateJobs(turn, poll.request));
    if (taken.length > 0) poll.answer(taken);
    return taken.length > 0;
  }

  #giveUp(poll: WaitingPoll): void {
    this.#polls.remove(poll);
    const giveBack = async (taken: readonly ActivatedJob[]): Promise<void> => {
      if (taken.length > 0) await this.#runner.run((turn) => giveBackJobs(turn, taken));
    };
    // The engine may be closing; the jobs are then free when their time is over.
    poll.jobs.then(giveBack).catch(() => undefined);
    if (poll.isOpen) poll.answer([]);
  }
}
