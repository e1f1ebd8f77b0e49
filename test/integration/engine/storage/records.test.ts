/** The files of records: how they follow one another, and how they are cut to what the journal knows. */
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitOf, newFolder, openTables, positionsOf, put, removeFolders, upTo } from './tables';

afterAll(removeFolders);

const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('records-'))
    .sort();
const firstFile = 'records-000000000000001.jsonl';

it('records beyond the journal are cut off at start', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  for (let n = 1; n <= 3; n++) await put(first, 'a', n);
  await first.storage.close();
  const path = join(folder, firstFile);
  const size = readFileSync(path).length;
  appendFileSync(path, '{"position":4}\n{"posi');
  const again = openTables(folder);
  expect(again.said).toEqual([
    `Cut 21 bytes off the end of ${path}: the process ended before the commands of those records were written.`,
  ]);
  expect(readFileSync(path).length).toBe(size);
  await put(again, 'a', 4);
  expect(await positionsOf(again.storage)).toEqual(upTo(4));
  await again.storage.close();
});

it('a file of records that the journal knows nothing of is removed at start', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  await put(first, 'a', 1);
  await first.storage.close();
  writeFileSync(join(folder, 'records-000000000000002.jsonl'), '{"position":2}\n');
  const again = openTables(folder);
  expect(again.said).toHaveLength(1);
  expect(filesOf(folder)).toEqual([firstFile]);
  expect(await positionsOf(again.storage)).toEqual([1]);
  await again.storage.close();
});

it('records that a power cut took are missed, and later ones keep their positions', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  for (let n = 1; n <= 5; n++) await put(first, 'a', n);
  await first.storage.close();
  const path = join(folder, firstFile);
  truncateSync(path, readFileSync(path, 'utf8').indexOf('{"position":3}') + 4);
  const again = openTables(folder);
  expect(again.said.join('\n')).toContain(`${path} lacks its last 3 records`);
  expect(again.storage.lastPosition).toBe(5);
  expect(await positionsOf(again.storage)).toEqual([1, 2]);
  await put(again, 'a', 6);
  expect(await positionsOf(again.storage)).toEqual([1, 2, 6]);
  await again.storage.close();
  const third = openTables(folder);
  expect(await positionsOf(third.storage)).toEqual([1, 2, 6]);
  expect(third.said).toEqual([]);
  await third.storage.close();
});

it('files follow one another, four are kept, and all of them can be read', async () => {
  const folder = newFolder();
  const options = { segmentBytes: 1_000_000 };
  const opened = openTables(folder, options);
  const { storage } = opened;
  const record = (position: number): string => JSON.stringify({ position, filling: 'x'.repeat(5000) });
  for (let batch = 0; batch < 70; batch++) {
    const position = storage.lastPosition;
    storage.append({ rows: [], records: upTo(100, position + 1).map(record), lastPosition: position + 100 });
    await storage.written();
  }
  const files = filesOf(folder);
  expect(files).toHaveLength(4);
  const oldest = Number(/\d+/.exec(files[0]!)![0]);
  expect(oldest).toBeGreaterThan(1);
  // Memory holds fewer than the files: both are needed for the whole list.
  expect(await positionsOf(storage)).toEqual(upTo(7000 - oldest + 1, oldest));
  expect(await positionsOf(storage, 6990)).toEqual(upTo(10, 6991));
  await storage.close();
  const again = openTables(folder, options);
  expect(await positionsOf(again.storage)).toEqual(upTo(7000 - oldest + 1, oldest));
  expect(again.said).toEqual([]);
  await again.storage.close();
});

it('records older than those in memory are read from the files, from any position on', async () => {
  const { storage } = openTables(newFolder());
  for (let batch = 0; batch < 25; batch++) storage.append(commitOf(storage, [], 1000));
  await storage.written();
  for (const after of [0, 1, 2500, 4998, 4999, 5000, 5001, 24_999]) {
    const positions = await positionsOf(storage, after);
    expect([after, positions.length, positions[0]]).toEqual([after, 25_000 - after, after + 1]);
  }
  await storage.close();
});

it('readers that are behind read on while files come and go', async () => {
  const { storage } = openTables(newFolder(), { segmentBytes: 100_000 });
  const batch = (): Promise<void> => {
    storage.append(commitOf(storage, [], 2000));
    return storage.written();
  };
  for (let n = 0; n < 12; n++) await batch();
  let last = 0;
  for (let n = 0; n < 200; n++) {
    const [records] = await Promise.all([storage.records(last), n < 100 ? batch() : undefined]);
    if (records.length === 0) continue;
    const positions = records.map((record) => (JSON.parse(record) as { position: number }).position);
    expect(positions[0]).toBeGreaterThan(last);
    expect(positions.at(-1)! - positions[0]!).toBe(positions.length - 1);
    last = positions.at(-1)!;
  }
  expect(last).toBe(storage.lastPosition);
  await storage.close();
});

it('a line break between the tokens of a record is as good as a space', async () => {
  const folder = newFolder();
  const opened = openTables(folder);
  opened.storage.append({ rows: [], records: ['{"position":1,\n"variables":{\n}}'], lastPosition: 1 });
  await put(opened, 'a', 1);
  await opened.storage.close();
  const again = openTables(folder);
  expect(await positionsOf(again.storage)).toEqual([1, 2]);
  await again.storage.close();
});
