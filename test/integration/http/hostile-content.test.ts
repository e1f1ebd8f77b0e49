/**
 * What both families make of hostile answers: a job over real sockets, from its variables to its command. The same
 * answer goes to the typed connector and to the REST connector.
 */
import type { Cause } from '../../../src/errors';
import { handleJob } from '../../../src/job/handle-job';
import type { Connector, JobCommand, JobPorts } from '../../../src/job/job';
import { openai } from '../../../src/providers/openai';
import { createRestConnector } from '../../../src/rest-connector/connector';
import { readProxies } from '../../../src/rest-connector/proxies';
import { TokenCache } from '../../../src/rest-connector/token-cache';
import { createTypedConnector } from '../../../src/typed/connector';
import { buildJob, buildPorts } from '../../support/job-builders';
import { startHttpServer } from '../../support/http-server';
import {
  head,
  startRawServer,
  thenForever,
  thenReset,
  thenSilence,
  type RawAnswer,
  type RawServer,
  useRawServer,
} from '../../support/raw-server';

const maxAnswerBytes = 1_000_000;
const typed = createTypedConnector(openai, { maxAnswerBytes });
const restOptions = {
  tokens: new TokenCache({ now: Date.now }),
  blockList: [],
  proxies: readProxies({}),
  maxAnswerBytes,
  maxRetryWaitMs: 60_000,
  retryAfter: false,
};
const rest = createRestConnector(restOptions);

const raw = useRawServer();

interface Task {
  readonly connector?: Connector;
  readonly options?: object;
  readonly operation?: string;
  readonly input?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ports?: Partial<JobPorts>;
}

async function run(connector: Connector, variables: object, { headers, ports }: Task): Promise<JobCommand> {
  const customHeaders = headers ?? { resultVariable: 'r' };
  const job = buildJob({ customHeaders, variables: JSON.stringify(variables) });
  const { execute } = raw;
  const { command } = await handleJob(
    job,
    connector,
    buildPorts({ openCall: () => execute, fetch: execute, ...ports }),
  );
  return command;
}

function runTyped(answer: RawAnswer, task: Task = {}): Promise<JobCommand> {
  raw.server.answerWith(answer);
  const { operation = 'chatCompletion', input = { model: 'm', prompt: 'Hi' }, options = {} } = task;
  const connection = { apiKey: 'sk-secret', baseUrl: `${raw.server.url}/v1` };
  return run(
    task.connector ?? typed,
    { connection, operation, input, options: { timeoutSeconds: 1, ...options } },
    task,
  );
}

function runRest(answer: RawAnswer, task: Task & { readonly variables?: object } = {}): Promise<JobCommand> {
  raw.server.answerWith(answer);
  const authentication = { type: 'bearer', token: 'sk-secret' };
  const url = `${raw.server.url}/x`;
  return run(
    task.connector ?? rest,
    { method: 'POST', url, authentication, readTimeoutInSeconds: 1, ...task.variables },
    task,
  );
}

const errorOf = (command: JobCommand) =>
  (JSON.parse(command.variables) as { error: { code?: string; cause?: Cause; message: string } }).error;
const resultOf = (command: JobCommand) => (JSON.parse(command.variables) as { r: Record<string, unknown> }).r;
const json = (body: string | Buffer, status = '200 OK'): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
    ),
    Buffer.from(body),
  ]);
const chat = (members: string): string =>
  `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}]${members}}`;
const deep = '{"a":['.repeat(50_000) + ']}'.repeat(50_000);

