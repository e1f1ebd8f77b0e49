import type { HttpRequest, HttpResponse } from '../../../src/http/request';
import { TransportError } from '../../../src/http/request';
import { createAnswerCodec } from '../../../src/ledger/answer-codec';
import { LedgerError, type Ledger } from '../../../src/ledger/ledger';
import { createMemoryLedger } from '../../../src/ledger/memory';
import { payOnce, type LedgerEvent, type PayOnceOptions } from '../../../src/ledger/pay-once';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://api.test/v1/chat/completions',
  headers: [['authorization', 'Bearer one']],
  body: Buffer.from('{"a":1}'),
  connectTimeoutMs: 0,
  idleTimeoutMs: 0,
  totalTimeoutMs: 0,
  maxBodyBytes: 1e6,
};
const ok: HttpResponse = {
  status: 200,
  reason: 'OK',
  headers: [['a', 'b']],
  body: Buffer.from('{"answer":42}'),
};
const signal = new AbortController().signal;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms, 5)));

let ledger: Ledger;
let calls: number;
let events: LedgerEvent[];
let activations = 0;

beforeEach(() => {
  ledger = createMemoryLedger({ expiryMs: 60_000, maxBytes: 1e6 }, Date.now);
  calls = 0;
  events = [];
});

/** One activation of the job: its own claimant, the same ledger. */
const activate = (answer: () => Promise<HttpResponse>, options: Partial<PayOnceOptions> = {}) =>
  activation(answer, options).call;

function activation(answer: () => Promise<HttpResponse>, options: Partial<PayOnceOptions> = {}) {
  return payOnce(
    () => {
      calls++;
      return answer();
    },
    {
      ledger,
      codec: createAnswerCodec(undefined),
      jobKey: '1',
      claimant: `activation-${++activations}`,
      secrets: new Map(),
      onLedgerFailure: 'refuse',
      claimMs: 30_000,
      sleep,
      onEvent: (event) => events.push(event),
      ...options,
    },
  );
}

test('a second activation gets the kept answer and calls nobody', async () => {
  const first = await activate(() => Promise.resolve(ok))(request, signal);
  const second = await activate(() => Promise.reject(new Error('called again')))(request, signal);
  expect(second).toEqual(first);
  expect([calls, events]).toEqual([1, ['miss', 'hit']]);
});

test('a fresh token does not make a request look new; another body does', async () => {
  await activate(() => Promise.resolve(ok))(request, signal);
  await activate(() => Promise.resolve(ok))(
    { ...request, headers: [['Authorization', 'Bearer two']] },
    signal,
  );
  await activate(() => Promise.resolve(ok))({ ...request, body: Buffer.from('{"a":2}') }, signal);
  expect(calls).toBe(2);
});

test('a generated multipart boundary does not make a request look new', async () => {
  const form = (boundary: string): HttpRequest => ({
    ...request,
    headers: [['content-type', `multipart/form-data; boundary=${boundary}`]],
    body: Buffer.from(`--${boundary}\r\n\r\nx\r\n--${boundary}--`),
  });
  await activate(() => Promise.resolve(ok))(form('aaa'), signal);
  await activate(() => Promise.resolve(ok))(form('bbb'), signal);
  expect(calls).toBe(1);
});

test('while one activation waits for the answer, a second one waits with it', async () => {
  let answer!: (response: HttpResponse) => void;
  const first = activate(() => new Promise((resolve) => (answer = resolve)))(request, signal);
  await sleep(5);
  const second = activate(() => Promise.reject(new Error('called again')))(request, signal);
  await sleep(5);
  answer(ok);
  expect((await second).body).toEqual((await first).body);
  expect(calls).toBe(1);
});

test('a refusal is not kept: the next try calls again, without a doubt', async () => {
  await activate(() => Promise.resolve({ ...ok, status: 429 }))(request, signal);
  await activate(() => Promise.resolve(ok))(request, signal);
  expect([calls, events]).toEqual([2, ['miss', 'miss']]);
});

test('a call that never reached the provider leaves no doubt', async () => {
  const refused = new TransportError('refused', 'connect', false, 'ECONNREFUSED');
  await expect(activate(() => Promise.reject(refused))(request, signal)).rejects.toBe(refused);
  await activate(() => Promise.resolve(ok))(request, signal);
  expect(events).toEqual(['miss', 'miss']);
});

describe('an earlier try that ended between sending and hearing', () => {
  const cut = new TransportError('cut', 'headers', false, 'ECONNRESET');
  beforeEach(async () => {
    await expect(activate(() => Promise.reject(cut))(request, signal)).rejects.toBe(cut);
  });

  test('is repeated by default', async () => {
    await activate(() => Promise.resolve(ok))(request, signal);
    expect([calls, events]).toEqual([2, ['miss', 'doubt', 'miss']]);
  });

  test('is an incident when the task wants so, and called again once a person decided', async () => {
    await expect(
      activate(() => Promise.resolve(ok))({ ...request, onDoubt: 'incident' }, signal),
    ).rejects.toMatchObject({
      causeName: 'ANSWER_IN_DOUBT',
      retry: { kind: 'never' },
    });
    expect(calls).toBe(1);
    await activate(() => Promise.resolve(ok))({ ...request, onDoubt: 'incident' }, signal);
    expect(calls).toBe(2);
  });
});

describe('without a ledger', () => {
  const away = (): Ledger => ({
    ...ledger,
    claim: () => Promise.reject(new LedgerError('away')),
    keep: () => Promise.reject(new LedgerError('away')),
  });

  test('nothing is called and the job comes back later at no cost', async () => {
    const run = activate(() => Promise.resolve(ok), { ledger: away() });
    await expect(run(request, signal)).rejects.toMatchObject({
      causeName: 'LEDGER_UNAVAILABLE',
      retry: { kind: 'postpone' },
    });
    expect(calls).toBe(0);
  });

  test('the call is made all the same when the operator wants so', async () => {
    const run = activate(() => Promise.resolve(ok), { ledger: away(), onLedgerFailure: 'unprotected' });
    expect((await run(request, signal)).status).toBe(200);
  });

  test('an answer that cannot be kept is used, not thrown away', async () => {
    const broken: Ledger = { ...ledger, keep: () => Promise.reject(new LedgerError('full')) };
    expect((await activate(() => Promise.resolve(ok), { ledger: broken })(request, signal)).status).toBe(200);
    expect(events).toEqual(['miss', 'failure']);
  });
});

test('an answer that was no good is asked for anew', async () => {
  const first = activation(() => Promise.resolve(ok));
  await first.call(request, signal);
  await first.discard();
  await activate(() => Promise.resolve(ok))(request, signal);
  expect([calls, events]).toEqual([2, ['miss', 'miss']]);
});

test('a kept stream is handed on like a live one', async () => {
  await activate(() => Promise.resolve(ok))(request, signal);
  const pieces: string[] = [];
  await activate(() => Promise.resolve(ok))(
    { ...request, onData: (chunk) => pieces.push(chunk.toString()) },
    signal,
  );
  expect(pieces.join('')).toBe('{"answer":42}');
});
