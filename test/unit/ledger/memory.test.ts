import { createMemoryLedger } from '../../../src/ledger/memory';
import { ledgerConformance } from '../../support/ledger-conformance';

const limits = { expiryMs: 60_000, maxBytes: 1_000 };

describe('the ledger in memory', () => {
  const ledger = createMemoryLedger(limits, Date.now);
  ledgerConformance(() => ({ ledger, other: ledger }));

  test('holds no more bytes than allowed: the oldest answers go first', async () => {
    const small = createMemoryLedger(limits, Date.now);
    for (const jobKey of ['1', '2', '3']) await small.keep({ jobKey, requestHash: 'h' }, Buffer.alloc(400));
    const kinds = await Promise.all(
      ['1', '2', '3'].map((jobKey) => small.claim({ jobKey, requestHash: 'h' }, 'a', 1)),
    );
    expect(kinds.map((outcome) => outcome.kind)).toEqual(['claimed', 'answered', 'answered']);
  });

  test('forgets what is older than its time', async () => {
    let now = 0;
    const old = createMemoryLedger(limits, () => now);
    await old.keep({ jobKey: '1', requestHash: 'h' }, Buffer.from('x'));
    now = 60_000;
    expect((await old.claim({ jobKey: '1', requestHash: 'h' }, 'a', 1)).kind).toBe('claimed');
  });
});
