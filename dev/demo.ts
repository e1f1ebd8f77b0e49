/**
 * `npm run demo [-- --keep]`: an engine, a mock of the API (the real one when OPENAI_API_KEY is set), the worker as a process of
 * its own; every process of bpmn-examples/ runs once. Exit code 0 only when each came out as its .demo.json says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openCluster, type Cluster, type Run } from './demo/cluster';
import { readExamples, type Example } from './demo/example';
import { answerIn, differences, tokensIn } from './demo/judge';
import { openProviders, type Providers } from './demo/providers';
import { table } from './demo/table';
import { startWorker, type Worker } from './demo/worker';
import { isHealthy } from './engine/topology';

const root = process.cwd();
const widestColumn = 56;

interface Shown {
  readonly example: Example;
  readonly run: Run;
  readonly wrong: readonly string[];
}

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { keep: { type: 'boolean', default: false } } });
  const closers: (() => Promise<void> | void)[] = [];
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  const demo = async (): Promise<number> => {
    step('Starting the engine');
    const cluster = await openCluster(detail);
    closers.push(() => cluster.close());
    await requireHealthy(cluster);
    detail(`REST ${cluster.zeebe.restAddress}`);
    const providers = await openProviders(process.env);
    closers.push(() => providers.close());
    step(providers.real ? 'Using the real API of OpenAI' : 'Using a mock of the API');
    detail(providers.description);
    step('Starting the worker');
    const worker = await launchWorker(cluster, providers, closers);
    detail(`ready, health and metrics at ${worker.managementAddress}`);
    const shown = await runAll(cluster, providers);
    if (values.keep) await keep(cluster, providers, worker, shown, interrupted);
    else report(shown, worker);
    return shown.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
  };
  try {
    return await Promise.race([demo(), interrupted.then(() => (values.keep ? 0 : 130))]);
  } finally {
    step('Stopping');
    for (const close of closers.reverse()) await close();
  }
}

async function requireHealthy(cluster: Cluster): Promise<void> {
  const { restAddress, authHeaders } = cluster.zeebe;
  if (await isHealthy(restAddress, authHeaders)) return;
  throw new Error(`No healthy engine answers at ${restAddress}.`);
}

async function launchWorker(
  cluster: Cluster,
  providers: Providers,
  closers: (() => Promise<void> | void)[],
): Promise<Worker> {
  // An empty folder: a .env of the developer must not change the demo.
  const folder = mkdtempSync(join(tmpdir(), 'worker-demo-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const worker = await startWorker(resolve(root, 'dist', 'main.js'), folder, {
    ...cluster.workerEnvironment,
    ...providers.workerEnvironment,
  });
  closers.push(() => worker.stop());
  return worker;
}

async function runAll(cluster: Cluster, providers: Providers): Promise<Shown[]> {
  const examples = readExamples(join(root, 'bpmn-examples'), providers.replacements);
  if (examples.length === 0) throw new Error('bpmn-examples/ holds no example with a .demo.json.');
  step(`Deploying and running ${examples.length} processes`);
  for (const { bpmnFile } of examples) await cluster.zeebe.deploy({ file: bpmnFile });
  return Promise.all(
    examples.map(async (example) => {
      const run = await cluster.run(example.processId, example.variables);
      const wrong = differences(run.result, example.expect, !providers.real);
      detail(`${wrong.length === 0 ? 'as expected' : 'NOT as expected'}: ${example.name}`);
      return { example, run, wrong };
    }),
  );
}

function report(shown: readonly Shown[], worker: Worker): void {
  const rows = shown.map(({ example, run, wrong }) => {
    const jobs = worker.jobs.filter(
      ({ processInstanceKey }) => processInstanceKey === run.processInstanceKey,
    );
    const operations = [...new Set(jobs.map(({ operation }) => operation ?? 'http'))];
    const { variables, outcome, message } = run.result;
    return [
      example.name,
      operations.join(', ') || '-',
      wrong.length === 0 ? outcome : `${outcome} (!)`,
      outcome === 'incident' ? (message ?? '') : answerIn(run.result, example.variables),
      String(tokensIn(variables) ?? '-'),
      String(run.durationMs),
    ];
  });
  const head = ['process', 'operation', 'outcome', 'answer', 'tokens', 'ms'];
  console.log(`\n${table([head, ...rows], widestColumn, [4, 5])}\n`);
  const failed = shown.filter(({ wrong }) => wrong.length > 0);
  for (const { example, wrong } of failed)
    for (const reason of wrong) console.log(`${example.name}: ${reason}`);
  if (failed.length > 0) console.log(`\nThe worker wrote:\n${worker.output()}\n`);
  console.log(`Demo: ${shown.length - failed.length} passed, ${failed.length} failed`);
}

async function keep(
  cluster: Cluster,
  providers: Providers,
  worker: Worker,
  shown: readonly Shown[],
  interrupted: Promise<void>,
): Promise<void> {
  report(shown, worker);
  console.log(
    [
      '',
      'Everything keeps running until you press Ctrl-C:',
      `  engine   ${cluster.zeebe.restAddress}`,
      `  API      ${providers.description}`,
      `  worker   ${worker.managementAddress}/health/ready  ${worker.managementAddress}/metrics`,
    ].join('\n'),
  );
  await interrupted;
}

function step(text: string): void {
  console.log(`> ${text}`);
}

function detail(text: string): void {
  console.log(`  ${text}`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
