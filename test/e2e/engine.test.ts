/** The engine at hand and what tests use of it. */
import { sequence } from '../support/bpmn';
import {
  recordedZeebe,
  startPrivateZeebe,
  uniqueId,
  ZeebeRequestError,
  type RecordedZeebe,
} from '../support/zeebe';

jest.setTimeout(120_000);

describe('an engine with records', () => {
  let zeebe: RecordedZeebe & { close(): Promise<void> };
  beforeAll(async () => (zeebe = await recordedZeebe()));
  afterAll(() => zeebe.close());

  async function deployTask(options: { catches?: string } = {}) {
    const processId = uniqueId('process');
    const jobType = uniqueId('job');
    await zeebe.deploy(sequence(processId, { id: 'task', jobType, ...options }));
    return { processId, jobType };
  }

  test('a completed job shows its variables, and the instance its outcome', async () => {
    const { processId, jobType } = await deployTask();
    const instance = await zeebe.createInstance(processId, { question: 'why?' });
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 1);
    const [job] = await zeebe.activateJobs(jobType);
    expect(job?.['variables']).toEqual({ question: 'why?' });
    const key = String(job?.['jobKey'] ?? job?.['key']);
    await zeebe.request('POST', `/v2/jobs/${key}/completion`, { variables: { answer: 42 } });

    expect(await zeebe.records.outcome(instance)).toEqual({
      outcome: 'completed',
      variables: { question: 'why?', answer: 42 },
      completedElements: ['start', 'task', 'end'],
    });
    expect(await zeebe.records.countJobEvents({ jobType })).toEqual({ CREATED: 1, COMPLETED: 1 });
    expect(await zeebe.records.activations(jobType)).toEqual([
      expect.objectContaining({ jobKey: key, worker: 'test' }),
    ]);
  });

  test('a job that is taken and not ended is locked, until the instance is cancelled', async () => {
    const { processId, jobType } = await deployTask();
    const instance = await zeebe.createInstance(processId);
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 1);
    await zeebe.activateJobs(jobType);
    await zeebe.records.waitForCount({ jobType, valueType: 'JOB_BATCH', intent: 'ACTIVATED' }, 1);
    expect(await zeebe.records.lockedJobs(jobType)).toHaveLength(1);

    await zeebe.cancelInstance(instance);
    expect((await zeebe.records.outcome(instance)).outcome).toBe('terminated');
    expect(await zeebe.records.lockedJobs(jobType)).toEqual([]);
  });

  test('a failure without retries is an incident; with retries again and resolved, the process goes on', async () => {
    const { processId, jobType } = await deployTask();
    const instance = await zeebe.createInstance(processId);
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 1);
    const [job] = await zeebe.activateJobs(jobType);
    const key = String(job?.['jobKey'] ?? job?.['key']);
    await zeebe.request('POST', `/v2/jobs/${key}/failure`, { retries: 0, errorMessage: 'no luck' });
    const { outcome, incident } = await zeebe.records.outcome(instance);
    expect({ outcome, incident }).toMatchObject({
      outcome: 'incident',
      incident: { errorType: 'JOB_NO_RETRIES', errorMessage: 'no luck' },
    });

    await zeebe.updateJobRetries(key, 1);
    await zeebe.resolveIncident(incident?.key ?? '');
    await zeebe.records.waitForCount(
      { valueType: 'INCIDENT', intent: 'RESOLVED', processInstanceKey: instance },
      1,
    );
    await zeebe.activateJobs(jobType);
    await zeebe.request('POST', `/v2/jobs/${key}/completion`, {});
    expect((await zeebe.records.outcome(instance)).outcome).toBe('completed');
  });

  test('a thrown error leaves by the boundary event that names its code', async () => {
    const { processId, jobType } = await deployTask({ catches: 'FILTERED' });
    const instance = await zeebe.createInstance(processId);
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 1);
    const [job] = await zeebe.activateJobs(jobType);
    await zeebe.request('POST', `/v2/jobs/${String(job?.['jobKey'] ?? job?.['key'])}/error`, {
      errorCode: 'FILTERED',
    });
    const { outcome, completedElements } = await zeebe.records.outcome(instance);
    expect({ outcome, last: completedElements.at(-1) }).toEqual({
      outcome: 'completed',
      last: 'task-caught',
    });
  });

  test('what the engine refuses is an error in its own words', async () => {
    await expect(zeebe.createInstance(uniqueId('missing'))).rejects.toThrow(ZeebeRequestError);
    await expect(zeebe.deploy('<nonsense/>')).rejects.toThrow(/400/);
  });

  test('many instances at once all come into being', async () => {
    const { processId, jobType } = await deployTask();
    const keys = await zeebe.createInstances(processId, 100, (index) => ({ index }));
    expect(new Set(keys).size).toBe(100);
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 100);
  });
});

test('a private engine that is killed comes back with its data; keys beyond 2^53 keep their digits', async () => {
  const zeebe = await startPrivateZeebe({ partitions: 4 });
  try {
    const processId = uniqueId('process');
    const jobType = uniqueId('job');
    await zeebe.deploy(sequence(processId, { id: 'task', jobType }));
    const keys = await zeebe.createInstances(processId, 8);
    expect(keys.some((key) => BigInt(key) > BigInt(Number.MAX_SAFE_INTEGER))).toBe(true);
    await zeebe.records.waitForCount({ jobType, intent: 'CREATED', valueType: 'JOB' }, 8);
    const created = await zeebe.records.jobEvents({ jobType, intent: 'CREATED' });
    expect(created.map(({ value }) => value.processInstanceKey).sort()).toEqual([...keys].sort());

    await zeebe.kill();
    await expect(zeebe.createInstance(processId)).rejects.toThrow();
    await zeebe.start();

    for (const key of keys) await zeebe.cancelInstance(key);
    expect((await zeebe.records.outcome(keys[0] ?? '')).outcome).toBe('terminated');
  } finally {
    await zeebe.close();
  }
});
