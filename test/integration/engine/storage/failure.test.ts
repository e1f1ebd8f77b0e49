/** Disks that are full or broken. */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { disk, type Disk } from '../../../../src/engine/storage/file/disk';
import {
  commitOf,
  newFolder,
  openTables,
  positionsOf,
  put,
  removeFolders,
  upTo,
  type Opened,
} from './tables';

afterAll(removeFolders);

const fullDevice = '/dev/full';
const itWithFullDevice = existsSync(fullDevice) ? it : it.skip;

/** A disk that takes some more bytes and then fails as the system says it. */
class FillingDisk implements Disk {
  room = Infinity;
  readonly error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  });
  readonly flush = disk.flush;
  readonly write = (fd: number, bytes: Buffer, offset: number): number => {
    if (this.room === 0) throw this.error;
    const count = Math.min(this.room, bytes.length - offset);
    this.room -= count;
    return writeSync(fd, bytes, offset, count);
  };
}

/** Appends without waiting, then tells how the waiting ended. */
async function tryPut({ storage, tables }: Opened, number: number): Promise<unknown> {
  storage.append(commitOf(storage, [tables.change('n', 'a', { key: 'a', number })]));
  return storage.written().then(
    () => 'written',
    (error: unknown) => error,
  );
}

// Two commits of one turn: 30 bytes of records are written before two lines of rows.
it.each([
  [0, 'records-000000000000001.jsonl'],
  [1, 'records-000000000000001.jsonl'],
  [15, 'records-000000000000001.jsonl'],
  [30, 'journal'],
  [31, 'journal'],
  [60, 'journal'],
])('a disk with room for %d bytes ends it at once, and nothing acknowledged is lost', async (room, name) => {
  const folder = newFolder();
  const filling = new FillingDisk();
  const opened = openTables(folder, { disk: filling });
  const { storage, failures } = opened;
  await put(opened, 'a', 1);
  filling.room = room;
  const [first, second] = await Promise.all([tryPut(opened, 2), tryPut(opened, 3)]);
  expect((first as Error).message).toBe(
    `Cannot write ${join(folder, name)} (ENOSPC: no space left on device, write). Free space on that disk and start the engine again: everything it has acknowledged is kept.`,
  );
  expect(second).toBe(first);
  filling.room = Infinity;
  expect(await tryPut(opened, 4)).toBe(first);
  await expect(storage.written()).rejects.toBe(first);
  expect(failures).toEqual([first]);
  expect(await positionsOf(storage)).toEqual([1]);
  await storage.close();
  const again = openTables(folder);
  expect([again.tables.number('n', 'a'), again.storage.lastPosition]).toEqual([1, 1]);
  expect(await positionsOf(again.storage)).toEqual([1]);
  await put(again, 'a', 5);
  await again.storage.close();
});

itWithFullDevice('the sentence of a real full device names the remedy', async () => {
  const full = openSync(fullDevice, 'a');
  let isFull = false;
  const opened = openTables(newFolder(), {
    disk: {
      ...disk,
      write: (fd, bytes, offset) => disk.write(isFull ? full : fd, bytes, offset),
    },
  });
  await put(opened, 'a', 1);
  isFull = true;
  await tryPut(opened, 2);
  expect(opened.failures.map(String)).toEqual([
    expect.stringMatching(/ENOSPC.*Free space on that disk and start the engine again/),
  ]);
  await opened.storage.close();
  closeSync(full);
});

it('a disk that takes a few bytes at a time gets all of them', async () => {
  const folder = newFolder();
  const slow: Disk = {
    ...disk,
    write: (fd, bytes, offset) => writeSync(fd, bytes, offset, Math.min(7, bytes.length - offset)),
  };
  const opened = openTables(folder, { disk: slow });
  for (let n = 1; n <= 20; n++) await put(opened, 'a', n);
  await opened.storage.close();
  const again = openTables(folder);
  expect(again.tables.number('n', 'a')).toBe(20);
  expect(await positionsOf(again.storage)).toEqual(upTo(20));
  expect(again.said).toEqual([]);
  await again.storage.close();
});

it('a disk that takes nothing and says nothing is broken', async () => {
  let takesNothing = false;
  const opened = openTables(newFolder(), {
    disk: { ...disk, write: (...write) => (takesNothing ? 0 : disk.write(...write)) },
  });
  takesNothing = true;
  expect(String(await tryPut(opened, 1))).toMatch(
    /the disk took 0 of \d+ bytes\). Check that disk and start/,
  );
  await opened.storage.close();
});

it('with fsync nothing is written before the flush, and a flush that fails is a failure', async () => {
  const folder = newFolder();
  const flushes: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const opened = openTables(folder, {
    fsync: true,
    disk: { ...disk, flush: () => new Promise((resolve, reject) => flushes.push({ resolve, reject })) },
  });
  const { storage, failures } = opened;
  const first = tryPut(opened, 1);
  await new Promise((wake) => setTimeout(wake, 20));
  expect(flushes).toHaveLength(2);
  const second = tryPut(opened, 2);
  flushes[0]!.resolve();
  await new Promise((wake) => setTimeout(wake, 20));
  // The second group waits for the flush of the first; readers wait as well.
  expect([flushes.length, await storage.records(0)]).toEqual([2, []]);
  flushes[1]!.resolve();
  expect(await first).toBe('written');
  expect(await positionsOf(storage)).toEqual([1]);
  await new Promise((wake) => setTimeout(wake, 20));
  expect(flushes).toHaveLength(4);
  const third = tryPut(opened, 3);
  flushes[2]!.resolve();
  flushes[3]!.reject(new Error('EIO: i/o error, fdatasync'));
  expect(String(await second)).toMatch(
    /Cannot write .*journal \(EIO: i\/o error, fdatasync\). Check that disk/,
  );
  expect(await third).toBe(await second);
  expect(failures).toEqual([await second]);
  await storage.close();
});

it('a disk too full for a shorter journal leaves the one there is, and that goes on', async () => {
  const folder = newFolder();
  const next = join(folder, 'journal.next');
  const filling = new FillingDisk();
  const first = openTables(folder);
  await put(first, 'a', 0);
  await first.storage.close();
  const opened = openTables(folder, {
    compactAtBytes: 2000,
    disk: {
      flush: filling.flush,
      write: (...write) => {
        filling.room = existsSync(next) ? 0 : Infinity;
        return filling.write(...write);
      },
    },
  });
  for (let n = 1; n <= 100; n++) await put(opened, 'a', n);
  expect(opened.failures).toEqual([]);
  expect(opened.said.length).toBeGreaterThan(1);
  expect(new Set(opened.said)).toEqual(
    new Set([
      `${join(folder, 'journal')} was not compacted and goes on as it is: ENOSPC: no space left on device, write.`,
    ]),
  );
  expect(existsSync(next)).toBe(false);
  await opened.storage.close();
  const again = openTables(folder);
  expect(again.tables.number('n', 'a')).toBe(100);
  await again.storage.close();
});
