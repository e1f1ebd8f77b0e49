/**
 * Answers that are meant to hurt, as bytes on real sockets: through the HTTP executor, the typed connector and the REST
 * connector. Each ends in a named cause, in bounded time and memory.
 */
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { TransportError, type HttpRequest } from '../../../src/http/request';
import {
  head,
  thenForever,
  thenReset,
  thenSilence,
  type RawAnswer,
  useRawServer,
} from '../../support/raw-server';

const maxBodyBytes = 1_000_000;
/** What may be on its way between two sockets of one machine when the reader stops. */
const onItsWay = 12_000_000;
const never = new AbortController().signal;
const chunk = (data: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), Buffer.from(data), Buffer.from('\r\n')]);
const halfOf = (whole: Buffer): Buffer => whole.subarray(0, whole.length / 2);

const raw = useRawServer();

function exchange(answer: RawAnswer, changes: Partial<HttpRequest> = {}) {
  raw.server.answerWith(answer);
  return raw.execute(
    {
      method: 'GET',
      url: `${raw.server.url}/`,
      headers: [],
      connectTimeoutMs: 2000,
      idleTimeoutMs: 2000,
      totalTimeoutMs: 10_000,
      maxBodyBytes,
      proxy: false,
      ...changes,
    },
    never,
  );
}

async function failure(promise: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await promise.then(
    (value) => value,
    (thrown: unknown) => thrown,
  );
  if (error instanceof TransportError) return error;
  throw new Error(`Expected a TransportError, got ${JSON.stringify(error)}`);
}

describe('an answer that breaks', () => {
  const text = 'x'.repeat(100_000);
  it.each<[string, RawAnswer]>([
    ['reset in a body of a given length', thenReset(head('Content-Length: 100'), 'abc')],
    ['reset in a body that ends with the connection', thenReset(head(), 'abc')],
    ['reset in chunks', thenReset(head('Transfer-Encoding: chunked'), chunk('abc'))],
    ['reset within a chunk', thenReset(head('Transfer-Encoding: chunked'), 'ff\r\nabc')],
    [
      'reset in gzip',
      thenReset(head('Content-Encoding: gzip', 'Content-Length: 9999'), halfOf(gzipSync(text))),
    ],
    [
      'reset in br',
      thenReset(head('Content-Encoding: br', 'Content-Length: 9999'), halfOf(brotliCompressSync(text))),
    ],
    ['closed before the length it gave', head('Content-Length: 100') + 'abc'],
    [
      'closed before its last chunk',
      Buffer.concat([Buffer.from(head('Transfer-Encoding: chunked')), chunk('abc')]),
    ],
    [
      'closed within gzip',
      Buffer.concat([Buffer.from(head('Content-Encoding: gzip')), halfOf(gzipSync(text))]),
    ],
    ['labelled gzip, but plain', head('Content-Encoding: gzip', 'Content-Length: 5') + 'plain'],
    ['labelled br, but plain', head('Content-Encoding: br', 'Content-Length: 5') + 'plain'],
    ['labelled deflate, but plain', head('Content-Encoding: deflate', 'Content-Length: 5') + 'plain'],
  ])('is a fault of its body: %s', async (_title, answer) => {
    expect(await failure(exchange(answer))).toMatchObject({ phase: 'body', timedOut: false });
  });

  it.each<[string, RawAnswer]>([
    ['reset', thenReset()],
    ['reset within the head', thenReset('HTTP/1.1 200 OK\r\nContent-')],
    ['closed', ''],
    ['closed within the head', 'HTTP/1.1 200 OK\r\nContent-'],
  ])('is a fault before the head: %s', async (_title, answer) => {
    expect(await failure(exchange(answer))).toMatchObject({ phase: 'headers', timedOut: false });
  });
});

