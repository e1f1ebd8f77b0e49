import {
  bpmn,
  catchEvent,
  end,
  message,
  path,
  serviceTask,
  signal,
  start,
  userTask,
} from '../../../support/engine-bpmn';
import { form, ServedEngine } from './served-engine';

let served: ServedEngine;
beforeEach(async () => {
  served = await ServedEngine.start();
});
afterEach(async () => {
  expect(served.errors).toEqual([]);
  await served.close();
});

const straight = bpmn('straight', path(start(), end()));
const waiting = bpmn('waiting', path(start(), serviceTask('work'), end()));
const stateOf = (key: string) => served.engine.state.instances.get(key)?.state;

describe('deployment', () => {
  it('answers with what was deployed; the same file again keeps version and key', async () => {
    const first = await served.deploy(straight, waiting);
    expect(first).toMatchObject({ status: 200 });
    expect(first.json).toMatchObject({
      tenantId: '<default>',
      deployments: [
        {
          processDefinition: {
            processDefinitionId: 'straight',
            processDefinitionVersion: 1,
            resourceName: 'process-0.bpmn',
            tenantId: '<default>',
          },
          decisionDefinition: null,
          decisionRequirements: null,
          form: null,
          resource: null,
        },
        { processDefinition: { processDefinitionId: 'waiting' } },
      ],
    });
    const again = await served.deploy(straight, waiting);
    expect(again.json['deployments']).toEqual(first.json['deployments']);
  });

  it('tells all faults, and deploys nothing', async () => {
    const broken = straight.replace('<bpmn:endEvent', '<bpmn:complexGateway');
    const { status, json } = await served.deploy(waiting, broken, 'no XML');
    expect({ status, title: json['title'] }).toEqual({ status: 400, title: 'INVALID_ARGUMENT' });
    expect(json['detail']).toContain('process-1.bpmn');
    expect(json['detail']).toContain('process-2.bpmn');
    expect(served.engine.state.definitions.size).toBe(0);
  });

  it.each<[string, () => unknown]>([
    ['no form', () => '{}'],
    ['no parts', () => new FormData()],
    ['a part without a file name', () => form(['resources', straight])],
    ['another tenant', () => form(['resources', new Blob([straight]), 'a.bpmn'], ['tenantId', 'other'])],
  ])('with %s is refused', async (_what, body) => {
    expect(await served.post('/v2/deployments', body())).toMatchObject({ status: 400 });
  });

  it('of more than 4 MB is refused', async () => {
    const large = form(['resources', new Blob([straight + ' '.repeat(5_000_000)]), 'a.bpmn']);
    expect(await served.post('/v2/deployments', large)).toMatchObject({ status: 413 });
  });

  it('takes names that are not ASCII', async () => {
    const { json } = await served.post(
      '/v2/deployments',
      form(['resources', new Blob([straight]), 'Prüfung "1" – 测试.bpmn']),
    );
    expect(JSON.stringify(json)).toContain('测试.bpmn');
  });
});

describe('an instance', () => {
  beforeEach(() => served.deploy(straight, waiting));

  it('is created by id, by id and version, or by key', async () => {
    const first = await served.post('/v2/process-instances', { processDefinitionId: 'waiting' });
    expect(first).toMatchObject({ status: 200 });
    expect(first.json).toMatchObject({
      processDefinitionId: 'waiting',
      processDefinitionVersion: 1,
      tenantId: '<default>',
      tags: [],
      businessId: null,
      variables: {},
    });
    const { processDefinitionKey } = first.json;
    for (const body of [
      { processDefinitionId: 'waiting', processDefinitionVersion: -1 },
      { processDefinitionId: 'waiting', processDefinitionVersion: 1 },
      { processDefinitionKey },
      { processDefinitionKey: Number(processDefinitionKey) },
    ])
      expect(await served.post('/v2/process-instances', body)).toMatchObject({
        status: 200,
        json: { processDefinitionKey },
      });
  });

  it.each([
    [{ processDefinitionId: 'unknown' }, 404],
    [{ processDefinitionId: 'waiting', processDefinitionVersion: 2 }, 404],
    [{ processDefinitionKey: '1' }, 404],
    [{}, 400],
    [undefined, 400],
    [{ processDefinitionId: 'waiting', processDefinitionKey: '1' }, 400],
    [{ processDefinitionId: 'waiting', variables: [1] }, 400],
    [{ processDefinitionId: 'waiting', tenantId: 'other' }, 400],
    [{ processDefinitionId: 'waiting', startInstructions: [{ elementId: 'work' }] }, 400],
    [{ processDefinitionId: 'waiting', tags: ['1 bad'] }, 400],
    [{ processDefinitionId: 'waiting', tags: [...'abcdefghijk'] }, 400],
    [{ processDefinitionId: 'waiting', variables: { a: 'x'.repeat(2_150_000) } }, 500],
  ])('asked for with %j is refused', async (body, status) => {
    expect(await served.post('/v2/process-instances', body)).toMatchObject({ status });
    expect(served.engine.state.instances.size).toBe(0);
  });

  it('whose end is awaited answers with the variables asked for', async () => {
    const request = { processDefinitionId: 'straight', variables: { a: 1, b: 2 }, awaitCompletion: true };
    expect((await served.post('/v2/process-instances', request)).json['variables']).toEqual({ a: 1, b: 2 });
    const some = { ...request, fetchVariables: ['b'] };
    expect((await served.post('/v2/process-instances', some)).json['variables']).toEqual({ b: 2 });
  });

  it('whose end does not come in time goes on', async () => {
    const request = { processDefinitionId: 'waiting', awaitCompletion: true, requestTimeout: 200 };
    const start = performance.now();
    expect(await served.post('/v2/process-instances', request)).toMatchObject({ status: 504 });
    expect(performance.now() - start).toBeGreaterThan(190);
    expect(await served.activate('work')).toHaveLength(1);
  });

  it('is cancelled once', async () => {
    const key = await served.create('waiting');
    const path = `/v2/process-instances/${key}/cancellation`;
    expect(await served.post(path, {})).toMatchObject({ status: 204, text: '' });
    expect(await served.post(path)).toMatchObject({ status: 404, json: { title: 'NOT_FOUND' } });
    expect(await served.post('/v2/process-instances/x/cancellation')).toMatchObject({ status: 400 });
    expect(stateOf(key)).toBe('TERMINATED');
  });

  it('gets variables by its own key or that of an element', async () => {
    const key = await served.create('waiting');
    const set = (target: string, body?: unknown) =>
      served.send('PUT', `/v2/element-instances/${target}/variables`, body);
    expect(await set(key, { variables: { a: 1 } })).toMatchObject({ status: 204 });
    const [job] = await served.activate('work');
    const element = job!['elementInstanceKey'] as string;
    expect(await set(element, { variables: { b: 2 }, local: true })).toMatchObject({ status: 204 });
    const { json } = await served.post('/v2/variables/search', { filter: { processInstanceKey: key } });
    expect(json['items']).toMatchObject([
      { name: 'a', value: '1', scopeKey: key },
      { name: 'b', value: '2', scopeKey: element },
    ]);
    expect(await set('1', { variables: {} })).toMatchObject({ status: 404 });
    expect(await set(key, {})).toMatchObject({ status: 400 });
    expect(await set(key, { variables: [1] })).toMatchObject({ status: 400 });
  });

  it('of 4 MB is refused, and the engine goes on', async () => {
    const body = { processDefinitionId: 'waiting', variables: { a: 'x'.repeat(4 * 1024 * 1024) } };
    expect(await served.post('/v2/process-instances', body)).toMatchObject({
      status: 500,
      json: { title: 'MALFORMED_REQUEST' },
    });
    expect(await served.create('waiting')).toMatch(/^\d+$/);
  });
});

