/** Ready means: every job type that is switched on has had a successful poll recently. */

export interface Readiness {
  pollSucceeded(type: string, nowMs: number): void;
  /** Once the worker stops it is not ready any more, whatever its polls say. */
  stop(): void;
  status(nowMs: number): ReadinessStatus;
}

export interface ReadinessStatus {
  readonly ready: boolean;
  /** By job type: what holds it back; empty when ready. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** @param maxAgeMs a poll older than this does not count */
export function createReadiness(types: readonly string[], maxAgeMs: number, busy: () => boolean): Readiness {
  const lastPolls = new Map<string, number>();
  let stopping = false;
  return {
    pollSucceeded: (type, nowMs) => void lastPolls.set(type, nowMs),
    stop() {
      stopping = true;
    },
    status(nowMs) {
      const reasons: Record<string, string> = {};
      for (const type of types) {
        const last = lastPolls.get(type);
        if (stopping) reasons[type] = 'the worker is stopping';
        else if (last === undefined) reasons[type] = 'no poll has succeeded yet';
        // A worker that is full opens no poll, and is as healthy as can be.
        else if (nowMs - last > maxAgeMs && !busy())
          reasons[type] = `no poll has succeeded for ${Math.round((nowMs - last) / 1000)} s`;
      }
      return { ready: Object.keys(reasons).length === 0, reasons };
    },
  };
}
