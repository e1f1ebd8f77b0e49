/**
 * Where the engine keeps what must outlive it: the rows of its state, the records of what happened and the bytes of
 * documents. `memory.ts` forgets all of it, `file/` keeps it in a folder.
 *
 * The caller numbers records from `lastPosition + 1` on, without gaps, since the number is part of their texts. A
 * commit says where its numbers end, so a caller that has miscounted is told at once and not by a reader of records.
 */
import type { Row } from '../state/table';

/** A row as it is now; null: it is gone. */
export type RowChange = readonly [table: string, key: string, row: Row | null];

/** What one command changed, ready to be written: all of it is kept, or nothing. */
export interface Commit {
  readonly rows: readonly RowChange[];
  /** JSON texts, each with its position as a member. */
  readonly records: readonly string[];
  /** Position of the last of these records; without records, that of the last one before them. */
  readonly lastPosition: number;
}

export interface Storage {
  /** Position of the last record that was appended; 0 before the first one. */
  readonly lastPosition: number;
  /**
   * Takes a commit. All commits of one turn of the event loop share one write.
   * @throws Error if the positions do not follow on the last ones, or if the storage is closed
   */
  append(commit: Commit): void;
  /**
   * Resolves when everything appended so far is written: it survives the end of the process, and a power cut where the
   * storage was told to flush. Rejects, now and for ever, after a write has failed.
   */
  written(): Promise<void>;
  /**
   * Written records with a position above `after`, in order: the oldest that are still kept, at least one if there is
   * one, at most 16 million characters unless a single record is longer. Ask again until none come.
   */
  records(after: number): Promise<readonly string[]>;
  /** Any text will do as an id. Keeps the bytes when it resolves; replaces those that were there. */
  saveDocument(id: string, content: Buffer): Promise<void>;
  readDocument(id: string): Promise<Buffer | undefined>;
  /** A document that is not there is no error. */
  deleteDocument(id: string): Promise<void>;
  /** Writes what is left and gives everything back. */
  close(): Promise<void>;
}

/** @throws Error if the records of a commit do not follow on those before */
export function checkPositions(commit: Commit, lastPosition: number): void {
  const expected = lastPosition + commit.records.length;
  if (commit.lastPosition !== expected)
    throw new Error(
      `A commit with ${commit.records.length} records says that they end at position ${commit.lastPosition}, but they end at ${expected}: number records from lastPosition + 1 on.`,
    );
}
