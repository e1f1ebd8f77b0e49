/**
 * Keys as a cluster makes them: the partition in the upper bits, a counter below. From the fourth partition on they
 * exceed 2^53, which is why they are decimal texts everywhere.
 */
import type { EngineState } from './state/state';

const partitionBits = 51n;
const counterName = 'keys';

export class Keys {
  readonly #state: EngineState;
  #nextPartition = 0;

  constructor(
    state: EngineState,
    readonly partitions: number,
  ) {
    this.#state = state;
  }

  /** A new key on the partition of another one. */
  beside(key: string): string {
    return this.#on(partitionOf(key));
  }

  /** A new key on the next partition in turn. */
  anywhere(): string {
    this.#nextPartition = (this.#nextPartition % this.partitions) + 1;
    return this.#on(this.#nextPartition);
  }

  /** A new key of what belongs to the whole cluster: deployments and what they bring. */
  first(): string {
    return this.#on(1);
  }

  #on(partition: number): string {
    const counter = (this.#state.counters.get(counterName)?.value ?? 0) + 1;
    this.#state.counters.put({ key: counterName, value: counter });
    return String((BigInt(partition) << partitionBits) + BigInt(counter));
  }
}

/** @param key decimal text */
export function partitionOf(key: string): number {
  return Number(BigInt(key) >> partitionBits);
}
