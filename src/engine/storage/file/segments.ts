/**
 * The records, as lines of JSON in a few files: `records-000000000000001.jsonl` begins with the record at position 1.
 * A record's position is the file's number plus the lines before it, so nothing but the last file is read at start.
 * When a file is long enough the next one begins, and the oldest one goes.
 */
import { closeSync, fstatSync, ftruncateSync, openSync, readdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { answerCharacters, RecordTail } from '../record-tail';
import { flushFolder, StorageFailure, writeAll, type Disk } from './disk';
import { LineSplitter, readLines } from './line-splitter';

/** How many files are kept. */
const maxSegments = 4;
/** What readers that follow closely find in memory. */
const tailBounds = { count: 20_000, characters: answerCharacters };
/** Records of one turn are put together in pieces of this length: V8 has no text over 512 MB. */
const pieceCharacters = 8 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

interface Segment {
  readonly path: string;
  /** Position of its first record. */
  readonly first: number;
}

export interface SegmentsOptions {
  readonly folder: string;
  readonly disk: Disk;
  readonly segmentBytes: number;
  readonly say: (line: string) => void;
}

export class Segments {
  readonly #options: SegmentsOptions;
  #segments: Segment[];
  #tail: RecordTail;
  /** The last segment, if it is open for writing. */
  #fd: number | undefined;
  #size = 0;
  /** Position of the last record that was written, perhaps not yet published. */
  #last: number;

  /**
   * Opens what is there, and cuts off what the journal knows nothing of.
   * @param position of the last record that belongs to the journal
   */
  constructor(options: SegmentsOptions, position: number) {
    this.#options = options;
    this.#last = position;
    this.#tail = new RecordTail(position, tailBounds);
    this.#segments = findSegments(options.folder);
    while (this.#segments.length > 0 && this.#segments.at(-1)!.first > position) {
      const { path } = this.#segments.pop()!;
      options.say(`Removed ${path}: the process ended before the commands of its records were written.`);
      rmSync(path);
    }
    if (this.#segments.length > 0) this.#openLast(this.#segments.at(-1)!);
  }

  /** Readers see what was appended only when it is published. @throws StorageFailure */
  append(records: readonly string[]): void {
    if (records.length === 0) return;
    try {
      let fd = this.#fd;
      if (fd === undefined || this.#size >= this.#options.segmentBytes) fd = this.#begin();
      for (const piece of pieces(records)) {
        writeAll(this.#options.disk, fd, piece);
        this.#size += piece.length;
      }
    } catch (error) {
      throw new StorageFailure(this.#segments.at(-1)?.path ?? this.#options.folder, error);
    }
    this.#last += records.length;
  }

  /** @throws StorageFailure */
  async flush(): Promise<void> {
    if (this.#fd === undefined) return;
    try {
      await this.#options.disk.flush(this.#fd);
    } catch (error) {
      throw new StorageFailure(this.#segments.at(-1)!.path, error);
    }
  }

  /** Shows records to readers: their commands are written. */
  publish(records: readonly string[]): void {
    for (const record of records) this.#tail.push(record);
  }

  /** Published records above a position, as many as fit into one answer. */
  async after(position: number): Promise<readonly string[]> {
    let next = position + 1;
    while (next < this.#tail.first) {
      const segment = this.#segments.findLast(({ first }) => first <= next) ?? this.#segments[0];
      if (segment === undefined) break;
      // What a segment lacks at its end is nowhere: the next one to ask is the one after it.
      const following = this.#segments.find(({ first }) => first > segment.first)?.first ?? this.#last + 1;
      const from = Math.max(next, segment.first);
      const records = await readSegment(segment, from, Math.min(following - 1, this.#tail.last));
      if (records.length > 0) return records;
      next = following;
    }
    return this.#tail.after(next - 1);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #openLast({ path, first }: Segment): void {
    const { say } = this.#options;
    const wanted = this.#last - first + 1;
    const firstInMemory = wanted - tailBounds.count;
    const fd = openSync(path, 'a+');
    const tail = new RecordTail(first - 1 + Math.max(0, firstInMemory), tailBounds);
    let lines = 0;
    let end = 0;
    for (const line of readLines(fd)) {
      if (lines++ >= firstInMemory) tail.push(line.toString());
      end += line.length + 1;
      if (lines === wanted) break;
    }
    const size = fstatSync(fd).size;
    if (end < size) {
      say(
        `Cut ${size - end} bytes off the end of ${path}: the process ended before the commands of those records were written.`,
      );
      ftruncateSync(fd, end);
    }
    if (lines < wanted) {
      say(
        `${path} lacks its last ${wanted - lines} records, as after a power cut; commands are not concerned.`,
      );
      closeSync(fd);
      return;
    }
    this.#fd = fd;
    this.#size = end;
    this.#tail = tail;
  }

  /** Begins the next segment. No flush of the one before may be running. */
  #begin(): number {
    const { folder } = this.#options;
    const first = this.#last + 1;
    const path = join(folder, `records-${String(first).padStart(15, '0')}.jsonl`);
    this.close();
    this.#segments.push({ path, first });
    const fd = openSync(path, 'a');
    this.#fd = fd;
    this.#size = 0;
    flushFolder(folder);
    while (this.#segments.length > maxSegments) rmSync(this.#segments.shift()!.path, { force: true });
    return fd;
  }
}

function findSegments(folder: string): Segment[] {
  return readdirSync(folder)
    .filter((name) => /^records-\d{15}\.jsonl$/.test(name))
    .sort()
    .map((name) => ({ path: join(folder, name), first: Number(name.slice(8, 23)) }));
}

function* pieces(records: readonly string[]): Generator<Buffer> {
  let piece = '';
  for (const record of records) {
    // A line break in JSON is between tokens, where a space is as good.
    piece += record.includes('\n') ? record.replaceAll('\n', ' ') : record;
    piece += '\n';
    if (piece.length < pieceCharacters) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}

/** The records at positions `from` to `to`, as many as fit into one answer; none if the segment has gone meanwhile. */
async function readSegment(segment: Segment, from: number, to: number): Promise<readonly string[]> {
  let file: FileHandle | undefined;
  try {
    file = await open(segment.path);
    return await readRecords(file, from - segment.first, to - segment.first + 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  } finally {
    await file?.close();
  }
}

async function readRecords(file: FileHandle, skipped: number, end: number): Promise<readonly string[]> {
  const splitter = new LineSplitter();
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const records: string[] = [];
  let room = answerCharacters;
  for (let number = 0, at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return records;
    at += bytesRead;
    for (const line of splitter.push(chunk.subarray(0, bytesRead))) {
      if (number >= end || (records.length > 0 && line.length > room)) return records;
      if (number++ < skipped) continue;
      records.push(line.toString());
      room -= line.length;
    }
  }
}
