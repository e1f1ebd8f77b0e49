/**
 * Access tokens by what they were asked with. One request fetches a token for everybody who waits for it; it is kept
 * until shortly before it ends. A token that a server refuses early is fetched again once, by whoever notices first.
 */
import { createHash } from 'node:crypto';

export interface FetchedToken {
  readonly token: string;
  /** ms for which it is valid; undefined: not to be kept. */
  readonly expiresInMs: number | undefined;
}

export interface TokenCacheOptions {
  /** ms since 1970. */
  readonly now: () => number;
  /** ms by which a token counts as ended before it does. */
  readonly skewMs?: number;
  readonly maxEntries?: number;
}

/** Whoever was asking had to leave; those who waited ask for themselves. */
export class FetchAbandoned extends Error {
  override readonly name = 'FetchAbandoned';
}

interface Entry {
  readonly token: string;
  readonly expiresAt: number;
}

const defaultSkewMs = 10_000;
const defaultMaxEntries = 1000;

export class TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<string>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
  }

  /**
   * @param fetch   asks for a new token; not bound to one job, because several may wait for it
   * @param refused a token that the server would not take any more: a kept one that is the same is dropped
   * @returns the token and whether it was kept from an earlier request
   */
  async get(
    key: string,
    fetch: () => Promise<FetchedToken>,
    refused?: string,
  ): Promise<{ token: string; kept: boolean }> {
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.token !== refused && entry.expiresAt > this.#options.now()) {
      return { token: entry.token, kept: true };
    }
    const pending = this.#pending.get(key);
    if (pending !== undefined) {
      try {
        return { token: await pending, kept: false };
      } catch (error) {
        if (!(error instanceof FetchAbandoned)) throw error;
        return this.get(key, fetch, refused);
      }
    }
    const started = this.#fetchNew(key, fetch).finally(() => this.#pending.delete(key));
    this.#pending.set(key, started);
    return { token: await started, kept: false };
  }

  async #fetchNew(key: string, fetch: () => Promise<FetchedToken>): Promise<string> {
    this.#entries.delete(key);
    const { token, expiresInMs } = await fetch();
    const { now, skewMs = defaultSkewMs, maxEntries = defaultMaxEntries } = this.#options;
    const lifetime = expiresInMs === undefined ? 0 : Math.max(0, expiresInMs - skewMs);
    if (lifetime > 0) {
      this.#entries.set(key, { token, expiresAt: now() + lifetime });
      const oldest = this.#entries.keys().next();
      if (this.#entries.size > maxEntries && oldest.done !== true) this.#entries.delete(oldest.value);
    }
    return token;
  }
}

/** Key of a cache entry: a hash, so that no credential is kept in it. Pure. */
export function tokenKey(parts: readonly (string | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
