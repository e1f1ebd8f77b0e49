import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileLedger } from '../../../src/ledger/file';
import { LedgerError, type Ledger } from '../../../src/ledger/ledger';
import { ledgerConformance, smallBytes } from '../../support/ledger-conformance';

const limits = { expiryMs: 60_000, maxBytes: 64 * 1024 * 1024 };
const answer = { jobKey: '1', requestHash: 'h' };

describe('the ledger in a folder', () => {
  let folder: string;
  let ledger: Ledger;
  let other: Ledger;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    ledger = new FileLedger(folder, limits, Date.now);
    other = new FileLedger(folder, limits, Date.now);
  });
  afterAll(async () => {
    await Promise.all([ledger.close(), other.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  ledgerConformance(
    () => ({ ledger, other }),
    () => new FileLedger(join(folder, 'size'), { ...limits, maxBytes: smallBytes }, Date.now),
  );

  test('knows its answers after it is opened again', async () => {
    const inner = join(folder, 'again');
    const first = new FileLedger(inner, limits, Date.now);
    await first.keep(answer, Buffer.from('paid'));
    await first.close();
    const second = new FileLedger(inner, limits, Date.now);
    expect(await second.claim(answer, 'a', 1)).toEqual({ kind: 'answered', answer: Buffer.from('paid') });
    await second.close();
  });

  test('a full store is a ledger error, and what was kept stays', async () => {
    const small = new FileLedger(join(folder, 'small'), { ...limits, maxBytes: 256 * 1024 }, Date.now);
    await small.keep(answer, Buffer.from('paid'));
    await expect(small.keep({ jobKey: '2', requestHash: 'h' }, Buffer.alloc(1024 * 1024))).rejects.toThrow(
      LedgerError,
    );
    expect((await small.claim(answer, 'a', 1)).kind).toBe('answered');
    await small.close();
  });

  test('a path that is no folder is refused with the setting to look at', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => new FileLedger(join(file, 'x'), limits, Date.now)).toThrow(/CONNECTOR_LEDGER/);
  });
});
