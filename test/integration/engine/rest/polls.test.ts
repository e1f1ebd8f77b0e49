import { request as httpRequest } from 'node:http';
import { bpmn, end, path, serviceTask, start } from '../../../support/engine-bpmn';
import { ServedEngine, type JobReply } from './served-engine';

const process = bpmn('p', path(start(), serviceTask('work'), end()));
const activation = { type: 'work', timeout: 60_000, maxJobsToActivate: 10 };

let served: ServedEngine;
beforeEach(async () => {
  served = await ServedEngine.start();
  await served.deploy(process);
});
afterEach(() => served.close());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function timed<T>(work: Promise<T>): Promise<{ result: T; ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}

/** A poll that can be cut off in the middle. */
function openPoll(more: object = {}) {
  let jobs: JobReply[] = [];
  const request = httpRequest(`${served.url}/v2/jobs/activation`, { method: 'POST' }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.on('end', () => ({ jobs } = JSON.parse(text) as { jobs: JobReply[] }));
  });
  request.on('error', () => undefined);
  request.end(JSON.stringify({ ...activation, requestTimeout: 5000, ...more }));
  /** @returns the jobs that it has received before */
  return (): readonly JobReply[] => {
    request.destroy();
    return jobs;
  };
}

describe('a poll', () => {
  it.each([
    [{ type: '' }, 'No type provided.'],
    [{ type: undefined }, 'No type provided.'],
    [{ timeout: 0 }, 'timeout must be above 0, but is 0.'],
    [{ timeout: undefined }, 'timeout must be above 0, but is 0.'],
    [{ maxJobsToActivate: -1 }, 'maxJobsToActivate must be above 0, but is -1.'],
    [{ maxJobsToActivate: undefined }, 'maxJobsToActivate must be above 0, but is 0.'],
    [{ fetchVariable: 'a' }, 'fetchVariable must be a list of texts.'],
  ])('with %j is refused: %s', async (change, detail) => {
    const { json } = await served.post('/v2/jobs/activation', { ...activation, ...change });
    expect(json).toMatchObject({ status: 400, title: 'INVALID_ARGUMENT', detail });
  });

  it('with a negative time-out answers at once', async () => {
    const { result, ms } = await timed(
      served.post('/v2/jobs/activation', { ...activation, requestTimeout: -1 }),
    );
    expect(result).toMatchObject({ status: 200, json: { jobs: [] } });
    expect(ms).toBeLessThan(500);
  });

  it('waits as long as it says, and answers 200 without jobs', async () => {
    const { result, ms } = await timed(
      served.post('/v2/jobs/activation', { ...activation, requestTimeout: 300 }),
    );
    expect(result).toMatchObject({ status: 200, json: { jobs: [] } });
    expect(ms).toBeGreaterThan(290);
    expect(ms).toBeLessThan(1000);
  });

  it('that does not say how long, or 0, waits for 10 s', async () => {
    const open = (more: object) => timed(served.post('/v2/jobs/activation', { ...activation, ...more }));
    for (const { result, ms } of await Promise.all([open({}), open({ requestTimeout: 0 })])) {
      expect(result.json).toEqual({ jobs: [] });
      expect(ms).toBeGreaterThan(9900);
      expect(ms).toBeLessThan(11_000);
    }
  }, 15_000);

  it('is answered as soon as there is a job', async () => {
    const poll = timed(served.post('/v2/jobs/activation', { ...activation, requestTimeout: 5000 }));
    await pause(100);
    await served.create('p');
    const { result, ms } = await poll;
    expect(result.json['jobs']).toHaveLength(1);
    expect(ms).toBeLessThan(1000);
  });

  it('two polls and one job: one gets it, the other goes on waiting', async () => {
    const polls = [1, 2].map(() =>
      served.post('/v2/jobs/activation', { ...activation, requestTimeout: 600 }),
    );
    await pause(100);
    await served.create('p');
    const counts = (await Promise.all(polls)).map(({ json }) => (json['jobs'] as unknown[]).length);
    expect(counts.sort()).toEqual([0, 1]);
  });

  it('takes ids of any tenants', async () => {
    const { status } = await served.post('/v2/jobs/activation', {
      ...activation,
      requestTimeout: -1,
      tenantIds: ['x', '<default>'],
      tenantFilter: 'PROVIDED',
    });
    expect(status).toBe(200);
  });
});

describe('a poll whose client has gone', () => {
  it('takes no job that comes later', async () => {
    const cut = openPoll();
    await pause(100);
    cut();
    await pause(50);
    await served.create('p');
    expect(await served.activate('work')).toHaveLength(1);
  });

  it('gives back the job that came at the same moment, unless it has received it', async () => {
    let cutInTime = 0;
    for (let round = 0; round < 40; round++) {
      const cut = openPoll();
      await pause(20);
      const created = served.create('p');
      await pause(round % 4);
      const received = cut();
      await created;
      const jobs = await served.activate('work', { requestTimeout: received.length > 0 ? -1 : 1000 });
      expect([...received, ...jobs]).toHaveLength(1);
      cutInTime += jobs.length;
      await served.post(`/v2/jobs/${[...received, ...jobs][0]!.jobKey}/completion`);
    }
    expect(cutInTime).toBeGreaterThan(0);
  });

  it('gives back jobs that were there when it came', async () => {
    await served.create('p');
    for (let round = 0; round < 10; round++) {
      const cut = openPoll();
      await pause(round % 2);
      const [received] = cut();
      if (received !== undefined) await served.post(`/v2/jobs/${received.jobKey}/failure`, { retries: 3 });
    }
    expect(await served.activate('work', { requestTimeout: 1000 })).toHaveLength(1);
  });

  it('takes jobs all the same when a test has ordered that', async () => {
    served.faults.switches.deadPolls = true;
    const cut = openPoll({ timeout: 300 });
    await pause(100);
    cut();
    await pause(50);
    await served.create('p');
    expect(await served.activate('work')).toEqual([]);
    expect(await served.activate('work', { requestTimeout: 2000 })).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('answers open polls empty, and is done at once', async () => {
    const polls = [1, 2, 3].map(() =>
      served.post('/v2/jobs/activation', { ...activation, requestTimeout: 25_000 }),
    );
    await pause(100);
    const { ms } = await timed(served.close());
    expect(ms).toBeLessThan(900);
    for (const { status, json, headers } of await Promise.all(polls)) {
      expect({ status, json }).toEqual({ status: 200, json: { jobs: [] } });
      expect(headers.get('connection')).toBe('close');
    }
  });

  it('waits a second, and no longer, for a caller who awaits the end of an instance', async () => {
    const creation = served.post('/v2/process-instances', {
      processDefinitionId: 'p',
      awaitCompletion: true,
    });
    const outcome = creation.then(
      () => 'answered',
      () => 'cut off',
    );
    await pause(100);
    const { ms } = await timed(served.close());
    expect(ms).toBeLessThan(1900);
    expect(await outcome).toBe('cut off');
  });
});
