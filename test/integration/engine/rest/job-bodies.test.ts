import { OneJob } from './one-job';
import { bpmn, end, path, serviceTask, start } from '../../../support/engine-bpmn';
import type { ServedEngine } from './served-engine';

let job: OneJob;
let served: ServedEngine;
beforeEach(async () => {
  job = await OneJob.start();
  ({ served } = job);
});
afterEach(() => job.close());

describe('completion', () => {
  it.each([undefined, '', '{}', '{"variables":null}', '{"variables":{}}', '{"other":[1]}'])(
    'takes the body %s',
    async (body) => {
      expect(await served.post(`/v2/jobs/${await job.inState('active')}/completion`, body)).toMatchObject({
        status: 204,
      });
    },
  );

  it.each([
    '{"variables":[1]}',
    '{"variables":"x"}',
    '{"variables":1}',
    '[]',
    '{',
    'NaN',
    '{"variables":{"a":18446744073709551616}}',
  ])('refuses the body %s and leaves the job alone', async (body) => {
    const key = await job.inState('active');
    expect(await served.post(`/v2/jobs/${key}/completion`, body)).toMatchObject({ status: 400 });
    expect(await job.complete(key)).toMatchObject({ status: 204 });
  });

  it('refuses a body that is nested 1500 deep', async () => {
    const nested = `{"variables":{"a":${'['.repeat(1500)}${']'.repeat(1500)}}}`;
    const reply = await served.post(`/v2/jobs/${await job.inState('active')}/completion`, nested);
    expect(reply).toMatchObject({ status: 400, json: { title: 'INVALID_ARGUMENT' } });
  });

  it('takes any content type', async () => {
    const key = await job.inState('active');
    const headers = { 'content-type': 'text/plain' };
    const reply = await served.send('POST', `/v2/jobs/${key}/completion`, '{"variables":{}}', { headers });
    expect(reply.status).toBe(204);
  });

  it('takes 2 MB, refuses more with the words of a cluster, and leaves the job alone', async () => {
    const ofSize = (bytes: number): string => `{"variables":{"a":"${'x'.repeat(bytes)}"}}`;
    const key = await job.inState('active');
    const path = `/v2/jobs/${key}/completion`;
    expect((await served.post(path, ofSize(2_500_000))).json).toMatchObject({
      status: 500,
      title: 'EXCEEDED_BATCH_RECORD_SIZE',
    });
    for (const bytes of [4_300_000, 12_000_000]) {
      const { json } = await served.post(path, ofSize(bytes));
      expect(json).toMatchObject({ status: 500, title: 'MALFORMED_REQUEST' });
      expect(json['detail']).toContain('Request size is above configured maxMessageSize');
    }
    expect(await served.post(path, ofSize(2_000_000))).toMatchObject({ status: 204 });
  });

  it('keeps the digits of numbers on their way to the next job', async () => {
    const two = bpmn('two', path(start(), serviceTask('first'), serviceTask('second'), end()));
    await served.deploy(two);
    await served.create('two');
    const [taken] = await served.activate('first');
    const variables = '{"a":9007199254740993,"b":18446744073709551615,"c":1e400,"d":1.0,"e":"\\ud800"}';
    await served.post(`/v2/jobs/${taken!.jobKey}/completion`, `{"variables":${variables}}`);
    const request = { type: 'second', timeout: 1000, maxJobsToActivate: 1, requestTimeout: -1 };
    const { text } = await served.post('/v2/jobs/activation', request);
    expect(text).toContain('"a":9007199254740993,"b":18446744073709551615,"c":"Infinity","d":1.0,"e":"?"');
  });
});

describe('failure', () => {
  it('without retries, or with negative ones, is an incident', async () => {
    for (const body of [undefined, { retries: -1 }, { retries: 0, errorMessage: 'x'.repeat(10_001) }]) {
      const key = await job.inState('active');
      expect(await served.post(`/v2/jobs/${key}/failure`, body)).toMatchObject({ status: 204 });
      const { json } = await served.post('/v2/incidents/search', { filter: { jobKey: key } });
      expect(json['items']).toMatchObject([{ errorType: 'JOB_NO_RETRIES', jobKey: key }]);
    }
  });

  it('with a negative back-off does not wait', async () => {
    const key = await job.inState('active');
    await job.fail(key, { retries: 2, retryBackOff: -1 });
    expect(await job.taken()).toBe(key);
  });
});

