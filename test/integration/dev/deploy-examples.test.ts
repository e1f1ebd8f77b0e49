/** The script that fills an engine with the example processes, as docker-compose.yml runs it. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../../dev/engine/processes';
import { ServedEngine } from '../engine/rest/served-engine';

jest.setTimeout(60_000);

const root = join(__dirname, '..', '..', '..');
const examples = readdirSync(join(root, 'bpmn-examples')).filter((name) => name.endsWith('.demo.json'));

let served: ServedEngine;
afterEach(() => served.close());

async function deployExamples(address: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dev/run.mjs', 'dev/demo/deploy-examples.ts'],
    { cwd: root, env: { ...process.env, ZEEBE_REST_ADDRESS: address } },
  );
  return stdout;
}

it('deploys every example, starts each once, and a second run starts none', async () => {
  served = await ServedEngine.start();
  const count = examples.length;
  expect(await deployExamples(served.url)).toContain(
    `${count} processes are deployed at ${served.url}, ${count} were started`,
  );
  const { definitions, instances } = served.engine.state;
  const started = [...instances.values()].map(({ processId }) => processId);
  expect([definitions.size, new Set(started).size, started.length]).toEqual([count, count, count]);

  expect(await deployExamples(`${served.url}/`)).toContain(', 0 were started');
  expect([definitions.size, instances.size]).toEqual([count, count]);
});

it('waits for an engine that is still starting', async () => {
  const [port = 0] = await freePorts(1);
  const done = deployExamples(`http://127.0.0.1:${port}`);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  served = await ServedEngine.start({}, { port });
  expect(await done).toContain(`${examples.length} were started`);
});
