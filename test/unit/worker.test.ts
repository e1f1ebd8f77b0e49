/** The wired worker over a fake engine: what becomes of answers in the ledger when the job is tried again. */
import { readConfig } from '../../src/config';
import type { HttpResponse } from '../../src/http/request';
import { MemoryLedger } from '../../src/ledger/memory';
import { createLogger } from '../../src/logger';
import { openai } from '../../src/providers/openai';
import { createTypedConnector } from '../../src/typed/connector';
import { createWorker, type Worker } from '../../src/worker';
import { FakeBroker } from '../support/fake-broker';

const json = (body: object, status = 200): HttpResponse => ({
  status,
  reason: '',
  headers: [['Content-Type', 'application/json']],
  body: Buffer.from(JSON.stringify(body)),
});
const stream = (...events: object[]): HttpResponse => ({
  ...json({}),
  headers: [['Content-Type', 'text/event-stream']],
  body: Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')),
});
const good = json({
  choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
});
const overloaded = { error: { code: 'server_error', message: 'Overloaded' } };
const done = {
  id: 'resp_2',
  status: 'completed',
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'yes' }] }],
};

const finalStates = new Set(['completed', 'incident', 'error-thrown']);

let broker: FakeBroker;
let worker: Worker;

beforeEach(() => {
  jest.useFakeTimers();
  broker = new FakeBroker(200);
});
afterEach(async () => {
  const stopped = worker.stop();
  await jest.advanceTimersByTimeAsync(60_000);
  await stopped;
  await broker.close();
  jest.useRealTimers();
});

/** Runs one job over these answers until it is completed, an incident, or ended with a BPMN error. */
async function run(
  job: { operation: string; options?: object; input?: object; headers?: Record<string, string> },
  answers: readonly HttpResponse[],
) {
  const sent: string[] = [];
  const config = readConfig({
    CONNECTOR_JOB_TIMEOUT: 'PT5S',
    CONNECTOR_POLL_TIMEOUT: 'PT1S',
    CONNECTOR_LOG_LEVEL: 'fatal',
  });
  worker = createWorker({
    config,
    logger: createLogger('fatal', false),
    broker,
    http: (request) => {
      const answer = answers[Math.min(sent.length, answers.length - 1)]!;
      sent.push(`${request.method} ${new URL(request.url).pathname}`);
      return Promise.resolve(answer);
    },
    secrets: { lookup: () => Promise.resolve(undefined) },
    ledger: new MemoryLedger({ expiryMs: 60_000, maxBytes: 1e6 }, Date.now),
    connectors: new Map([['openai', createTypedConnector(openai, { maxAnswerBytes: 1e6 })]]),
  });
  const { operation, options = {}, input = {}, headers = {} } = job;
  const [key = ''] = broker.createJobs(1, {
    type: 'openai',
    variables: JSON.stringify({
      connection: { apiKey: 'k' },
      operation,
      input: { model: 'm', prompt: 'Hi', ...input },
      options,
    }),
    customHeaders: { retryBackoff: 'PT0S', ...headers },
  });
  const outcome = async (): Promise<string> => {
    for (;;) {
      const state = broker.stateOf(key);
      if (state !== undefined && finalStates.has(state)) return state;
      await jest.advanceTimersByTimeAsync(100);
    }
  };
  worker.start();
  return {
    state: await outcome(),
    retries: broker.commands.map(({ command }) => (command.kind === 'fail' ? command.retries : undefined)),
    sent,
    /** Raises the retries and resolves the incident. */
    tryAgain: () => {
      broker.resolveIncident(key);
      return outcome();
    },
  };
}

test('a failure that arrived with status 200 is asked for anew by the next try', async () => {
  const { state, retries, sent } = await run({ operation: 'chatCompletion' }, [json(overloaded), good]);
  expect(state).toBe('completed');
  expect(retries).toEqual([2, undefined]);
  expect(sent).toHaveLength(2);
});

test('a stream that ends with an error is asked for anew by the next try', async () => {
  const part = { choices: [{ index: 0, delta: { role: 'assistant', content: 'y' }, finish_reason: null }] };
  const { state, sent } = await run({ operation: 'chatCompletion', options: { stream: true } }, [
    stream(part, overloaded),
    good,
  ]);
  expect(state).toBe('completed');
  expect(sent).toHaveLength(2);
});

test('work in the background that failed is begun anew by the next try', async () => {
  const { state, sent } = await run({ operation: 'response', input: { inBackground: true } }, [
    json({ id: 'resp_1', status: 'queued' }),
    json({ id: 'resp_1', status: 'failed', ...overloaded }),
    json(done),
  ]);
  expect(state).toBe('completed');
  expect(sent).toEqual(['POST /v1/responses', 'GET /v1/responses/resp_1', 'POST /v1/responses']);
});

test.each([
  ['is refused', json(overloaded, 500)],
  ['gives no JSON', { ...json({}), body: Buffer.from('<html>') }],
])('work in the background is looked after again by the next try when a look %s', async (_fault, fault) => {
  const { state, sent } = await run({ operation: 'response', input: { inBackground: true } }, [
    json({ id: 'resp_1', status: 'queued' }),
    fault,
    json({ ...done, id: 'resp_1' }),
  ]);
  expect(state).toBe('completed');
  expect(sent).toEqual(['POST /v1/responses', 'GET /v1/responses/resp_1', 'GET /v1/responses/resp_1']);
});

test('work in the background that the provider does not know any more is an incident, then begun anew', async () => {
  const { state, sent, tryAgain } = await run({ operation: 'response', input: { inBackground: true } }, [
    json({ id: 'resp_1', status: 'queued' }),
    json({ error: { message: 'No response found with id resp_1' } }, 404),
    json(done),
  ]);
  expect(state).toBe('incident');
  expect(await tryAgain()).toBe('completed');
  expect(sent).toEqual(['POST /v1/responses', 'GET /v1/responses/resp_1', 'POST /v1/responses']);
});

test('an answer whose result expression fails is not asked for again', async () => {
  const { state, retries, sent } = await run(
    { operation: 'chatCompletion', headers: { resultExpression: '={a: ' } },
    [good],
  );
  expect(state).toBe('incident');
  expect(retries.at(-1)).toBe(0);
  expect(sent).toHaveLength(1);
});

describe('an answer with a catch', () => {
  const refused = json({
    choices: [
      { index: 0, message: { role: 'assistant', content: null, refusal: 'No.' }, finish_reason: 'stop' },
    ],
  });

  test('that ends the job with a BPMN error is not paid again when the engine hears of it after the job timed out', async () => {
    broker.failNext('extend', 'unavailable', 100);
    broker.failNext('send', 'unavailable', 8);
    const { state, sent } = await run({ operation: 'chatCompletion', options: { onRefusal: 'bpmnError' } }, [
      refused,
    ]);
    expect(state).toBe('error-thrown');
    expect(broker.activations.length).toBeGreaterThan(1);
    expect(sent).toHaveLength(1);
  });

  test('that is an incident is asked for anew when somebody tries again', async () => {
    const { state, sent, tryAgain } = await run({ operation: 'chatCompletion' }, [refused, good]);
    expect(state).toBe('incident');
    expect(await tryAgain()).toBe('completed');
    expect(sent).toHaveLength(2);
  });
});
