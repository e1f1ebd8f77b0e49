import { Redis } from 'ioredis';
import { LedgerError, type Ledger } from '../../../src/ledger/ledger';
import { createRedisLedger } from '../../../src/ledger/redis';
import { ledgerConformance, smallBytes } from '../../support/ledger-conformance';
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
    ledger = createRedisLedger(redis.url, limits, (error) => faults.push(error));
    other = createRedisLedger(redis.url, limits, (error) => faults.push(error));
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
      const small = createRedisLedger(redis.url, limits, (error) => faults.push(error));
      return {
        ...small,
        async close() {
          await command('CONFIG', 'SET', 'maxmemory', '0');
          await small.close();
        },
      };
    },
  );

  test('a server that is away is a ledger error within seconds, and is used again when it is back', async () => {
    const key = { jobKey: 'away', requestHash: 'h' };
    await redis.kill();
    await expect(ledger.claim(key, 'a', 1_000)).rejects.toThrow(LedgerError);
    expect(faults.length).toBeGreaterThan(0);
    await redis.restart();
    let outcome;
    for (let tries = 0; outcome === undefined && tries < 20; tries++) {
      outcome = await ledger.claim(key, 'a', 1_000).catch(() => undefined);
    }
    expect(outcome).toEqual({ kind: 'claimed', doubtful: false });
  }, 30_000);
});
