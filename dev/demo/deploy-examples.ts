/**
 * Fills an engine so that there is something to look at: deploys every process of a folder, and starts those with a
 * .demo.json once. What has been started before is left alone, so it may run at each start of a demo.
 *
 *   node dev/run.mjs dev/demo/deploy-examples.ts
 *
 * ZEEBE_REST_ADDRESS: the engine (http://localhost:8080). EXAMPLES_FOLDER: the processes (bpmn-examples).
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Zeebe } from '../engine/client';
import { waitUntilHealthy } from '../engine/topology';
import { readExamples, type Example } from './example';

/** A cluster in a container takes minutes where the local engine takes a moment. */
const startTimeoutMs = 300_000;

async function main(): Promise<void> {
  const address = (process.env['ZEEBE_REST_ADDRESS'] || 'http://localhost:8080').replace(/\/+$/, '');
  const folder = process.env['EXAMPLES_FOLDER'] || 'bpmn-examples';
  const files = readdirSync(folder).filter((name) => name.endsWith('.bpmn'));
  const examples = readExamples(folder, {});
  await waitUntilHealthy(address, startTimeoutMs, () => undefined);
  const zeebe = new Zeebe(address, '');
  await zeebe.deploy(...files.map((name) => ({ file: join(folder, name) })));
  const started = await start(zeebe, examples);
  console.log(`${files.length} processes are deployed at ${address}, ${started} were started.`);
}

/** @returns how many have not been started before */
async function start(zeebe: Zeebe, examples: readonly Example[]): Promise<number> {
  let started = 0;
  for (const { processId, variables } of examples) {
    if (await hasInstances(zeebe, processId)) continue;
    await zeebe.createInstance(processId, { ...variables });
    started++;
  }
  return started;
}

async function hasInstances(zeebe: Zeebe, processDefinitionId: string): Promise<boolean> {
  const answer = (await zeebe.request('POST', '/v2/process-instances/search', {
    filter: { processDefinitionId },
    page: { limit: 1 },
  })) as { readonly items: readonly unknown[] };
  return answer.items.length > 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