describe('an answer that breaks the rules of HTTP', () => {
  const lines = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => `${line(index)}\r\n`).join('');
  it.each<[string, RawAnswer]>([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    [
      'a length and chunks',
      head('Content-Length: 3', 'Transfer-Encoding: chunked') + '3\r\nabc\r\n0\r\n\r\n',
    ],
    ['two lengths', head('Content-Length: 3', 'Content-Length: 5') + 'abcde'],
    ['a length that is no number', head('Content-Length: many') + 'abc'],
    ['a negative length', head('Content-Length: -1') + 'abc'],
    ['one header of 100 KB', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['20,000 headers', `HTTP/1.1 200 OK\r\n${lines(20_000, (index) => `X-${index}: 1`)}\r\n`],
    ['a control character in a header', head('X: a\x01b', 'Content-Length: 0')],
    ['NUL in a header', head('X: a\0b', 'Content-Length: 0')],
    ['a space in a header name', head('X Y: 1', 'Content-Length: 0')],
  ])('is a fault of the protocol: %s', async (_title, answer) => {
    expect((await failure(exchange(answer))).phase).toBe('protocol');
    await raw.server.idle();
  });

  it.each<[string, string]>([
    ['no number', 'zz\r\nabc\r\n0\r\n\r\n'],
    ['negative', '-3\r\nabc\r\n0\r\n\r\n'],
    ['beyond 64 bits', 'ffffffffffffffffff\r\nabc\r\n0\r\n\r\n'],
    ['too small for the chunk', '1\r\nabc\r\n0\r\n\r\n'],
  ])('is a fault of its body when the size of a chunk is %s', async (_title, body) => {
    expect(await failure(exchange(head('Transfer-Encoding: chunked') + body))).toMatchObject({
      phase: 'body',
      timedOut: false,
    });
  });

  it('is whole at the length it gave, and what comes after is not mixed with the next answer', async () => {
    const answer = `${head('Content-Length: 3')}abcHTTP/1.1 500 Smuggled\r\nContent-Length: 0\r\n\r\n`;
    const first = await exchange((socket) => void socket.write(answer));
    expect(first.body?.toString()).toBe('abc');
    const second = await exchange((socket) => void socket.write(answer));
    expect([second.status, second.body?.toString()]).toEqual([200, 'abc']);
  });

  it('is handed on when only its label is unknown', async () => {
    const answer = await exchange(head('Content-Encoding: zstd', 'Content-Length: 3') + 'abc');
    expect(answer.body?.toString()).toBe('abc');
  });

  it('that never gets past its preliminaries ends', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const error = await failure(exchange(thenForever('', early.repeat(100)), { idleTimeoutMs: 0 }));
    expect(error.phase).toBe('protocol');
    await raw.server.idle();
    expect(raw.server.bytesSent()).toBeLessThan(onItsWay);
  });

  it('may have a few preliminaries', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n';
    expect((await exchange(early + head('Content-Length: 2') + 'ok')).body?.toString()).toBe('ok');
  });
});

describe('an answer that is not one', () => {
  const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';

  it.each<[string, Partial<HttpRequest>]>([
    ['as nobody asked for it', {}],
    [
      'to a request that asked for it',
      {
        headers: [
          ['Connection', 'Upgrade'],
          ['Upgrade', 'websocket'],
        ],
      },
    ],
    ['through a proxy library', { proxy: undefined as never }],
  ])('but another protocol ends the call at once, %s', async (_title, changes) => {
    const error = await failure(exchange(thenSilence(switching), changes));
    expect(error).toMatchObject({ phase: 'protocol', timedOut: false });
    expect(error.message).toContain('101');
    await raw.server.idle();
  });

  it('settles within its time even if the connection never says anything more', async () => {
    const error = await failure(
      exchange(thenSilence('HTTP/1.1 100 Continue\r\n\r\n'), { idleTimeoutMs: 0, totalTimeoutMs: 300 }),
    );
    expect(error).toMatchObject({ timedOut: true });
  });
});

