/** Time for the engine: that of the machine, or one that a test moves. The engine adds its own persistent offset. */

export interface Clock {
  /** ms since 1970. */
  now(): number;
  /**
   * Calls once, at this time or a little later, never before.
   * @returns takes the call back
   */
  at(time: number, call: () => void): () => void;
}

/** A timer of Node cannot wait longer; then it looks again. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, call) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const wait = time - Date.now();
      timer = setTimeout(wait > longestTimer ? arm : call, Math.min(Math.max(wait, 0), longestTimer));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

interface Appointment {
  readonly time: number;
  readonly call: () => void;
}

/** Stands still until it is told to move. */
export class VirtualClock implements Clock {
  #now: number;
  #appointments = new Set<Appointment>();

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  at(time: number, call: () => void): () => void {
    const appointment = { time, call };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  /** When the next call is due; undefined when there is none. */
  next(): number | undefined {
    let next: number | undefined;
    for (const { time } of this.#appointments) if (next === undefined || time < next) next = time;
    return next;
  }

  /** Goes to a time, and makes the calls that are due by then, the earliest first. */
  moveTo(time: number): void {
    this.#now = Math.max(this.#now, time);
    const due = [...this.#appointments].filter((appointment) => appointment.time <= this.#now);
    for (const appointment of due.sort((a, b) => a.time - b.time))
      if (this.#appointments.delete(appointment)) appointment.call();
  }
}
