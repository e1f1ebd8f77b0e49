/** How bytes reach the disk, and what is said when they do not. */
import { closeSync, fdatasync, fsyncSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/** The two calls that a full or broken disk lets fail; tests put another one in its place. */
export interface Disk {
  /** Writes at the end of a file opened for appending. @returns how many bytes it took, perhaps not all */
  readonly write: (fd: number, bytes: Buffer, offset: number) => number;
  /** Resolves when what was written survives a power cut. */
  readonly flush: (fd: number) => Promise<void>;
}

/** The real one. */
export const disk: Disk = {
  write: (fd, bytes, offset) => writeSync(fd, bytes, offset),
  flush: promisify(fdatasync),
};

/** What somebody can do about an error, by its code. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free space on that disk',
  EDQUOT: 'Free space within the quota of that disk',
  EFBIG: 'Raise the limit on the size of files',
  EROFS: 'Make that disk writable',
  EACCES: 'Make that folder writable',
  EPERM: 'Make that folder writable',
  EMFILE: 'Raise the limit on open files',
};

/** A write failed, so the state in memory is ahead of the one on the disk: the process must end. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  constructor(file: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `Cannot write ${file} (${reason}). ${remedies[code] ?? 'Check that disk'} and start the engine again: everything it has acknowledged is kept.`,
      { cause },
    );
  }
}

/** Writes at the end of a file until all is taken. A full disk may take a part first, and refuses the rest. */
export function writeAll({ write }: Disk, fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) {
    const count = write(fd, bytes, written);
    if (count <= 0) throw new Error(`the disk took ${written} of ${bytes.length} bytes`);
    written += count;
  }
}

/** Makes new and renamed files of a folder survive a power cut. Some systems cannot flush a folder, and need not. */
export function flushFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch {
    // The names in it are then as safe as the system makes them.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
