import { boundary, bpmn, end, error, path, serviceTask, start } from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => {
  engine = await TestEngine.open();
  await engine.deploy(
    bpmn(
      'p',
      path(start(), serviceTask('task', { headers: { color: 'red' } }), end()),
      boundary('b', 'task', error('E')),
      path('b', end('caught')),
    ),
  );
});
afterEach(() => engine.close());

const failure = (retries: number, retryBackOffMs = 0, variables = '{}', errorMessage = 'refused') => ({
  retries,
  retryBackOffMs,
  variables,
  errorMessage,
});
type Command = (key: string) => Promise<void>;
const commands: Record<string, Command> = {
  complete: (key) => engine.engine.completeJob(key, '{}'),
  fail: (key) => engine.engine.failJob(key, failure(2)),
  error: (key) => engine.engine.throwJobError(key, { errorCode: 'E', errorMessage: '', variables: '{}' }),
  patch: (key) => engine.engine.updateJob(key, { timeoutMs: 5_000 }),
};
const outcome = (promise: Promise<void>): Promise<number> =>
  promise.then(
    () => 204,
    (thrown: { status: number }) => thrown.status,
  );

/** Brings a job into a state; returns its key. */
const states: Record<string, () => Promise<string>> = {
  async activatable() {
    const { job } = await engine.job('task');
    await engine.engine.failJob(job.key, failure(3));
    return job.key;
  },
  async active() {
    return (await engine.job('task')).job.key;
  },
  async 'timed out and free'() {
    const [taken] = await engine.jobs('task', { timeoutMs: 10 });
    await engine.pass(10);
    return taken!.job.key;
  },
  async 'timed out and with another worker'() {
    await engine.jobs('task', { timeoutMs: 10 });
    await engine.pass(10);
    return (await engine.job('task')).job.key;
  },
  async 'in back-off'() {
    const { job } = await engine.job('task');
    await engine.engine.failJob(job.key, failure(2, 10_000));
    return job.key;
  },
  async 'without retries'() {
    const { job } = await engine.job('task');
    await engine.engine.failJob(job.key, failure(0));
    return job.key;
  },
  async 'with an error nobody caught'() {
    const { job } = await engine.job('task');
    await engine.engine.throwJobError(job.key, { errorCode: 'OTHER', errorMessage: '', variables: '{}' });
    return job.key;
  },
  async done() {
    const { job } = await engine.job('task');
    await engine.engine.completeJob(job.key, '{}');
    return job.key;
  },
  async cancelled() {
    const { job } = await engine.job('task');
    await engine.engine.cancelInstance(job.instance);
    return job.key;
  },
  unknown: () => Promise.resolve('4503599627000000'),
};

describe.each([
  ['activatable', { complete: 204, fail: 204, error: 204, patch: 400 }],
  ['active', { complete: 204, fail: 204, error: 204, patch: 204 }],
  ['timed out and free', { complete: 204, fail: 204, error: 204, patch: 400 }],
  ['timed out and with another worker', { complete: 204, fail: 204, error: 204, patch: 204 }],
  ['in back-off', { complete: 409, fail: 409, error: 409, patch: 400 }],
  ['without retries', { complete: 409, fail: 409, error: 409, patch: 400 }],
  ['with an error nobody caught', { complete: 409, fail: 409, error: 409, patch: 400 }],
  ['done', { complete: 404, fail: 404, error: 404, patch: 404 }],
  ['cancelled', { complete: 404, fail: 404, error: 404, patch: 404 }],
  ['unknown', { complete: 404, fail: 404, error: 404, patch: 404 }],
] as const)('a job that is %s', (state, expected) => {
  it.each(Object.entries(expected))('answers %s with %d', async (verb, status) => {
    await engine.start('p');
    const key = await states[state]!();
    expect(await outcome(commands[verb]!(key))).toBe(status);
  });
});

it('a job carries its headers, its retries and the same key through all activations', async () => {
  await engine.start('p');
  const first = await engine.job('task');
  expect([first.headers, first.job.retries]).toEqual([{ color: 'red' }, 3]);
  await engine.engine.failJob(first.job.key, failure(7));
  const again = await engine.job('task');
  expect([again.job.key, again.job.retries]).toEqual([first.job.key, 7]);
});

it('a job whose time is over comes back with its retries unchanged; its first holder may still complete it', async () => {
  const instance = await engine.start('p');
  const [first] = await engine.jobs('task', { timeoutMs: 1_000 });
  await engine.pass(999);
  expect(await engine.jobs('task')).toEqual([]);
  await engine.pass(1);
  const second = await engine.job('task');
  expect([second.job.key, second.job.retries]).toEqual([first!.job.key, 3]);
  await engine.engine.completeJob(first!.job.key, '{"by":"first"}');
  expect(await outcome(engine.engine.completeJob(second.job.key, '{"by":"second"}'))).toBe(404);
  expect(engine.variables(instance)).toEqual({ by: 'first' });
});

