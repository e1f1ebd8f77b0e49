/**
 * Writes what the commands of one turn have changed, and tells when it is written.
 *
 *   resting   --append----------> gathering  the end of the turn is awaited
 *   gathering --the turn ends---> resting    records, then rows are written; whoever waits is told
 *   gathering --the turn ends---> flushing   the same with `fsync`: whoever waits is told after the flush
 *   flushing  --flushed---------> resting, or gathering what came meanwhile
 *   any       --a write fails---> failed     for ever; whoever waits is told so
 *
 * Records are written before rows, so a line of rows never promises records that are not there; those that no line
 * promises are cut off at the next start. Both writes are made at once and not in the background: they only copy to the
 * system's memory, which takes less time than a thread needs to begin.
 */
import { checkPositions, type Commit, type Storage } from '../storage';
import { compact } from './compact';
import type { Documents } from './documents';
import type { Journal } from './journal';
import { encodeLine, type SnapshotRow } from './line';
import type { FolderLock } from './lock';
import type { Segments } from './segments';

/** A journal that is shorter is read so fast that shortening it at start gains nothing. */
const worthReadingBytes = 1024 * 1024;
const done = Promise.resolve();

interface Parts {
  readonly journal: Journal;
  readonly segments: Segments;
  readonly documents: Documents;
  readonly lock: FolderLock;
}

interface Rules {
  readonly snapshot: () => Iterable<SnapshotRow>;
  readonly say: (line: string) => void;
  readonly onFailure: (error: Error) => void;
  readonly fsync: boolean;
  readonly compactAtBytes: number;
}

/** What is written together, and those who wait for it. */
class Group {
  readonly lines: Buffer[] = [];
  readonly records: string[] = [];
  readonly written: Promise<void>;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor() {
    this.written = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Perhaps nobody waits; the failure is told to `onFailure` in any case.
    this.written.catch(() => undefined);
  }

  settle(failure?: Error): void {
    if (failure === undefined) this.#resolve();
    else this.#reject(failure);
  }
}

export class FileStorage implements Storage {
  readonly #parts: Parts;
  readonly #rules: Rules;
  #lastPosition: number;
  /** Gathers the commits of this turn. */
  #gathering: Group | undefined;
  #flushing: Group | undefined;
  #failure: Error | undefined;
  /** Length of the journal at which it is compacted next. */
  #compactAt = Infinity;
  #compacting: Promise<void> | undefined;
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  /** @param lastPosition of the last record there is */
  constructor(parts: Parts, rules: Rules, lastPosition: number) {
    this.#parts = parts;
    this.#rules = rules;
    this.#lastPosition = lastPosition;
  }

  get lastPosition(): number {
    return this.#lastPosition;
  }

  append(commit: Commit): void {
    if (this.#closed !== undefined)
      throw new Error('Nothing can be written any more: the storage is closed.');
    checkPositions(commit, this.#lastPosition);
    this.#lastPosition = commit.lastPosition;
    if (this.#failure !== undefined) return;
    if (this.#gathering === undefined) {
      this.#gathering = new Group();
      this.#writeSoon();
    }
    this.#gathering.lines.push(encodeLine(commit.lastPosition, commit.rows));
    for (const record of commit.records) this.#gathering.records.push(record);
  }

  written(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return (this.#gathering ?? this.#flushing)?.written ?? done;
  }

  async records(after: number): Promise<readonly string[]> {
    return this.#parts.segments.after(after);
  }

  saveDocument(id: string, content: Buffer): Promise<void> {
    return this.#parts.documents.save(id, content);
  }

  readDocument(id: string): Promise<Buffer | undefined> {
    return this.#parts.documents.read(id);
  }

  deleteDocument(id: string): Promise<void> {
    return this.#parts.documents.delete(id);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /**
   * Compacts a journal most of which is out of date, while the engine works already.
   * @param rowsRead in the journal, also those that later ones replaced
   */
  compactAtStart(rowsRead: number): void {
    const { journal } = this.#parts;
    const rows = [...this.#rules.snapshot()];
    const needed = rowsRead === 0 ? 0 : Math.round((journal.size * rows.length) / rowsRead);
    this.#compactAt = this.#nextLimit(needed);
    const limit = Math.max(Math.min(worthReadingBytes, this.#rules.compactAtBytes), 2 * needed);
    if (journal.size >= limit) this.#compact(rows);
  }

  /** After this turn, unless a flush is running: then after that. */
  #writeSoon(): void {
    if (this.#flushing === undefined) setImmediate(() => this.#write());
  }

  #write(): void {
    const group = this.#gathering;
    if (group === undefined || this.#failure !== undefined) return;
    const { journal, segments } = this.#parts;
    this.#gathering = undefined;
    try {
      segments.append(group.records);
      journal.append(Buffer.concat(group.lines));
    } catch (error) {
      this.#fail(error as Error, group);
      return;
    }
    if (this.#rules.fsync) void this.#flush(group);
    else this.#settle(group);
    // Here the journal holds exactly the state.
    if (journal.size >= this.#compactAt && this.#compacting === undefined)
      this.#compact([...this.#rules.snapshot()]);
  }

  async #flush(group: Group): Promise<void> {
    this.#flushing = group;
    try {
      await Promise.all([this.#parts.segments.flush(), this.#parts.journal.flush()]);
    } catch (error) {
      this.#fail(error as Error, group);
      return;
    }
    this.#flushing = undefined;
    this.#settle(group);
    if (this.#gathering !== undefined) this.#writeSoon();
  }

  #settle(group: Group): void {
    this.#parts.segments.publish(group.records);
    group.settle();
  }

  #fail(error: Error, group: Group): void {
    this.#failure = error;
    group.settle(error);
    this.#gathering?.settle(error);
    this.#gathering = undefined;
    this.#flushing = undefined;
    this.#rules.onFailure(error);
  }

  #compact(rows: readonly SnapshotRow[]): void {
    // A second one must not begin while this one runs.
    this.#compacting = this.#runCompaction(rows).finally(() => (this.#compacting = undefined));
  }

  async #runCompaction(rows: readonly SnapshotRow[]): Promise<void> {
    const { journal } = this.#parts;
    try {
      const snapshotBytes = await compact(journal, {
        rows,
        position: this.#lastPosition,
        settled: () => this.written(),
        fsync: this.#rules.fsync,
        signal: this.#closing.signal,
      });
      this.#compactAt = this.#nextLimit(snapshotBytes);
    } catch (error) {
      this.#compactAt = journal.size + this.#rules.compactAtBytes;
      if (this.#closing.signal.aborted || this.#failure !== undefined) return;
      const { message } = ((error as Error).cause ?? error) as Error;
      this.#rules.say(`${journal.path} was not compacted and goes on as it is: ${message}.`);
    }
  }

  /** @param neededBytes how much of the journal is not out of date; a large state must not be written again and again */
  #nextLimit(neededBytes: number): number {
    return Math.max(this.#rules.compactAtBytes, 2 * neededBytes);
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    // What was not written is known to `onFailure` and to those who wait.
    await this.written().catch(() => undefined);
    await this.#compacting;
    this.#parts.journal.close();
    this.#parts.segments.close();
    this.#parts.lock.release();
  }
}
