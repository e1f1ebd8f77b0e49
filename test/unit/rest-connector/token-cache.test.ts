import { FetchAbandoned, TokenCache, type FetchedToken } from '../../../src/rest-connector/token-cache';

function setUp(expiresInMs: number | undefined = 60_000) {
  let now = 0;
  let count = 0;
  const fetch = (): Promise<FetchedToken> => Promise.resolve({ token: `t${++count}`, expiresInMs });
  const cache = new TokenCache({ now: () => now, maxEntries: 2 });
  return {
    cache,
    get: (key = 'k', refused?: string) => cache.get(key, fetch, refused),
    fetched: () => count,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describe('access tokens', () => {
  it('are fetched once for everybody who waits', async () => {
    const { get, fetched } = setUp();
    const tokens = await Promise.all(Array.from({ length: 500 }, () => get()));
    expect(new Set(tokens.map(({ token }) => token))).toEqual(new Set(['t1']));
    expect(fetched()).toBe(1);
  });

  it('are kept until 10 s before they end', async () => {
    const { get, advance } = setUp();
    await get();
    advance(49_999);
    expect(await get()).toEqual({ token: 't1', kept: true });
    advance(1);
    expect(await get()).toEqual({ token: 't2', kept: false });
  });

  it.each([undefined, 10_000, 0, -1, NaN])('that end after %p ms are not kept', async (expiresInMs) => {
    let count = 0;
    const cache = new TokenCache({ now: () => 0 });
    const fetch = (): Promise<FetchedToken> => Promise.resolve({ token: `t${++count}`, expiresInMs });
    await cache.get('k', fetch);
    await cache.get('k', fetch);
    expect(count).toBe(2);
  });

  it('that are refused are renewed once, by whoever notices first', async () => {
    const { get, fetched } = setUp();
    await get();
    const renewed = await Promise.all([get('k', 't1'), get('k', 't1'), get('k', 't1')]);
    expect(renewed.map(({ token }) => token)).toEqual(['t2', 't2', 't2']);
    expect((await get('k', 't1')).token).toBe('t2');
    expect(fetched()).toBe(2);
  });

  it('do not mix', async () => {
    const { get } = setUp();
    expect((await get('a')).token).not.toBe((await get('b')).token);
  });

  it('that could not be fetched are asked for again', async () => {
    const { cache, get } = setUp();
    await expect(cache.get('k', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect((await get()).token).toBe('t1');
  });

  it('are asked for by the next in line when the one who asked had to leave', async () => {
    const { cache, get, fetched } = setUp();
    const first = cache.get('k', () => Promise.reject(new FetchAbandoned()));
    const waiting = [get(), get(), get()];
    await expect(first).rejects.toThrow(FetchAbandoned);
    expect((await Promise.all(waiting)).map(({ token }) => token)).toEqual(['t1', 't1', 't1']);
    expect(fetched()).toBe(1);
  });

  it('of the oldest key give way when there are too many', async () => {
    const { get, fetched } = setUp();
    await get('a');
    await get('b');
    await get('c');
    await get('a');
    expect(fetched()).toBe(4);
  });
});
