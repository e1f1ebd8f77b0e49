/**
 * `npm run soak [-- minutes]`: a steady mix of good and bad jobs on the local engine for 20 minutes. Ends with 1 when memory
 * or handles grow, a job is lost, or an answer is paid for twice. Linux only.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startArguments, startSubject, type Subject } from '../bench/subject';
import { table } from '../demo/table';
import { Zeebe } from '../engine/client';
import { freePorts, pause } from '../engine/processes';
import { followRecords } from '../engine/record-feed';
import { startEngine } from '../engine/use-engine';
import { createJobTally, type JobTally } from './job-tally';
import { jobTypes, kinds, processOf, round, type Kind } from './kinds';
import { judgeGrowth, minuteRows, takeSample, type Judgement, type Sample } from './samples';
import { startUpstream, type SoakUpstream } from './upstream';

const jobsPerSecond = 20;
const sampleMs = 10_000;
/** Retries, hints and renewals of the last jobs. */
const settleMs = 60_000;
const prompt = 'What shall we do with this letter? '.repeat(20);

async function main(minutes: number): Promise<boolean> {
  const [management = 0] = await freePorts(1);
  const engine = await startEngine('soak-engine');
  const ledgerFolder = mkdtempSync(join(tmpdir(), 'soak-ledger-'));
  const zeebe = new Zeebe(engine.restAddress, engine.managementAddress);
  // Incidents would pile up in the engine.
  const tally = createJobTally((instance) => void cancel(zeebe, instance));
  const records = followRecords(engine.managementAddress, (record) => tally.take(record));
  const upstream = await startUpstream();
  let worker: Subject | undefined;
  try {
    await zeebe.deploy(...kinds.map((kind) => processOf(kind, upstream.url)));
    worker = await startSubject(
      startArguments(),
      {
        ZEEBE_REST_ADDRESS: zeebe.restAddress,
        SECRET_OPENAI_API_KEY: 'soak-key',
        CONNECTOR_OPENAI_TYPE: jobTypes.chat,
        CONNECTOR_HTTP_REST_TYPE: jobTypes.rest,
        CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
        CONNECTOR_LEDGER: `file:${ledgerFolder}`,
        // What jobs with incidents leave behind must go, and within the time of a soak.
        CONNECTOR_LEDGER_EXPIRY: 'PT2M',
        // Slow calls are renewed.
        CONNECTOR_JOB_TIMEOUT: 'PT10S',
        CONNECTOR_MANAGEMENT_PORT: String(management),
      },
      'Worker started',
    );
    const { pid } = worker;
    const address = `http://127.0.0.1:${management}`;
    const started = performance.now();
    const sample = (): Promise<Sample> =>
      takeSample(pid, address, ledgerFolder, {
        second: (performance.now() - started) / 1000,
        ended: endedIn(tally),
      });
    const samples: Sample[] = [];
    const watching = setInterval(() => {
      sample().then(
        (taken) => void samples.push(taken),
        (error: unknown) => console.error('No sample:', error),
      );
    }, sampleMs);
    try {
      await load(zeebe, minutes * 60 * jobsPerSecond);
    } finally {
      clearInterval(watching);
    }
    await settle(tally);
    await pause(sampleMs);
    const idle = await sample();
    console.log(`\n${table(minuteRows(samples), 60, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])}\n`);
    console.log(
      `Idle at the end: RSS ${idle.rssMb} MB, heap ${idle.heapMb.toFixed(1)} MB, ${idle.handles} handles, ledger ${idle.ledgerMb.toFixed(1)} MB`,
    );
    console.log(
      `${upstream.calls()} calls; jobs failed and tried again ${tally.events('FAILED')} times, timed out ${tally.events('TIMED_OUT')} times\n`,
    );
    return report([...judgeGrowth(samples), ...judgeJobs(tally, upstream)]);
  } finally {
    await worker?.stop();
    await upstream.close();
    await engine.wipe();
    rmSync(ledgerFolder, { recursive: true, force: true });
    await records.stop();
  }
}

const created = new Map<string, number>();

/** Creates a number of instances at a steady pace, however long the engine takes to answer. */
async function load(zeebe: Zeebe, jobs: number): Promise<void> {
  const order = round();
  const started = performance.now();
  const creating = new Set<Promise<void>>();
  for (let index = 0; index < jobs; index += 1) {
    const waitMs = started + (index * 1000) / jobsPerSecond - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const kind = order[index % order.length]!;
    const work = create(zeebe, kind, index).finally(() => creating.delete(work));
    creating.add(work);
  }
  await Promise.all(creating);
}

async function create(zeebe: Zeebe, kind: Kind, index: number): Promise<void> {
  const [instance = ''] = await zeebe.createInstances(kind.name, 1, { prompt: `${index}: ${prompt}` });
  created.set(kind.name, (created.get(kind.name) ?? 0) + 1);
  if (kind.cancelAfterMs === undefined) return;
  await pause(kind.cancelAfterMs);
  await cancel(zeebe, instance);
}

/** The engine may be busy, or done with the instance. */
async function cancel(zeebe: Zeebe, instance: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      return await zeebe.cancelInstance(instance);
    } catch {
      await pause(500);
    }
  }
}

/** Until every job has come to its end, or nothing can be hoped for any more. */
async function settle(tally: JobTally): Promise<void> {
  const end = Date.now() + settleMs;
  while (!isComplete(tally) && Date.now() < end) await pause(200);
}

function createdIn(kind: Kind): number {
  return created.get(kind.name) ?? 0;
}

function endedIn(tally: JobTally): number {
  return kinds.reduce((sum, { name, end }) => sum + tally.ended(name, end), 0);
}

function isComplete(tally: JobTally): boolean {
  return kinds.every((kind) => tally.ended(kind.name, kind.end) >= createdIn(kind));
}

/** By kind: every job came to the end it must come to, and its answer was paid for once. */
function judgeJobs(tally: JobTally, upstream: SoakUpstream): Judgement[] {
  const judged = kinds.map((kind): Judgement => {
    const jobs = createdIn(kind);
    const ended = tally.ended(kind.name, kind.end);
    const paid = upstream.paid(kind.name);
    // A cancelled call may be answered just before; such a race is lost once in a while on a busy machine.
    const asPaid = kind.end === 'CANCELED' ? paid <= jobs / 100 : paid === jobs;
    return {
      text: `${kind.name}: ${jobs} jobs, ${ended} ${kind.end}, ${paid} answers paid for`,
      good: tally.created(kind.name) === jobs && ended === jobs && asPaid,
    };
  });
  return [...judged, { text: `Jobs without an end: ${tally.open()}`, good: tally.open() === 0 }];
}

function report(judgements: readonly Judgement[]): boolean {
  for (const { text, good } of judgements) console.log(`${good ? 'ok   ' : 'FAULT'} ${text}`);
  return judgements.every(({ good }) => good);
}

const minutes = Number(process.argv[2] ?? 20);
if (!(minutes > 0)) {
  console.error(`"${process.argv[2]}" is not a number of minutes. Example: npm run soak -- 5`);
  process.exitCode = 1;
} else {
  main(minutes).then(
    (good) => {
      process.exitCode = good ? 0 : 1;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
