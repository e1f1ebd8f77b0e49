/** Event streams that are broken, endless or oddly cut: through the typed connector over real sockets. */
import type { Socket } from 'node:net';
import type { Cause, ConnectorError } from '../../../src/errors';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import { testExecution, runTask } from '../../support/execution';
import {
  head,
  thenForever,
  thenReset,
  thenSilence,
  type RawAnswer,
  useRawServer,
} from '../../support/raw-server';

const maxAnswerBytes = 1_000_000;
const connector = createTypedConnector(openai, { maxAnswerBytes });
const streamHead = head('Content-Type: text/event-stream; charset=utf-8');

const raw = useRawServer();

async function run(
  answer: RawAnswer,
  operation = 'chatCompletion',
  by = connector,
): Promise<Record<string, unknown>> {
  raw.server.answerWith(answer);
  const job = {
    connection: { apiKey: 'k', baseUrl: `${raw.server.url}/v1` },
    operation,
    input: { model: 'm', prompt: 'Hi' },
    options: { stream: true, idleTimeoutSeconds: 1 },
  };
  const execution = { ...testExecution(job), call: raw.execute, fetch: raw.execute };
  return JSON.parse(await runTask(by, execution)) as Record<string, unknown>;
}

async function failure(
  answer: RawAnswer,
  operation?: string,
  by?: typeof connector,
): Promise<ConnectorError> {
  const result: unknown = await run(answer, operation, by).catch((error: unknown) => error);
  await raw.server.idle();
  return result as ConnectorError;
}

const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const piece = (content: string, finish: string | null = null) =>
  event({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  });
const done = event('[DONE]');
const stream = (...events: string[]): string => streamHead + events.join('');

