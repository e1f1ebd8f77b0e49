/** Instances that have ended are kept for a while, for searches and for people who look; then they are forgotten. */
import type { EngineState } from './state/state';

const keptInstances = 1_000;
/** Forgetting in groups keeps it rare. */
const surplus = 100;
/** Variables of ended instances, all together, in characters. */
const keptCharacters = 64 * 1024 * 1024;

export class Retention {
  readonly #state: EngineState;
  readonly #sizes = new Map<string, number>();
  #characters = 0;

  constructor(state: EngineState) {
    this.#state = state;
    for (const key of state.endedInstances.of('ended')) this.ended(key);
  }

  /** Notes an instance that has ended. */
  ended(instance: string): void {
    let size = 0;
    for (const { value } of this.#state.localVariables(instance)) size += value.length;
    this.#sizes.set(instance, size);
    this.#characters += size;
  }

  get isDue(): boolean {
    return (
      this.#state.endedInstances.count('ended') > keptInstances + surplus || this.#characters > keptCharacters
    );
  }

  /** Removes the oldest ones, with all they called. */
  forget(): void {
    const state = this.#state;
    for (const root of [...state.endedInstances.of('ended')]) {
      const enough = state.endedInstances.count('ended') <= keptInstances;
      if (enough && this.#characters <= keptCharacters / 2) return;
      for (const instance of [...state.instancesByRoot.of(root)]) this.#remove(instance);
    }
  }

  #remove(instance: string): void {
    const state = this.#state;
    for (const { key } of state.localVariables(instance)) state.variables.delete(key);
    for (const key of [...state.jobsByInstance.of(instance)]) state.jobs.delete(key);
    for (const key of [...state.incidentsByInstance.of(instance)]) state.incidents.delete(key);
    for (const key of [...state.userTasksByInstance.of(instance)]) state.userTasks.delete(key);
    for (const key of [...state.elementsByInstance.of(instance)]) state.elements.delete(key);
    state.instances.delete(instance);
    this.#characters -= this.#sizes.get(instance) ?? 0;
    this.#sizes.delete(instance);
  }
}
