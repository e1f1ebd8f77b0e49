/**
 * `npm run bench`: what the worker costs, on the local engine, beside a loop that only completes jobs. Linux only.
 * Engine, upstream and worker share the machine, so jobs per second say more about the machine than CPU seconds do.
 */
import { table } from '../demo/table';
import { Zeebe } from '../engine/client';
import { pause } from '../engine/processes';
import { startEngine } from '../engine/use-engine';
import { runBareLoop } from './bare-loop';
import { percentile } from './process-figures';
import { startArguments, startSubject, type Subject } from './subject';
import { startUpstream, type Upstream } from './upstream';

type Kind = 'bare' | 'rest' | 'chat';

const jobs = 2000;
/** A worker runs for weeks: what is measured is code that the runtime has compiled. */
const warmUpJobs = 2000;
const slowMs = 1000;
const slowCapacity = 300;
const latencyRounds = 300;
const latencyIntervalMs = 100;
const prompt = 'What shall we do with this letter? '.repeat(120);

async function main(): Promise<void> {
  const engine = await startEngine('bench-engine');
  const zeebe = new Zeebe(engine.restAddress, engine.managementAddress);
  try {
    const rows = [['', 'CPU s per 1,000 jobs', 'jobs/s', 'peak MB', 'most at once']];
    for (const kind of ['bare', 'rest', 'chat'] as const) rows.push(await throughput(zeebe, kind, 0, 100));
    rows.push(await throughput(zeebe, 'rest', slowMs, slowCapacity));
    rows.push(await throughput(zeebe, 'chat', slowMs, slowCapacity));
    console.log(`\n${jobs} jobs that wait already, behind ${warmUpJobs} to warm up\n`);
    console.log(table(rows, 60, [1, 2, 3, 4]));
    const latencies = [['', 'p50 ms', 'p99 ms']];
    for (const kind of ['bare', 'rest', 'chat'] as const) latencies.push(await latency(zeebe, kind));
    console.log('\nFrom creating an instance to its end, 10 a second, instant upstream\n');
    console.log(table(latencies, 60, [1, 2]));
  } finally {
    await engine.wipe();
  }
}

async function throughput(zeebe: Zeebe, kind: Kind, delayMs: number, capacity: number): Promise<string[]> {
  const upstream = await startUpstream(delayMs);
  const processId = `bench-${kind}-${delayMs}`;
  await zeebe.deploy(processOf(processId, kind, upstream));
  await zeebe.createInstances(processId, warmUpJobs + jobs, { prompt });
  const subject = await start(zeebe, kind, processId, capacity);
  try {
    await subject.waitFor(warmUpJobs);
    return await measure(subject, upstream, kind, delayMs);
  } finally {
    await subject.stop();
    await upstream.close();
  }
}

async function measure(subject: Subject, upstream: Upstream, kind: Kind, delayMs: number): Promise<string[]> {
  const memory: number[] = [];
  const start = performance.now();
  const before = { cpu: subject.cpuSeconds(), jobs: subject.completed() };
  for (let part = 1; part <= 4; part += 1) {
    await subject.waitFor(warmUpJobs + (jobs * part) / 4);
    memory.push(subject.memory().now);
  }
  const seconds = (performance.now() - start) / 1000;
  const done = subject.completed() - before.jobs;
  console.log(`  ${kind}, ${delayMs} ms: memory after each quarter ${memory.join(', ')} MB`);
  return [
    `${kind}, upstream ${delayMs} ms`,
    (((subject.cpuSeconds() - before.cpu) / done) * 1000).toFixed(2),
    (done / seconds).toFixed(0),
    String(subject.memory().peak),
    kind === 'bare' ? '-' : String(upstream.mostAtOnce()),
  ];
}

