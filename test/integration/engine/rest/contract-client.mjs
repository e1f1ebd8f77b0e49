/**
 * Calls every endpoint of the local engine with Camunda's own client, whose schemas judge each answer: a member that is
 * missing or of another type throws. A process of its own, because the client is an ES module and reads its settings from
 * the environment.
 *
 * Arguments: address of the engine, BPMN file. Writes one line per call: its name, and what went wrong if anything.
 */
import { File } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createCamundaClient } from '@camunda8/orchestration-cluster-api';

const [address, bpmnFile] = process.argv.slice(2);
const client = createCamundaClient({
  config: {
    CAMUNDA_REST_ADDRESS: address,
    CAMUNDA_AUTH_STRATEGY: 'NONE',
    CAMUNDA_SDK_VALIDATION: 'req:none,res:strict',
  },
});
/** What is read is there at once. */
const now = { consistency: { waitUpToMs: 0 } };

async function call(name, ...args) {
  try {
    const answer = await client[name](...args);
    console.log(`${name}: ok`);
    return answer;
  } catch (error) {
    console.log(`${name}: ${error.name} ${error.message}`);
    throw error;
  }
}

async function clusterCalls() {
  await call('getTopology');
  await call('getStatus');
  await call('getLicense');
  await call('getAuthentication');
}

async function deploymentCalls() {
  const file = new File([readFileSync(bpmnFile)], 'contract.bpmn', { type: 'application/xml' });
  const { processes } = await call('createDeployment', { resources: [file] });
  const { processDefinitionKey } = processes.find(
    ({ processDefinitionId }) => processDefinitionId === 'main',
  );
  await call('getProcessDefinition', { processDefinitionKey }, now);
  await call('getProcessDefinitionXml', { processDefinitionKey }, now);
  await call('searchProcessDefinitions', { filter: { processDefinitionKey } }, now);
  return processDefinitionKey;
}

async function takeJob(type) {
  const request = { type, worker: 'contract', timeout: 60_000, maxJobsToActivate: 1, requestTimeout: 2000 };
  const { jobs } = await call('activateJobs', request);
  return jobs[0];
}

async function instanceCalls(processDefinitionKey) {
  const created = await call('createProcessInstance', {
    processDefinitionKey,
    variables: { id: 'a' },
    tags: ['t'],
  });
  const { processInstanceKey } = created;
  await call('getProcessInstance', { processInstanceKey }, now);
  await call('searchProcessInstances', { filter: { processInstanceKey, state: 'ACTIVE' } }, now);
  const elements = await call(
    'searchElementInstances',
    { filter: { processInstanceKey, state: 'ACTIVE' } },
    now,
  );
  const { elementInstanceKey } = elements.items[0];
  await call('getElementInstance', { elementInstanceKey }, now);
  await call('createElementInstanceVariables', { elementInstanceKey, variables: { b: 1 }, local: true });
  const variables = await call('searchVariables', { filter: { processInstanceKey } }, now);
  await call('getVariable', { variableKey: variables.items[0].variableKey }, now);
  const awaited = { processDefinitionId: 'short', variables: { a: 1 }, awaitCompletion: true };
  await call('createProcessInstance', awaited);
  return processInstanceKey;
}

async function jobCalls(processInstanceKey) {
  const job = await takeJob('work');
  const { jobKey } = job;
  await call('searchJobs', { filter: { jobKey } }, now);
  await call('updateJob', { jobKey, changeset: { timeout: 60_000 } });
  await call('failJob', { jobKey, retries: 0, errorMessage: 'no' });
  await call('searchJobs', { filter: { jobKey } }, now);
  const incidents = await call('searchProcessInstanceIncidents', { processInstanceKey }, now);
  const { incidentKey } = incidents.items[0];
  await call('getIncident', { incidentKey }, now);
  await call('searchIncidents', { filter: { processInstanceKey } }, now);
  await call('searchElementInstances', { filter: { processInstanceKey, hasIncident: true } }, now);
  await call('updateJob', { jobKey, changeset: { retries: 1 } });
  await call('resolveIncident', { incidentKey });
  const again = await takeJob('work');
  await call('throwJobError', { jobKey: again.jobKey, errorCode: 'known', errorMessage: 'expected' });
  const last = await takeJob('repair');
  await call('completeJob', { jobKey: last.jobKey, variables: { done: true } });
}

async function userTaskCalls(processInstanceKey) {
  const tasks = await call('searchUserTasks', { filter: { processInstanceKey, state: 'CREATED' } }, now);
  const { userTaskKey } = tasks.items[0];
  await call('getUserTask', { userTaskKey }, now);
  await call('assignUserTask', { userTaskKey, assignee: 'ann' });
  await call('unassignUserTask', { userTaskKey });
  await call('completeUserTask', { userTaskKey, variables: {} });
}

async function eventCalls(processInstanceKey) {
  await call('publishMessage', { name: 'other', correlationKey: 'x', timeToLive: 1000 });
  await call('correlateMessage', { name: 'paid', correlationKey: 'a', variables: {} });
  await call('broadcastSignal', { signalName: 'go' });
  await call('getProcessInstance', { processInstanceKey }, now);
}

async function documentCalls() {
  const file = new File(['text'], 'a.txt', { type: 'text/plain' });
  const { documentId, contentHash } = await call('createDocument', { file, metadata: { fileName: 'b.txt' } });
  await call('getDocument', { documentId, contentHash });
  await call('deleteDocument', { documentId });
}

await clusterCalls();
const definition = await deploymentCalls();
const instance = await instanceCalls(definition);
await jobCalls(instance);
await userTaskCalls(instance);
await eventCalls(instance);
await documentCalls();
const { processInstanceKey } = await call('createProcessInstance', { processDefinitionId: 'main' });
await call('cancelProcessInstance', { processInstanceKey });
await call('pinClock', { timestamp: Date.now() + 60_000 });
console.log('done');
process.exit(0);
