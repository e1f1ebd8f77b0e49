/** The journal gets shorter while commands go on. Kills in the middle of it are in crashes.test.ts. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { disk } from '../../../../src/engine/storage/file/disk';
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

// A busy disk may take seconds to flush.
jest.setTimeout(30_000);
afterAll(removeFolders);

const sizeOf = (folder: string): number => statSync(join(folder, 'journal')).size;
const filling = 'x'.repeat(1000);

/** Changes rows of a table again and again, ten each turn, and takes some away. */
async function churn({ storage, tables }: Opened, commits: number, rows: number): Promise<void> {
  for (let n = 1; n <= commits; n++) {
    const key = String(n % rows);
    const change = tables.change('churn', key, n % 7 === 0 ? null : { key, number: n, filling });
    storage.append(commitOf(storage, [change]));
    if (n % 10 === 0) await storage.written();
  }
}

/** Keeps commands going without filling the journal, however long a busy disk takes to flush. */
async function putAndPause(opened: Opened): Promise<void> {
  await put(opened, 'a', 1);
  await new Promise((wake) => setTimeout(wake, 5));
}

it.each([false, true])(
  'a journal that grows is compacted, and tells the same state (fsync: %s)',
  async (fsync) => {
    const folder = newFolder();
    const opened = openTables(folder, { compactAtBytes: 100_000, fsync });
    await churn(opened, 5000, 50);
    // 5 MB were written, about 45 KB are needed.
    expect(sizeOf(folder)).toBeLessThan(1_000_000);
    await opened.storage.close();
    expect(readdirSync(folder)).not.toContain('journal.next');
    const again = openTables(folder);
    expect(again.tables.rows).toEqual(opened.tables.rows);
    expect(again.storage.lastPosition).toBe(5000);
    expect(await positionsOf(again.storage)).toEqual(upTo(5000));
    expect([...opened.said, ...again.said]).toEqual([]);
    await again.storage.close();
  },
);

it('a snapshot is of one moment, though commands go on while it is written', async () => {
  const folder = newFolder();
  let flushes = 0;
  const opened = openTables(folder, {
    compactAtBytes: 1_000_000,
    disk: { ...disk, flush: (fd) => (flushes++, disk.flush(fd)) },
  });
  // Three megabytes are a dozen chunks, between which rows change, come and go.
  for (let n = 0; n < 3000; n++)
    opened.storage.append(
      commitOf(opened.storage, [
        opened.tables.change('big', String(n), { key: String(n), number: n, filling }),
      ]),
    );
  await opened.storage.written();
  await churn(opened, 5000, 100);
  expect(flushes).toBeGreaterThan(0);
  await opened.storage.close();
  const again = openTables(folder);
  expect(again.tables.rows).toEqual(opened.tables.rows);
  await again.storage.close();
});

it('a large state is not compacted again and again', async () => {
  const folder = newFolder();
  let flushes = 0;
  const opened = openTables(folder, {
    compactAtBytes: 10_000,
    disk: { ...disk, flush: (fd) => (flushes++, disk.flush(fd)) },
  });
  for (let n = 0; n < 1000; n++)
    opened.storage.append(
      commitOf(opened.storage, [
        opened.tables.change('big', String(n), { key: String(n), number: n, filling }),
      ]),
    );
  await churn(opened, 2000, 10);
  // Three megabytes in all: twice the state is reached once or twice, not two hundred times.
  expect(flushes).toBeLessThan(4);
  await opened.storage.close();
});

it('a journal most of which is out of date is compacted at start, one that is needed is not', async () => {
  const folder = newFolder();
  const options = { compactAtBytes: 100_000_000 };
  const first = openTables(folder, options);
  await churn(first, 3000, 3000);
  await first.storage.close();
  const needed = sizeOf(folder);
  const second = openTables(folder, options);
  await put(second, 'a', 1);
  expect(existsSync(join(folder, 'journal.next'))).toBe(false);
  await churn(second, 6000, 3000);
  await second.storage.close();
  expect(sizeOf(folder)).toBeGreaterThan(2 * needed);
  const third = openTables(folder, options);
  expect(existsSync(join(folder, 'journal.next'))).toBe(true);
  while (existsSync(join(folder, 'journal.next'))) await putAndPause(third);
  expect(sizeOf(folder)).toBeLessThan(1.2 * needed);
  await third.storage.close();
  const fourth = openTables(folder, options);
  expect(fourth.tables.rows).toEqual(third.tables.rows);
  await fourth.storage.close();
});

it('a replacement that was not finished is removed at start', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  await put(first, 'a', 1);
  await first.storage.close();
  writeFileSync(join(folder, 'journal.next'), readFileSync(join(folder, 'journal')).subarray(0, 60));
  const again = openTables(folder);
  expect(again.tables.number('n', 'a')).toBe(1);
  expect(readdirSync(folder)).not.toContain('journal.next');
  await again.storage.close();
});

it('closing during a compaction keeps the old journal', async () => {
  const folder = newFolder();
  const opened = openTables(folder, { compactAtBytes: 500_000 });
  while (!existsSync(join(folder, 'journal.next'))) await churn(opened, 100, 1000);
  await opened.storage.close();
  expect(readdirSync(folder)).not.toContain('journal.next');
  const again = openTables(folder);
  expect(again.tables.rows).toEqual(opened.tables.rows);
  await again.storage.close();
});
