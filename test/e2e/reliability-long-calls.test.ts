/** Calls that take far longer than a job's time-out, on an engine with an upstream that counts them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause } from '../../dev/engine/processes';
import { startHttpServer, type HttpServer } from '../support/http-server';
import { answerOf, deployTask, responseOf, startTypedWorker } from '../support/reliability';
import type { WorkerProcess } from '../support/worker-process';
import { recordedZeebe, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(120_000);

let zeebe: RecordedZeebe & { close(): Promise<void> };
beforeAll(async () => {
  zeebe = await recordedZeebe();
});
afterAll(() => zeebe.close());

interface Parts {
  readonly upstream: HttpServer;
  readonly start: (jobType: string, environment?: Record<string, string>) => Promise<WorkerProcess>;
}

/** Each test has an upstream and workers of its own: they run side by side, since they mostly wait. */
async function withParts(run: (parts: Parts) => Promise<void>): Promise<void> {
  const upstream = await startHttpServer();
  const workers: WorkerProcess[] = [];
  try {
    await run({
      upstream,
      async start(jobType, environment = {}) {
        const worker = await startTypedWorker(zeebe, jobType, environment);
        workers.push(worker);
        return worker;
      },
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await upstream.close();
  }
}

test.concurrent(
  'a call ten times as long as the job time-out is made once and completes its job once',
  async () =>
    withParts(async ({ upstream, start }) => {
      upstream.restart([{ ...answerOf('at last'), delayMs: 50_000 }]);
      const { processId, jobType } = await deployTask(zeebe, upstream.url);
      await start(jobType, { CONNECTOR_JOB_TIMEOUT: 'PT5S' });
      const { outcome, variables } = await zeebe.run(processId, { prompt: 'why?' }, 90_000);
      expect({ outcome, variables }).toMatchObject({
        outcome: 'completed',
        variables: { answer: 'at last' },
      });
      expect(upstream.requests).toHaveLength(1);
      const events = await zeebe.records.countJobEvents({ jobType });
      expect(events).toMatchObject({ CREATED: 1, COMPLETED: 1 });
      expect(events).not.toHaveProperty('TIMED_OUT');
      expect(await zeebe.records.activations(jobType)).toHaveLength(1);
    }),
);

test.concurrent('cancelling the instance closes the connection of a long call within one renewal', async () =>
  withParts(async ({ upstream, start }) => {
    const jobTimeoutMs = 10_000;
    upstream.restart([{ fault: 'silent' }]);
    const { processId, jobType } = await deployTask(zeebe, upstream.url);
    const worker = await start(jobType, { CONNECTOR_JOB_TIMEOUT: String(jobTimeoutMs) });
    const instance = await zeebe.createInstance(processId, { prompt: 'why?' });
    while (upstream.requests.length === 0) await pause(20);
    await zeebe.cancelInstance(instance);
    const cancelled = Date.now();
    while (upstream.connections() > 0) await pause(20);
    // A renewal is due at 30 to 40 % of the time-out; the rest is for its way.
    expect(Date.now() - cancelled).toBeLessThan(0.4 * jobTimeoutMs + 1_000);
    expect(await zeebe.records.refusedJobCommands({ jobType, intent: ['COMPLETE', 'FAIL'] })).toEqual([]);
    expect(await worker.metric(`zeebe_openai_connector_leases_lost_total{type="${jobType}"}`)).toBe(1);
  }),
);

test.concurrent(
  'work in the background outlives kill -9 of the worker: the next one asks for the same id, nothing is begun anew',
  async () =>
    withParts(async ({ upstream, start }) => {
      const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
      const environment = { CONNECTOR_LEDGER: `file:${folder}` };
      const seen = (line: string): number =>
        upstream.requests.filter(({ method, url }) => `${method} ${url}` === line).length;
      const begin = 'POST /responses';
      const look = 'GET /responses/resp_1';
      try {
        let done = false;
        upstream.restart(({ method }) => {
          if (method === 'POST') return responseOf(`resp_${seen(begin)}`, 'queued');
          return done
            ? responseOf('resp_1', 'completed', 'well thought')
            : responseOf('resp_1', 'in_progress');
        });
        const { processId, jobType } = await deployTask(zeebe, upstream.url, 'response', {
          'input.inBackground': '=true',
        });
        const first = await start(jobType, environment);
        const instance = await zeebe.createInstance(processId, { prompt: 'why?' });
        while (seen(look) < 2) await pause(20);
        first.signal('SIGKILL');
        await first.exited;
        const looksBefore = seen(look);
        done = true;
        await start(jobType, environment);
        expect(await zeebe.records.outcome(instance)).toMatchObject({
          outcome: 'completed',
          variables: { answer: 'well thought' },
        });
        expect(seen(begin)).toBe(1);
        expect(seen(look)).toBe(looksBefore + 1);
        expect(upstream.requests).toHaveLength(1 + seen(look));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }),
);
