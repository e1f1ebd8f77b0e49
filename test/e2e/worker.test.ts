/** The worker as a process, an engine, a real HTTP server: what an operator relies on. */
import { sequence } from '../support/bpmn';
import { startHttpServer, type HttpServer } from '../support/http-server';
import { startWorker, type WorkerProcess } from '../support/worker-process';
import { recordedZeebe, startPrivateZeebe, uniqueId, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(180_000);

const answer = { headers: [['Content-Type', 'application/json']] as const, body: '{"answer":42}' };

/** A worker that takes one test's jobs of the REST connector and nothing else. */
async function restWorker(
  zeebe: { readonly restAddress: string },
  jobType: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  return startWorker({
    ZEEBE_REST_ADDRESS: zeebe.restAddress,
    CONNECTOR_HTTP_REST_TYPE: jobType,
    CONNECTOR_OPENAI_ENABLED: 'false',
    CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
    ...environment,
  });
}

async function deployCall(
  zeebe: RecordedZeebe,
  url: string,
): Promise<{ processId: string; jobType: string }> {
  const processId = uniqueId('process');
  const jobType = uniqueId('rest');
  await zeebe.deploy(
    sequence(processId, {
      id: 'call',
      jobType,
      inputs: { method: 'post', url, body: '={question: "why?"}' },
      headers: { resultExpression: '={answer: response.body.answer}' },
    }),
  );
  return { processId, jobType };
}

describe('on a shared engine', () => {
  let zeebe: RecordedZeebe & { close(): Promise<void> };
  let upstream: HttpServer;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    zeebe = await recordedZeebe();
  });
  beforeEach(async () => {
    upstream = await startHttpServer([answer]);
  });
  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await upstream.close();
  });
  afterAll(() => zeebe.close());

  test('SIGTERM with 20 running calls and 100 jobs waiting: the running ones complete, nothing is left locked', async () => {
    upstream.restart([{ ...answer, delayMs: 3_000 }]);
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    worker = await restWorker(zeebe, jobType, { CONNECTOR_MAX_JOBS: '20' });
    await zeebe.createInstances(processId, 120);
    while (upstream.requests.length < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    const running = upstream.requests.length;
    worker.signal('SIGTERM');
    expect(await worker.exited).toBe(0);

    await zeebe.records.waitForCount({ jobType, valueType: 'JOB', intent: 'COMPLETED' }, running);
    expect(await zeebe.records.lockedJobs(jobType)).toEqual([]);
    expect(await zeebe.records.incidents({ jobType })).toEqual([]);
  });

  test('300 jobs that wait one second each finish on one worker with 300 in flight', async () => {
    upstream.restart([{ ...answer, delayMs: 1_000 }]);
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    await zeebe.createInstances(processId, 300);
    worker = await restWorker(zeebe, jobType, { CONNECTOR_MAX_JOBS: '300' });
    await zeebe.records.waitForCount({ jobType, valueType: 'JOB', intent: 'COMPLETED' }, 300, 60_000);
    expect(upstream.requests).toHaveLength(300);
    expect(await zeebe.records.countJobEvents({ jobType })).toMatchObject({ CREATED: 300, COMPLETED: 300 });
  });

  test('a call longer than the job time-out is made once and completes its job', async () => {
    upstream.restart([{ ...answer, delayMs: 12_000 }]);
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    worker = await restWorker(zeebe, jobType, {
      CONNECTOR_JOB_TIMEOUT: 'PT5S',
      CONNECTOR_POLL_TIMEOUT: 'PT2S',
    });
    const { outcome } = await zeebe.run(processId, {}, 40_000);
    expect(outcome).toBe('completed');
    expect(upstream.requests).toHaveLength(1);
    expect(await zeebe.records.countJobEvents({ jobType })).not.toHaveProperty('TIMED_OUT');
  });

  test('cancelling the instance closes the connection to the API within one renewal', async () => {
    upstream.restart([{ ...answer, delayMs: 60_000 }]);
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    worker = await restWorker(zeebe, jobType, {
      CONNECTOR_JOB_TIMEOUT: 'PT10S',
      CONNECTOR_POLL_TIMEOUT: 'PT2S',
    });
    const instance = await zeebe.createInstance(processId);
    while (upstream.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    await zeebe.cancelInstance(instance);
    const cancelled = Date.now();
    while (upstream.connections() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(Date.now() - cancelled).toBeLessThan(6_000);
    expect(await zeebe.records.refusedJobCommands({ jobType, intent: 'FAIL' })).toEqual([]);
  });

  test('2,000 queued jobs: no more in flight than allowed', async () => {
    let now = 0;
    let peak = 0;
    upstream.restart(async () => {
      peak = Math.max(peak, ++now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now--;
      return answer;
    });
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    await zeebe.createInstances(processId, 2_000);
    worker = await restWorker(zeebe, jobType, { CONNECTOR_MAX_JOBS: '25' });
    await zeebe.records.waitForCount({ jobType, valueType: 'JOB', intent: 'COMPLETED' }, 2_000, 120_000);
    expect(peak).toBeLessThanOrEqual(25);
    expect(upstream.requests).toHaveLength(2_000);
  });

  test('a type that is switched off is never polled', async () => {
    const { processId, jobType } = await deployCall(zeebe, upstream.url);
    const instance = await zeebe.createInstance(processId);
    worker = await startWorker({
      ZEEBE_REST_ADDRESS: zeebe.restAddress,
      CONNECTOR_HTTP_REST_ENABLED: 'false',
      CONNECTOR_HTTP_REST_TYPE: jobType,
      CONNECTOR_OPENAI_TYPE: uniqueId('openai'),
      CONNECTOR_AZURE_OPENAI_TYPE: uniqueId('azure'),
      CONNECTOR_POLL_TIMEOUT: 'PT1S',
    });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await zeebe.records.activations(jobType)).toEqual([]);
    await zeebe.cancelInstance(instance);
  });

  test('the log names the job and never its variables or a secret', async () => {
    const { processId, jobType } = await deployCall(zeebe, `${upstream.url}/{{secrets.PATH_TOKEN}}`);
    worker = await restWorker(zeebe, jobType, {
      SECRET_PATH_TOKEN: 'very-secret-token',
      CONNECTOR_LOG_LEVEL: 'trace',
    });
    const { outcome } = await zeebe.run(processId);
    expect(outcome).toBe('completed');
    await worker.stop();
    expect(upstream.requests[0]?.url).toBe('/very-secret-token');
    const line = worker.log.find((entry) => entry['msg'] === 'Job completed');
    expect(line).toMatchObject({
      process: processId,
      element: 'call',
      jobType,
      tenantId: '<default>',
      command: 'complete',
    });
    expect(line).toHaveProperty('jobKey');
    expect(worker.output()).not.toContain('very-secret-token');
    expect(worker.output()).not.toContain('why?');
  });
});

describe('on an engine of its own', () => {
  test('the engine killed with -9 while 50 jobs run: all complete after its restart, no job fails', async () => {
    const zeebe = await startPrivateZeebe();
    const upstream = await startHttpServer([{ ...answer, delayMs: 4_000 }]);
    let worker: WorkerProcess | undefined;
    try {
      const { processId, jobType } = await deployCall(zeebe, upstream.url);
      worker = await restWorker(zeebe, jobType);
      await zeebe.createInstances(processId, 50);
      while (upstream.requests.length < 50) await new Promise((resolve) => setTimeout(resolve, 20));
      await zeebe.restart();
      await zeebe.records.waitForCount({ jobType, valueType: 'JOB', intent: 'COMPLETED' }, 50, 120_000);
      const counts = await zeebe.records.countJobEvents({ jobType });
      expect(counts['COMPLETED']).toBe(50);
      expect(counts).not.toHaveProperty('FAILED');
      expect(upstream.requests).toHaveLength(50);
      const instance = await zeebe.createInstance(processId);
      expect((await zeebe.records.outcome(instance)).outcome).toBe('completed');
    } finally {
      await worker?.stop();
      await upstream.close();
      await zeebe.close();
    }
  });
});

describe('a start that cannot work', () => {
  test('a wrong value ends the process with a sentence naming variable, value and remedy', async () => {
    const worker = await startWorker({ CONNECTOR_JOB_TIMEOUT: 'soon' }, { waitUntilReady: false });
    expect(await worker.exited).toBe(1);
    expect(worker.output()).toContain('CONNECTOR_JOB_TIMEOUT is "soon"; it must be a duration');
  });

  test('without an engine the worker waits for it, and is live but not ready', async () => {
    const worker = await startWorker({ ZEEBE_REST_ADDRESS: 'http://127.0.0.1:9' }, { waitUntilReady: false });
    let live = false;
    for (let tries = 0; !live && tries < 100; tries++) {
      live = await fetch(`${worker.managementAddress}/health/live`).then(
        (response) => response.ok,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(live).toBe(true);
    expect((await fetch(`${worker.managementAddress}/health/ready`)).status).toBe(503);
    await worker.stop();
    expect(await worker.exited).toBe(0);
  });
});