describe('an answer that takes its time', () => {
  it.each<[string, RawAnswer, string]>([
    ['before its head', thenSilence(), 'headers'],
    ['within its head', thenSilence('HTTP/1.1 200 OK\r\nX: '), 'headers'],
    ['after its head', thenSilence(head('Content-Length: 9')), 'body'],
    ['within its body', thenSilence(head('Content-Length: 9'), 'abc'), 'body'],
    ['within a chunk', thenSilence(head('Transfer-Encoding: chunked'), 'ff\r\nabc'), 'body'],
    ['within gzip', thenSilence(head('Content-Encoding: gzip'), halfOf(gzipSync('x'.repeat(1e5)))), 'body'],
  ])('and falls silent %s ends by the limit on silence', async (_title, answer, phase) => {
    const error = await failure(exchange(answer, { idleTimeoutMs: 150 }));
    expect(error).toMatchObject({ phase, timedOut: true });
    await raw.server.idle();
  });

  it.each<[string, RawAnswer, string]>([
    ['head', thenForever('HTTP/1.1 200 OK\r\nX: ', 'x', 20), 'headers'],
    ['body', thenForever(head('Content-Length: 999999'), 'x', 20), 'body'],
    ['chunks', thenForever(head('Transfer-Encoding: chunked'), chunk('x'), 20), 'body'],
    [
      'event stream of comments',
      thenForever(head('Content-Type: text/event-stream'), ': hold on\n\n', 20),
      'body',
    ],
  ])('and is never silent ends by the limit on the whole: drops of its %s', async (_title, answer, phase) => {
    const error = await failure(exchange(answer, { idleTimeoutMs: 1000, totalTimeoutMs: 300 }));
    expect(error).toMatchObject({ phase, timedOut: true });
    await raw.server.idle();
  });
});

describe('an answer that is too much', () => {
  const megabyte = Buffer.alloc(1_000_000, 'x');
  const zeros = (bytes: number): Buffer => gzipSync(Buffer.alloc(bytes));
  const encoded = (encoding: string, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(head(`Content-Encoding: ${encoding}`)), body]);

  it.each<[string, RawAnswer]>([
    ['without a length', thenForever(head(), megabyte)],
    ['of a length that it gave', thenForever(head('Content-Length: 999999999999'), megabyte)],
    ['in chunks', thenForever(head('Transfer-Encoding: chunked'), chunk(megabyte))],
    [
      'of empty gzip members',
      thenForever(head('Content-Encoding: gzip'), Buffer.alloc(1_000_000, gzipSync(''))),
    ],
    ['as an event', thenForever(`${head('Content-Type: text/event-stream')}data: `, megabyte)],
  ])('and endless %s is cut at the limit', async (_title, answer) => {
    const error = await failure(exchange(answer));
    expect(error.phase).toBe('too-large');
    await raw.server.idle();
    expect(raw.server.bytesSent()).toBeLessThan(maxBodyBytes + onItsWay);
  });

  it.each<[string, string, Buffer]>([
    ['gzip', 'gzip', zeros(100_000_000)],
    ['deflate', 'deflate', deflateSync(Buffer.alloc(100_000_000))],
    ['br', 'br', brotliCompressSync(Buffer.alloc(20_000_000))],
    ['gzip in gzip', 'gzip, gzip', gzipSync(zeros(100_000_000))],
    ['deflate in deflate', 'deflate, deflate', deflateSync(deflateSync(Buffer.alloc(100_000_000)))],
  ])('once unpacked is cut at the limit: %s', async (_title, encoding, body) => {
    const before = process.memoryUsage();
    let peak = 0;
    const look = (): void => {
      const { external, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, external + arrayBuffers - before.external - before.arrayBuffers);
    };
    const watch = setInterval(look, 1);
    const error = await failure(exchange(encoded(encoding, body)));
    look();
    clearInterval(watch);
    expect(error.phase).toBe('too-large');
    expect(peak).toBeLessThan(30_000_000);
  });

  it('between two layers is cut at the limit, though nothing comes out of it', async () => {
    const layers = gzipSync(Buffer.alloc(4_000_000, gzipSync('')));
    expect(layers.length).toBeLessThan(100_000);
    expect((await failure(exchange(encoded('gzip, gzip', layers)))).phase).toBe('too-large');
  });

  it('in layers is refused before a thousand decoders are made', async () => {
    const labels = Array.from({ length: 1000 }, () => 'gzip').join(', ');
    const error = await failure(exchange(encoded(labels, gzipSync('x'))));
    expect(error).toMatchObject({ phase: 'body', timedOut: false });
    expect(error.message).toContain('Content-Encoding');
  });
});
