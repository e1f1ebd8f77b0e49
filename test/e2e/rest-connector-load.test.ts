/** Many jobs of Camunda's REST connector at once, on an engine: every job gets the command it should, and only one. */
import type { EngineRecord } from '../../dev/engine/records';
import { sequence } from '../support/bpmn';
import { startHttpServer, type HttpServer } from '../support/http-server';
import {
  commandOf,
  endsOfTry,
  engineCases,
  prepareCases,
  type CaseRun,
  type EngineCase,
} from '../support/rest-vector-cases';
import { startWorker, type WorkerProcess } from '../support/worker-process';
import { recordedZeebe, uniqueId, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(600_000);

const timeoutMs = 500_000;
let zeebe: RecordedZeebe & { close(): Promise<void> };
beforeAll(async () => {
  zeebe = await recordedZeebe();
});
afterAll(() => zeebe.close());

describe('2,000 jobs of mixed kind, a tenth of them failing in every recorded way', () => {
  const jobCount = 2_000;
  const cases = engineCases();
  const instances = new Map<string, EngineCase>();
  let run: CaseRun;

  beforeAll(async () => {
    run = await prepareCases(cases, zeebe, 1);
    const succeeding = cases.filter(({ vector }) => vector.expect.command.type === 'complete');
    const failing = cases.filter(({ vector }) => vector.expect.command.type !== 'complete');
    const chosen = Array.from({ length: jobCount }, (_, index): EngineCase => {
      const pool = index % 10 === 0 ? failing : succeeding;
      return pool[Math.floor(index / 10) % pool.length] ?? failing[0]!;
    });
    await run.startWorkers();
    await inLanes(chosen, async (entry) => {
      const variables = JSON.parse(entry.vector.variables) as Record<string, unknown>;
      const [key = ''] = await zeebe.createInstances(entry.processId, 1, variables);
      instances.set(key, entry);
    });
  });
  afterAll(async () => {
    await run.close();
    await inLanes([...instances.keys()], (key) => zeebe.cancelInstance(key).catch(() => undefined));
  });

  test('end with exactly one command per job, each as expected', async () => {
    const tries = await zeebe.records.waitFor(
      { valueType: 'JOB', recordType: 'EVENT', intent: endsOfTry },
      (events) => {
        const own = events.filter(({ value }) => instances.has(value.processInstanceKey ?? ''));
        return new Set(own.map(({ key }) => key)).size === jobCount ? own : undefined;
      },
      timeoutMs,
    );
    const first = firstByInstance(tries);
    const wrong = [...instances].flatMap(([instance, { vector }]) => {
      const { type, errorCode } = vector.expect.command;
      const command = commandOf(first.get(instance)!);
      return command.type === type && (errorCode === undefined || command.errorCode === errorCode)
        ? []
        : [`${vector.name}: ${JSON.stringify(command)}`];
    });
    expect(wrong).toEqual([]);

    // A job may be tried again when its own error expression gave it retries: one command for each time it was taken.
    await run.stopWorkers();
    for (const jobType of new Set(cases.map(({ group }) => group.jobType))) {
      const taken = (await zeebe.records.activations(jobType)).length;
      const ended = { jobType, valueType: 'JOB', recordType: 'EVENT', intent: endsOfTry } as const;
      expect(await zeebe.records.waitForCount(ended, taken)).toHaveLength(taken);
      expect(await zeebe.records.jobEvents({ jobType, intent: 'TIMED_OUT' })).toEqual([]);
      expect(await zeebe.records.refusedJobCommands({ jobType })).toEqual([]);
    }
  });
});

describe('OAuth with client credentials', () => {
  let upstream: HttpServer;
  let worker: WorkerProcess;
  let processId: string;
  const tokenRequests = () => upstream.requests.filter(({ url }) => url === '/token').length;
  let validToken = 0;

  beforeAll(async () => {
    upstream = await startHttpServer(({ url, headers }) => {
      if (url === '/token') {
        validToken++;
        return { body: `{"access_token":"token-${validToken}","expires_in":3600}`, delayMs: 500 };
      }
      const sent = headers.find(([name]) => name === 'Authorization')?.[1];
      return sent === `Bearer token-${validToken}` ? { body: '{}' } : { status: 401 };
    });
    processId = uniqueId('oauth');
    const jobType = uniqueId('rest');
    await zeebe.deploy(
      sequence(processId, {
        id: 'call',
        jobType,
        inputs: {
          method: 'post',
          url: `${upstream.url}/api`,
          body: '={a: 1}',
          'authentication.type': 'oauth-client-credentials-flow',
          'authentication.oauthTokenEndpoint': `${upstream.url}/token`,
          'authentication.clientId': 'id',
          'authentication.clientSecret': '{{secrets.CLIENT}}',
          'authentication.clientAuthentication': 'basicAuthHeader',
        },
      }),
    );
    worker = await startWorker({
      ZEEBE_REST_ADDRESS: zeebe.restAddress,
      CONNECTOR_HTTP_REST_TYPE: jobType,
      CONNECTOR_OPENAI_ENABLED: 'false',
      CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
      CONNECTOR_MAX_JOBS: '500',
      SECRET_CLIENT: 'secret',
    });
  });
  afterAll(async () => {
    await worker.stop();
    await upstream.close();
  });

  const completed = (count: number) =>
    zeebe.records.waitForCount(
      { bpmnProcessId: processId, valueType: 'JOB', recordType: 'EVENT', intent: 'COMPLETED' },
      count,
      timeoutMs,
    );
  const failed = async () =>
    (await zeebe.records.jobEvents({ bpmnProcessId: processId, intent: 'FAILED' })).length;

  test('500 jobs at once on a cold cache make one token request', async () => {
    await zeebe.createInstances(processId, 500);
    await completed(500);
    expect(await failed()).toBe(0);
    expect(tokenRequests()).toBe(1);
  });

  test('a token that is refused in mid-flight is renewed once for all', async () => {
    validToken = 1_000;
    await zeebe.createInstances(processId, 200);
    await completed(700);
    expect(await failed()).toBe(0);
    expect(tokenRequests()).toBe(2);
  });
});

function firstByInstance(events: readonly EngineRecord[]): Map<string, EngineRecord> {
  const first = new Map<string, EngineRecord>();
  for (const event of events) {
    const key = event.value.processInstanceKey ?? '';
    if (!first.has(key)) first.set(key, event);
  }
  return first;
}

/** Does the work for every item, 16 at a time. */
async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}
