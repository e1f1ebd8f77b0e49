/** One activation over a memory ledger: what is kept of its answer, before its command is sent and once its fate is known. */
import { emptyObject, knownJson } from '../../src/json/text';
import { Activation, type ActivationParts } from '../../src/activation';
import type { Delivery } from '../../src/broker/deliver';
import type { Lease } from '../../src/broker/lease';
import { ConnectorError } from '../../src/errors';
import type { HttpRequest, HttpResponse } from '../../src/http/request';
import { javaManner } from '../../src/java/manner';
import type { Connector, Job } from '../../src/job/job';
import { createAnswerCodec } from '../../src/ledger/answer-codec';
import type { Ledger } from '../../src/ledger/ledger';
import { MemoryLedger } from '../../src/ledger/memory';
import { RateGate } from '../../src/limits/rate-gate';
import { buildConnector, buildJob } from '../support/job-builders';

const request: HttpRequest = {
  method: 'POST',
  url: 'https://api.test/v1/chat/completions',
  headers: [],
  connectTimeoutMs: 0,
  idleTimeoutMs: 0,
  totalTimeoutMs: 0,
  maxBodyBytes: 1000,
};
const paid: HttpResponse = { status: 200, reason: '', headers: [], body: Buffer.from('{}') };
const badAnswer = new ConnectorError('This is not JSON', { cause: 'INVALID_ANSWER' });
const jobError = (retries: number): string => `=jobError("again", {}, ${retries})`;

interface Task {
  /** Thrown by the connector after its call was answered; absent: it succeeds. */
  readonly error?: ConnectorError;
  readonly errorExpression?: string;
  readonly family?: Partial<Connector>;
  readonly signal?: AbortSignal;
  readonly retries?: number;
}

function partsWith(ledger: Ledger): ActivationParts {
  return {
    http: () => Promise.resolve(paid),
    gate: new RateGate({ maxConcurrent: 10, now: Date.now, random: () => 0.5 }),
    ledger,
    codec: createAnswerCodec(undefined),
    secrets: { lookup: () => Promise.resolve(undefined) },
    documents: { download: () => Promise.reject(badAnswer), upload: () => Promise.reject(badAnswer) },
    observer: { ledger: () => undefined, postponed: () => undefined, warning: () => undefined },
    limits: { claimMs: 5000, maxPostponements: 10, maxPostponeMs: 60_000, onLedgerFailure: 'refuse' },
  };
}

function held(signal = new AbortController().signal): Pick<Lease, 'signal' | 'extend'> {
  return { signal, extend: () => Promise.resolve() };
}

/** Runs one activation. */
async function activate(task: Task) {
  const ledger = new MemoryLedger({ expiryMs: 60_000, maxBytes: 1e6 }, Date.now);
  let calls = 0;
  const parts: ActivationParts = {
    ...partsWith(ledger),
    http: () => {
      calls++;
      return Promise.resolve(paid);
    },
  };
  const { errorExpression, error, family } = task;
  const customHeaders = errorExpression === undefined ? {} : { errorExpression };
  const job: Job = buildJob({ customHeaders, retries: task.retries ?? 3 });
  const connector = buildConnector(() => '{}', family, {
    run: async ({ call, signal }) => {
      await call(request, signal);
      if (error !== undefined) throw error;
      return knownJson('{"status":200}');
    },
  });
  const { command, settled } = await new Activation(parts, connector, job, held(task.signal)).run();
  /** Whether a next activation of the same job finds the answer. */
  const isKept = async (): Promise<boolean> => {
    const before = calls;
    await new Activation(parts, connector, job, held()).run();
    return calls === before;
  };
  return {
    command,
    isKept,
    settle: (delivery: Delivery) => settled?.(delivery),
    /** Counts one postponement; the ledger forgets the earlier ones with everything of the job. */
    postponements: async () => (await ledger.postponed(job.key, Date.now())).count,
  };
}

const isKeptBeforeSending = async (task: Task): Promise<boolean> => (await activate(task)).isKept();

async function isKeptAfter(delivery: Delivery, task: Task): Promise<boolean> {
  const { settle, isKept } = await activate(task);
  await settle(delivery);
  return isKept();
}

async function isForgottenAfter(delivery: Delivery, task: Task): Promise<boolean> {
  const { settle, postponements } = await activate(task);
  await postponements();
  await settle(delivery);
  return (await postponements()) === 1;
}

