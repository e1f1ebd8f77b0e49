/**
 * The storage in a folder:
 *
 *   journal               rows, one line a command; all that is needed to go on
 *   journal.next          the journal's replacement, while it is being written
 *   records-<first>.jsonl records, for those who watch
 *   documents/            bytes of documents
 *   lock                  the process that uses the folder
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../state/table';
import type { Storage } from '../storage';
import { disk as realDisk, type Disk } from './disk';
import { Documents } from './documents';
import { FileStorage } from './file-storage';
import { Journal } from './journal';
import type { SnapshotRow } from './line';
import { FolderLock } from './lock';
import { Segments } from './segments';

export interface FileStorageOptions {
  readonly folder: string;
  /** Called for each row in the journal, in the order of the commits, before the storage opens. null: it is gone. */
  readonly restore: (table: string, key: string, row: Row | null) => void;
  /**
   * All rows there are, each table's in its order. Called between turns, and once before the storage opens: the state
   * must then hold exactly what was restored and appended.
   */
  readonly snapshot: () => Iterable<SnapshotRow>;
  /** What somebody should know, a sentence each. */
  readonly say: (line: string) => void;
  /** Called once, when a write has failed: memory is ahead of the disk, and the process must end with this sentence. */
  readonly onFailure: (error: Error) => void;
  /** Flush before anything counts as written, for power cuts; without it only the end of the process is survived. */
  readonly fsync?: boolean;
  /** A journal of this length is compacted, unless most of it is still needed. Default: 64 MB. */
  readonly compactAtBytes?: number;
  /** Length of a file of records; four are kept. Default: 32 MB. */
  readonly segmentBytes?: number;
  /** Another disk, for tests. */
  readonly disk?: Disk;
}

const mebibyte = 1024 * 1024;

/**
 * Opens a folder, and makes it if need be. Everything that was written before is told to `restore` first.
 * @throws Error with a remedy, if the folder is in use or its journal cannot be read; StorageFailure
 */
export function openFileStorage(options: FileStorageOptions): Storage {
  const { folder, say, fsync = false, disk = realDisk } = options;
  mkdirSync(folder, { recursive: true });
  const lock = FolderLock.take(folder);
  const opened: { close(): void }[] = [{ close: () => lock.release() }];
  try {
    const journal = Journal.open(join(folder, 'journal'), disk);
    opened.push(journal);
    const told = journal.read(options.restore, say);
    const segmentBytes = options.segmentBytes ?? 32 * mebibyte;
    const segments = new Segments({ folder, disk, segmentBytes, say }, told.position);
    opened.push(segments);
    const documents = new Documents(join(folder, 'documents'), fsync);
    const storage = new FileStorage(
      { journal, segments, documents, lock },
      { ...options, fsync, compactAtBytes: options.compactAtBytes ?? 64 * mebibyte },
      told.position,
    );
    storage.compactAtStart(told.rows);
    return storage;
  } catch (error) {
    for (const each of opened.reverse()) each.close();
    throw error;
  }
}
