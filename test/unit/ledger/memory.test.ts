import { MemoryLedger } from '../../../src/ledger/memory';
import { ledgerConformance, smallBytes } from '../../support/ledger-conformance';

const limits = { expiryMs: 60_000, maxBytes: 1_000 };

describe('the ledger in memory', () => {
  const ledger = new MemoryLedger(limits, Date.now);
  ledgerConformance(
    () => ({ ledger, other: ledger }),
    () => new MemoryLedger({ ...limits, maxBytes: smallBytes }, Date.now),
  );

  test('holds no more bytes than allowed: the oldest answers go first and leave a doubt', async () => {
    const small = new MemoryLedger(limits, Date.now);
    for (const jobKey of ['1', '2', '3']) await small.keep({ jobKey, requestHash: 'h' }, Buffer.alloc(400));
    const outcomes = await Promise.all(
      ['1', '2', '3'].map((jobKey) => small.claim({ jobKey, requestHash: 'h' }, 'a', 1)),
    );
    expect(outcomes).toEqual([
      { kind: 'claimed', doubtful: true },
      { kind: 'answered', answer: Buffer.alloc(400) },
      { kind: 'answered', answer: Buffer.alloc(400) },
    ]);
  });

  test('a claim is not given up for room', async () => {
    const small = new MemoryLedger(limits, Date.now);
    await small.claim({ jobKey: 'live', requestHash: 'h' }, 'a', 60_000);
    for (const jobKey of ['1', '2', '3']) await small.keep({ jobKey, requestHash: 'h' }, Buffer.alloc(900));
    expect((await small.claim({ jobKey: 'live', requestHash: 'h' }, 'b', 1)).kind).toBe('busy');
  });

  test('forgets what is older than its time', async () => {
    let now = 0;
    const old = new MemoryLedger(limits, () => now);
    await old.keep({ jobKey: '1', requestHash: 'h' }, Buffer.from('x'));
    now = 60_000;
    expect((await old.claim({ jobKey: '1', requestHash: 'h' }, 'a', 1)).kind).toBe('claimed');
  });
});