describe('an answer that is good', () => {
  it.each<Delivery>(['acknowledged', 'gone'])('is forgotten when the completion is %s', async (delivery) => {
    expect(await isKeptAfter(delivery, {})).toBe(false);
  });

  it.each<Delivery>(['dropped', 'refused'])('is kept when the completion is %s', async (delivery) => {
    expect(await isKeptAfter(delivery, {})).toBe(true);
  });

  it('serves the next try when the failure came after it', async () => {
    const error = new ConnectorError('The document store is away', { cause: 'DOCUMENT_FAILED' });
    expect(await isKeptAfter('acknowledged', { error })).toBe(true);
  });

  it('is forgotten when the error expression asked for another try', async () => {
    expect(await isKeptAfter('acknowledged', { errorExpression: jobError(2) })).toBe(false);
  });

  it('is kept when the error expression asked for another try and the engine did not hear of it', async () => {
    expect(await isKeptAfter('dropped', { errorExpression: jobError(2) })).toBe(true);
  });
});

describe('an answer that is bad', () => {
  it('is discarded before a command that leaves retries is sent', async () => {
    expect(await isKeptBeforeSending({ error: badAnswer })).toBe(false);
  });

  it('is kept until the engine has heard of the incident', async () => {
    const task = { error: badAnswer, retries: 1 };
    expect(await isKeptBeforeSending(task)).toBe(true);
    expect(await isKeptAfter('acknowledged', task)).toBe(false);
  });

  it('leaves the count of postponements alone', async () => {
    expect(await isForgottenAfter('acknowledged', { error: badAnswer })).toBe(false);
  });

  it('is discarded before sending when the error expression asks for another try', async () => {
    expect(await isKeptBeforeSending({ error: badAnswer, errorExpression: jobError(2) })).toBe(false);
  });

  it('goes with everything of the job when the try that the error expression asked for is acknowledged', async () => {
    const task = { error: badAnswer, errorExpression: jobError(2) };
    expect(await isForgottenAfter('acknowledged', task)).toBe(true);
    expect(await isForgottenAfter('dropped', task)).toBe(false);
  });

  it('is kept before sending when the error expression makes an incident of it', async () => {
    const task = { error: badAnswer, errorExpression: jobError(0) };
    expect(await isKeptBeforeSending(task)).toBe(true);
    expect(await isForgottenAfter('acknowledged', task)).toBe(true);
  });

  it('is kept before a broken error expression is reported, and discarded once that is acknowledged', async () => {
    const task = { error: badAnswer, errorExpression: '={a: ' };
    expect(await isKeptBeforeSending(task)).toBe(true);
    expect(await isKeptAfter('acknowledged', task)).toBe(false);
    expect(await isForgottenAfter('acknowledged', task)).toBe(false);
  });

  it('is discarded before sending although the job was aborted meanwhile', async () => {
    const abort = new AbortController();
    abort.abort(new Error('The job ran too long'));
    expect(await isKeptBeforeSending({ error: badAnswer, signal: abort.signal })).toBe(false);
  });
});

it('keeps no value of a secret, and gives it back to the next try', async () => {
  const kept: string[] = [];
  const memory = new MemoryLedger({ expiryMs: 60_000, maxBytes: 1e6 }, Date.now);
  const keep = memory.keep.bind(memory);
  const ledger: Ledger = Object.assign(memory, {
    keep: ((key, answer) => {
      kept.push(answer.toString());
      return keep(key, answer);
    }) satisfies Ledger['keep'],
  });
  const bodies: string[] = [];
  const connector = buildConnector(
    () => '{}',
    {},
    {
      secretNames: ['KEY'],
      run: async ({ call, signal }) => {
        bodies.push(String((await call(request, signal)).body));
        return emptyObject;
      },
    },
  );
  const parts: ActivationParts = {
    ...partsWith(ledger),
    http: () => Promise.resolve({ ...paid, body: Buffer.from('{"echo":"top-secret"}') }),
    secrets: { lookup: () => Promise.resolve('top-secret') },
  };
  for (let tries = 0; tries < 2; tries++) await new Activation(parts, connector, buildJob(), held()).run();
  expect(bodies).toEqual(['{"echo":"top-secret"}', '{"echo":"top-secret"}']);
  expect(kept).toHaveLength(1);
  expect(kept[0]).not.toContain('top-secret');
});

describe('an answer of the compatible family', () => {
  const family = { manner: javaManner };

  it('serves one command, a failure as well', async () => {
    const error = new ConnectorError('Boom');
    expect(await isKeptBeforeSending({ family, error })).toBe(true);
    expect(await isForgottenAfter('acknowledged', { family, error })).toBe(true);
  });

  it('is kept when the job only waits', async () => {
    const error = new ConnectorError('Later', { retry: { kind: 'postpone', waitMs: 1000 } });
    expect(await isKeptAfter('acknowledged', { family, error })).toBe(true);
  });

  it('is discarded before sending when it is bad', async () => {
    expect(await isKeptBeforeSending({ family, error: badAnswer })).toBe(false);
    expect(await isForgottenAfter('acknowledged', { family, error: badAnswer })).toBe(true);
  });

  it('goes with an acknowledged incident of its error expression', async () => {
    expect(await isForgottenAfter('acknowledged', { family, errorExpression: '={a: ' })).toBe(true);
  });
});
