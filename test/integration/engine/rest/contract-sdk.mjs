/**
 * The way of one job with the REST client of Camunda's SDK: deploy, create, activate, complete.
 *
 * Arguments: address of the engine, BPMN file. Writes one line per call.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const { Camunda8 } = createRequire(import.meta.url)('@camunda8/sdk');
const [address, bpmnFile] = process.argv.slice(2);
const client = new Camunda8({
  ZEEBE_REST_ADDRESS: address,
  CAMUNDA_AUTH_STRATEGY: 'NONE',
  CAMUNDA_LOG_LEVEL: 'none',
}).getCamundaRestClient();

async function step(name, work) {
  const answer = await work;
  console.log(`${name}: ok`);
  return answer;
}

await step('topology', client.getTopology());
const resource = { content: readFileSync(bpmnFile, 'utf8'), name: 'sdk.bpmn' };
const { processes } = await step('deploy', client.deployResources([resource]));
const created = await step(
  'create',
  client.createProcessInstance({ processDefinitionId: 'main', variables: { id: 'a' } }),
);
const [job] = await step(
  'activate',
  client.activateJobs({
    type: 'work',
    worker: 'sdk',
    timeout: 60_000,
    maxJobsToActivate: 1,
    requestTimeout: 2000,
  }),
);
if (job.processInstanceKey !== created.processInstanceKey) throw new Error(JSON.stringify({ job, created }));
if (!processes.some((each) => each.processDefinitionKey === job.processDefinitionKey))
  throw new Error('process');
if (job.customHeaders.color !== 'red' || job.variables.id !== 'a') throw new Error(JSON.stringify(job));
await step('fail', job.fail({ errorMessage: 'once more', retries: 2, retryBackOff: 0 }));
await step('complete', client.completeJob({ jobKey: job.jobKey, variables: { ok: true } }));
console.log('done');
process.exit(0);
