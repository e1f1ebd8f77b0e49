import { TransportError, type HttpRequest, type HttpResponse } from '../../../src/http/request';
import { send, type SendOptions } from '../../../src/rest-connector/send';

type Step = Partial<HttpResponse> | TransportError;

/** Sends through a script of answers. */
async function run(
  steps: readonly Step[],
  request: Partial<HttpRequest> = {},
  options: Partial<SendOptions> = {},
) {
  const requests: HttpRequest[] = [];
  const waits: number[] = [];
  const answer = send(
    {
      method: 'GET',
      url: 'http://a.test/start',
      headers: [
        ['Authorization', 'Bearer t'],
        ['X', '1'],
      ],
      connectTimeoutMs: 0,
      idleTimeoutMs: 0,
      totalTimeoutMs: 0,
      maxBodyBytes: 1000,
      ...request,
    },
    {
      execute: (next) => {
        const step = steps[requests.push(next) - 1];
        if (step instanceof TransportError) return Promise.reject(step);
        return Promise.resolve({ status: 200, reason: '', headers: [], body: undefined, ...step });
      },
      signal: new AbortController().signal,
      sleep: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
      now: () => Date.parse('2026-01-01T00:00:00Z'),
      followRedirects: false,
      repeatable: true,
      maxRetryWaitMs: 60_000,
      readsAllHints: false,
      credentialHeader: undefined,
      ...options,
    },
  );
  const outcome = await answer.catch((error: unknown) => error);
  return { outcome, requests, waits };
}

const broken = new TransportError('reset', 'headers', false, 'ECONNRESET');

describe('an answer of 429 or 503', () => {
  it.each([
    ['none', [], 1000],
    ['of 2 s', [['Retry-After', '2']], 2000],
    ['of 0 s', [['retry-after', '0']], 1000],
    ['that is a date', [['Retry-After', 'Thu, 01 Jan 2026 00:00:05 GMT']], 5000],
    ['in ms, which is not read', [['retry-after-ms', '50']], 1000],
  ])('is asked for once more, with a hint %s', async (_title, headers, wait) => {
    const answer = { status: 503, headers: headers as [string, string][] };
    const { outcome, requests, waits } = await run([answer, answer, {}]);
    expect(outcome).toMatchObject({ status: 503 });
    expect(requests).toHaveLength(2);
    expect(waits).toEqual([wait]);
  });

  it('counts when the second try succeeds', async () => {
    expect((await run([{ status: 429 }, {}])).outcome).toMatchObject({ status: 200 });
  });

  it('is final when the server wants more time than allowed', async () => {
    const { requests } = await run([{ status: 429, headers: [['Retry-After', '61']] }]);
    expect(requests).toHaveLength(1);
  });

  it('is final when the body cannot be sent again', async () => {
    expect((await run([{ status: 503 }], {}, { repeatable: false })).requests).toHaveLength(1);
  });

  it.each([500, 502, 504, 408])('is another matter than %d', async (status) => {
    expect((await run([{ status }])).requests).toHaveLength(1);
  });
});

describe('a connection that breaks before the answer', () => {
  it.each([
    ['GET', 2],
    ['PUT', 2],
    ['DELETE', 2],
    ['POST', 1],
    ['PATCH', 1],
  ])('with %s makes %d requests', async (method, count) => {
    const { requests, waits } = await run([broken, broken, {}], { method });
    expect(requests).toHaveLength(count);
    expect(waits).toEqual([]);
  });

  it.each([
    ['refused', new TransportError('refused', 'connect', false, 'ECONNREFUSED')],
    ['timed out', new TransportError('late', 'headers', true, 'ETIMEDOUT')],
    ['broken in the body', new TransportError('cut', 'body', false, undefined)],
  ])('is another matter than one that is %s', async (_title, error) => {
    expect((await run([error])).requests).toHaveLength(1);
  });
});

describe('a redirect', () => {
  const to = (location: string, status = 302): Step => ({ status, headers: [['Location', location]] });
  const follow = { followRedirects: true };
  const post = { method: 'POST', body: Buffer.from('b') };

  it('is an answer like others when it is not to be followed', async () => {
    expect((await run([to('/x')])).outcome).toMatchObject({ status: 302 });
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [303, 'DELETE', 'GET'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
  ])('%d turns %s into %s', async (status, method, next) => {
    const { requests } = await run([to('/x?y#z', status), {}], { ...post, method }, follow);
    expect(requests[1]).toMatchObject({ method: next, url: 'http://a.test/x?y' });
    const kept = next === method;
    expect(requests[1]?.body !== undefined).toBe(kept);
    expect(requests[1]?.headers).toEqual(kept ? requests[0]?.headers : []);
  });

  it.each([300, 304])('%d is none', async (status) => {
    expect((await run([to('/x', status)], {}, follow)).requests).toHaveLength(1);
  });

  it('without a place is an answer like others', async () => {
    expect((await run([{ status: 302 }], {}, follow)).outcome).toMatchObject({ status: 302 });
  });

  it.each(['http://b.test/', 'https://a.test/', 'http://a.test:81/'])(
    'to %s leaves credentials behind',
    async (place) => {
      const headers: [string, string][] = [
        ['authorization', 'x'],
        ['Cookie', 'c'],
        ['api-key', 'k'],
        ['X', '1'],
      ];
      const options = { ...follow, credentialHeader: 'API-Key' };
      const { requests } = await run([to(place, 307), {}], { headers }, options);
      expect(requests[1]?.headers).toEqual([['X', '1']]);
    },
  );

  it.each([
    [['/start', '/start'], 2],
    [['/b', '/start', '/b'], 3],
  ])('to %j ends when a place comes again', async (places, count) => {
    const { outcome, requests } = await run(
      places.map((place) => to(place)),
      {},
      follow,
    );
    expect(outcome).toMatchObject({ phase: 'protocol' });
    expect(requests).toHaveLength(count);
  });

  it.each([['ftp://a.test/'], ['http://']])('to %s is a protocol error', async (place) => {
    expect((await run([to(place)], {}, follow)).outcome).toMatchObject({ phase: 'protocol' });
  });

  it('carries the cookies of the chain to the places they are meant for', async () => {
    const cookies: [string, string][] = [
      ['Location', '/in/x'],
      ['Set-Cookie', 'a=1; Path=/in; HttpOnly'],
      ['Set-Cookie', 'b=2; Path=/other'],
      ['Set-Cookie', 'c=3; Secure; Path=/'],
      ['Set-Cookie', 'd=4; Max-Age=0; Path=/'],
      ['Set-Cookie', 'e=5'],
    ];
    const { requests } = await run([{ status: 303, headers: cookies }, {}], {}, follow);
    expect(requests[1]?.headers).toEqual([['Cookie', 'a=1; e=5']]);
  });
});
