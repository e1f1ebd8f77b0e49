/** What every adapter of the Broker port must do; run against the fake and against a real cluster. */
import { emptyObject, knownJson } from '../../src/json/text';
import { BrokerError, type ActivationRequest, type Broker } from '../../src/broker/broker';
import type { Job, JobCommand } from '../../src/job/job';

export interface ConformanceCluster {
  readonly broker: Broker;
  /** A job type that nobody else uses. */
  newType(): string;
  createJobs(
    type: string,
    count: number,
    options?: { variables?: Record<string, unknown>; retries?: number },
  ): Promise<void>;
}

const complete = (variables: string = emptyObject): JobCommand => ({
  kind: 'complete',
  variables: knownJson(variables),
});
const fail = (retries: number, backoffMs = 0): JobCommand => ({
  kind: 'fail',
  retries,
  backoffMs,
  errorMessage: 'refused on purpose',
  variables: emptyObject,
});

export function brokerConformance(open: () => ConformanceCluster): void {
  let cluster: ConformanceCluster;
  beforeAll(() => {
    cluster = open();
  });

  const request = (type: string, more: Partial<ActivationRequest> = {}): ActivationRequest => ({
    type,
    worker: 'conformance',
    timeoutMs: 60_000,
    maxJobs: 5,
    fetchVariables: [],
    tenantIds: [],
    ...more,
  });

  async function activateOne(type: string, more: Partial<ActivationRequest> = {}): Promise<Job> {
    const jobs = await cluster.broker.activate(request(type, { maxJobs: 1, ...more }));
    expect(jobs).toHaveLength(1);
    return jobs[0]!;
  }

  async function newJob(
    options: { variables?: Record<string, unknown>; retries?: number } = {},
  ): Promise<Job> {
    const type = cluster.newType();
    await cluster.createJobs(type, 1, options);
    return activateOne(type);
  }

  const kindOf = async (action: Promise<unknown>): Promise<string> =>
    action.then(
      () => 'acknowledged',
      (error: unknown) => (error instanceof BrokerError ? error.kind : String(error)),
    );

  test('a poll without a job ends empty after its time', async () => {
    await expect(cluster.broker.activate(request(cluster.newType()))).resolves.toEqual([]);
  });

  test('an open poll gets a job that appears while it waits', async () => {
    const type = cluster.newType();
    const poll = cluster.broker.activate(request(type));
    await cluster.createJobs(type, 1);
    const jobs = await poll;
    expect(jobs.map((job) => job.type)).toEqual([type]);
  });

  test('a poll brings at most as many jobs as asked for', async () => {
    const type = cluster.newType();
    await cluster.createJobs(type, 3);
    expect((await cluster.broker.activate(request(type, { maxJobs: 2 }))).length).toBeLessThanOrEqual(2);
  });

  test('a job carries its key as digits, its retries, its process and its variables as JSON text', async () => {
    const job = await newJob({ retries: 5, variables: { a: { b: [1, 'x'] } } });
    expect(job.key).toMatch(/^\d+$/);
    expect(job.retries).toBe(5);
    expect(job.processDefinitionId).not.toBe('');
    expect(job.elementId).not.toBe('');
    expect(JSON.parse(job.variables)).toMatchObject({ a: { b: [1, 'x'] } });
  });

  test('completing acknowledges once; a repeat finds nothing', async () => {
    const job = await newJob();
    await cluster.broker.send(job.key, complete('{"answer":42}'));
    expect(await kindOf(cluster.broker.send(job.key, complete()))).toBe('not-found');
  });

  test('a job that does not exist takes no command and no extension', async () => {
    expect(await kindOf(cluster.broker.send('4503599627000000', complete()))).toBe('not-found');
    expect(await kindOf(cluster.broker.extend('4503599627000000', 1000))).toBe('not-found');
  });

  test('failing with retries left makes the job available again with those retries and the same key', async () => {
    const job = await newJob();
    await cluster.broker.send(job.key, fail(7));
    const again = await activateOne(job.type);
    expect([again.key, again.retries]).toEqual([job.key, 7]);
  });

  test('a job in back-off takes no command', async () => {
    const job = await newJob();
    await cluster.broker.send(job.key, fail(2, 30_000));
    expect(await kindOf(cluster.broker.send(job.key, complete()))).toBe('invalid-state');
  });

  test('a job without retries takes no command', async () => {
    const job = await newJob();
    await cluster.broker.send(job.key, fail(0));
    expect(await kindOf(cluster.broker.send(job.key, complete()))).toBe('invalid-state');
  });

  test('a job whose time is over goes to the next poll, and its first holder may still complete it', async () => {
    const type = cluster.newType();
    await cluster.createJobs(type, 1);
    const first = await activateOne(type, { timeoutMs: 500 });
    const second = await activateOne(type);
    expect(second.key).toBe(first.key);
    await cluster.broker.send(first.key, complete());
    expect(await kindOf(cluster.broker.send(second.key, complete()))).toBe('not-found');
  });

  test('an extension keeps a job from the next poll', async () => {
    const type = cluster.newType();
    await cluster.createJobs(type, 1);
    const job = await activateOne(type, { timeoutMs: 1_000 });
    await cluster.broker.extend(job.key, 60_000);
    expect(await cluster.broker.activate(request(type))).toEqual([]);
    await cluster.broker.send(job.key, complete());
  });

  test('a result beyond the size of a command is refused as too large, and a smaller one is taken after it', async () => {
    const job = await newJob();
    const large = JSON.stringify({ text: 'x'.repeat(2_600_000) });
    expect(await kindOf(cluster.broker.send(job.key, complete(large)))).toBe('too-large');
    await cluster.broker.send(job.key, complete());
  });

  test('a BPMN error without a code is refused as invalid', async () => {
    const job = await newJob();
    expect(
      await kindOf(
        cluster.broker.send(job.key, { kind: 'throwError', errorCode: '', variables: emptyObject }),
      ),
    ).toBe('invalid');
  });
}