async function latency(zeebe: Zeebe, kind: Kind): Promise<string[]> {
  const upstream = await startUpstream(0);
  const processId = `bench-latency-${kind}`;
  await zeebe.deploy(processOf(processId, kind, upstream));
  const subject = await start(zeebe, kind, processId, 100);
  try {
    const times: number[] = [];
    const one = async (): Promise<void> => {
      const start = performance.now();
      await zeebe.createAndAwait(processId, { prompt });
      times.push(performance.now() - start);
    };
    for (let index = 0; index < 20; index += 1) await one();
    times.length = 0;
    const running: Promise<void>[] = [];
    for (let index = 0; index < latencyRounds; index += 1) {
      running.push(one());
      await pause(latencyIntervalMs);
    }
    await Promise.all(running);
    return [kind, percentile(times, 0.5).toFixed(1), percentile(times, 0.99).toFixed(1)];
  } finally {
    await subject.stop();
    await upstream.close();
  }
}

function start(zeebe: Zeebe, kind: Kind, jobType: string, capacity: number): Promise<Subject> {
  if (kind === 'bare') {
    const args = [process.argv[1] ?? '', 'bare-loop', zeebe.restAddress, jobType, String(capacity)];
    return startSubject(args, {}, 'ready');
  }
  const type = kind === 'rest' ? 'CONNECTOR_HTTP_REST' : 'CONNECTOR_OPENAI';
  const others = ['CONNECTOR_HTTP_REST', 'CONNECTOR_OPENAI', 'CONNECTOR_AZURE_OPENAI'].filter(
    (name) => name !== type,
  );
  return startSubject(
    startArguments(),
    {
      ZEEBE_REST_ADDRESS: zeebe.restAddress,
      CONNECTOR_MANAGEMENT_PORT: '0',
      CONNECTOR_MAX_JOBS: String(capacity),
      SECRET_OPENAI_API_KEY: 'bench-key',
      [`${type}_TYPE`]: jobType,
      ...Object.fromEntries(others.map((name) => [`${name}_ENABLED`, 'false'])),
    },
    'Worker started',
  );
}

function processOf(id: string, kind: Kind, upstream: Upstream): string {
  const inputs: Record<Kind, string[]> = {
    bare: [],
    rest: [
      input('method', 'POST'),
      input('url', `${upstream.url}/v1/chat/completions`),
      input('authentication.type', 'bearer'),
      input('authentication.token', '{{secrets.OPENAI_API_KEY}}'),
      input('body', '={model: "gpt-4o", messages: [{role: "user", content: prompt}]}'),
    ],
    chat: [
      input('connection.apiKey', '{{secrets.OPENAI_API_KEY}}'),
      input('connection.baseUrl', `${upstream.url}/v1`),
      input('operation', 'chatCompletion'),
      input('input.model', 'gpt-4o'),
      input('input.prompt', '=prompt'),
    ],
  };
  const errorExpression = 'if error.code = "404" then bpmnError("404", "Got a 404 error") else null';
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="bench">
<bpmn:process id="${id}" isExecutable="true"><bpmn:startEvent id="start"/>
<bpmn:serviceTask id="task"><bpmn:extensionElements><zeebe:taskDefinition type="${id}" retries="3"/>
<zeebe:ioMapping>${inputs[kind].join('')}</zeebe:ioMapping>
<zeebe:taskHeaders><zeebe:header key="resultExpression" value="={answer: response.body.choices[1].message.content}"/><zeebe:header key="errorExpression" value="${attribute(errorExpression)}"/></zeebe:taskHeaders>
</bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="in" sourceRef="start" targetRef="task"/><bpmn:sequenceFlow id="out" sourceRef="task" targetRef="end"/>
</bpmn:process></bpmn:definitions>`;
}

function input(target: string, source: string): string {
  return `<zeebe:input source="${attribute(source)}" target="${target}"/>`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

const [mode, restAddress = '', jobType = '', capacity = ''] = process.argv.slice(2);
const work = mode === 'bare-loop' ? runBareLoop(restAddress, jobType, Number(capacity)) : main();
work.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
