import { Redis } from 'ioredis';
import { LedgerError, type Ledger } from '../../../src/ledger/ledger';
import { RedisLedger } from '../../../src/ledger/redis';
import { ledgerConformance, smallBytes } from '../../support/ledger-conformance';
import { activation, paidRequest } from '../../support/ledger-crashes';
import { redisProgram, startRedis, type TestRedis } from '../../support/redis';

const limits = { expiryMs: 60_000, maxBytes: 0 };
const program = redisProgram();

(program ? describe : describe.skip)('the ledger in Redis', () => {
  let redis: TestRedis;
  let ledger: Ledger;
  let other: Ledger;
  const faults: Error[] = [];
  const command = async (name: string, ...values: string[]): Promise<string> => {
    const client = new Redis(redis.url);
    const answer = await client.call(name, ...values);
    client.disconnect();
    return String(answer);
  };

  beforeAll(async () => {
    redis = await startRedis(program!);
    ledger = new RedisLedger(redis.url, limits, (error) => faults.push(error));
    other = new RedisLedger(redis.url, limits, (error) => faults.push(error));
  });
  afterAll(async () => {
    await Promise.all([ledger.close(), other.close()]);
    await redis.stop();
  });

  ledgerConformance(
    () => ({ ledger, other }),
    async () => {
      await command('FLUSHALL');
      const used = Number(/used_memory:(\d+)/.exec(await command('INFO', 'memory'))![1]);
      await command('CONFIG', 'SET', 'maxmemory', String(used + smallBytes));
      const small = new RedisLedger(redis.url, limits, (error) => faults.push(error));
      return Object.assign(small, {
        async close() {
          await command('CONFIG', 'SET', 'maxmemory', '0');
          await RedisLedger.prototype.close.call(small);
        },
      });
    },
  );

  test('an answer is kept even when the server takes no more claims', async () => {
    const [first, second] = [
      { jobKey: 'room-1', requestHash: 'h' },
      { jobKey: 'room-2', requestHash: 'h' },
    ];
    await ledger.claim(first, 'a', 60_000);
    await command('CONFIG', 'SET', 'maxmemory', '1');
    try {
      await expect(ledger.claim(second, 'a', 60_000)).rejects.toThrow(LedgerError);
      await ledger.keep(first, Buffer.from('paid'));
      expect((await other.claim(first, 'b', 1)).kind).toBe('answered');
    } finally {
      await command('CONFIG', 'SET', 'maxmemory', '0');
    }
  });

  test('a server that hangs is a ledger error within seconds', async () => {
    redis.pause();
    try {
      await expect(ledger.claim({ jobKey: 'hang', requestHash: 'h' }, 'a', 1_000)).rejects.toThrow(
        LedgerError,
      );
    } finally {
      redis.resume();
    }
    expect((await ledger.claim({ jobKey: 'hang-2', requestHash: 'h' }, 'a', 1_000)).kind).toBe('claimed');
  }, 30_000);

  describe('away', () => {
    const answer = { status: 200, reason: 'OK', headers: [], body: Buffer.from('{}') };
    const signal = new AbortController().signal;
    let calls = 0;
    const call = (policy: 'refuse' | 'unprotected', of: Ledger, jobKey: string) =>
      activation(of, jobKey, 5_000, () => Promise.resolve(answer).finally(() => calls++), policy);

    test.each([
      ['before the worker starts', true],
      ['while it runs', false],
    ])(
      '%s: no call is made, or an unprotected one, as configured; afterwards all is as before',
      async (_when, atStart) => {
        calls = 0;
        const jobKey = `away-${atStart}`;
        if (atStart) await redis.kill();
        const fresh = new RedisLedger(redis.url, limits, (error) => faults.push(error));
        try {
          if (!atStart) {
            await fresh.postponed('warm', 1);
            await redis.kill();
          }
          const refused = call('refuse', fresh, jobKey);
          await expect(refused.call(paidRequest(), signal)).rejects.toMatchObject({
            causeName: 'LEDGER_UNAVAILABLE',
            retry: { kind: 'postpone' },
          });
          expect([calls, refused.events]).toEqual([0, ['failure']]);
          const open = call('unprotected', fresh, jobKey);
          expect((await open.call(paidRequest(), signal)).status).toBe(200);
          expect([calls, [...new Set(open.events)]]).toEqual([1, ['failure', 'miss']]);
          expect(faults.length).toBeGreaterThan(0);

          await redis.restart();
          await back(fresh);
          await call('refuse', fresh, jobKey).call(paidRequest(), signal);
          const hit = call('refuse', fresh, jobKey);
          await hit.call(paidRequest(), signal);
          expect([calls, hit.events]).toEqual([2, ['hit']]);
        } finally {
          await redis.restart();
          await fresh.close();
          await back(ledger);
        }
      },
      60_000,
    );

    test('and back without its data: nobody is stuck, and a call under way keeps its answer', async () => {
      const key = { jobKey: 'lost', requestHash: 'h' };
      await ledger.claim(key, 'a', 60_000);
      await redis.restart();
      await back(ledger);
      expect(await ledger.renew(key, 'a', 60_000)).toBe(false);
      expect(await ledger.claim({ ...key, jobKey: 'lost-2' }, 'b', 1)).toEqual({
        kind: 'claimed',
        doubtful: false,
      });
      await ledger.keep(key, Buffer.from('paid'));
      expect((await ledger.claim(key, 'b', 1)).kind).toBe('answered');
    }, 30_000);
  });

  async function back(of: Ledger): Promise<void> {
    for (let tries = 0; tries < 40; tries++) {
      const alive = await of.forget('nobody').then(
        () => true,
        () => false,
      );
      if (alive) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('The ledger did not come back');
  }
});
