import {
  bpmn,
  definitions,
  end,
  path,
  processWith,
  serviceTask,
  start,
  subProcess,
  userTask,
} from '../../../support/engine-bpmn';
import { itemsOf, moment, ServedEngine, some } from './served-engine';

let served: ServedEngine;
beforeAll(async () => {
  served = await ServedEngine.start({ partitions: 4 });
});
afterAll(async () => {
  expect(served.errors).toEqual([]);
  await served.close();
});

const search = (what: string, filter: object, more: object = {}) =>
  served.post(`/v2/${what}/search`, { filter, ...more });

describe('with one instance of everything', () => {
  const file = definitions(
    processWith(
      'all',
      { name: 'All of it', versionTag: 'v1' },
      path(
        start(),
        serviceTask('work', { name: 'Work hard', headers: { color: 'red' } }),
        subProcess('inner', path(start('begin'), userTask('ask', { name: 'Ask' }), end('finish'))),
        end(),
      ),
    ),
  );
  let instance: string;
  let definition: string;

  beforeAll(async () => {
    const { json } = await served.deploy(file);
    const [deployed] = json['deployments'] as { processDefinition: { processDefinitionKey: string } }[];
    definition = deployed!.processDefinition.processDefinitionKey;
    const created = await served.post('/v2/process-instances', {
      processDefinitionId: 'all',
      variables: { text: 'x'.repeat(9000), number: 1 },
      tags: ['red', 'blue'],
    });
    instance = created.json['processInstanceKey'] as string;
    const [job] = await served.activate('work', { worker: 'me' });
    await served.post(`/v2/jobs/${job!.jobKey}/completion`);
  });

  it('the process definition', async () => {
    const expected = {
      processDefinitionKey: definition,
      processDefinitionId: 'all',
      name: 'All of it',
      version: 1,
      versionTag: 'v1',
      resourceName: 'process-0.bpmn',
      hasStartForm: false,
      state: 'ACTIVE',
      tenantId: '<default>',
    };
    expect((await served.get(`/v2/process-definitions/${definition}`)).json).toEqual(expected);
    const filter = { processDefinitionId: 'all', isLatestVersion: true };
    expect(itemsOf(await search('process-definitions', filter))).toEqual([expected]);
    const xml = await served.get(`/v2/process-definitions/${definition}/xml`);
    expect(xml.headers.get('content-type')).toMatch('text/xml');
    expect(xml.text).toBe(file);
    expect(await served.get('/v2/process-definitions/1/xml')).toMatchObject({ status: 404 });
  });

  it('the process instance', async () => {
    const expected = {
      processInstanceKey: instance,
      processDefinitionId: 'all',
      processDefinitionName: 'All of it',
      processDefinitionVersion: 1,
      processDefinitionVersionTag: 'v1',
      processDefinitionKey: definition,
      parentProcessInstanceKey: null,
      parentElementInstanceKey: null,
      rootProcessInstanceKey: instance,
      startDate: moment,
      endDate: null,
      suspendedDate: null,
      state: 'ACTIVE',
      hasIncident: false,
      tenantId: '<default>',
      tags: ['red', 'blue'],
      businessId: null,
    };
    expect((await served.get(`/v2/process-instances/${instance}`)).json).toEqual(expected);
    for (const filter of [
      { processInstanceKey: instance },
      { tenantId: '<default>', state: 'ACTIVE', tags: ['blue'] },
      { variables: [{ name: 'number', value: '1' }], elementId: 'ask', elementInstanceState: 'ACTIVE' },
      { startDate: { $lte: new Date().toISOString() }, processDefinitionName: { $like: 'All*' } },
    ])
      expect(itemsOf(await search('process-instances', filter))).toEqual([expected]);
    expect(itemsOf(await search('process-instances', { processInstanceKey: '1' }))).toEqual([]);
  });

  it('its elements, with the sub-process around', async () => {
    const items = itemsOf(await search('element-instances', { processInstanceKey: instance }));
    expect(items.map(({ elementId, state }) => `${String(elementId)} ${String(state)}`)).toEqual([
      'start COMPLETED',
      'work COMPLETED',
      'inner ACTIVE',
      'begin COMPLETED',
      'ask ACTIVE',
    ]);
    const [, work, inner] = items;
    expect(work).toEqual({
      elementInstanceKey: some,
      processInstanceKey: instance,
      rootProcessInstanceKey: instance,
      processDefinitionKey: definition,
      processDefinitionId: 'all',
      elementId: 'work',
      elementName: 'Work hard',
      type: 'SERVICE_TASK',
      state: 'COMPLETED',
      startDate: moment,
      endDate: moment,
      hasIncident: false,
      incidentKey: null,
      tenantId: '<default>',
    });
    const within = { elementInstanceScopeKey: inner!['elementInstanceKey'] };
    expect(itemsOf(await search('element-instances', within))).toHaveLength(2);
    const one = await served.get(`/v2/element-instances/${work!['elementInstanceKey'] as string}`);
    expect(one.json).toEqual(work);
  });

  it('its variables, long ones cut unless all of it is wanted', async () => {
    const filter = { processInstanceKey: instance, name: 'text' };
    const [cut] = itemsOf(await search('variables', filter));
    expect(cut).toEqual({
      variableKey: some,
      name: 'text',
      value: `"${'x'.repeat(8190)}`,
      isTruncated: true,
      scopeKey: instance,
      processInstanceKey: instance,
      rootProcessInstanceKey: instance,
      tenantId: '<default>',
    });
    const whole = { ...cut, value: `"${'x'.repeat(9000)}"`, isTruncated: false };
    const all = await served.post('/v2/variables/search?truncateValues=false', { filter });
    expect(itemsOf(all)).toEqual([whole]);
    expect((await served.get(`/v2/variables/${cut!['variableKey'] as string}`)).json).toEqual(whole);
    expect(itemsOf(await search('variables', { value: whole.value }))).toHaveLength(1);
    expect(itemsOf(await search('variables', { isTruncated: true }))).toHaveLength(1);
  });

  it('its job', async () => {
    expect(itemsOf(await search('jobs', { processInstanceKey: instance }))).toEqual([
      {
        jobKey: some,
        type: 'work',
        worker: 'me',
        state: 'COMPLETED',
        kind: 'BPMN_ELEMENT',
        listenerEventType: 'UNSPECIFIED',
        retries: 3,
        isDenied: null,
        deniedReason: null,
        hasFailedWithRetriesLeft: false,
        errorCode: null,
        errorMessage: null,
        customHeaders: { color: 'red' },
        deadline: null,
        creationTime: moment,
        lastUpdateTime: moment,
        endTime: moment,
        processDefinitionId: 'all',
        processDefinitionKey: definition,
        processInstanceKey: instance,
        rootProcessInstanceKey: instance,
        elementId: 'work',
        elementInstanceKey: some,
        tenantId: '<default>',
        priority: 0,
        businessId: null,
      },
    ]);
  });

  it('its user task', async () => {
    const [task] = itemsOf(await search('user-tasks', { state: 'CREATED', name: 'Ask', tags: ['red'] }));
    expect(task).toEqual({
      userTaskKey: some,
      name: 'Ask',
      state: 'CREATED',
      assignee: null,
      elementId: 'ask',
      elementInstanceKey: some,
      candidateGroups: [],
      candidateUsers: [],
      processDefinitionId: 'all',
      processDefinitionKey: definition,
      processDefinitionVersion: 1,
      processName: 'All of it',
      processInstanceKey: instance,
      rootProcessInstanceKey: instance,
      creationDate: moment,
      completionDate: null,
      followUpDate: null,
      dueDate: null,
      priority: 50,
      formKey: null,
      externalFormReference: null,
      customHeaders: {},
      businessId: null,
      tags: ['red', 'blue'],
      tenantId: '<default>',
    });
    const filter = { processInstanceVariables: [{ name: 'number', value: { $neq: '2' } }] };
    expect(itemsOf(await search('user-tasks', filter))).toHaveLength(1);
  });
});

