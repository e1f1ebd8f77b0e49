/**
 * What the engine does by itself: timers, job time-outs, back-offs and messages whose time is over, and commands that
 * were too long for one turn of the event loop.
 *
 *   idle --look() finds something to do--> working --nothing left--> idle, with a timer for the next due time
 *
 * One thing after the other, and others are heard in between. What fails in a way nobody has foreseen must neither end
 * the engine nor come back for ever: its process instance is stopped, with an incident that says so.
 */
import type { Clock } from './clock';
import { expireMessage } from './commands/messages';
import { jobIsDue } from './commands/jobs';
import { banInstance } from './rules/steps';
import { fireTimer } from './rules/timers';
import type { Runner } from './runner';
import type { DueEntry } from './state/due';
import type { ContinuationRow } from './state/rows';
import type { EngineState } from './state/state';
import type { Turn } from './turn/turn';

/** Due things of one turn of the event loop. */
const perTurn = 100;

export class Agenda {
  readonly #state: EngineState;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #say: (line: string) => void;
  readonly #drawLateness: () => number;
  #working: Promise<void> | undefined;
  #cancelTimer: () => void = () => undefined;
  #armedFor: number | undefined;
  #forget: (() => void) | undefined;
  #closed = false;
  /** How much later than due things happen now, ms. */
  #lateness = 0;

  /** @param drawLateness ms by which things may be late, where a test wants that; 0 otherwise */
  constructor(
    state: EngineState,
    runner: Runner,
    clock: Clock,
    say: (line: string) => void,
    drawLateness: () => number,
  ) {
    this.#state = state;
    this.#runner = runner;
    this.#clock = clock;
    this.#say = say;
    this.#drawLateness = drawLateness;
  }

  /** Something may have to be done now, or at another time than before. */
  look(): void {
    if (this.#closed || this.#working !== undefined) return;
    this.#lateness = this.#drawLateness();
    if (this.#hasWork()) this.#working = this.#work();
    else this.#arm();
  }

  /** Has ended instances forgotten when there is time. */
  forgetSoon(forget: () => void): void {
    this.#forget = forget;
  }

  /** Resolves when nothing is left to be done now. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Ends after what is being done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await this.settled();
  }

  async #work(): Promise<void> {
    do {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#closed) break;
      const [continuation] = this.#state.continuations.values();
      if (continuation !== undefined) await this.#continue(continuation);
      await this.#doWhatIsDue();
      this.#forgetNow();
    } while (this.#hasWork());
    this.#working = undefined;
    if (!this.#closed) this.#arm();
  }

  #hasWork(): boolean {
    const next = this.#next();
    return (
      this.#state.continuations.size > 0 ||
      this.#forget !== undefined ||
      (next !== undefined && this.#isTime(next))
    );
  }

  #arm(): void {
    const due = this.#next()?.due;
    // In the clock's time: the same due time comes earlier when the engine's clock has been moved forward.
    const time = due === undefined ? undefined : this.#runner.clockTime(due + this.#lateness);
    if (time === this.#armedFor) return;
    this.#cancelTimer();
    this.#armedFor = time;
    if (time === undefined) return;
    this.#cancelTimer = this.#clock.at(time, () => {
      this.#armedFor = undefined;
      this.look();
    });
  }

  /** The earliest entry that still holds. */
  #next(): DueEntry | undefined {
    const { due } = this.#state;
    for (let entry = due.peek(); entry !== undefined; entry = due.peek()) {
      if (this.#holds(entry)) return entry;
      due.pop();
    }
    return undefined;
  }

  #isTime({ due }: DueEntry): boolean {
    return due + this.#lateness <= this.#runner.now();
  }

  #holds({ table, key, due }: DueEntry): boolean {
    const row = this.#state.tables.get(table)?.get(key) as { due?: number | null } | undefined;
    return row?.due === due;
  }

  async #doWhatIsDue(): Promise<void> {
    for (let count = 0; count < perTurn; count++) {
      const entry = this.#next();
      if (entry === undefined || !this.#isTime(entry)) return;
      this.#state.due.pop();
      await this.#guarded(entry, (turn) => this.#fire(turn, entry));
    }
  }

  #fire(turn: Turn, entry: DueEntry): void {
    if (!this.#holds(entry)) return;
    const { jobs, timers } = this.#state;
    if (entry.table === 'job') jobIsDue(turn, jobs.get(entry.key)!);
    else if (entry.table === 'timer') fireTimer(turn, timers.get(entry.key)!);
    else expireMessage(turn, entry.key);
  }

  async #guarded(entry: DueEntry, command: (turn: Turn) => void): Promise<void> {
    try {
      await this.#runner.attempt(() => this.#runner.runNow(command));
    } catch (error) {
      const timer = entry.table === 'timer' ? this.#state.timers.get(entry.key) : undefined;
      this.#stop(timer?.instance ?? undefined, error, (turn) => turn.state.timers.delete(entry.key));
    }
  }

  async #continue(continuation: ContinuationRow): Promise<void> {
    const { key, steps, done } = continuation;
    try {
      await this.#runner.attempt(() =>
        this.#runner.runNow((turn) => {
          turn.state.continuations.delete(key);
          for (const step of steps) turn.addStep(step);
        }, done),
      );
    } catch (error) {
      const [first] = steps;
      const row =
        first !== undefined && 'element' in first ? this.#state.elements.get(first.element) : undefined;
      this.#stop(row?.instance, error, (turn) => turn.state.continuations.delete(key));
    }
  }

  #stop(instance: string | undefined, error: unknown, remove: (turn: Turn) => void): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#say(`A process instance (${instance ?? 'unknown'}) cannot go on and is stopped: ${reason}`);
    this.#runner.runNow((turn) => {
      remove(turn);
      if (instance !== undefined && this.#state.instances.get(instance)?.state === 'ACTIVE')
        banInstance(turn, instance, `The engine cannot go on with this process instance: ${reason}`);
    });
  }

  #forgetNow(): void {
    const forget = this.#forget;
    this.#forget = undefined;
    if (forget !== undefined) this.#runner.runNow(() => forget());
  }
}