it('a back-off ends by itself, not early; what the failure brought is local to the task', async () => {
  const instance = await engine.start('p');
  const { job } = await engine.job('task');
  await engine.engine.failJob(job.key, failure(2, 5_000, '{"error":{"code":"429"}}'));
  await engine.pass(4_999);
  expect(await engine.jobs('task')).toEqual([]);
  await engine.pass(1);
  expect(JSON.parse((await engine.job('task')).variables)).toEqual({ error: { code: '429' } });
  expect(engine.variables(instance)).toEqual({});
});

it('without retries left there is an incident with the message, cut at 10,000 characters', async () => {
  const instance = await engine.start('p');
  const { job } = await engine.job('task');
  await engine.engine.failJob(job.key, failure(-1, 0, '{}', 'x'.repeat(10_001)));
  expect(engine.incident(instance)).toMatchObject({
    type: 'JOB_NO_RETRIES',
    message: `${'x'.repeat(10_000)}...`,
  });
  await expect(engine.resolve(instance)).rejects.toMatchObject({ status: 404 });
  await engine.engine.updateJob(job.key, { retries: 1 });
  expect(await engine.jobs('task')).toEqual([]);
  await engine.resolve(instance);
  await engine.complete('task');
  expect(engine.stateOf(instance)).toBe('COMPLETED');
});

it('only the variables that were asked for come with a job; names that are not there are left out', async () => {
  await engine.start('p', { a: 1, b: 2 });
  const fetched = async (fetch: string[]): Promise<unknown> => {
    const [taken] = await engine.jobs('task', { fetch, timeoutMs: 1 });
    await engine.pass(1);
    return JSON.parse(taken!.variables);
  };
  expect(await fetched(['b', 'c'])).toEqual({ b: 2 });
  expect(await fetched([''])).toEqual({});
  expect(await fetched([])).toEqual({ a: 1, b: 2 });
});

it('a job whose variables exceed 4 MB is an incident, and others go on; fetched in part it is handed out', async () => {
  const large = await engine.start('p');
  for (let part = 0; part < 3; part++)
    await engine.engine.setVariables(
      large,
      JSON.stringify({ [`part${part}`]: 'x'.repeat(1_500_000) }),
      false,
    );
  const small = await engine.start('p');
  expect((await engine.jobs('task')).map(({ job }) => job.instance)).toEqual([small]);
  expect(engine.incident(large)).toMatchObject({ type: 'MESSAGE_SIZE_EXCEEDED', elementId: 'task' });
  await engine.resolve(large);
  expect((await engine.jobs('task', { fetch: ['other'] })).map(({ job }) => job.instance)).toEqual([large]);
});

it('the size of a job is counted in bytes', async () => {
  const large = await engine.start('p', { a: 'ü'.repeat(1_200_000), b: 'ü'.repeat(1_200_000) });
  expect(await engine.jobs('task')).toEqual([]);
  expect(engine.incident(large)).toMatchObject({ type: 'MESSAGE_SIZE_EXCEEDED' });
});

describe('a poll', () => {
  const wait = (waitMs: number) =>
    engine.engine.activateJobs({
      type: 'task',
      worker: 'w',
      timeoutMs: 60_000,
      maxJobs: 5,
      fetchVariables: [],
      waitMs,
    });

  it('that waits gets a job that appears, the newest poll first', async () => {
    const older = wait(10_000);
    const newer = wait(10_000);
    const instance = await engine.start('p');
    expect((await newer.jobs).map(({ job }) => job.instance)).toEqual([instance]);
    await engine.pass(10_000);
    expect(await older.jobs).toEqual([]);
  });

  it('whose caller has gone takes no job, and gives back what it could not hand over', async () => {
    const gone = wait(10_000);
    gone.giveUp();
    expect(await gone.jobs).toEqual([]);
    await engine.start('p');
    const late = wait(10_000);
    const [taken] = await late.jobs;
    late.giveUp();
    await new Promise((resolve) => setImmediate(resolve));
    expect((await engine.job('task')).job.key).toBe(taken!.job.key);
  });

  it('gets jobs that come back after their time or their back-off', async () => {
    await engine.start('p');
    const { job } = await engine.job('task');
    await engine.engine.failJob(job.key, failure(1, 2_000));
    const poll = wait(10_000);
    await engine.pass(2_000);
    expect((await poll.jobs).map((taken) => taken.job.key)).toEqual([job.key]);
  });
});
