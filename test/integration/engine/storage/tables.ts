/** A state as small as can be, what a storage is asked to keep, and folders for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  openFileStorage,
  type FileStorageOptions,
} from '../../../../src/engine/storage/file/open-file-storage';
import type { Commit, RowChange, Storage } from '../../../../src/engine/storage/storage';

export interface NumberRow {
  readonly key: string;
  readonly number: number;
  readonly filling?: string;
}

/** The state that a storage restores and takes its snapshots of. */
export class Tables {
  readonly rows = new Map<string, Map<string, NumberRow>>();

  /** As a command changes the state. */
  change(table: string, key: string, row: NumberRow | null): RowChange {
    this.restore(table, key, row);
    return [table, key, row];
  }

  readonly restore = (table: string, key: string, row: unknown): void => {
    const rows = this.rows.get(table) ?? new Map<string, NumberRow>();
    this.rows.set(table, rows);
    if (row === null) rows.delete(key);
    else rows.set(key, row as NumberRow);
  };

  *snapshot(): Generator<readonly [string, string, NumberRow]> {
    for (const [table, rows] of this.rows) for (const [key, row] of rows) yield [table, key, row];
  }

  number(table: string, key: string): number | undefined {
    return this.rows.get(table)?.get(key)?.number;
  }
}

export interface Opened {
  readonly storage: Storage;
  readonly tables: Tables;
  readonly said: string[];
  readonly failures: Error[];
}

/** Opens a folder with tables that are its own. */
export function openTables(folder: string, options: Partial<FileStorageOptions> = {}): Opened {
  const tables = new Tables();
  const said: string[] = [];
  const failures: Error[] = [];
  const storage = openFileStorage({
    folder,
    restore: tables.restore,
    snapshot: () => tables.snapshot(),
    say: (line) => said.push(line),
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { storage, tables, said, failures };
}

/** A commit of some rows and as many records as asked for. */
export function commitOf(storage: Storage, rows: readonly RowChange[], records = 1): Commit {
  const first = storage.lastPosition + 1;
  return {
    rows,
    records: Array.from({ length: records }, (_, n) => `{"position":${first + n}}`),
    lastPosition: storage.lastPosition + records,
  };
}

/** Puts a number under a key of the table `n`, and waits until that is written. */
export async function put({ storage, tables }: Opened, key: string, number: number): Promise<void> {
  storage.append(commitOf(storage, [tables.change('n', key, { key, number })]));
  await storage.written();
}

/** Positions of all records that are kept. */
export async function positionsOf(storage: Storage, after = 0): Promise<number[]> {
  const positions: number[] = [];
  for (let last = after; ;) {
    const records = await storage.records(last);
    if (records.length === 0) return positions;
    positions.push(...records.map((record) => (JSON.parse(record) as { position: number }).position));
    last = positions.at(-1)!;
  }
}

export const upTo = (count: number, first = 1): number[] =>
  Array.from({ length: count }, (_, n) => first + n);

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'engine-storage-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
