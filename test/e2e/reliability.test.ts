/** What docs/reliability.md promises, on an engine with an upstream that counts paid calls. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../dev/engine/processes';
import { sequence } from '../support/bpmn';
import { startEngineProxy } from '../support/engine-proxy';
import { startHttpServer, type HttpServer, type ReceivedRequest } from '../support/http-server';
import { hashOf, ledgerSnapshot, type EntryState } from '../support/ledger-snapshot';
import { redisProgram, startRedis, type TestRedis } from '../support/redis';
import {
  answerOf,
  completedJobs,
  deployTask,
  promptOf,
  refusal,
  startTypedWorker,
} from '../support/reliability';
import type { WorkerProcess } from '../support/worker-process';
import { startPrivateZeebe, uniqueId, type PrivateZeebe } from '../support/zeebe';

jest.setTimeout(900_000);

/** Crashes of the worker at random moments, for each ledger: minutes, so they are asked for (`npm run test:crashes`). */
const kills = Number(process.env['RELIABILITY_KILLS'] ?? 0);

/** Of its own: one test kills it. */
let zeebe: PrivateZeebe;
let upstream: HttpServer;
let workers: WorkerProcess[];

beforeAll(async () => {
  zeebe = await startPrivateZeebe();
});
beforeEach(async () => {
  upstream = await startHttpServer();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  await upstream.close();
});
afterAll(() => zeebe.close());

async function start(
  jobType: string,
  environment: Record<string, string> = {},
  engine = zeebe,
): Promise<WorkerProcess> {
  const worker = await startTypedWorker(engine, jobType, environment);
  workers.push(worker);
  return worker;
}

const workerOf = ({ headers }: ReceivedRequest): number =>
  Number(/^Bearer sk-(\d+)$/.exec(headers.find(([name]) => name === 'Authorization')?.[1] ?? '')?.[1]);

const countOf = (states: ReadonlyMap<string, EntryState>, wanted: EntryState): number =>
  [...states.values()].filter((state) => state === wanted).length;

(kills > 0 ? describe : describe.skip)(
  'kill -9 of the worker at random moments with 100 jobs in flight',
  () => {
    let folder: string;
    let redis: TestRedis | undefined;
    /** Of its own: the other tests need not look through its many records. */
    let engine: PrivateZeebe;
    const program = redisProgram();
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'ledger-'));
      redis = program === undefined ? undefined : await startRedis(program);
    });
    beforeEach(async () => {
      engine = await startPrivateZeebe();
    });
    afterEach(() => engine.close());
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await redis?.stop();
    });

    const ledgers: [string, () => string][] = [['a folder', () => `file:${folder}`]];
    if (program !== undefined) ledgers.push(['Redis', () => redis!.url]);

    test.each(ledgers)(
      'with the ledger in %s every job completes, and only calls cut off by a crash are repeated',
      async (_name, ledger) => {
        const calls: { hash: string; worker: number }[] = [];
        const answered = new Set<string>();
        upstream.restart(async (request) => {
          const hash = hashOf(upstream.url, request);
          calls.push({ hash, worker: workerOf(request) });
          await pause(50 + Math.random() * 400);
          answered.add(hash);
          return answerOf(`answer to ${promptOf(request)}`);
        });
        const { processId, jobType } = await deployTask(engine, upstream.url);
        const startNext = (): Promise<WorkerProcess> =>
          start(
            jobType,
            {
              CONNECTOR_LEDGER: ledger(),
              // Tells the calls of the workers apart; the ledger knows a request without its key.
              SECRET_OPENAI_API_KEY: `sk-${snapshots.length}`,
            },
            engine,
          );
        /** What the ledger held when a worker was dead, by the worker's number. */
        const snapshots: Map<string, EntryState>[] = [];
        let jobs = 0;
        while (snapshots.length < kills) {
          if (jobs - answered.size < 100) {
            const first = jobs;
            jobs += 200;
            await engine.createInstances(processId, 200, (index) => ({
              prompt: `question ${first + index}`,
            }));
          }
          const before = calls.length;
          const worker = await startNext();
          while (calls.length === before) await pause(5);
          await pause(Math.random() * 1_500);
          worker.signal('SIGKILL');
          await worker.exited;
          // What it sent before it died may still be on its way.
          await pause(100);
          snapshots.push(await ledgerSnapshot(ledger()));
        }
        const last = await startNext();
        await completedJobs(engine, jobType, jobs, 300_000);

        const byRequest = new Map<string, number[]>();
        for (const { hash, worker } of calls) byRequest.set(hash, [...(byRequest.get(hash) ?? []), worker]);
        // A call may be made again by a later worker, when no worker's crash in between found its answer kept.
        const wrong = [...byRequest].flatMap(([hash, callers]) =>
          callers.slice(1).flatMap((caller, index) => {
            const former = callers[index]!;
            const atCrashes = snapshots.slice(former, caller).map((states) => states.get(hash));
            const mayRepeat = former < caller && atCrashes.every((state) => state === 'claimed');
            return mayRepeat ? [] : [{ hash, former, caller, atCrashes }];
          }),
        );
        const repeated = calls.length - byRequest.size;
        const kept = snapshots.reduce((sum, states) => sum + countOf(states, 'answered'), 0);
        const inDoubt = snapshots.reduce((sum, states) => sum + countOf(states, 'claimed'), 0);
        process.stdout.write(
          `${jobs} jobs, ${snapshots.length} crashes: ${calls.length} calls, ${repeated} repeated after a crash in mid-call; ` +
            `in the ledger at the crashes ${inDoubt} without an answer, ${kept} with one\n`,
        );
        expect(byRequest.size).toBe(jobs);
        expect(wrong).toEqual([]);
        expect(await engine.records.incidents({ jobType })).toEqual([]);
        await last.stop();
      },
    );
  },
);

