/**
 * Bytes of documents, one file each. Ids come from users and may hold anything, `../` included, at any length: a file is
 * named after the hash of the id.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { flushFolder } from './disk';

const unfinished = '.part';

export class Documents {
  readonly #folder: string;
  readonly #fsync: boolean;
  /** Two that save the same id at once write files of their own; the later rename wins. */
  #saves = 0;

  /** Makes the folder, and removes what earlier processes have begun and not finished. */
  constructor(folder: string, fsync: boolean) {
    this.#folder = folder;
    this.#fsync = fsync;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (name.endsWith(unfinished)) rmSync(join(folder, name));
  }

  async save(id: string, content: Buffer): Promise<void> {
    const path = this.#path(id);
    const part = `${path}.${++this.#saves}${unfinished}`;
    try {
      const file = await open(part, 'w');
      try {
        await file.writeFile(content);
        if (this.#fsync) await file.datasync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    if (this.#fsync) flushFolder(this.#folder);
  }

  async read(id: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#path(id));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async delete(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    // Not as UTF-8, in which all halves of surrogate pairs are the same bytes.
    return join(this.#folder, createHash('sha256').update(id, 'utf16le').digest('hex'));
  }
}
