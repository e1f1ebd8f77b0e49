/** Keeps nothing: for dry runs and for tests that start from nothing. */
import { RecordTail } from './record-tail';
import { checkPositions, type Commit, type Storage } from './storage';

const done = Promise.resolve();

export class MemoryStorage implements Storage {
  readonly #tail = new RecordTail(0, { count: 100_000, characters: Infinity });
  readonly #documents = new Map<string, Buffer>();

  get lastPosition(): number {
    return this.#tail.last;
  }

  append(commit: Commit): void {
    checkPositions(commit, this.#tail.last);
    for (const record of commit.records) this.#tail.push(record);
  }

  written(): Promise<void> {
    return done;
  }

  records(after: number): Promise<readonly string[]> {
    return Promise.resolve(this.#tail.after(after));
  }

  saveDocument(id: string, content: Buffer): Promise<void> {
    this.#documents.set(id, content);
    return done;
  }

  readDocument(id: string): Promise<Buffer | undefined> {
    return Promise.resolve(this.#documents.get(id));
  }

  deleteDocument(id: string): Promise<void> {
    this.#documents.delete(id);
    return done;
  }

  close(): Promise<void> {
    return done;
  }
}
