/** Callers that wait for the end of the process instance they have created. A restart loses them, as with a cluster. */
import { Rejection } from './api';
import type { Clock } from './clock';
import { localTo, toObject } from './data/variables';
import type { EngineState } from './state/state';

export class AwaitedInstances {
  readonly #state: EngineState;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (variables: string) => void>();

  constructor(state: EngineState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /**
   * The variables that an instance has when it completes, as JSON text. One that is cancelled gives no answer before the
   * time is over, as with a cluster.
   * @returns in an object, since a promise that an async function returns would be waited for
   * @throws Rejection 504 (the promise rejects) when the time is over; the instance goes on
   */
  variablesAtEnd(instance: string, timeoutMs: number): { readonly promise: Promise<string> } {
    if (this.#state.instances.get(instance)?.state === 'COMPLETED')
      return { promise: Promise.resolve(this.#variables(instance)) };
    const promise = new Promise<string>((resolve, reject) => {
      const cancel = this.#clock.at(this.#clock.now() + timeoutMs, () => {
        this.#waiting.delete(instance);
        reject(tooLate(instance, timeoutMs));
      });
      this.#waiting.set(instance, (variables) => {
        cancel();
        resolve(variables);
      });
    });
    return { promise };
  }

  /** An instance has come to its end. */
  ended(instance: string): void {
    const answer = this.#waiting.get(instance);
    if (answer === undefined || this.#state.instances.get(instance)?.state !== 'COMPLETED') return;
    this.#waiting.delete(instance);
    answer(this.#variables(instance));
  }

  #variables(instance: string): string {
    return toObject(localTo(this.#state, instance));
  }
}

function tooLate(instance: string, timeoutMs: number): Rejection {
  return new Rejection(
    504,
    'DEADLINE_EXCEEDED',
    `Process instance '${instance}' did not complete within ${timeoutMs} ms. It goes on.`,
  );
}