describe('an error', () => {
  it.each([undefined, {}, { errorCode: '' }, { errorCode: null }])('needs a code: %j', async (body) => {
    const { status, json } = await served.post(`/v2/jobs/${await job.inState('active')}/error`, body);
    expect(status).toBe(400);
    expect(json['detail']).toBe('No errorCode provided.');
  });

  it('may have a number as its code', async () => {
    const key = await job.inState('active');
    expect(await served.post(`/v2/jobs/${key}/error`, { errorCode: 404 })).toMatchObject({ status: 204 });
    const { json } = await served.post('/v2/jobs/search', { filter: { jobKey: key } });
    expect(json['items']).toMatchObject([{ errorCode: '404', state: 'ERROR_THROWN' }]);
  });
});

describe('a change', () => {
  it.each([
    undefined,
    {},
    { changeset: {} },
    { changeset: { timeout: null } },
    { changeset: { retries: 0 } },
  ])('%j is refused', async (body) => {
    const { status } = await served.send('PATCH', `/v2/jobs/${await job.inState('active')}`, body);
    expect(status).toBe(400);
  });

  it('of the time-out to 0 frees the job', async () => {
    const key = await job.inState('active');
    await served.send('PATCH', `/v2/jobs/${key}`, { changeset: { timeout: 0 } });
    await job.pass(0);
    expect(await job.taken()).toBe(key);
  });

  it('of the time-out has no upper bound', async () => {
    const key = await job.inState('active');
    const { status } = await served.send('PATCH', `/v2/jobs/${key}`, { changeset: { timeout: 1e18 } });
    expect(status).toBe(204);
    expect(await served.post('/v2/jobs/search', {})).toMatchObject({ status: 200 });
  });

  it('of the retries makes an incident resolvable', async () => {
    const key = await job.inState('failed without retries');
    const { json } = await served.post('/v2/incidents/search', { filter: { jobKey: key } });
    const incident = (json['items'] as { incidentKey: string }[])[0]!.incidentKey;
    expect(await served.post(`/v2/incidents/${incident}/resolution`)).toMatchObject({ status: 404 });
    await served.send('PATCH', `/v2/jobs/${key}`, { changeset: { retries: 2 } });
    expect(await served.activate('work')).toEqual([]);
    expect(await served.post(`/v2/incidents/${incident}/resolution`)).toMatchObject({ status: 204 });
    expect(await served.activate('work')).toMatchObject([{ jobKey: key, retries: 2 }]);
  });
});

describe('an activated job', () => {
  it('has all that clients look for', async () => {
    const instance = await served.create('p', { a: 1 });
    const [taken] = await served.activate('work', { worker: 'me' });
    expect(taken).toMatchObject({
      type: 'work',
      processInstanceKey: instance,
      rootProcessInstanceKey: instance,
      processDefinitionId: 'p',
      processDefinitionVersion: 1,
      elementId: 'work',
      customHeaders: { color: 'red' },
      worker: 'me',
      retries: 3,
      deadline: job.clock.now() + 60_000,
      variables: { a: 1 },
      tenantId: '<default>',
      kind: 'BPMN_ELEMENT',
      listenerEventType: 'UNSPECIFIED',
      tags: [],
      userTask: null,
    });
    for (const name of ['jobKey', 'processDefinitionKey', 'elementInstanceKey'])
      expect(taken![name]).toMatch(/^\d+$/);
  });

  it('has the variables that were asked for', async () => {
    await served.create('p', { a: 1, b: 2 });
    for (const [fetchVariable, variables] of [
      [['a', 'missing'], { a: 1 }],
      [[], { a: 1, b: 2 }],
      [[''], {}],
      [undefined, { a: 1, b: 2 }],
    ] as const) {
      const [taken] = await served.activate('work', { fetchVariable });
      expect(taken!['variables']).toEqual(variables);
      await job.fail(taken!.jobKey, { retries: 3 });
    }
  });
});
