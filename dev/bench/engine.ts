/**
 * `npm run bench:engine`: what the local engine costs, in this process and over its file storage. Each figure beside the
 * goal it was built for; nothing is asserted, since machines differ.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Engine } from '../../src/engine/engine';
import { openFileStorage } from '../../src/engine/storage/file/open-file-storage';
import { isHealthy } from '../engine/topology';
import { freePorts, pause } from '../engine/processes';
import { table } from '../demo/table';

const callers = 32;
const instances = 10_000;
const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="bench">
<bpmn:process id="bench" isExecutable="true"><bpmn:startEvent id="start"/>
<bpmn:serviceTask id="task"><bpmn:extensionElements><zeebe:taskDefinition type="bench"/></bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="in" sourceRef="start" targetRef="task"/><bpmn:sequenceFlow id="out" sourceRef="task" targetRef="end"/>
</bpmn:process></bpmn:definitions>`;
const variables = JSON.stringify({
  customer: 'A-1',
  amount: 12.5,
  text: 'What shall we do with this letter?',
});

async function main(): Promise<void> {
  const rows = [['', 'figure', 'goal']];
  rows.push(['create and complete, in memory, per s', await throughput(await Engine.open()), '-']);
  const folder = mkdtempSync(join(tmpdir(), 'engine-bench-'));
  try {
    const run = join(folder, 'run');
    rows.push(['create and complete, with journal, per s', await throughput(await openOn(run)), '-']);
    rows.push(['bytes written for an instance, rows and records', bytesIn(run), '-']);
    rows.push(['memory of a waiting instance, bytes', await memoryOfWaiting(join(folder, 'memory')), '2000']);
    rows.push(['restart with 10,000 waiting instances, ms', await restart(join(folder, 'waiting')), '1000']);
    rows.push(['process ready after start, ms', await readyAfter(join(folder, 'process')), '400']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(table(rows, 60, [1, 2]));
}

function openOn(folder: string): Promise<Engine> {
  return Engine.open({
    storage: (restore, snapshot) =>
      Promise.resolve(
        openFileStorage({
          folder,
          restore,
          snapshot,
          say: console.log,
          onFailure: (error) => console.error(error),
        }),
      ),
  });
}

async function throughput(engine: Engine): Promise<string> {
  await engine.deploy([{ name: 'bench.bpmn', content: bpmn }]);
  const start = performance.now();
  let left = instances;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      await engine.createInstance({ processId: 'bench', variables, tags: [] });
      const [taken] = await take(engine, 1);
      await engine.completeJob(taken!.job.key, '{"answer":"fine"}');
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1000;
  await engine.close();
  return (instances / seconds).toFixed(0);
}

function take(engine: Engine, maxJobs: number) {
  return engine.activateJobs({
    type: 'bench',
    worker: 'bench',
    timeoutMs: 60_000,
    maxJobs,
    fetchVariables: [],
    waitMs: 0,
  }).jobs;
}

async function createWaiting(engine: Engine): Promise<void> {
  for (let count = 0; count < instances; count += 1)
    await engine.createInstance({ processId: 'bench', variables: '{"amount":12.5}', tags: [] });
}

/** The second ten thousand: by then the tail of the records that is kept in memory is full. */
async function memoryOfWaiting(folder: string): Promise<string> {
  const engine = await openOn(folder);
  await engine.deploy([{ name: 'bench.bpmn', content: bpmn }]);
  await createWaiting(engine);
  const before = heap();
  await createWaiting(engine);
  const used = heap() - before;
  await engine.close();
  return (used / instances).toFixed(0);
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

async function restart(folder: string): Promise<string> {
  const engine = await openOn(folder);
  await engine.deploy([{ name: 'bench.bpmn', content: bpmn }]);
  await createWaiting(engine);
  await engine.close();
  const start = performance.now();
  const again = await openOn(folder);
  const ms = performance.now() - start;
  await again.close();
  return ms.toFixed(0);
}

async function readyAfter(folder: string): Promise<string> {
  const [rest = 0, management = 0] = await freePorts(2);
  const start = performance.now();
  const args = [
    'engine',
    '--rest-port',
    String(rest),
    '--management-port',
    String(management),
    '--data',
    folder,
  ];
  const child = spawn(process.execPath, ['dist/main.js', ...args], { stdio: 'ignore' });
  while (!(await isHealthy(`http://127.0.0.1:${rest}`))) await pause(5);
  const ms = performance.now() - start;
  child.kill();
  return ms.toFixed(0);
}

/** Of each file, since rows and records are written apart. */
function bytesIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  const sizes = files.map((file) => ({ file: file.slice(folder.length + 1), size: statSync(file).size }));
  return sizes
    .filter(({ size }) => size > instances)
    .map(({ file, size }) => `${file} ${Math.round(size / instances)}`)
    .join(', ');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