describe('a stream of a chat that', () => {
  it.each<[string, RawAnswer, Cause, 'never' | 'consume']>([
    ['ends within an event', stream(piece('a'), piece('b').slice(0, 30)), 'INVALID_ANSWER', 'consume'],
    ['ends without its end mark', stream(piece('a'), piece('b', 'stop')), 'INVALID_ANSWER', 'consume'],
    ['ends within its end mark', stream(piece('a'), 'data: [DONE]'), 'INVALID_ANSWER', 'consume'],
    ['is empty', stream(), 'INVALID_ANSWER', 'consume'],
    ['holds no choice', stream(done), 'INVALID_ANSWER', 'consume'],
    [
      'holds something else than JSON',
      stream(piece('a'), event('{"choices":'), done),
      'INVALID_ANSWER',
      'consume',
    ],
    ['holds JSON that is no object', stream(piece('a'), event('[1]'), done), 'INVALID_ANSWER', 'consume'],
    [
      'holds an event nested 100,000 deep',
      stream(piece('a'), event(`{"x":${'['.repeat(1e5)}${']'.repeat(1e5)}}`), done),
      'INVALID_ANSWER',
      'consume',
    ],
    ['is one line without end mark', stream(`data: ${'x'.repeat(500_000)}`), 'INVALID_ANSWER', 'consume'],
    ['is reset within an event', thenReset(stream(piece('a'), 'data: {"ch')), 'CONNECTION_FAILED', 'consume'],
    ['falls silent', thenSilence(stream(piece('a'))), 'TIMEOUT', 'consume'],
    ['is an endless line', thenForever(stream('data: '), 'x'.repeat(100_000)), 'RESULT_TOO_LARGE', 'never'],
    [
      'is comments without end',
      thenForever(stream(), ': hold on\n\n'.repeat(9999)),
      'RESULT_TOO_LARGE',
      'never',
    ],
    ['is pieces without end', thenForever(stream(), piece('a').repeat(999)), 'RESULT_TOO_LARGE', 'never'],
    [
      'holds an error of the server',
      stream(
        piece('a'),
        event({ error: { message: 'The server had an error', type: 'server_error' } }),
        done,
      ),
      'SERVER_ERROR',
      'consume',
    ],
    [
      'holds an error as text',
      stream(piece('a'), event({ error: 'overloaded' }), done),
      'SERVER_ERROR',
      'consume',
    ],
    [
      'holds an event of the kind error',
      stream(piece('a'), `event: error\n${event({ message: 'Too many', code: 'rate_limit_exceeded' })}`),
      'RATE_LIMITED',
      'consume',
    ],
  ])('%s has a name for it', async (_title, answer, cause, kind) => {
    expect(await failure(answer)).toMatchObject({ causeName: cause, retry: { kind } });
  });

  const text = 'Grüße 👋🏽 aus Köln';
  const whole = stream(
    ': comment\n\n',
    'event: message\nid: 1\nretry: 5\n',
    ...Array.from(text, (letter) => piece(letter)),
    piece('', 'stop'),
    done,
  );
  const inPieces =
    (bytes: Buffer, size: number) =>
    async (socket: Socket): Promise<void> => {
      socket.setNoDelay(true);
      for (let at = 0; at < bytes.length; at += size) {
        socket.write(bytes.subarray(at, at + size));
        await new Promise((resolve) => setImmediate(resolve));
      }
      socket.end();
    };
  const body = (content: string): Buffer => Buffer.from(content.slice(streamHead.length));
  const crlf = (content: string): string => content.replaceAll('\n', '\r\n');
  it.each<[string, RawAnswer]>([
    ['is cut within its characters', inPieces(Buffer.from(whole), 3)],
    [
      'ends its lines with CR LF, cut between the two',
      inPieces(Buffer.concat([Buffer.from(streamHead), Buffer.from(crlf(body(whole).toString()))]), 1),
    ],
    [
      'ends its lines with CR',
      Buffer.concat([Buffer.from(streamHead), Buffer.from(body(whole).toString().replaceAll('\n', '\r'))]),
    ],
    ['begins with a byte order mark', Buffer.concat([Buffer.from(`${streamHead}\ufeff`), body(whole)])],
    ['goes on after its end mark', `${whole}${piece(' and more')}${event('{broken')}`],
  ])('%s is read all the same', async (_title, answer) => {
    expect(await run(answer)).toMatchObject({ text, finishReason: 'stop' });
  });

  it('hides keys that objects have by themselves among its pieces gives its text', async () => {
    const evil = '"__proto__":{"content":"x","polluted":1},"constructor":{"polluted":1},"toString":"y"';
    const chunk = `{${evil},"choices":[{"index":0,${evil},"delta":{${evil},"content":"Hi","tool_calls":[{"index":0,${evil}}]}}]}`;
    const result = await run(stream(event(chunk), event(chunk), piece('!', 'stop'), done));
    expect(result['text']).toBe('HiHi!');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a stream that would fill the memory', () => {
  const large = createTypedConnector(openai, { maxAnswerBytes: 64 * 1024 * 1024 });
  it.each<[string, string, Cause]>([
    [
      'with lists that grow',
      event(`{"choices":[{"delta":{"x":[${'{},'.repeat(500)}{}]}}]}`).repeat(4000),
      'RESULT_TOO_LARGE',
    ],
    [
      'with lists of numbers that grow',
      event(`{"choices":[{"delta":{"x":[${'1,'.repeat(500)}1]}}]}`).repeat(10_000),
      'RESULT_TOO_LARGE',
    ],
    ['with one event of objects', event(`{"x":[${'{},'.repeat(1_000_000)}{}]}`), 'RESULT_TOO_LARGE'],
    [
      'with members that grow',
      Array.from({ length: 450_000 }, (_, index) => event(`{"k${index}":[1,2,3,4,5,6,7,8,9]}`)).join(''),
      'RESULT_TOO_LARGE',
    ],
    ['with empty lines', '\n'.repeat(20_000_000), 'INVALID_ANSWER'],
  ])(
    '%s is refused before it does',
    async (_title, body, cause) => {
      expect(await failure(stream(body, done), 'chatCompletion', large)).toMatchObject({ causeName: cause });
    },
    20_000,
  );
});

it('a stream of a hundred thousand tokens, each with its log probabilities, is read', async () => {
  const chunk = event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [
      {
        index: 0,
        delta: { content: 'x' },
        logprobs: { content: [{ token: 'x', logprob: -1, bytes: [120] }] },
        finish_reason: null,
      },
    ],
  });
  const large = createTypedConnector(openai, { maxAnswerBytes: 64 * 1024 * 1024 });
  const result = await run(stream(chunk.repeat(100_000), piece('', 'stop'), done), 'chatCompletion', large);
  expect((result['text'] as string).length).toBe(100_000);
}, 20_000);

describe('a stream of a response that', () => {
  const completed = { type: 'response.completed', response: { status: 'completed', output: [] } };
  it.each<[string, RawAnswer, Cause]>([
    ['ends before its last event', stream(event({ type: 'response.created' })), 'INVALID_ANSWER'],
    ['has a last event that is cut', stream(event(JSON.stringify(completed).slice(0, 40))), 'INVALID_ANSWER'],
    ['completes without a response', stream(event({ type: 'response.completed' })), 'INVALID_ANSWER'],
    [
      'fails',
      stream(
        event({
          type: 'response.failed',
          response: { status: 'failed', error: { code: 'server_error', message: 'm' } },
        }),
      ),
      'SERVER_ERROR',
    ],
    [
      'ends with an error',
      stream(event({ type: 'error', code: 'rate_limit_exceeded', message: 'm' })),
      'RATE_LIMITED',
    ],
    ['never ends', thenForever(stream(), event({ type: 'keepalive' }).repeat(999)), 'RESULT_TOO_LARGE'],
  ])('%s has a name for it', async (_title, answer, cause) => {
    expect(await failure(answer, 'response')).toMatchObject({ causeName: cause });
  });
});
