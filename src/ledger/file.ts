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
  type EntryKey,
  type EntryRecord,
  type JobRecord,
  type Ledger,
  type LedgerLimits,
} from './ledger';

interface StoredJob extends JobRecord {
  readonly touchedMs: number;
}

/** Expired jobs are removed every so many changes, a few at a time. */
const sweepEvery = 200;
const sweepLimit = 500;
/** A full ledger is not searched for expired jobs with every claim. */
const sweepPauseMs = 5_000;
const closeMs = 5_000;

/** @throws LedgerError when the folder cannot be opened */
export function createFileLedger(folder: string, limits: LedgerLimits, now: () => number): Ledger {
  const database = openDatabase(folder);
  let changes = 0;
  let sweptAtMs = -Infinity;

  /** Reads a job's record, changes it and writes it back, as one transaction that is on its way to the disk when this resolves. */
  async function change<T>(
    jobKey: string,
    edit: (job: JobRecord) => { result: T; next?: JobRecord | null },
  ): Promise<T> {
    const result = await transact(() => {
      const { result, next } = edit(database.get(jobKey) ?? { entries: {} });
      if (next === null) void database.remove(jobKey);
      else if (next !== undefined) void database.put(jobKey, { ...next, touchedMs: now() });
      return result;
    });
    // A change that was made is made, whatever becomes of the tidying; the next change says what is wrong.
    if (++changes % sweepEvery === 0) await sweep().catch(() => undefined);
    return result;
  }

  async function transact<T>(action: () => T): Promise<T> {
    try {
      return await database.transaction(action);
    } catch (error) {
      throw new LedgerError(`The ledger in ${folder} cannot be written: ${await reasonOf(error)}`);
    }
  }

  /** Bytes in use; pages that were freed and wait for new entries do not count. */
  function usedBytes(): number {
    const stats = database.getStats() as {
      pageSize: number;
      treeLeafPageCount: number;
      overflowPages: number;
    };
    return stats.pageSize * (stats.treeLeafPageCount + stats.overflowPages);
  }

  async function makeRoom(bytes: number): Promise<void> {
    if (usedBytes() + bytes <= limits.maxBytes) return;
    if (now() - sweptAtMs >= sweepPauseMs) await sweep();
    if (usedBytes() + bytes <= limits.maxBytes) return;
    throw new LedgerError(
      `The ledger in ${folder} is full (${limits.maxBytes} bytes). Raise CONNECTOR_LEDGER_MAX_SIZE or shorten CONNECTOR_LEDGER_EXPIRY.`,
    );
  }

  async function sweep(): Promise<void> {
    sweptAtMs = now();
    await transact(() => {
      let removed = 0;
      for (const { key, value } of database.getRange()) {
        if (now() - value.touchedMs < limits.expiryMs) continue;
        void database.remove(key);
        if (++removed === sweepLimit) return;
      }
    });
  }

  const removeEntry = (key: EntryKey, applies: (entry: EntryRecord) => boolean): Promise<void> =>
    change(key.jobKey, (job) => {
      const { [key.requestHash]: entry, ...others } = job.entries;
      if (entry === undefined || !applies(entry)) return { result: undefined };
      const empty = Object.keys(others).length === 0 && job.postponements === undefined;
      return { result: undefined, next: empty ? null : { ...job, entries: others } };
    });

  const withEntry = (job: JobRecord, key: EntryKey, entry: EntryRecord): JobRecord => ({
    ...job,
    entries: { ...job.entries, [key.requestHash]: entry },
  });

  return {
    async claim(key, claimant, ttlMs) {
      await makeRoom(0);
      return change(key.jobKey, (job) => {
        const { outcome, next } = decideClaim(job.entries[key.requestHash], claimant, now(), ttlMs);
        return next ? { result: outcome, next: withEntry(job, key, next) } : { result: outcome };
      });
    },
    renew: (key, claimant, ttlMs) =>
      change(key.jobKey, (job) => {
        if (job.entries[key.requestHash]?.claimant !== claimant) return { result: false };
        return { result: true, next: withEntry(job, key, { claimant, claimEndsMs: now() + ttlMs }) };
      }),
    async keep(key, answer) {
      await makeRoom(answer.length);
      await change(key.jobKey, (job) => ({ result: undefined, next: withEntry(job, key, { answer }) }));
    },
    release: (key, claimant) => removeEntry(key, (entry) => entry.claimant === claimant),
    discard: (key) => removeEntry(key, (entry) => entry.answer !== undefined),
    postponed: (jobKey, nowMs) =>
      change(jobKey, (job) => {
        const { count = 0, sinceMs = nowMs } = job.postponements ?? {};
        const postponements = { count: count + 1, sinceMs };
        return { result: postponements, next: { ...job, postponements } };
      }),
    forget: (jobKey) => change(jobKey, () => ({ result: undefined, next: null })),
    async close() {
      await closeWithin(database, closeMs);
    },
  };
}

/** After a commit that failed LMDB waits for ever for it to reach the disk. */
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
