import { bpmn, callActivity, end, path, serviceTask, start } from '../../../support/engine-bpmn';
import { itemsOf, moment, ServedEngine, some } from './served-engine';

let served: ServedEngine;
beforeEach(async () => {
  served = await ServedEngine.start();
});
afterEach(async () => {
  expect(served.errors).toEqual([]);
  await served.close();
});

const waiting = bpmn('waiting', path(start(), serviceTask('work'), end()));
const search = (what: string, filter: object) => served.post(`/v2/${what}/search`, { filter });

describe('jobs and incidents', () => {
  it('show a job at work, in back-off, and without retries', async () => {
    await served.deploy(bpmn('p', path(start(), serviceTask('try'), end())));
    await served.create('p');
    const [job] = await served.activate('try');
    const { jobKey } = job!;
    const seen = async () => itemsOf(await search('jobs', { jobKey }))[0];
    expect(await seen()).toMatchObject({ state: 'CREATED', deadline: moment });
    await served.post(`/v2/jobs/${jobKey}/failure`, { retries: 1, errorMessage: 'no', retryBackOff: 60_000 });
    expect(await seen()).toMatchObject({ state: 'FAILED', hasFailedWithRetriesLeft: true, deadline: null });
    await served.send('PUT', '/v2/clock', { timestamp: served.engine.now() + 60_001 });
    await served.activate('try');
    await served.post(`/v2/jobs/${jobKey}/failure`, { retries: 0, errorMessage: 'never' });
    expect(await seen()).toMatchObject({ state: 'FAILED', hasFailedWithRetriesLeft: false, retries: 0 });

    const [incident] = itemsOf(
      await search('incidents', { state: 'ACTIVE', errorMessage: { $like: 'nev*' } }),
    );
    expect(incident).toEqual({
      incidentKey: some,
      errorType: 'JOB_NO_RETRIES',
      errorMessage: 'never',
      state: 'ACTIVE',
      creationTime: moment,
      processDefinitionId: 'p',
      processDefinitionKey: some,
      processInstanceKey: job!['processInstanceKey'],
      rootProcessInstanceKey: job!['processInstanceKey'],
      elementId: 'try',
      elementInstanceKey: job!['elementInstanceKey'],
      jobKey,
      tenantId: '<default>',
    });
    const key = incident!['incidentKey'] as string;
    expect((await served.get(`/v2/incidents/${key}`)).json).toEqual(incident);
    const elements = { hasIncident: true, incidentKey: key };
    expect(itemsOf(await search('element-instances', elements))).toMatchObject([{ elementId: 'try' }]);
    const instances = { errorMessage: 'never', hasElementInstanceIncident: true };
    expect(itemsOf(await search('process-instances', instances))).toHaveLength(1);
  });
});

describe('incidents', () => {
  it('of called instances are found at the caller', async () => {
    await served.deploy(
      waiting,
      bpmn('middle', path(start(), callActivity('call', 'waiting'), end())),
      bpmn('caller', path(start(), callActivity('call', 'middle'), end())),
    );
    const caller = await served.create('caller');
    const middle = [...served.engine.state.instances.values()].find(
      ({ processId }) => processId === 'middle',
    )!;
    const other = await served.create('waiting');
    for (const { jobKey } of await served.activate('work')) await served.post(`/v2/jobs/${jobKey}/failure`);
    const of = (key: string) => served.post(`/v2/process-instances/${key}/incidents/search`);
    expect((await of(caller)).json).toMatchObject({
      items: [{ errorType: 'JOB_NO_RETRIES', rootProcessInstanceKey: caller }],
      page: { totalItems: 1 },
    });
    for (const key of [middle.key, other])
      expect((await of(key)).json).toMatchObject({ page: { totalItems: 1 } });
    expect(await of('1')).toMatchObject({ status: 404 });
    const { json } = await served.post('/v2/process-instances/search', { filter: { hasIncident: true } });
    expect(json['page']).toMatchObject({ totalItems: 4 });
  });
});
