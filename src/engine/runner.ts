/**
 * Runs commands one at a time, each as a whole: its changes and records go to the storage together, or it leaves
 * nothing. A command that needs a process that is not read yet is taken back, and tried again when it is.
 */
import type { Clock } from './clock';
import { Keys } from './keys';
import { Models, ModelMissing } from './model/models';
import type { ReadResult } from './model/process';
import { runSteps } from './rules/steps';
import type { EngineState } from './state/state';
import type { Storage } from './storage/storage';
import { Turn, type TurnSurroundings } from './turn/turn';

const clockCounter = 'clock';

export interface RunnerOptions {
  readonly state: EngineState;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly partitions: number;
  readonly random: () => number;
  readonly readBpmn: (xml: string) => Promise<ReadResult>;
}

export class Runner {
  readonly models: Models;
  readonly #around: TurnSurroundings;
  readonly #options: RunnerOptions;
  /** Called after each command that was carried out. */
  onDone: (turn: Turn) => void = () => undefined;

  constructor(options: RunnerOptions) {
    const { state, partitions, random, readBpmn } = options;
    this.#options = options;
    this.models = new Models(state, readBpmn);
    const keys = new Keys(state, partitions);
    this.#around = { state, keys, models: this.models, random, items: new Map() };
  }

  /** ms since 1970 on the engine's clock: never goes back, also not over a restart. */
  now(): number {
    return this.#options.clock.now() + this.#offset;
  }

  /** The time of the clock at which the engine's clock shows `time`. */
  clockTime(time: number): number {
    return time - this.#offset;
  }

  /** Command: moves the engine's clock forward. */
  advance(turn: Turn, ms: number): void {
    turn.state.counters.put({ key: clockCounter, value: this.#offset + ms });
  }

  /**
   * Carries out a command with all its steps, and answers when it is written.
   * @throws what the command throws; nothing has changed then
   */
  async run<T>(command: (turn: Turn) => T): Promise<T> {
    const result = await this.attempt(() => this.runNow(command));
    await this.#options.storage.written();
    return result;
  }

  /** Tries something that runs commands, again and again while a process has to be read for it. */
  async attempt<T>(action: () => T): Promise<T> {
    for (;;) {
      try {
        return action();
      } catch (error) {
        if (!(error instanceof ModelMissing)) throw error;
        await this.models.load(error.definition);
      }
    }
  }

  /**
   * Carries out a command at once; it is written later.
   * @param stepsBefore steps that the command has needed in earlier turns
   * @throws ModelMissing, and what the command throws
   */
  runNow<T>(command: (turn: Turn) => T, stepsBefore = 0): T {
    const { state } = this.#options;
    const turn = new Turn(this.#around, this.now());
    let result: T;
    try {
      result = command(turn);
      runSteps(turn, stepsBefore);
    } catch (error) {
      state.log.rollBackTo(0);
      throw error;
    }
    this.#commit(turn);
    this.onDone(turn);
    return result;
  }

  #commit(turn: Turn): void {
    const { state, storage } = this.#options;
    const rows = state.log.commit();
    if (rows.length === 0 && turn.records.length === 0) return;
    let position = storage.lastPosition;
    const records = turn.records.map((record) => `{"position":${++position},${record.slice(1)}`);
    storage.append({ rows, records, lastPosition: position });
  }

  get #offset(): number {
    return this.#options.state.counters.get(clockCounter)?.value ?? 0;
  }
}
