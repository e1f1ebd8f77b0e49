/**
 * The ledger in Redis or Valkey, shared by all replicas. One hash a job: `claimant:<hash>`, `ends:<hash>`,
 * `answer:<hash>`, `postponed`, `since`; every change is one script, so it happens whole or not at all.
 */
import { createRequire } from 'node:module';
import type * as IoRedis from 'ioredis';
import {
  LedgerError,
  type ClaimOutcome,
  type EntryKey,
  type Ledger,
  type LedgerLimits,
  type Postponements,
} from './ledger';

const prefix = 'zeebe-openai-connector:ledger:';
/** A job waits for the ledger no longer than this before the policy for a missing ledger applies. */
const commandTimeoutMs = 3_000;

/** The server's clock decides when a claim ends: replicas need not agree on the time. */
const scripts = {
  claim: `
    local answer = redis.call('HGET', KEYS[1], 'answer:' .. ARGV[1])
    if answer then return {'answered', answer} end
    local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
    local holder = redis.call('HGET', KEYS[1], 'claimant:' .. ARGV[1])
    local ends = tonumber(redis.call('HGET', KEYS[1], 'ends:' .. ARGV[1]) or '0')
    if holder and holder ~= ARGV[2] and ends > now then return {'busy', tostring(ends - now)} end
    redis.call('HSET', KEYS[1], 'claimant:' .. ARGV[1], ARGV[2], 'ends:' .. ARGV[1], string.format('%.0f', now + ARGV[3]))
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    return {'claimed', (holder and holder ~= ARGV[2]) and '1' or '0'}`,
  renew: `
    if redis.call('HGET', KEYS[1], 'claimant:' .. ARGV[1]) ~= ARGV[2] then return 0 end
    local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)
    redis.call('HSET', KEYS[1], 'ends:' .. ARGV[1], string.format('%.0f', now + ARGV[3]))
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
    return 1`,
  keep: `
    redis.call('HDEL', KEYS[1], 'claimant:' .. ARGV[1], 'ends:' .. ARGV[1])
    redis.call('HSET', KEYS[1], 'answer:' .. ARGV[1], ARGV[2])
    redis.call('PEXPIRE', KEYS[1], ARGV[3])
    return 1`,
  release: `
    if redis.call('HGET', KEYS[1], 'claimant:' .. ARGV[1]) == ARGV[2] then
      redis.call('HDEL', KEYS[1], 'claimant:' .. ARGV[1], 'ends:' .. ARGV[1])
    end
    return 1`,
  discard: `
    redis.call('HDEL', KEYS[1], 'answer:' .. ARGV[1])
    return 1`,
  postponed: `
    redis.call('HSETNX', KEYS[1], 'since', ARGV[1])
    local count = redis.call('HINCRBY', KEYS[1], 'postponed', 1)
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return {count, redis.call('HGET', KEYS[1], 'since')}`,
} as const;

export class RedisLedger implements Ledger {
  readonly #redis: IoRedis.Redis;
  readonly #expiryMs: number;

  /** @param onFault told of connection faults; commands fail with LedgerError of their own */
  constructor(url: string, limits: LedgerLimits, onFault: (error: Error) => void) {
    // Loaded here, because a worker without Redis needs none of its 7 MB.
    const ioredis = createRequire(__filename)('ioredis') as typeof IoRedis;
    this.#redis = new ioredis.Redis(url, {
      commandTimeout: commandTimeoutMs,
      connectTimeout: commandTimeoutMs,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: true,
      retryStrategy: (times) => Math.min(200 * times, 5_000),
    });
    this.#redis.on('error', onFault);
    this.#expiryMs = limits.expiryMs;
  }

  async claim(key: EntryKey, claimant: string, ttlMs: number): Promise<ClaimOutcome> {
    const { jobKey, requestHash } = key;
    const reply = await this.#run('claim', jobKey, requestHash, claimant, ttlMs, this.#expiryMs);
    const [kind, value] = reply as [Buffer, Buffer];
    switch (kind.toString()) {
      case 'answered':
        return { kind: 'answered', answer: value };
      case 'busy':
        return { kind: 'busy', endsInMs: Number(value.toString()) };
      default:
        return { kind: 'claimed', doubtful: value.toString() === '1' };
    }
  }

  async renew(key: EntryKey, claimant: string, ttlMs: number): Promise<boolean> {
    return (await this.#run('renew', key.jobKey, key.requestHash, claimant, ttlMs, this.#expiryMs)) === 1;
  }

  async keep(key: EntryKey, answer: Buffer): Promise<void> {
    await this.#run('keep', key.jobKey, key.requestHash, answer, this.#expiryMs);
  }

  async release(key: EntryKey, claimant: string): Promise<void> {
    await this.#run('release', key.jobKey, key.requestHash, claimant);
  }

  async discard(key: EntryKey): Promise<void> {
    await this.#run('discard', key.jobKey, key.requestHash);
  }

  async postponed(jobKey: string, nowMs: number): Promise<Postponements> {
    const reply = await this.#run('postponed', jobKey, nowMs, this.#expiryMs);
    const [count, since] = reply as [number, Buffer];
    return { count, sinceMs: Number(since.toString()) };
  }

  async forget(jobKey: string): Promise<void> {
    await answerOf(() => this.#redis.del(prefix + jobKey));
  }

  close(): Promise<void> {
    this.#redis.disconnect();
    return Promise.resolve();
  }

  #run(
    script: keyof typeof scripts,
    jobKey: string,
    ...values: (string | number | Buffer)[]
  ): Promise<unknown> {
    return answerOf(() => this.#redis.callBuffer('EVAL', scripts[script], 1, prefix + jobKey, ...values));
  }
}

/** @throws LedgerError (rejects) when the command fails */
async function answerOf<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (error) {
    throw new LedgerError(`The ledger in Redis does not answer: ${(error as Error).message}`);
  }
}
