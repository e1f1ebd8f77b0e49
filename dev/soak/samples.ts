/** Looks at the worker from outside, and judges what was seen over time. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, memoryMegabytes } from '../bench/process-figures';

export interface Sample {
  /** Seconds since the start of the soak. */
  readonly second: number;
  readonly rssMb: number;
  readonly heapMb: number;
  /** Buffers and other memory beside the heap. */
  readonly externalMb: number;
  readonly handles: number;
  /** The longest of the last 100 delays of the event loop but one, ms. */
  readonly lagMs: number;
  readonly ledgerMb: number;
  readonly inFlight: number;
  readonly cpuSeconds: number;
  /** Jobs that ended so far. */
  readonly ended: number;
}

const megabyte = 1024 * 1024;

/** @throws Error when the worker is gone */
export async function takeSample(
  pid: number,
  managementAddress: string,
  ledgerFolder: string,
  rest: Pick<Sample, 'second' | 'ended'>,
): Promise<Sample> {
  const response = await fetch(`${managementAddress}/metrics`);
  const text = await response.text();
  const metric = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  return {
    ...rest,
    rssMb: memoryMegabytes(pid).now,
    heapMb: metric('nodejs_heap_size_used_bytes') / megabyte,
    externalMb: metric('nodejs_external_memory_bytes') / megabyte,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    lagMs: metric('nodejs_eventloop_lag_p99_seconds') * 1000,
    ledgerMb: folderBytes(ledgerFolder) / megabyte,
    inFlight: metric('zeebe_openai_connector_jobs_in_flight'),
    cpuSeconds: cpuSeconds(pid),
  };
}

/** On the disk: a database file has holes. */
function folderBytes(folder: string): number {
  const blockBytes = 512;
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name)).blocks * blockBytes)
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** Rows for a table, one per minute. Memory and handles are means, the heap its lowest (after a collection), the lag its worst. */
export function minuteRows(samples: readonly Sample[]): string[][] {
  const head = ['minute', 'ended', 'in flight', 'RSS MB', 'heap MB', 'external MB', 'handles'];
  const rows = [[...head, 'lag p99 ms', 'ledger MB', 'CPU %']];
  let before: Sample | undefined;
  for (let minute = 0; ; minute += 1) {
    const own = samples.filter(({ second }) => Math.floor(second / 60) === minute);
    const last = own.at(-1);
    if (last === undefined) return rows;
    const from = before ?? own[0]!;
    const seconds = last.second - from.second;
    rows.push([
      String(minute + 1),
      String(last.ended),
      mean(own, 'inFlight').toFixed(0),
      mean(own, 'rssMb').toFixed(0),
      lowest(own, 'heapMb').toFixed(1),
      mean(own, 'externalMb').toFixed(1),
      mean(own, 'handles').toFixed(0),
      Math.max(...own.map(({ lagMs }) => lagMs)).toFixed(0),
      last.ledgerMb.toFixed(1),
      seconds === 0 ? '' : (((last.cpuSeconds - from.cpuSeconds) / seconds) * 100).toFixed(0),
    ]);
    before = last;
  }
}

export interface Judgement {
  readonly text: string;
  readonly good: boolean;
}

/** Growth from the second quarter to the last: the first one warms up. */
export function judgeGrowth(samples: readonly Sample[]): Judgement[] {
  const quarter = (index: number) =>
    samples.slice(Math.floor((samples.length * index) / 4), Math.floor((samples.length * (index + 1)) / 4));
  const [early, late] = [quarter(1), quarter(3)];
  const judge = (name: string, unit: string, from: number, to: number, allowed: number): Judgement => {
    const share = (((to - from) / from) * 100).toFixed(1);
    return {
      text: `${name}: ${from.toFixed(1)} -> ${to.toFixed(1)} ${unit} (${(to - from).toFixed(1)} ${unit}, ${share} %; at most ${allowed.toFixed(1)} ${unit})`,
      good: to - from <= allowed,
    };
  };
  const rss = mean(early, 'rssMb');
  const heap = lowest(early, 'heapMb');
  const handles = mean(early, 'handles');
  return [
    judge('Memory (RSS, mean)', 'MB', rss, mean(late, 'rssMb'), rss * 0.1),
    judge('Heap (lowest)', 'MB', heap, lowest(late, 'heapMb'), heap * 0.1),
    judge('Open handles (mean)', '', handles, mean(late, 'handles'), Math.max(3, handles * 0.1)),
  ];
}

type Figure = Exclude<keyof Sample, 'second'>;

function mean(samples: readonly Sample[], figure: Figure): number {
  return samples.reduce((sum, sample) => sum + sample[figure], 0) / samples.length;
}

function lowest(samples: readonly Sample[], figure: Figure): number {
  return Math.min(...samples.map((sample) => sample[figure]));
}
