import type { HttpResponse } from '../../../src/http/request';
import { RateGate, type LimitedRequest } from '../../../src/limits/rate-gate';

const request: LimitedRequest = {
  method: 'POST',
  url: 'https://api.test/v1/chat/completions',
  headers: [['authorization', 'Bearer a']],
  connectTimeoutMs: 0,
  idleTimeoutMs: 0,
  totalTimeoutMs: 0,
  maxBodyBytes: 1,
  limitGroup: 'gpt-5-mini',
};
const answer = (status: number, headers: HttpResponse['headers'] = []): HttpResponse => ({
  status,
  reason: '',
  headers,
  body: undefined,
});
const later = answer(429, [['Retry-After', '30']]);
const { signal } = new AbortController();

let now: number;
let slept: number[];
let gate: RateGate;
const sleep = (ms: number) => {
  slept.push(ms);
  now += ms;
  return Promise.resolve();
};
const call = (response: HttpResponse, changes: Partial<LimitedRequest> = {}, type = 'type') =>
  gate.guard(type, () => Promise.resolve(response), sleep)({ ...request, ...changes }, signal);

beforeEach(() => {
  now = 1_000_000;
  slept = [];
  gate = new RateGate({ maxConcurrent: 2, now: () => now, random: () => 0.5 });
});

test('after a hint the deployment is not called until then: the job is postponed by what is left', async () => {
  await call(later);
  now += 10_000;
  await expect(call(answer(200))).rejects.toMatchObject({
    causeName: 'RATE_LIMITED',
    retry: { kind: 'postpone', waitMs: 20_000 },
  });
  now += 20_000;
  expect((await call(answer(200))).status).toBe(200);
});

test('a hint of a day holds others for five minutes only', async () => {
  await call(answer(429, [['Retry-After', '86400']]));
  now += 299_000;
  expect(gate.cooling).toBe(1);
  now += 1_000;
  expect(gate.cooling).toBe(0);
});

test('a short rest is waited for in the call', async () => {
  await call(later);
  now += 29_000;
  expect((await call(answer(200))).status).toBe(200);
  expect(slept).toEqual([1_500]);
});

test('another model, another key and another host are called all the same', async () => {
  await call(later);
  await call(answer(200), { limitGroup: 'gpt-5' });
  await call(answer(200), { headers: [['authorization', 'Bearer b']] });
  await call(answer(200), { url: 'https://other.test/v1/chat/completions' });
  await call(answer(200), { headers: [], limitGroup: 'other' });
});

test('a refusal without a hint cools nothing', async () => {
  await call(answer(429));
  expect((await call(answer(200))).status).toBe(200);
});

test('a type whose only deployment cools down is paused; one with a second deployment is not', async () => {
  expect(gate.pauseMs('type')).toBe(0);
  await call(later);
  expect(gate.pauseMs('type')).toBe(30_000);
  await call(answer(200), { limitGroup: 'gpt-5' });
  expect(gate.pauseMs('type')).toBe(0);
  now += 16 * 60_000;
  await call(later, { limitGroup: 'gpt-5' });
  expect(gate.pauseMs('type')).toBe(30_000);
});

test('no more calls at a time than allowed, in the order they came', async () => {
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const run = (name: string) =>
    gate.guard(
      'type',
      () => {
        order.push(name);
        return new Promise((resolve) => ends.push(() => resolve(answer(200))));
      },
      sleep,
    )(request, signal);
  const all = ['a', 'b', 'c', 'd'].map(run);
  await new Promise(setImmediate);
  expect(order).toEqual(['a', 'b']);
  ends[0]!();
  await all[0];
  await new Promise(setImmediate);
  expect(order).toEqual(['a', 'b', 'c']);
  ends[1]!();
  ends[2]!();
  await new Promise(setImmediate);
  ends[3]!();
  await Promise.all(all);
});

test('a job that is aborted while it waits leaves the line', async () => {
  const ends: (() => void)[] = [];
  const run = (abort: AbortSignal) =>
    gate.guard(
      'type',
      () => new Promise((resolve) => ends.push(() => resolve(answer(200)))),
      sleep,
    )(request, abort);
  const running = [run(signal), run(signal)];
  const controller = new AbortController();
  const waiting = run(controller.signal);
  await new Promise(setImmediate);
  controller.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  for (const end of ends) end();
  await Promise.all(running);
  expect((await call(answer(200))).status).toBe(200);
});

test('a deployment nobody calls is forgotten once it is cool, however many there were', async () => {
  for (let index = 0; index < 50; index++) await call(answer(200), { limitGroup: `/files/file-${index}` });
  expect(gate.known).toBe(0);
  await call(later);
  expect([gate.known, gate.cooling]).toEqual([1, 1]);
  now += 30_000;
  await call(answer(200), { limitGroup: 'gpt-5' });
  expect([gate.known, gate.cooling]).toEqual([0, 0]);
});

test('of many deployments the latest two say whether a type calls only one', async () => {
  for (let index = 0; index < 5; index++) await call(answer(200), { limitGroup: `model-${index}` });
  await call(later);
  expect(gate.pauseMs('type')).toBe(0);
  now += 16 * 60_000;
  await call(later);
  expect(gate.pauseMs('type')).toBe(30_000);
});