describe('a broken exchange', () => {
  // [what, answer, cause and retries of an operation, code of a REST task]: officially each costs one retry.
  it.each<[string, RawAnswer, Cause, number, string]>([
    ['reset before the head', thenReset(), 'CONNECTION_FAILED', 2, '408'],
    ['reset in the body', thenReset(head('Content-Length: 9'), 'abc'), 'CONNECTION_FAILED', 2, '500'],
    ['silent before the head', thenSilence(), 'TIMEOUT', 2, '408'],
    ['silent in the body', thenSilence(head('Content-Length: 9'), 'abc'), 'TIMEOUT', 2, '500'],
    ['no HTTP', 'nonsense\r\n\r\n', 'INVALID_ANSWER', 2, '500'],
    [
      'endless headers',
      thenForever(head().slice(0, -2), `X: ${'x'.repeat(1000)}\r\n`),
      'INVALID_ANSWER',
      2,
      '500',
    ],
    ['an endless body', thenForever(head(), Buffer.alloc(100_000, 'x')), 'RESULT_TOO_LARGE', 0, '500'],
    ['a label that lies', `${head('Content-Encoding: gzip')}plain`, 'CONNECTION_FAILED', 2, '500'],
  ])('has a name in both families: %s', async (_title, answer, cause, retries, code) => {
    const operation = await runTyped(answer);
    expect(operation).toMatchObject({ kind: 'fail', retries });
    expect(errorOf(operation).cause).toBe(cause);
    const task = await runRest(answer);
    expect(task).toMatchObject({ kind: 'fail', retries: 2 });
    expect(errorOf(task).code).toBe(code);
    expect(operation.variables + task.variables).not.toContain('sk-secret');
  });

  it('with a port nobody listens on has a name in both families', async () => {
    const closed = await startHttpServer();
    await closed.close();
    const connection = { apiKey: 'k', baseUrl: closed.url };
    const input = { model: 'm', prompt: 'Hi' };
    const job = { connection, operation: 'chatCompletion', input };
    expect(errorOf(await run(typed, job, {})).cause).toBe('CONNECTION_FAILED');
    expect(errorOf(await run(rest, { method: 'GET', url: closed.url }, {})).code).toBe('408');
  });

  it('that only the end of the job can stop is stopped by it, in both families', async () => {
    const drip = thenForever(head('Content-Type: text/event-stream'), ': hold on\n\n', 20);
    for (const start of [runTyped, runRest]) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(new Error('The job ran too long')), 300);
      const options = { stream: true };
      const command = await start(drip, { options, ports: { signal: abort.signal } });
      expect(command.kind).toBe('fail');
      expect(errorOf(command)).toMatchObject({ code: '408', message: 'The job ran too long' });
      await raw.server.idle();
    }
  });
});

