/** The ledger of one process: survives job time-outs and a broker that is away, not a crash of the worker. */
import {
  decideClaim,
  type ClaimOutcome,
  type EntryKey,
  type EntryRecord,
  type Ledger,
  type LedgerLimits,
  type Postponements,
} from './ledger';

interface JobEntry {
  readonly entries: Map<string, EntryRecord>;
  postponements: Postponements | undefined;
  touchedMs: number;
  bytes: number;
}

export class MemoryLedger implements Ledger {
  readonly #limits: LedgerLimits;
  readonly #now: () => number;
  /** In order of last change, so that the oldest is found without a search. */
  readonly #jobs = new Map<string, JobEntry>();
  /** Jobs with answers, in order of the last one. */
  readonly #answered = new Set<string>();
  #bytes = 0;

  /** @param now current time, ms since 1970 */
  constructor(limits: LedgerLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  claim(key: EntryKey, claimant: string, ttlMs: number): Promise<ClaimOutcome> {
    this.#expire();
    const job = this.#touch(key.jobKey);
    const { outcome, next } = decideClaim(job.entries.get(key.requestHash), claimant, this.#now(), ttlMs);
    if (next) job.entries.set(key.requestHash, next);
    return Promise.resolve(outcome);
  }

  renew(key: EntryKey, claimant: string, ttlMs: number): Promise<boolean> {
    const entry = this.#jobs.get(key.jobKey)?.entries.get(key.requestHash);
    if (entry?.claimant !== claimant) return Promise.resolve(false);
    const claimEndsMs = this.#now() + ttlMs;
    this.#touch(key.jobKey).entries.set(key.requestHash, { claimant, claimEndsMs });
    return Promise.resolve(true);
  }

  keep(key: EntryKey, answer: Buffer): Promise<void> {
    const job = this.#touch(key.jobKey);
    const before = job.entries.get(key.requestHash)?.answer?.length ?? 0;
    job.entries.set(key.requestHash, { answer });
    job.bytes += answer.length - before;
    this.#bytes += answer.length - before;
    this.#answered.delete(key.jobKey);
    this.#answered.add(key.jobKey);
    this.#makeRoom();
    return Promise.resolve();
  }

  release(key: EntryKey, claimant: string): Promise<void> {
    const job = this.#jobs.get(key.jobKey);
    if (job?.entries.get(key.requestHash)?.claimant === claimant) {
      job.entries.delete(key.requestHash);
      if (job.entries.size === 0 && job.postponements === undefined) this.#remove(key.jobKey);
    }
    return Promise.resolve();
  }

  discard(key: EntryKey): Promise<void> {
    const job = this.#jobs.get(key.jobKey);
    const size = job?.entries.get(key.requestHash)?.answer?.length;
    if (job && size !== undefined) {
      job.entries.delete(key.requestHash);
      job.bytes -= size;
      this.#bytes -= size;
    }
    return Promise.resolve();
  }

  postponed(jobKey: string, nowMs: number): Promise<Postponements> {
    const job = this.#touch(jobKey);
    const { count = 0, sinceMs = nowMs } = job.postponements ?? {};
    job.postponements = { count: count + 1, sinceMs };
    return Promise.resolve(job.postponements);
  }

  forget(jobKey: string): Promise<void> {
    this.#remove(jobKey);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #touch(jobKey: string): JobEntry {
    const job = this.#jobs.get(jobKey) ?? {
      entries: new Map(),
      postponements: undefined,
      touchedMs: 0,
      bytes: 0,
    };
    job.touchedMs = this.#now();
    this.#jobs.delete(jobKey);
    this.#jobs.set(jobKey, job);
    return job;
  }

  #remove(jobKey: string): void {
    this.#bytes -= this.#jobs.get(jobKey)?.bytes ?? 0;
    this.#jobs.delete(jobKey);
    this.#answered.delete(jobKey);
  }

  #expire(): void {
    for (const [jobKey, job] of this.#jobs) {
      if (this.#now() - job.touchedMs < this.#limits.expiryMs) return;
      this.#remove(jobKey);
    }
  }

  /** The oldest answers give way. That they were paid for is not forgotten: a claim that has ended takes their place. */
  #makeRoom(): void {
    for (const jobKey of this.#answered) {
      if (this.#bytes <= this.#limits.maxBytes) return;
      const job = this.#jobs.get(jobKey)!;
      for (const [hash, entry] of job.entries) {
        if (entry.answer !== undefined) job.entries.set(hash, { claimEndsMs: 0 });
      }
      this.#bytes -= job.bytes;
      job.bytes = 0;
      this.#answered.delete(jobKey);
    }
  }
}
