/**
 * One engine to a folder. The lock is a file that names a process; it counts as long as that process lives. A process id
 * is used again after a while, and in a container it is the same at each start: where the system tells when a process
 * began (/proc), that must fit as well.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Other engines that start at the same moment may take a stale lock first; each round one of them wins. */
const maxRounds = 100;
/** A lock without text is being written, or was left by a process killed at that moment: after these rounds it is stale. */
const emptyRounds = 10;
const emptyPauseMs = 10;

export class FolderLock {
  readonly #path: string;
  readonly #owner: string;

  private constructor(path: string, owner: string) {
    this.#path = path;
    this.#owner = owner;
  }

  /** @throws Error if another engine uses the folder, with what to do about it */
  static take(folder: string): FolderLock {
    const path = join(folder, 'lock');
    const owner = `${process.pid} ${startOf(process.pid) ?? ''}`;
    for (let round = 0; round < maxRounds; round++) {
      if (create(path, owner)) return new FolderLock(path, owner);
      const other = readIfThere(path);
      if (other === undefined) continue;
      if (other === '' && round < emptyRounds) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, emptyPauseMs);
        continue;
      }
      if (lives(other)) throw new Error(inUse(folder, path, other));
      removeStale(path, other);
    }
    throw new Error(`Cannot take the lock ${path}: others take it all the time.`);
  }

  release(): void {
    if (readIfThere(this.#path) === this.#owner) rmSync(this.#path, { force: true });
  }
}

/** @returns false if there is a lock already */
function create(path: string, owner: string): boolean {
  try {
    writeFileSync(path, owner, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Between the look at a lock and its removal another engine may have put its own there: that one is put back. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
    const taken = readFileSync(aside, 'utf8');
    if (taken !== stale) create(path, taken);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function lives(owner: string): boolean {
  const [pid = '', start = ''] = owner.split(' ');
  if (!/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    // A process of somebody else lives as well.
    if (!isCode(error, 'EPERM')) return false;
  }
  const now = startOf(Number(pid));
  return start === '' || now === undefined || now === start;
}

/** When a process began, in ticks since the machine did; undefined where the system does not tell. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command's name in parentheses, which may hold anything; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function inUse(folder: string, path: string, owner: string): string {
  const pid = owner.split(' ')[0];
  return `The folder ${folder} is in use by process ${pid}. Stop that engine, or choose another folder. If that process is not an engine, delete ${path}.`;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
