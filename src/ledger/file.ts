/**
 * The ledger in a folder, on LMDB: survives a crash of the worker. Several processes of one machine may share the
 * folder; each change is one transaction.
 */
import { mkdirSync } from 'node:fs';
import { open, type RootDatabase } from 'lmdb';
import { checkLedgerFile } from './check-file';
import {
  decideClaim,
  LedgerError,
  type ClaimOutcome,
  type EntryKey,
  type EntryRecord,
  type JobRecord,
  type Ledger,
  type LedgerLimits,
  type Postponements,
} from './ledger';

interface StoredJob extends JobRecord {
  readonly touchedMs: number;
}

/** Expired jobs are removed after this many changes, a few at a time. */
const sweepEvery = 200;
const sweepLimit = 500;
/** A full ledger is not searched for expired jobs with every claim. */
const sweepPauseMs = 5_000;
const closeMs = 5_000;

export class FileLedger implements Ledger {
  readonly #folder: string;
  readonly #limits: LedgerLimits;
  readonly #now: () => number;
  readonly #database: RootDatabase<StoredJob, string>;
  #changes = 0;
  #sweptAtMs = -Infinity;

  /**
   * @param folder is made when it is missing
   * @param now current time, ms since 1970
   * @throws LedgerError when the folder cannot be opened
   */
  constructor(folder: string, limits: LedgerLimits, now: () => number) {
    this.#folder = folder;
    this.#limits = limits;
    this.#now = now;
    this.#database = openDatabase(folder);
  }

  async claim(key: EntryKey, claimant: string, ttlMs: number): Promise<ClaimOutcome> {
    await this.#makeRoom(0);
    return this.#change(key.jobKey, (job) => {
      const { outcome, next } = decideClaim(job.entries[key.requestHash], claimant, this.#now(), ttlMs);
      return next ? { result: outcome, next: withEntry(job, key, next) } : { result: outcome };
    });
  }

  renew(key: EntryKey, claimant: string, ttlMs: number): Promise<boolean> {
    return this.#change(key.jobKey, (job) => {
      if (job.entries[key.requestHash]?.claimant !== claimant) return { result: false };
      return { result: true, next: withEntry(job, key, { claimant, claimEndsMs: this.#now() + ttlMs }) };
    });
  }

  async keep(key: EntryKey, answer: Buffer): Promise<void> {
    await this.#makeRoom(answer.length);
    await this.#change(key.jobKey, (job) => ({ result: undefined, next: withEntry(job, key, { answer }) }));
  }

  release(key: EntryKey, claimant: string): Promise<void> {
    return this.#removeEntry(key, (entry) => entry.claimant === claimant);
  }

  discard(key: EntryKey): Promise<void> {
    return this.#removeEntry(key, (entry) => entry.answer !== undefined);
  }

  postponed(jobKey: string, nowMs: number): Promise<Postponements> {
    return this.#change(jobKey, (job) => {
      const { count = 0, sinceMs = nowMs } = job.postponements ?? {};
      const postponements = { count: count + 1, sinceMs };
      return { result: postponements, next: { ...job, postponements } };
    });
  }

  forget(jobKey: string): Promise<void> {
    return this.#change(jobKey, () => ({ result: undefined, next: null }));
  }

  async close(): Promise<void> {
    await closeWithin(this.#database, closeMs);
  }

  #removeEntry(key: EntryKey, applies: (entry: EntryRecord) => boolean): Promise<void> {
    return this.#change(key.jobKey, (job) => {
      const { [key.requestHash]: entry, ...others } = job.entries;
      if (entry === undefined || !applies(entry)) return { result: undefined };
      const empty = Object.keys(others).length === 0 && job.postponements === undefined;
      return { result: undefined, next: empty ? null : { ...job, entries: others } };
    });
  }

  /** Reads a job's record, changes it and writes it back, as one transaction that is on its way to the disk when this resolves. */
  async #change<T>(
    jobKey: string,
    edit: (job: JobRecord) => { result: T; next?: JobRecord | null },
  ): Promise<T> {
    const result = await this.#transact(() => {
      const { result, next } = edit(this.#database.get(jobKey) ?? { entries: {} });
      if (next === null) void this.#database.remove(jobKey);
      else if (next !== undefined) void this.#database.put(jobKey, { ...next, touchedMs: this.#now() });
      return result;
    });
    // A change that was made is made, whatever becomes of the tidying; the next change says what is wrong.
    if (++this.#changes % sweepEvery === 0) await this.#sweep().catch(() => undefined);
    return result;
  }

  async #transact<T>(action: () => T): Promise<T> {
    try {
      return await this.#database.transaction(action);
    } catch (error) {
      throw new LedgerError(`The ledger in ${this.#folder} cannot be written: ${await reasonOf(error)}`);
    }
  }

  async #makeRoom(bytes: number): Promise<void> {
    if (this.#usedBytes() + bytes <= this.#limits.maxBytes) return;
    if (this.#now() - this.#sweptAtMs >= sweepPauseMs) await this.#sweep();
    if (this.#usedBytes() + bytes <= this.#limits.maxBytes) return;
    throw new LedgerError(
      `The ledger in ${this.#folder} is full (${this.#limits.maxBytes} bytes). Raise CONNECTOR_LEDGER_MAX_SIZE or shorten CONNECTOR_LEDGER_EXPIRY.`,
    );
  }

  /** Bytes in use; pages that were freed and wait for new entries do not count. */
  #usedBytes(): number {
    const stats = this.#database.getStats() as {
      pageSize: number;
      treeLeafPageCount: number;
      overflowPages: number;
    };
    return stats.pageSize * (stats.treeLeafPageCount + stats.overflowPages);
  }

  async #sweep(): Promise<void> {
    this.#sweptAtMs = this.#now();
    await this.#transact(() => {
      let removed = 0;
      for (const { key, value } of this.#database.getRange()) {
        if (this.#now() - value.touchedMs < this.#limits.expiryMs) continue;
        void this.#database.remove(key);
        if (++removed === sweepLimit) return;
      }
    });
  }
}

function withEntry(job: JobRecord, key: EntryKey, entry: EntryRecord): JobRecord {
  return { ...job, entries: { ...job.entries, [key.requestHash]: entry } };
}

/** After a failed commit LMDB waits forever for it to reach the disk. */
async function closeWithin(database: RootDatabase<StoredJob, string>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([database.close(), limit]);
  clearTimeout(timer);
}

/** A commit that failed says why in a promise of its own, which is rejected by then. */
async function reasonOf(error: unknown): Promise<string> {
  const { message, commitError } = error as Error & { commitError?: Promise<never> };
  return commitError === undefined ? message : commitError.catch((cause: Error) => cause.message);
}

function openDatabase(folder: string): RootDatabase<StoredJob, string> {
  try {
    mkdirSync(folder, { recursive: true });
    checkLedgerFile(folder);
    // With batching by event turns a commit that fails rejects a promise that nobody gets: the process would end.
    return open<StoredJob, string>({ path: folder, encoding: 'msgpack', eventTurnBatching: false });
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw new LedgerError(
      `The ledger folder ${folder} cannot be opened (${(error as Error).message}). Check the path in CONNECTOR_LEDGER and its permissions.`,
    );
  }
}
