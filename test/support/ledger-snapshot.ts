/** What a ledger holds while no worker runs, read from its store past the worker's own code. */
import Redis from 'ioredis';
import { open } from 'lmdb';
import type { JobRecord } from '../../src/ledger/ledger';
import { requestHash } from '../../src/ledger/request-hash';
import type { ReceivedRequest } from './http-server';

/** - `claimed`: somebody was about to call, or had called, and no answer is kept */
export type EntryState = 'claimed' | 'answered';

/** The states of all entries by the hash of their request. The requests of a test's jobs must differ. */
export async function ledgerSnapshot(ledger: string): Promise<Map<string, EntryState>> {
  return ledger.startsWith('file:') ? fileSnapshot(ledger.slice('file:'.length)) : redisSnapshot(ledger);
}

/** The hash under which the ledger knows a request that arrived. */
export function hashOf(upstreamUrl: string, { method, url, headers, body }: ReceivedRequest): string {
  // The others are added on the way to the network, when the ledger was asked already.
  const own = headers.filter(([name]) => ['content-type', 'accept'].includes(name.toLowerCase()));
  return requestHash({
    method,
    url: upstreamUrl + url,
    headers: own,
    body,
    connectTimeoutMs: 0,
    idleTimeoutMs: 0,
    totalTimeoutMs: 0,
    maxBodyBytes: 0,
  });
}

async function fileSnapshot(folder: string): Promise<Map<string, EntryState>> {
  const database = open<JobRecord, string>({ path: folder, encoding: 'msgpack', readOnly: true });
  try {
    const states = new Map<string, EntryState>();
    for (const { value } of database.getRange()) {
      for (const [hash, entry] of Object.entries(value.entries)) {
        states.set(hash, entry.answer === undefined ? 'claimed' : 'answered');
      }
    }
    return states;
  } finally {
    await database.close();
  }
}

async function redisSnapshot(url: string): Promise<Map<string, EntryState>> {
  const redis = new Redis(url);
  try {
    const states = new Map<string, EntryState>();
    for (const key of await redis.keys('*')) {
      for (const field of await redis.hkeys(key)) {
        const [kind, hash = ''] = field.split(':');
        if (kind === 'answer') states.set(hash, 'answered');
        else if (kind === 'claimant') states.set(hash, 'claimed');
      }
    }
    return states;
  } finally {
    redis.disconnect();
  }
}
