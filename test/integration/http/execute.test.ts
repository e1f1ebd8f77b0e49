import { createServer, type AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createHttpExecutor, type HttpExecutor } from '../../../src/http/execute';
import { TransportError, type HttpRequest } from '../../../src/http/request';
import { startHttpServer, type HttpServer, type Script } from '../../support/http-server';

let server: HttpServer;
let execute: HttpExecutor;

beforeAll(async () => {
  server = await startHttpServer();
});
afterAll(() => server.close());
beforeEach(() => {
  execute = createHttpExecutor({ userAgent: 'test/1' });
});
afterEach(() => execute.close());

const never = new AbortController().signal;

function request(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url: `${server.url}/x`,
    headers: [],
    connectTimeoutMs: 2000,
    idleTimeoutMs: 2000,
    totalTimeoutMs: 0,
    maxBodyBytes: 1_000_000,
    ...changes,
  };
}

function answered(script: Script, changes: Partial<HttpRequest> = {}, signal: AbortSignal = never) {
  server.restart(script);
  return execute(request(changes), signal);
}

async function failure(promise: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TransportError)) throw new Error(`Expected a TransportError, got ${String(error)}`);
  return error;
}

const environment = { ...process.env };
afterAll(() => {
  process.env = environment;
});

describe.each([
  ['with no proxy in sight', {}],
  ['with a proxy that is not for this host', { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '*' }],
])('%s', (_, proxies) => {
  beforeAll(() => {
    process.env = { ...environment, ...proxies };
  });

  describe('a request on the wire', () => {
    it('has its header lines in order, in their spelling, repeated ones apart', async () => {
      await answered([{}], {
        headers: [
          ['Authorization', 'Bearer 1'],
          ['x-LOWER', 'a'],
          ['authorization', 'Custom'],
          ['X-Empty', ''],
        ],
      });
      expect(server.requests[0]?.headers).toEqual([
        ['Host', `127.0.0.1:${server.port}`],
        ['Authorization', 'Bearer 1'],
        ['x-LOWER', 'a'],
        ['authorization', 'Custom'],
        ['X-Empty', ''],
        ['User-Agent', 'test/1'],
        ['Accept-Encoding', 'gzip, deflate, br'],
        ['Connection', 'keep-alive'],
      ]);
    });

    it('keeps what the caller says about agent, encodings, host and connection', async () => {
      const headers: [string, string][] = [
        ['host', 'other.test'],
        ['user-agent', 'mine'],
        ['accept-encoding', 'identity'],
        ['connection', 'close'],
      ];
      await answered([{}], { headers });
      expect(server.requests[0]?.headers).toEqual(headers);
    });

    it.each(['/a/../b/./c', '//double', "/a%2Fb/'q'?x=[1]|2&y={z}", '/?q'])(
      'has the path %s as given',
      async (path) => {
        await answered([{}], { url: `${server.url}${path}#fragment` });
        expect(server.requests[0]?.url).toBe(path);
      },
    );

    it('gets a slash when the URL has no path', async () => {
      await answered([{}], { url: `${server.url}?a=1` });
      expect(server.requests[0]?.url).toBe('/?a=1');
    });

    it.each([
      ['POST', Buffer.from('é'), '2'],
      ['DELETE', Buffer.from('x'), '1'],
      ['POST', Buffer.alloc(0), '0'],
      ['PUT', undefined, '0'],
      ['GET', undefined, undefined],
      ['DELETE', undefined, undefined],
    ])('%s with body %p has the length %s', async (method, body, length) => {
      await answered([{}], { method, ...(body === undefined ? {} : { body }) });
      const [received] = server.requests;
      expect(received?.body).toEqual(body ?? Buffer.alloc(0));
      expect(received?.headers.filter(([name]) => /content-length|transfer-encoding/i.test(name))).toEqual(
        length === undefined ? [] : [['Content-Length', length]],
      );
    });

    it.each(['Content-Length', 'transfer-encoding'])('never leaves with a %s of the caller', async (name) => {
      const error = await failure(answered([{}], { method: 'POST', headers: [[name, '3']] }));
      expect(error.phase).toBe('protocol');
      expect(server.requests).toHaveLength(0);
    });

    it.each([
      ['a line break in a value', 'X', 'a\nb'],
      ['a character beyond Latin-1', 'X', '€'],
      ['a space in a name', 'X Y', 'a'],
    ])('is refused with %s', async (_title, name, value) => {
      const error = await failure(answered([{}], { headers: [[name, value]] }));
      expect(error.phase).toBe('protocol');
      expect(server.requests).toHaveLength(0);
    });

    it('goes over the same connection as the one before', async () => {
      server.restart([{ body: 'a' }]);
      await execute(request(), never);
      await execute(request(), never);
      expect(new Set(server.requests.map(({ connection }) => connection)).size).toBe(1);
    });

    it('does not go over a connection that an earlier request asked to close', async () => {
      let connections = 0;
      const patient = createServer((socket) => {
        connections++;
        socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
      });
      await new Promise<void>((resolve) => patient.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(patient.address() as AddressInfo).port}/`;
      await execute(request({ url, headers: [['Connection', 'close']] }), never);
      await execute(request({ url }), never);
      expect(connections).toBe(2);
      await execute(request({ url }), never);
      expect(connections).toBe(2);
      execute.close();
      await new Promise((resolve) => patient.close(resolve));
    });

    it('does not go over a connection that the server has closed', async () => {
      server.restart([{ body: 'a', closesAfter: true }]);
      for (let count = 0; count < 100; count++) await execute(request({ method: 'POST' }), never);
      expect(server.requests).toHaveLength(100);
    });

    it('goes through a proxy with its credentials', async () => {
      await answered([{}], {
        url: 'http://api.test/a/../b?x=1',
        proxy: { scheme: 'http', host: '127.0.0.1', port: server.port, user: 'u', password: 'p' },
      });
      const [received] = server.requests;
      expect(received?.url).toBe('http://api.test/a/../b?x=1');
      expect(received?.headers).toContainEqual(['Host', 'api.test']);
      expect(received?.headers).toContainEqual(['Proxy-Authorization', 'Basic dTpw']);
    });
  });

  describe('an answer', () => {
    it('keeps status, reason, and header lines in order and spelling', async () => {
      const headers: [string, string][] = [
        ['X-One', '1'],
        ['set-cookie', 'a=1'],
        ['x-one', '2'],
        ['set-cookie', 'b=2'],
        ['Content-Length', '2'],
      ];
      const response = await answered([{ status: 418, reason: 'Short and stout', headers, body: 'ok' }]);
      expect(response).toEqual({
        status: 418,
        reason: 'Short and stout',
        headers,
        body: Buffer.from('ok'),
      });
    });

    it('is not followed to another place', async () => {
      const response = await answered([{ status: 302, headers: [['Location', '/y']] }]);
      expect(response.status).toBe(302);
      expect(server.requests).toHaveLength(1);
    });

    it.each([
      ['GET', 204],
      ['GET', 304],
      ['HEAD', 200],
    ])('to %s with status %d has no body', async (method, status) => {
      expect((await answered([{ status, body: 'x' }], { method })).body).toBeUndefined();
    });

    it('without a byte has an empty body', async () => {
      expect((await answered([{}])).body).toEqual(Buffer.alloc(0));
    });

    const text = 'hello '.repeat(5000);
    it.each([
      ['gzip', gzipSync(text)],
      ['x-gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['deflate', deflateRawSync(text)],
      ['br', brotliCompressSync(text)],
      ['gzip, br', brotliCompressSync(gzipSync(text))],
      ['identity', Buffer.from(text)],
    ])('compressed as %s is read as text, its headers stay', async (encoding, body) => {
      const response = await answered([{ headers: [['Content-Encoding', encoding]], body }]);
      expect(response.body?.toString()).toBe(text);
      expect(response.headers).toContainEqual(['Content-Encoding', encoding]);
    });

    it.each(['gzip', 'deflate', 'br'])('of no byte labelled %s is empty', async (encoding) => {
      const response = await answered([{ headers: [['Content-Encoding', encoding]] }]);
      expect(response.body).toEqual(Buffer.alloc(0));
    });
  });

  describe('an answer cut in half', () => {
    const half = (whole: Buffer): Buffer => whole.subarray(0, whole.length / 2);
    it.each<[string, [string, string][], Buffer]>([
      ['by content length', [['Content-Length', '100']], Buffer.from('abc')],
      ['in chunks', [['Transfer-Encoding', 'chunked']], Buffer.from('abc')],
      ['gzip, its end missing', [['Content-Encoding', 'gzip']], half(gzipSync('x'.repeat(1e5)))],
      ['deflate, its end missing', [['Content-Encoding', 'deflate']], half(deflateSync('x'.repeat(1e5)))],
      ['br, its end missing', [['Content-Encoding', 'br']], half(brotliCompressSync('abc'.repeat(1e3)))],
    ])('is an error: %s', async (_title, headers, body) => {
      const complete = headers.some(([name]) => name === 'Content-Encoding');
      const error = await failure(answered([{ headers, body, ...(complete ? {} : { fault: 'truncated' }) }]));
      expect(error).toMatchObject({ phase: 'body', timedOut: false });
    });

    it('tells how much was missing', async () => {
      const error = await failure(
        answered([{ headers: [['Content-Length', '100']], body: 'abc', fault: 'truncated' }]),
      );
      expect(error.message).toBe(
        'Premature end of Content-Length delimited message body (expected: 100; received: 3)',
      );
    });

    it('is an error when it is not compressed as it says', async () => {
      const error = await failure(answered([{ headers: [['Content-Encoding', 'gzip']], body: 'plain' }]));
      expect(error.phase).toBe('body');
    });
  });

  describe('limits', () => {
    it('stops an answer that is too large', async () => {
      const error = await failure(answered([{ body: 'x'.repeat(2000) }], { maxBodyBytes: 1999 }));
      expect(error.phase).toBe('too-large');
    });

    it('stops a small answer that unpacks to a large one', async () => {
      const body = Buffer.alloc(200_000_000);
      const error = await failure(answered([{ body, gzip: true }]));
      expect(error.phase).toBe('too-large');
    });

    it('ends a call without an answer after the idle time', async () => {
      const error = await failure(answered([{ fault: 'silent' }], { idleTimeoutMs: 100 }));
      expect(error).toMatchObject({ phase: 'headers', timedOut: true });
    });

    it('ends an answer that stalls after the idle time', async () => {
      const stalled = { headers: [['Content-Length', '100']] as [string, string][], body: 'a' };
      const error = await failure(answered([{ ...stalled, fault: 'stall' }], { idleTimeoutMs: 100 }));
      expect(error).toMatchObject({ phase: 'body', timedOut: true, message: 'Read timed out' });
    });

    it('keeps its idle time on a connection used before', async () => {
      server.restart([{ body: 'a' }, { fault: 'silent' }]);
      await execute(request({ idleTimeoutMs: 0 }), never);
      const error = await failure(execute(request({ idleTimeoutMs: 100 }), never));
      expect(error).toMatchObject({ phase: 'headers', timedOut: true });
      expect(server.requests.map(({ connection }) => connection)).toEqual([
        server.requests[0]?.connection,
        server.requests[0]?.connection,
      ]);
    });

    it('lets an answer drip that is never idle', async () => {
      const response = await answered([{ body: 'slow answer', dripMs: 30 }], { idleTimeoutMs: 200 });
      expect(response.body?.toString()).toBe('slow answer');
    });

    it('ends a dripping answer after the total time', async () => {
      const error = await failure(answered([{ body: 'slow answer', dripMs: 60 }], { totalTimeoutMs: 150 }));
      expect(error).toMatchObject({ phase: 'body', timedOut: true });
    });

    it('ends a handshake that takes too long', async () => {
      const mute = createServer((socket) => socket.resume());
      await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
      const { port } = mute.address() as AddressInfo;
      const error = await failure(
        execute(request({ url: `https://127.0.0.1:${port}/`, connectTimeoutMs: 100 }), never),
      );
      expect(error).toMatchObject({ phase: 'connect', timedOut: true });
      await new Promise((resolve) => mute.close(resolve));
    });
  });

  describe('a connection that breaks', () => {
    it('is a connect failure when nobody listens', async () => {
      const closed = await startHttpServer();
      await closed.close();
      const error = await failure(execute(request({ url: closed.url }), never));
      expect(error).toMatchObject({ phase: 'connect', timedOut: false, code: 'ECONNREFUSED' });
    });

    it.each(['reset', 'drop'] as const)('fails before the head of the answer: %s', async (fault) => {
      const error = await failure(answered([{ fault }]));
      expect(error).toMatchObject({ phase: 'headers', timedOut: false, code: 'ECONNRESET' });
      expect(server.requests).toHaveLength(1);
    });

    it('is ended by the caller in any phase', async () => {
      for (const fault of ['silent', 'stall'] as const) {
        const abort = new AbortController();
        setTimeout(() => abort.abort(), 100);
        const answer = { fault, headers: [['Content-Length', '9']] as [string, string][], body: 'a' };
        expect((await failure(answered([answer], {}, abort.signal))).phase).toBe('aborted');
      }
      expect((await failure(answered([{}], {}, AbortSignal.abort()))).phase).toBe('aborted');
      expect(server.requests).toHaveLength(0);
    });
  });
});