describe('kill -9 with 100 answers that the engine has not been told of', () => {
  const program = redisProgram();
  test.each(['a folder', ...(program === undefined ? [] : ['Redis'])])(
    'with the ledger in %s every job completes and no call is repeated',
    async (kind) => {
      const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
      const redis = kind === 'Redis' ? await startRedis(program!) : undefined;
      const proxy = await startEngineProxy(zeebe.restAddress);
      const environment = {
        CONNECTOR_LEDGER: redis?.url ?? `file:${folder}`,
        ZEEBE_REST_ADDRESS: proxy.url,
        CONNECTOR_LEDGER_KEY: Buffer.alloc(32, 7).toString('base64'),
      };
      try {
        upstream.restart((request) => answerOf(`answer to ${promptOf(request)}`));
        const { processId, jobType } = await deployTask(zeebe, upstream.url);
        // Completions do not get through, so every answer is here and no job is done when the crash comes.
        proxy.refuse = (_method, path) => path.endsWith('/completion');
        await zeebe.createInstances(processId, 100, (index) => ({ prompt: `question ${index}` }));
        const first = await start(jobType, environment);
        while (upstream.requests.length < 100) await pause(10);
        await pause(500);
        first.signal('SIGKILL');
        await first.exited;
        proxy.refuse = () => false;
        await start(jobType, environment);
        await completedJobs(zeebe, jobType, 100, 120_000);
        expect(upstream.requests).toHaveLength(100);
      } finally {
        await Promise.all(workers.map((worker) => worker.stop()));
        await proxy.close();
        await redis?.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

test('two replicas and a job time-out that expires while the first still waits: one paid call', async () => {
  const program = redisProgram();
  if (program === undefined) return;
  const redis = await startRedis(program);
  const proxy = await startEngineProxy(zeebe.restAddress);
  try {
    upstream.restart([{ ...answerOf('yes'), delayMs: 15_000 }]);
    const { processId, jobType } = await deployTask(zeebe, upstream.url);
    // The first replica's renewals do not get through, so its job times out under its hands; nor do its polls once it has
    // the job, so that it cannot be the one that takes it again.
    proxy.refuse = (method, path) =>
      method === 'PATCH' || (path.endsWith('/activation') && upstream.requests.length > 0);
    await start(jobType, {
      CONNECTOR_LEDGER: redis.url,
      ZEEBE_REST_ADDRESS: proxy.url,
      CONNECTOR_WORKER_NAME: 'first',
    });
    const instance = await zeebe.createInstance(processId, { prompt: 'why?' });
    while (upstream.requests.length === 0) await pause(20);
    await start(jobType, { CONNECTOR_LEDGER: redis.url, CONNECTOR_WORKER_NAME: 'second' });
    const outcome = await zeebe.records.outcome(instance, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ outcome: 'completed', variables: { answer: 'yes' } });
    expect(await zeebe.records.countJobEvents({ jobType })).toHaveProperty('TIMED_OUT');
    expect((await zeebe.records.activations(jobType)).map(({ worker }) => worker)).toContain('second');
    expect(upstream.requests).toHaveLength(1);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await proxy.close();
    await redis.stop();
  }
});

test('a minute of 429 with hints of 5 s for 300 jobs: no retry spent, no incident, few requests', async () => {
  const hintMs = 5_000;
  const stormMs = 60_000;
  let end = Infinity;
  upstream.restart(() => {
    if (end === Infinity) end = Date.now() + stormMs;
    return Date.now() < end
      ? refusal(429, 'rate_limit_exceeded', [['Retry-After', String(hintMs / 1000)]])
      : answerOf('yes');
  });
  const { processId, jobType } = await deployTask(zeebe, upstream.url);
  await zeebe.createInstances(processId, 300, { prompt: 'why?' });
  await start(jobType, { CONNECTOR_MAX_JOBS: '100' });
  await completedJobs(zeebe, jobType, 300, 240_000);
  const failed = await zeebe.records.jobEvents({ jobType, intent: 'FAILED' });
  expect(new Set(failed.map(({ value }) => value['retries']))).toEqual(new Set([3]));
  expect(await zeebe.records.incidents({ jobType })).toEqual([]);
  const refused = upstream.requests.length - 300;
  process.stdout.write(`300 jobs: ${refused} refused requests, ${failed.length} postponements\n`);
  expect(refused).toBeLessThanOrEqual(1.5 * 300 * (stormMs / hintMs));
});

test('no money left is an incident at once, after one request', async () => {
  upstream.restart([refusal(429, 'insufficient_quota', [['Retry-After', '1']])]);
  const { processId, jobType } = await deployTask(zeebe, upstream.url);
  await start(jobType);
  const { outcome, incident } = await zeebe.run(processId, { prompt: 'why?' });
  expect(outcome).toBe('incident');
  expect(incident?.errorMessage).toContain('balance');
  expect(upstream.requests).toHaveLength(1);
});

test('a result expression that fails does not pay again when the job is tried again', async () => {
  upstream.restart([answerOf('yes')]);
  const processId = uniqueId('process');
  const jobType = uniqueId('openai');
  await zeebe.deploy(
    sequence(processId, {
      id: 'chat',
      jobType,
      retries: 3,
      inputs: {
        'connection.apiKey': 'k',
        'connection.baseUrl': upstream.url,
        operation: 'chatCompletion',
        'input.model': 'gpt-5-mini',
        'input.prompt': 'why?',
      },
      headers: { resultExpression: '={answer: ', retryBackoff: 'PT0S' },
    }),
  );
  await start(jobType);
  expect((await zeebe.run(processId)).outcome).toBe('incident');
  expect(upstream.requests).toHaveLength(1);
});

describe('under faults on both sides', () => {
  test('the engine killed with -9 three times, its gateway refusing for 20 s, a fifth of the calls answered with 500: nothing is lost', async () => {
    const proxy = await startEngineProxy(zeebe.restAddress);
    try {
      const failed = new Set<string>();
      upstream.restart((request, index) => {
        const prompt = promptOf(request);
        if (index % 5 === 0 && !failed.has(prompt)) {
          failed.add(prompt);
          return { ...refusal(500, 'server_error'), delayMs: 300 };
        }
        return { ...answerOf('yes'), delayMs: 700 };
      });
      const { processId, jobType } = await deployTask(zeebe, upstream.url);
      await zeebe.createInstances(processId, 300, (index) => ({ prompt: `question ${index}` }));
      const worker = await start(jobType, {
        ZEEBE_REST_ADDRESS: proxy.url,
        CONNECTOR_MAX_JOBS: '30',
        CONNECTOR_JOB_TIMEOUT: 'PT15S',
      });
      for (let crash = 0; crash < 3; crash++) {
        await pause(1_500);
        await zeebe.restart();
      }
      proxy.refuse = () => true;
      await pause(20_000);
      proxy.refuse = () => false;
      await completedJobs(zeebe, jobType, 300, 180_000);
      expect(await zeebe.records.incidents({ jobType })).toEqual([]);
      const metric = async (name: string): Promise<number> => (await worker.metric(name)) ?? 0;
      while ((await metric('zeebe_openai_connector_jobs_in_flight')) > 0) await pause(50);
      const labels = `type="${jobType}",elementTemplateId="unknown",elementTemplateVersion="unknown"`;
      const completed = await metric(
        `camunda_connector_outbound_invocations_total{${labels},action="completed"}`,
      );
      // A completion that arrived although its acknowledgement was lost.
      const gone = await metric(
        `zeebe_openai_connector_commands_not_delivered_total{type="${jobType}",delivery="gone"}`,
      );
      process.stdout.write(
        `300 jobs: ${completed} completions acknowledged, ${gone} commands repeated in vain\n`,
      );
      expect(completed).toBeLessThanOrEqual(300);
      expect(completed + gone).toBeGreaterThanOrEqual(300);
      await worker.stop();
      const answered = upstream.requests.length - failed.size;
      expect(answered).toBe(300);
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()));
      await proxy.close();
    }
  });
});
