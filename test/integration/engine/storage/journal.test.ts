/** The file of rows: what a new process finds in it, whole, torn or damaged. */
import { copyFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commitOf,
  newFolder,
  openTables,
  positionsOf,
  put,
  removeFolders,
  upTo,
  type NumberRow,
} from './tables';

afterAll(removeFolders);

it('a folder that is opened again tells the same state', async () => {
  const folder = join(newFolder(), 'to', 'be', 'made');
  const first = openTables(folder);
  const { storage, tables } = first;
  for (let n = 0; n < 100; n++) await put(first, String(n % 30), n);
  storage.append(commitOf(storage, [tables.change('n', '7', null)], 0));
  storage.append(
    commitOf(storage, [tables.change('ü', 'a/b', { key: 'a/b', number: 1, filling: '\n"€😀' })], 2),
  );
  await storage.close();
  const again = openTables(folder);
  expect(again.tables.rows).toEqual(tables.rows);
  expect(again.storage.lastPosition).toBe(102);
  expect(await positionsOf(again.storage)).toEqual(upTo(102));
  expect(again.said).toEqual([]);
  expect(() => first.storage.append(commitOf(first.storage, []))).toThrow('the storage is closed');
  await again.storage.close();
});

it('rows and records of several megabytes survive, many in one turn', async () => {
  const folder = newFolder();
  const { storage, tables } = openTables(folder);
  for (let n = 0; n < 6; n++) {
    const row: NumberRow = { key: String(n), number: n, filling: `${'€"'.repeat(1_500_000)}${n}` };
    const position = storage.lastPosition + 1;
    storage.append({
      rows: [tables.change('n', row.key, row)],
      records: [JSON.stringify({ position, row })],
      lastPosition: position,
    });
  }
  await storage.written();
  await storage.close();
  const again = openTables(folder);
  expect([...again.tables.snapshot()].map(([, , row]) => row.number)).toEqual(upTo(6, 0));
  expect(again.tables.rows.get('n')!.get('5')!.filling!.length).toBe(3_000_001);
  expect(await positionsOf(again.storage)).toEqual(upTo(6));
  await again.storage.close();
});

it('the last line, torn at any byte, is cut off with its records, and nothing else', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  const journal = join(folder, 'journal');
  for (let n = 1; n <= 3; n++) await put(first, 'a', n);
  const whole = statSync(journal).size;
  await put(first, 'a', 4);
  await put(first, 'b', 5);
  await first.storage.close();
  const end = readFileSync(journal).lastIndexOf('\n', -2) + 1;
  const kept = join(folder, 'kept');
  const [records] = readRecordFiles(folder);
  copyFileSync(journal, kept);
  expect(end).toBeGreaterThan(whole);
  for (let length = end; length < statSync(kept).size; length++) {
    copyFileSync(kept, journal);
    writeFileSync(records!.path, records!.text);
    truncateSync(journal, length);
    const again = openTables(folder);
    expect([length, again.tables.number('n', 'a'), again.tables.number('n', 'b')]).toEqual([
      length,
      4,
      undefined,
    ]);
    expect(again.storage.lastPosition).toBe(4);
    expect(await positionsOf(again.storage)).toEqual(upTo(4));
    expect(again.said.filter((line) => line.includes(journal))).toEqual(
      length === end
        ? []
        : [`Cut ${length - end} bytes off the end of ${journal}: the process ended while it wrote them.`],
    );
    await put(again, 'b', 6);
    expect(await positionsOf(again.storage)).toEqual(upTo(5));
    await again.storage.close();
    const third = openTables(folder);
    expect([third.tables.number('n', 'b'), third.said]).toEqual([6, []]);
    await third.storage.close();
  }
});

function readRecordFiles(folder: string): { path: string; text: Buffer }[] {
  const path = join(folder, 'records-000000000000001.jsonl');
  return [{ path, text: readFileSync(path) }];
}

it('a last line of which bytes were lost is cut off although it ends', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  await put(first, 'a', 1);
  await first.storage.close();
  const journal = join(folder, 'journal');
  writeFileSync(journal, Buffer.concat([readFileSync(journal), Buffer.alloc(50), Buffer.from('\n')]));
  const again = openTables(folder);
  expect(again.said).toEqual([
    `Cut 51 bytes off the end of ${journal}: the process ended while it wrote them.`,
  ]);
  await again.storage.close();
});

it('damage in the middle is refused with file, line and remedy', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  for (let n = 1; n <= 4; n++) await put(first, 'a', n);
  await first.storage.close();
  const journal = join(folder, 'journal');
  const bytes = readFileSync(journal);
  writeFileSync(journal, bytes.toString().replace('"number":2', '"number":7'));
  const refused = `Cannot start from ${journal}: line 3 is damaged, and since line 4 after it is whole, no interrupted write explains that. Put back a copy of the file, or delete the folder ${folder} to begin with an empty engine.`;
  expect(() => openTables(folder)).toThrow(refused);
  writeFileSync(journal, bytes);
  // The lock was given back.
  await openTables(folder).storage.close();
});

it.each([
  [
    'another version',
    '{"format":"process engine journal","version":99}\n',
    'it has version 99 of the format',
  ],
  ['something else', 'hello\n', 'it is not the journal of an engine'],
  ['nothing', '', 'its first line is missing'],
])('a journal of %s is refused and left alone', (_, text, reason) => {
  const folder = newFolder();
  const journal = join(folder, 'journal');
  writeFileSync(journal, text);
  expect(() => openTables(folder)).toThrow(`Cannot start from ${journal}: ${reason}`);
  expect(readFileSync(journal, 'utf8')).toBe(text);
});

it('a journal that disappeared takes its records along', async () => {
  const folder = newFolder();
  const first = openTables(folder);
  await put(first, 'a', 1);
  await first.storage.close();
  const other = newFolder();
  copyFileSync(join(folder, 'records-000000000000001.jsonl'), join(other, 'records-000000000000001.jsonl'));
  const again = openTables(other);
  expect([again.storage.lastPosition, await again.storage.records(0)]).toEqual([0, []]);
  expect(again.said).toHaveLength(1);
  await again.storage.close();
});

it('what was appended before the close is written by it', async () => {
  const folder = newFolder();
  const first = openTables(folder, { fsync: true });
  const { storage, tables } = first;
  storage.append(commitOf(storage, [tables.change('n', 'a', { key: 'a', number: 1 })]));
  await storage.close();
  const again = openTables(folder);
  expect(again.tables.number('n', 'a')).toBe(1);
  await again.storage.close();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});
