/** The file of row lines: made, read at start, added to, and replaced by a shorter one that says the same. */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { RowChange } from '../storage';
import { flushFolder, StorageFailure, writeAll, type Disk } from './disk';
import { decodeLine, encodeHeader, isSound, refuseHeader } from './line';
import { readLines } from './line-splitter';

/** What a journal told at start. */
export interface Told {
  /** Position of the last record that belongs to it. */
  readonly position: number;
  /** Rows in its lines, also those that later lines replaced. */
  readonly rows: number;
}

export class Journal {
  readonly path: string;
  readonly #disk: Disk;
  #fd: number;
  #size: number;

  private constructor(path: string, disk: Disk) {
    this.path = path;
    this.#disk = disk;
    this.#fd = openSync(path, 'a+');
    this.#size = fstatSync(this.#fd).size;
  }

  /** Opens the journal, an empty one if there is none. A replacement that was not finished is removed. */
  static open(path: string, disk: Disk): Journal {
    const beside = nextPath(path);
    rmSync(beside, { force: true });
    if (existsSync(path)) return new Journal(path, disk);
    // A journal under its own name always has its whole first line.
    const fd = openSync(beside, 'a');
    try {
      writeAll(disk, fd, encodeHeader());
      fsyncSync(fd);
    } catch (error) {
      throw new StorageFailure(beside, error);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
    flushFolder(dirname(path));
    return new Journal(path, disk);
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * Tells every row in order, and cuts the end off that an interrupted write has left.
   * @throws Error if the file cannot be read, with what to do about it
   */
  read(onRow: (...change: RowChange) => void, say: (line: string) => void): Told {
    let number = 0;
    let end = 0;
    let rows = 0;
    let position = 0;
    let firstBad = 0;
    for (const line of readLines(this.#fd)) {
      number++;
      if (number === 1) {
        const refused = refuseHeader(line);
        if (refused !== undefined) throw new Error(this.#refusal(refused));
      } else if (!isSound(line)) {
        firstBad ||= number;
      } else {
        if (firstBad > 0) throw new Error(this.#refusal(damage(firstBad, number)));
        const told = decodeLine(line);
        for (const change of told.rows) onRow(...change);
        rows += told.rows.length;
        position = told.position;
      }
      if (firstBad === 0) end += line.length + 1;
    }
    if (number === 0) throw new Error(this.#refusal('its first line is missing'));
    if (end < this.#size) this.#cut(end, say);
    return { position, rows };
  }

  /** @throws StorageFailure */
  append(bytes: Buffer): void {
    try {
      writeAll(this.#disk, this.#fd, bytes);
    } catch (error) {
      throw new StorageFailure(this.path, error);
    }
    this.#size += bytes.length;
  }

  /** @throws StorageFailure */
  async flush(): Promise<void> {
    try {
      await this.#disk.flush(this.#fd);
    } catch (error) {
      throw new StorageFailure(this.path, error);
    }
  }

  /** As `flush`, within this turn: for a few bytes. */
  flushNow(): void {
    fsyncSync(this.#fd);
  }

  /** Reads bytes from a place on, as many as there are and as fit. */
  readAt(place: number, into: Buffer): number {
    return readSync(this.#fd, into, 0, into.length, place);
  }

  /** An empty file for the journal that is to replace this one. It lies beside it until `replaceBy`. */
  beginNext(): Journal {
    const path = nextPath(this.path);
    rmSync(path, { force: true });
    return new Journal(path, this.#disk);
  }

  /** Renames the other file to this one's name, and goes on with it. No flush of this one may be running. */
  replaceBy(next: Journal): void {
    const old = this.#fd;
    renameSync(next.path, this.path);
    this.#fd = next.#fd;
    this.#size = next.#size;
    flushFolder(dirname(this.path));
    closeSync(old);
  }

  /** Takes away a replacement that is not wanted any more. */
  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  close(): void {
    closeSync(this.#fd);
  }

  #cut(end: number, say: (line: string) => void): void {
    say(`Cut ${this.#size - end} bytes off the end of ${this.path}: the process ended while it wrote them.`);
    ftruncateSync(this.#fd, end);
    this.#size = end;
  }

  #refusal(reason: string): string {
    return `Cannot start from ${this.path}: ${reason}. Put back a copy of the file, or delete the folder ${dirname(this.path)} to begin with an empty engine.`;
  }
}

function damage(bad: number, good: number): string {
  return `line ${bad} is damaged, and since line ${good} after it is whole, no interrupted write explains that`;
}

function nextPath(path: string): string {
  return `${path}.next`;
}
