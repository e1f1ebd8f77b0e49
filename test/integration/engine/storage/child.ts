/**
 * An engine's storage in a process that is killed: `<folder> <callers> [<step> <count>]`. Callers put numbers that grow
 * into two rows each, by one commit with one record, and say on stdout `<caller> <number> <position>` when it is written.
 *
 * A step names where the process kills itself, in the middle of the `count`th write of that kind: `write` is any, `next`
 * one while the journal is being compacted, `switched` one after that, `flush` the flush of a compaction.
 */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { disk, type Disk } from '../../../../src/engine/storage/file/disk';
import { commitOf, openTables } from './tables';

const [, , folder = '', callers = '1', step = '', count = '1'] = process.argv;
const next = join(folder, 'journal.next');
let left = Number(count);
let hasCompacted = false;
let isStarted = false;

/** Half of the bytes get there. */
function dieWriting(fd: number, bytes: Buffer, offset: number): void {
  writeSync(fd, bytes, offset, Math.floor((bytes.length - offset) / 2));
  process.kill(process.pid, 'SIGKILL');
}

function isDue(): boolean {
  const isCompacting = existsSync(next);
  hasCompacted ||= isCompacting;
  if (!isStarted) return false;
  if (step === 'write') return true;
  if (step === 'next') return isCompacting;
  return step === 'switched' && hasCompacted && !isCompacting;
}

const deadly: Disk = {
  write: (fd, bytes, offset) => {
    if (isDue() && --left === 0) dieWriting(fd, bytes, offset);
    return disk.write(fd, bytes, offset);
  },
  flush: (fd) => {
    if (step === 'flush' && --left === 0) process.kill(process.pid, 'SIGKILL');
    return disk.flush(fd);
  },
};

const { storage, tables } = openTables(folder, {
  compactAtBytes: 100_000,
  segmentBytes: 200_000,
  disk: deadly,
  say: () => undefined,
  onFailure: (error) => {
    throw error;
  },
});
isStarted = true;

async function call(caller: string): Promise<never> {
  for (let number = (tables.number('left', caller) ?? 0) + 1; ; number++) {
    const changes = [
      tables.change('left', caller, { key: caller, number, filling: 'x'.repeat((number % 5) * 20) }),
      tables.change('right', caller, { key: caller, number }),
    ];
    storage.append(commitOf(storage, changes));
    const position = storage.lastPosition;
    await storage.written();
    process.stdout.write(`${caller} ${number} ${position}\n`);
  }
}

// A state that takes several chunks to write.
for (let n = tables.rows.get('ballast')?.size ?? 0; n < 1000; n++) {
  const key = String(n);
  storage.append(
    commitOf(storage, [tables.change('ballast', key, { key, number: n, filling: 'x'.repeat(1000) })]),
  );
}
for (let caller = 0; caller < Number(callers); caller++) void call(String(caller));
