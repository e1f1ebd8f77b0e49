/** Camunda's own clients against the local engine: their schemas and types say what an answer must look like. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  boundary,
  catchEvent,
  definitions,
  end,
  error,
  message,
  path,
  process as bpmnProcess,
  processWith,
  serviceTask,
  signal,
  start,
  userTask,
} from '../../../support/engine-bpmn';
import { ServedEngine } from './served-engine';

const file = definitions(
  processWith(
    'main',
    { name: 'Main' },
    path(
      start(),
      serviceTask('work', { headers: { color: 'red' } }),
      userTask('ask', { assignee: '=null' }),
      catchEvent('wait', message('paid', '=id')),
      catchEvent('stop', signal('go')),
      end(),
    ),
    boundary('caught', 'work', error('known')),
    path('caught', serviceTask('repair'), 'ask'),
  ),
  bpmnProcess('short', path(start('begin'), end('finish'))),
);

const run = promisify(execFile);
let served: ServedEngine;
let folder: string;
beforeEach(async () => {
  served = await ServedEngine.start();
  folder = mkdtempSync(join(tmpdir(), 'engine-contract-'));
  writeFileSync(join(folder, 'contract.bpmn'), file);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});

/** Runs a client beside this file as a process of its own. @returns its lines, or its error as a line */
async function runClient(name: string): Promise<readonly string[]> {
  const { PATH, HOME } = process.env;
  const args = [join(__dirname, name), served.url, join(folder, 'contract.bpmn')];
  const { stdout } = await run(process.execPath, args, { env: { PATH, HOME }, timeout: 50_000 }).catch(
    (error: Error & { stdout: string; stderr: string }) => ({ stdout: `${error.stdout}${error.stderr}` }),
  );
  return stdout.trim().split('\n');
}

it('every answer fits the schemas of @camunda8/orchestration-cluster-api', async () => {
  const lines = await runClient('contract-client.mjs');
  expect(lines.filter((line) => !line.endsWith(': ok'))).toEqual(['done']);
  expect(served.engine.state.activeInstances.count('ACTIVE')).toBe(0);
  expect(served.errors).toEqual([]);
}, 60_000);

it('the REST client of @camunda8/sdk deploys, creates, activates, fails and completes', async () => {
  const lines = await runClient('contract-sdk.mjs');
  expect(lines.filter((line) => !line.endsWith(': ok'))).toEqual(['done']);
  const [job] = [...served.engine.state.jobs.values()];
  expect(job).toMatchObject({ state: 'COMPLETED', retries: 2 });
}, 60_000);
