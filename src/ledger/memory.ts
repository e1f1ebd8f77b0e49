/** The ledger of one process: survives job time-outs and a broker that is away, not a crash of the worker. */
import { decideClaim, type EntryRecord, type Ledger, type LedgerLimits, type Postponements } from './ledger';

interface JobEntry {
  readonly entries: Map<string, EntryRecord>;
  postponements: Postponements | undefined;
  touchedMs: number;
  bytes: number;
}

export function createMemoryLedger(limits: LedgerLimits, now: () => number): Ledger {
  // In order of last change, so that the oldest is found without a search.
  const jobs = new Map<string, JobEntry>();
  /** Jobs with answers, in order of the last one. */
  const answered = new Set<string>();
  let bytes = 0;

  function touch(jobKey: string): JobEntry {
    const job = jobs.get(jobKey) ?? { entries: new Map(), postponements: undefined, touchedMs: 0, bytes: 0 };
    job.touchedMs = now();
    jobs.delete(jobKey);
    jobs.set(jobKey, job);
    return job;
  }

  function remove(jobKey: string): void {
    bytes -= jobs.get(jobKey)?.bytes ?? 0;
    jobs.delete(jobKey);
    answered.delete(jobKey);
  }

  function expire(): void {
    for (const [jobKey, job] of jobs) {
      if (now() - job.touchedMs < limits.expiryMs) return;
      remove(jobKey);
    }
  }

  /** The oldest answers give way. That they were paid for is not forgotten: a claim that has ended takes their place. */
  function makeRoom(): void {
    for (const jobKey of answered) {
      if (bytes <= limits.maxBytes) return;
      const job = jobs.get(jobKey)!;
      for (const [hash, entry] of job.entries) {
        if (entry.answer !== undefined) job.entries.set(hash, { claimEndsMs: 0 });
      }
      bytes -= job.bytes;
      job.bytes = 0;
      answered.delete(jobKey);
    }
  }

  return {
    claim(key, claimant, ttlMs) {
      expire();
      const job = touch(key.jobKey);
      const { outcome, next } = decideClaim(job.entries.get(key.requestHash), claimant, now(), ttlMs);
      if (next) job.entries.set(key.requestHash, next);
      return Promise.resolve(outcome);
    },
    renew(key, claimant, ttlMs) {
      const entry = jobs.get(key.jobKey)?.entries.get(key.requestHash);
      if (entry?.claimant !== claimant) return Promise.resolve(false);
      touch(key.jobKey).entries.set(key.requestHash, { claimant, claimEndsMs: now() + ttlMs });
      return Promise.resolve(true);
    },
    keep(key, answer) {
      const job = touch(key.jobKey);
      const before = job.entries.get(key.requestHash)?.answer?.length ?? 0;
      job.entries.set(key.requestHash, { answer });
      job.bytes += answer.length - before;
      bytes += answer.length - before;
      answered.delete(key.jobKey);
      answered.add(key.jobKey);
      makeRoom();
      return Promise.resolve();
    },
    release(key, claimant) {
      const job = jobs.get(key.jobKey);
      if (job?.entries.get(key.requestHash)?.claimant === claimant) {
        job.entries.delete(key.requestHash);
        if (job.entries.size === 0 && job.postponements === undefined) remove(key.jobKey);
      }
      return Promise.resolve();
    },
    discard(key) {
      const job = jobs.get(key.jobKey);
      const size = job?.entries.get(key.requestHash)?.answer?.length;
      if (job && size !== undefined) {
        job.entries.delete(key.requestHash);
        job.bytes -= size;
        bytes -= size;
      }
      return Promise.resolve();
    },
    postponed(jobKey, nowMs) {
      const job = touch(jobKey);
      job.postponements = {
        count: (job.postponements?.count ?? 0) + 1,
        sinceMs: job.postponements?.sinceMs ?? nowMs,
      };
      return Promise.resolve(job.postponements);
    },
    forget(jobKey) {
      remove(jobKey);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
