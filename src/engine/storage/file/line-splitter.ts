/**
 * Cuts bytes that come in chunks into lines. A file is never one text: V8 has no text over 512 MB, and a journal may be
 * longer. A line over many chunks is put together once, when it ends, so its cost grows with its length only.
 */
import { readSync } from 'node:fs';

const chunkBytes = 1024 * 1024;
const lineBreak = 0x0a;

export class LineSplitter {
  #begun: Buffer[] = [];

  /** The lines that end in a chunk, without their line breaks. They are valid until the chunk's memory is used again. */
  *push(chunk: Buffer): Generator<Buffer> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(lineBreak, start);
      if (end < 0) break;
      const piece = chunk.subarray(start, end);
      start = end + 1;
      yield this.#begun.length === 0 ? piece : this.#finish(piece);
    }
    if (start === chunk.length) return;
    this.#begun.push(Buffer.from(chunk.subarray(start)));
  }

  #finish(piece: Buffer): Buffer {
    const line = Buffer.concat([...this.#begun, piece]);
    this.#begun = [];
    return line;
  }
}

/**
 * The lines of a file from its beginning, each without its line break and valid until the next one is asked for. Bytes
 * after the last line break are not a line.
 */
export function* readLines(fd: number): Generator<Buffer> {
  const splitter = new LineSplitter();
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let at = 0;
  for (;;) {
    const count = readSync(fd, chunk, 0, chunk.length, at);
    if (count === 0) return;
    at += count;
    yield* splitter.push(chunk.subarray(0, count));
  }
}
