import { randomBytes } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../../src/http/request';
import { TransportError } from '../../../src/http/request';
import { createAnswerCodec } from '../../../src/ledger/answer-codec';
import { LedgerError, type Ledger } from '../../../src/ledger/ledger';
import { MemoryLedger } from '../../../src/ledger/memory';
import { requestHash } from '../../../src/ledger/request-hash';
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
  ledger = new MemoryLedger({ expiryMs: 60_000, maxBytes: 1e6 }, Date.now);
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
  const away = (): Ledger =>
    Object.assign(ledger, {
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
    const broken = Object.assign(ledger, { keep: () => Promise.reject(new LedgerError('full')) });
    expect((await activate(() => Promise.resolve(ok), { ledger: broken })(request, signal)).status).toBe(200);
    expect(events).toEqual(['miss', 'failure']);
  });
});

describe('an entry that cannot be read', () => {
  const [key, formerKey] = [randomBytes(32), randomBytes(32)];
  const codec = createAnswerCodec(key);

  test('is a doubt when it is damaged: repeated by default, and found again afterwards', async () => {
    await ledger.keep({ jobKey: '1', requestHash: requestHash(request) }, Buffer.from('nonsense'));
    await activate(() => Promise.resolve(ok), { codec })(request, signal);
    await activate(() => Promise.reject(new Error('called again')), { codec })(request, signal);
    expect([calls, events]).toEqual([1, ['failure', 'doubt', 'miss', 'hit']]);
  });

  test('is a doubt when it is damaged: an incident when the task wants so', async () => {
    await ledger.keep({ jobKey: '1', requestHash: requestHash(request) }, Buffer.from('nonsense'));
    const run = activate(() => Promise.resolve(ok));
    await expect(run({ ...request, onDoubt: 'incident' }, signal)).rejects.toMatchObject({
      causeName: 'ANSWER_IN_DOUBT',
    });
    expect(calls).toBe(0);
  });

  test('because of a former key is not paid for again: the job waits for the key, which the error names', async () => {
    await activate(() => Promise.resolve(ok), { codec: createAnswerCodec(formerKey) })(request, signal);
    for (const other of [codec, createAnswerCodec(undefined)]) {
      const run = activate(() => Promise.resolve(ok), { codec: other });
      await expect(run(request, signal)).rejects.toMatchObject({
        causeName: 'LEDGER_UNAVAILABLE',
        message: expect.stringContaining('CONNECTOR_LEDGER_KEY') as string,
        retry: { kind: 'postpone' },
      });
    }
    const back = activate(() => Promise.resolve(ok), { codec: createAnswerCodec(formerKey) });
    expect((await back(request, signal)).body).toEqual(ok.body);
    expect(calls).toBe(1);
  });

  test('because of a former key is a doubt when the operator wants calls without protection', async () => {
    await activate(() => Promise.resolve(ok), { codec: createAnswerCodec(formerKey) })(request, signal);
    const open = { codec, onLedgerFailure: 'unprotected' } as const;
    await activate(() => Promise.resolve(ok), open)(request, signal);
    await activate(() => Promise.resolve(ok), open)(request, signal);
    expect([calls, events]).toEqual([2, ['miss', 'failure', 'doubt', 'miss', 'hit']]);
  });

  test('and cannot be removed either does not hold the job for ever', async () => {
    const stuck = Object.assign(ledger, {
      claim: () => Promise.resolve({ kind: 'answered', answer: Buffer.from('nonsense') }),
      discard: () => Promise.resolve(),
    } satisfies Partial<Ledger>);
    await activate(() => Promise.resolve(ok), { ledger: stuck })(request, signal);
    expect([calls, events]).toEqual([1, ['failure', 'failure', 'doubt', 'miss']]);
  });
});

test('an answer that was no good is asked for anew', async () => {
  const first = activation(() => Promise.resolve(ok));
  await first.call(request, signal);
  await first.discard();
  await activate(() => Promise.resolve(ok))(request, signal);
  expect([calls, events]).toEqual([2, ['miss', 'miss']]);
});