describe('messages and signals', () => {
  beforeEach(async () => {
    await served.deploy(
      bpmn('m', path(start(), catchEvent('paid', message('paid', '=id')), end())),
      bpmn('s', path(start(), catchEvent('stop', signal('stop')), end())),
    );
  });

  it('a published message is kept until its time is over', async () => {
    const publish = (more: object) => served.post('/v2/messages/publication', { name: 'paid', ...more });
    const kept = { correlationKey: '7', timeToLive: 60_000, messageId: 'one' };
    const { status, json } = await publish(kept);
    expect(status).toBe(200);
    expect(json).toEqual({ messageKey: expect.stringMatching(/^\d+$/) as string, tenantId: '<default>' });
    expect(await publish(kept)).toMatchObject({ status: 409, json: { title: 'ALREADY_EXISTS' } });
    expect(stateOf(await served.create('m', { id: 7 }))).toBe('COMPLETED');
    expect(await served.post('/v2/messages/publication', {})).toMatchObject({ status: 400 });
  });

  it('correlation answers with the instance, or 404 when nobody waits', async () => {
    const correlate = () =>
      served.post('/v2/messages/correlation', { name: 'paid', correlationKey: 'x', variables: { a: 1 } });
    expect(await correlate()).toMatchObject({ status: 404 });
    const processInstanceKey = await served.create('m', { id: 'x' });
    expect(await correlate()).toMatchObject({
      status: 200,
      json: { processInstanceKey, tenantId: '<default>' },
    });
  });

  it('a signal reaches all who wait', async () => {
    const keys = [await served.create('s'), await served.create('s')];
    const { status, json } = await served.post('/v2/signals/broadcast', { signalName: 'stop' });
    expect(status).toBe(200);
    expect(json).toEqual({ signalKey: expect.stringMatching(/^\d+$/) as string, tenantId: '<default>' });
    expect(keys.map(stateOf)).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await served.post('/v2/signals/broadcast')).toMatchObject({ status: 400 });
  });
});

describe('user tasks', () => {
  let key: string;
  let instance: string;
  beforeEach(async () => {
    await served.deploy(bpmn('u', path(start(), userTask('ask', { assignee: 'ann' }), end())));
    instance = await served.create('u');
    const { json } = await served.post('/v2/user-tasks/search', { filter: { state: 'CREATED' } });
    key = (json['items'] as { userTaskKey: string }[])[0]!.userTaskKey;
  });

  it('are assigned, taken away and completed', async () => {
    const assign = (body?: unknown) => served.post(`/v2/user-tasks/${key}/assignment`, body);
    expect(await assign({ assignee: 'bob', allowOverride: false })).toMatchObject({ status: 409 });
    expect(await assign({ assignee: 'bob' })).toMatchObject({ status: 204 });
    expect((await served.get(`/v2/user-tasks/${key}`)).json).toMatchObject({ assignee: 'bob' });
    expect(await assign()).toMatchObject({ status: 400 });
    expect(await served.send('DELETE', `/v2/user-tasks/${key}/assignee`)).toMatchObject({ status: 204 });
    expect((await served.get(`/v2/user-tasks/${key}`)).json).toMatchObject({ assignee: null });
    const complete = () => served.post(`/v2/user-tasks/${key}/completion`, { variables: { ok: true } });
    expect(await complete()).toMatchObject({ status: 204 });
    expect(await complete()).toMatchObject({ status: 404 });
    expect(stateOf(instance)).toBe('COMPLETED');
  });
});
