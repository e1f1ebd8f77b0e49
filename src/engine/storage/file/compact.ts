/**
 * Replaces the journal by a shorter one: a snapshot of the state, and after it what came while that was written.
 *
 *   resting     --journal too long--> writing      the rows are held by reference, the place in the old journal is noted
 *   writing     --chunk by chunk----> catching up  commands go on between chunks, into the old journal
 *   catching up --little is left----> switched     within one turn: the last lines copied, the file renamed
 *   writing, catching up --error, close--> resting the new file is removed, the old journal is still whole
 *
 * Whoever is killed before the rename has the old journal with all lines, and after it the new one with all lines: a line
 * is acknowledged only when it is in the file that has the name. Rows are never changed, only replaced, so the references
 * stay a picture of one moment. Copied lines come after it, and the last line about a row is right.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { encodeHeader, encodeSnapshot, type SnapshotRow } from './line';
import type { Journal } from './journal';

/** What is copied within one turn at most; it takes less than a millisecond. */
const chunkBytes = 256 * 1024;
/** Under a load that adds lines faster than they are copied, the last turn copies more than a chunk. */
const maxRounds = 1000;

export interface Compaction {
  /** The whole state, as the journal holds it now. */
  readonly rows: readonly SnapshotRow[];
  /** Position of the last record that belongs to it. */
  readonly position: number;
  /** Resolves when no write or flush of the old journal is running. */
  readonly settled: () => Promise<void>;
  /** Whether lines that were copied must survive a power cut. */
  readonly fsync: boolean;
  readonly signal: AbortSignal;
}

/**
 * To be called between two commands, right after their lines were written.
 * @returns bytes of the snapshot
 * @throws what kept it from the end; the journal is then as before
 */
export async function compact(journal: Journal, compaction: Compaction): Promise<number> {
  const { rows, position, settled, fsync, signal } = compaction;
  let copied = journal.size;
  const next = journal.beginNext();
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const copyChunk = (): void => {
    const count = journal.readAt(copied, chunk);
    if (count === 0) throw new Error('somebody has shortened the journal');
    next.append(chunk.subarray(0, count));
    copied += count;
  };
  try {
    next.append(encodeHeader());
    for (const line of encodeSnapshot(position, rows)) {
      next.append(line);
      await nextTurn(undefined, { signal });
    }
    const snapshotBytes = next.size;
    await next.flush();
    for (let round = 0; round < maxRounds && journal.size - copied > chunkBytes; round++) {
      copyChunk();
      await nextTurn(undefined, { signal });
    }
    if (fsync) await next.flush();
    await settled();
    // From here to the rename without a pause: no line may come to the old journal only.
    while (copied < journal.size) copyChunk();
    if (fsync) next.flushNow();
    journal.replaceBy(next);
    return snapshotBytes;
  } catch (error) {
    next.remove();
    throw error;
  }
}
