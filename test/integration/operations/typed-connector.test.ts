/** The typed connector over the real HTTP executor against a real server that misbehaves. */
import { createHttpExecutor } from '../../../src/http/execute';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import { testExecution, runTask } from '../../support/execution';
import { startHttpServer, type HttpServer } from '../../support/http-server';
import { recorded } from '../../support/recorded-answers';

const connector = createTypedConnector(openai, { maxAnswerBytes: 200_000 });
const http = createHttpExecutor({ userAgent: 'test' });
const stream = recorded('chat-plain-stream').response.stream!;
const streamHeaders = [['Content-Type', 'text/event-stream']] as const;
/** More is promised than comes. */
const unfinished = [...streamHeaders, ['Content-Length', String(stream.length)] as const];

let server: HttpServer;
beforeAll(async () => (server = await startHttpServer([{}])));
afterAll(async () => {
  http.close();
  await server.close();
});

async function run(options: object = {}, signal = new AbortController().signal) {
  const job = {
    connection: { apiKey: 'k', baseUrl: `${server.url}/v1` },
    operation: 'chatCompletion',
    input: { model: 'm', prompt: 'Hi' },
    options,
  };
  const execution = { ...testExecution(job), call: http, fetch: http, signal };
  return JSON.parse(await runTask(connector, execution)) as Record<string, unknown>;
}

describe('a streamed answer', () => {
  it('in drops of single bytes is put together, however it is cut', async () => {
    server.restart([{ headers: streamHeaders, body: stream, dripMs: 0 }]);
    const dripped = await run({ stream: true });
    server.restart([{ headers: streamHeaders, body: stream }]);
    expect(dripped['body']).toEqual((await run({ stream: true }))['body']);
  }, 30_000);

  it('that falls silent ends by the limit on silence', async () => {
    server.restart([{ headers: unfinished, body: stream.slice(0, 300), fault: 'stall' }]);
    await expect(run({ stream: true, idleTimeoutSeconds: 1 })).rejects.toMatchObject({
      causeName: 'TIMEOUT',
      message: expect.stringContaining('options.idleTimeoutSeconds') as string,
    });
  });

  it('that is cut off costs a retry', async () => {
    server.restart([{ headers: unfinished, body: stream.slice(0, 300), fault: 'truncated' }]);
    await expect(run({ stream: true })).rejects.toMatchObject({ retry: { kind: 'consume' } });
  });
});

describe('an ordinary answer', () => {
  it('that does not come ends by the time limit', async () => {
    server.restart([{ fault: 'silent' }]);
    await expect(run({ timeoutSeconds: 1 })).rejects.toMatchObject({ causeName: 'TIMEOUT', code: '408' });
  });

  it('larger than the worker takes is named, and not asked for again', async () => {
    server.restart([{ body: Buffer.alloc(300_000, 'x') }]);
    await expect(run()).rejects.toMatchObject({ causeName: 'RESULT_TOO_LARGE', retry: { kind: 'never' } });
  });

  it('a connection that is reset costs a retry', async () => {
    server.restart([{ fault: 'reset' }]);
    await expect(run()).rejects.toMatchObject({ causeName: 'CONNECTION_FAILED', retry: { kind: 'consume' } });
  });

  it('a redirect does not carry the key elsewhere', async () => {
    server.restart([{ status: 307, headers: [['Location', `${server.url}/elsewhere`]] }]);
    await expect(run()).rejects.toMatchObject({ code: '307', retry: { kind: 'never' } });
    expect(server.requests).toHaveLength(1);
  });
});