describe('JSON that is hard to digest', () => {
  it('keeps its good part when its text is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
    expect(resultOf(await runRest(json(body)))['body']).toEqual({ a: '\ufffd(\ufffd' });
    const content = chat(',"x":"?"').replace('Hello', 'H\xfflo');
    expect(resultOf(await runTyped(json(Buffer.from(content, 'latin1'))))['text']).toBe('H\ufffdlo');
  });

  it('nested 100,000 deep is no answer for an operation, and text for a REST task', async () => {
    const command = await runTyped(json(chat(`,"x":${deep}`)), {
      headers: { resultExpression: '={a: text}' },
    });
    expect(command).toMatchObject({ kind: 'fail', retries: 2 });
    expect(errorOf(command).cause).toBe('INVALID_ANSWER');
    expect(resultOf(await runRest(json(deep)))['body']).toBe(deep);
  });

  it('nested 100,000 deep in a failure stays a failure of its status', async () => {
    const body = `{"error":{"message":"no","param":${deep}}}`;
    const typedCommand = await runTyped(json(body, '400 Bad Request'));
    expect(typedCommand).toMatchObject({ kind: 'fail', retries: 0 });
    expect(errorOf(typedCommand)).toMatchObject({ code: '400', cause: 'INVALID_REQUEST' });
    expect(errorOf(await runRest(json(body, '400 Bad Request')))).toMatchObject({ code: '400' });
  });

  it('nested 100,000 deep in the text that a model wrote does not fit its schema', async () => {
    const content = chat('').replace('Hello', JSON.stringify(deep).slice(1, -1));
    const input = { model: 'm', prompt: 'Hi', responseFormat: 'json' };
    expect(errorOf(await runTyped(json(content), { input })).cause).toBe('SCHEMA_MISMATCH');
  });

  it.each([
    ['objects', '{},', 2],
    ['numbers', '1.50,', 1],
    ['members', '{"a":1},', 3],
  ])(
    'of more %s than the memory holds is refused before they are made',
    async (_title, piece, parts) => {
      const body = `{"x":[${piece.repeat(Math.ceil(2_000_000 / parts))}1]}`;
      const large = { maxAnswerBytes: 64 * 1024 * 1024 };
      const operation = await runTyped(json(body), { connector: createTypedConnector(openai, large) });
      expect(operation).toMatchObject({ kind: 'fail', retries: 0 });
      expect(errorOf(operation).cause).toBe('RESULT_TOO_LARGE');
      const task = await runRest(json(body), {
        connector: createRestConnector({ ...restOptions, ...large }),
      });
      expect(task).toMatchObject({ kind: 'fail', retries: 2 });
      expect(errorOf(task)).toMatchObject({ code: '500' });
      const refusal = await runTyped(json(body, '400 Bad Request'), {
        connector: createTypedConnector(openai, large),
      });
      expect(errorOf(refusal)).toMatchObject({ code: '400', cause: 'INVALID_REQUEST' });
    },
    20_000,
  );

  it.each([
    ['{}\n', 1_000_001],
    ['1\n', 2_000_001],
  ])('of more lines than the memory holds is refused before they are read: %j', async (line, count) => {
    const task = { operation: 'fileContent', input: { fileId: 'file-1' } };
    const connector = createTypedConnector(openai, { maxAnswerBytes: 64 * 1024 * 1024 });
    const command = await runTyped(json(line.repeat(count)), { ...task, connector });
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(errorOf(command).cause).toBe('RESULT_TOO_LARGE');
    const few = await runTyped(json('{"a":1}\r\n\n{"a":1.0}'), task);
    expect(resultOf(few)['json']).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it('nested as deep as the engine takes passes, and FEEL reads it', async () => {
    const body = `{"a":${'['.repeat(900)}1.0e2${']'.repeat(900)},"n":123456789012345678901234567890}`;
    const headers = { resultExpression: '={x: response.body.a, n: response.body.n}' };
    const task = { operation: 'rawRequest', input: { method: 'GET', path: '/x' }, headers };
    for (const command of [await runTyped(json(body), task), await runRest(json(body), { headers })]) {
      expect(command.kind).toBe('complete');
      expect(JSON.parse(command.variables)).toMatchObject({ n: 1.2345678901234568e29 });
    }
  });

  it('with keys that objects have by themselves is data and nothing else', async () => {
    const evil =
      '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":2';
    const task = { operation: 'rawRequest', input: { method: 'GET', path: '/x' } };
    for (const command of [await runTyped(json(`{${evil}}`), task), await runRest(json(`{${evil}}`))]) {
      const members = JSON.parse(`{${evil}}`) as object;
      expect(Object.entries(resultOf(command)['body'] as object)).toEqual(
        expect.arrayContaining(Object.entries(members)),
      );
    }
    expect(resultOf(await runTyped(json(chat(`,${evil}`))))['text']).toBe('Hello');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('with a key twice counts the last one, as the engine does', async () => {
    expect(resultOf(await runTyped(json(chat(',"choices":[{"message":{"content":"Last"}}]'))))['text']).toBe(
      'Last',
    );
    expect(resultOf(await runRest(json('{"a":1,"a":2}')))['body']).toEqual({ a: 2 });
  });

  it('with headers named like members of objects keeps them as they are', async () => {
    const lines = ['constructor: a', '__proto__: b', 'toString: c', 'Content-Length: 2'];
    const task = { operation: 'rawRequest', input: { method: 'GET', path: '/x' } };
    expect(resultOf(await runTyped(`${head(...lines)}{}`, task))['headers']).toMatchObject({
      constructor: 'a',
      tostring: 'c',
    });
    expect(resultOf(await runRest(`${head(...lines)}{}`))['headers']).toMatchObject({ constructor: 'a' });
  });
});

describe('a redirect to another host', () => {
  let elsewhere: RawServer;
  beforeAll(async () => {
    elsewhere = await startRawServer();
    elsewhere.answerWith(json('{"stolen":true}'));
  });
  afterAll(() => elsewhere.close());
  const redirect = (status: number): string =>
    `HTTP/1.1 ${status} Moved\r\nLocation: ${elsewhere.url}/x\r\nContent-Length: 0\r\n\r\n`;

  it.each([301, 302, 303, 307, 308])('%d is not followed by an operation', async (status) => {
    const command = await runTyped(redirect(status));
    expect(command).toMatchObject({ kind: 'fail', retries: 0 });
    expect(errorOf(command)).toMatchObject({ code: String(status), cause: 'INVALID_ANSWER' });
    expect(elsewhere.heads).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('%d of a REST task leaves the credentials behind', async (status) => {
    const followed = await runRest(redirect(status), { variables: { followRedirects: true } });
    expect(followed.kind).toBe('complete');
    const [request] = elsewhere.heads.slice(-1);
    expect(request).toMatch(/^(GET|POST) \/x/);
    expect(request).not.toMatch(/authorization|sk-secret/i);
  });

  it('is an answer like others for a REST task that does not follow', async () => {
    const before = elsewhere.heads.length;
    expect(resultOf(await runRest(redirect(302)))['status']).toBe(302);
    expect(elsewhere.heads.length).toBe(before);
  });
});