it('keys beyond 2^53 are found as texts and as numbers', async () => {
  const keys: string[] = [];
  await served.deploy(bpmn('big', path(start(), serviceTask('task'), end())));
  for (let count = 0; count < 4; count++) keys.push(await served.create('big'));
  const [large] = keys.filter((key) => BigInt(key) > 2n ** 53n);
  for (const filter of [`{"processInstanceKey":${large}}`, `{"processInstanceKey":{"$in":["${large}"]}}`])
    expect(itemsOf(await served.post('/v2/process-instances/search', `{"filter":${filter}}`))).toMatchObject([
      { processInstanceKey: large },
    ]);
});

it.each([
  'process-instances',
  'element-instances',
  'incidents',
  'process-definitions',
  'user-tasks',
  'variables',
])('a key of %s that is not there is 404, what is no key is 400', async (what) => {
  expect(await served.get(`/v2/${what}/1`)).toMatchObject({ status: 404, json: { title: 'NOT_FOUND' } });
  expect(await served.get(`/v2/${what}/abc`)).toMatchObject({ status: 400 });
});

it.each([
  'process-instances',
  'element-instances',
  'incidents',
  'process-definitions',
  'user-tasks',
  'variables',
  'jobs',
])('a search of %s needs no body', async (what) => {
  const { status, json } = await served.post(`/v2/${what}/search`);
  expect(status).toBe(200);
  expect(json['page']).toMatchObject({ hasMoreTotalItems: false });
});
