/** What every storage does. */
import { MemoryStorage } from '../../../../src/engine/storage/memory';
import type { Storage } from '../../../../src/engine/storage/storage';
import { commitOf, newFolder, openTables, positionsOf, removeFolders, upTo } from './tables';

const kinds: [string, () => Storage][] = [
  ['memory', () => new MemoryStorage()],
  ['a folder', () => openTables(newFolder()).storage],
  ['a folder that is flushed', () => openTables(newFolder(), { fsync: true }).storage],
  ['a folder of many short files', () => openTables(newFolder(), { segmentBytes: 50 }).storage],
];
let storage: Storage;

afterEach(() => storage.close());
afterAll(removeFolders);

describe.each(kinds)('%s', (_, open) => {
  beforeEach(() => {
    storage = open();
  });

  it('gives written records in order, from any position on', async () => {
    expect([storage.lastPosition, await storage.records(0)]).toEqual([0, []]);
    storage.append(commitOf(storage, [], 3));
    storage.append(commitOf(storage, [['t', '1', { key: '1' }]], 0));
    storage.append(commitOf(storage, [], 2));
    expect(storage.lastPosition).toBe(5);
    await storage.written();
    expect(await positionsOf(storage)).toEqual(upTo(5));
    expect(await positionsOf(storage, 3)).toEqual([4, 5]);
    expect(await positionsOf(storage, 5)).toEqual([]);
    expect(await positionsOf(storage, 50)).toEqual([]);
  });

  it('refuses a commit whose records are numbered wrongly', () => {
    const commit = commitOf(storage, [], 2);
    storage.append(commit);
    expect(() => storage.append(commit)).toThrow(
      'A commit with 2 records says that they end at position 2, but they end at 4: number records from lastPosition + 1 on.',
    );
    expect(storage.lastPosition).toBe(2);
  });

  it('everything appended before is written when one waits', async () => {
    await storage.written();
    for (let turn = 0; turn < 50; turn++) {
      const waiting = [];
      for (let caller = 0; caller < 5; caller++) {
        storage.append(commitOf(storage, []));
        const position = storage.lastPosition;
        waiting.push(
          storage.written().then(async () => {
            const found = await storage.records(position - 1);
            expect((JSON.parse(found[0]!) as { position: number }).position).toBe(position);
          }),
        );
        if (caller === 2) await new Promise(setImmediate);
      }
      if (turn % 10 > 0) await Promise.all(waiting);
    }
  });

  it.each([
    'plain',
    '../../escape',
    '/etc/passwd',
    '',
    'ü\0\n',
    '\ud800',
    '\ud801',
    'x'.repeat(10_000),
    '.',
    'CON',
  ])('keeps the document %j by its id', async (id) => {
    expect(await storage.readDocument(id)).toBeUndefined();
    await storage.saveDocument(id, Buffer.from('one'));
    await storage.saveDocument(`${id}x`, Buffer.from([0, 255, 10]));
    await storage.saveDocument(id, Buffer.from('two'));
    expect(await storage.readDocument(id)).toEqual(Buffer.from('two'));
    await storage.deleteDocument(id);
    await storage.deleteDocument(id);
    expect(await storage.readDocument(id)).toBeUndefined();
    expect(await storage.readDocument(`${id}x`)).toEqual(Buffer.from([0, 255, 10]));
  });

  it('ids that differ in half a surrogate pair are two documents', async () => {
    await storage.saveDocument('\ud800', Buffer.from('one'));
    await storage.saveDocument('\ud801', Buffer.from('two'));
    expect(await storage.readDocument('\ud800')).toEqual(Buffer.from('one'));
  });

  it('closes more than once', async () => {
    await storage.close();
    await storage.close();
  });
});
