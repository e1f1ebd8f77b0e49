/**
 * A worker's part of the ledger in a process of its own. What to do comes as arguments, what happened goes to stdout, a
 * line each.
 *
 * - `die <folder> <step> <upstream> <job>`: makes a paid call and stops for ever at the step, after saying `at <pid>`
 * - `race <folder> <count>`: waits for a line on stdin, claims `count` jobs and prints the numbers of those it won
 * - `fill <folder>`: claims and keeps answers until ten in a row failed, frees some and keeps one more
 */
import http from 'node:http';
import type { HttpResponse } from '../../src/http/request';
import { FileLedger } from '../../src/ledger/file';
import { LedgerError, type Ledger } from '../../src/ledger/ledger';
import { activation, paidRequest, type Step } from './ledger-crashes';

const [, , task = '', folder = '', ...rest] = process.argv;
const ledger = new FileLedger(folder, { expiryMs: 600_000, maxBytes: 1e9 }, Date.now);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const forEver = (): Promise<never> => {
  say(`at ${process.pid}`);
  return new Promise(() => setInterval(() => undefined, 1000));
};

async function die(step: Step, upstream: string, jobKey: string): Promise<void> {
  const { call } = activation(ledger, jobKey, 500, async () => {
    if (step === 'claimed') await forEver();
    if (step === 'sent') say(`at ${process.pid}`);
    const answer = await post(upstream);
    if (step === 'heard') await forEver();
    return answer;
  });
  await call(paidRequest(), new AbortController().signal);
  if (step === 'forgotten') await ledger.forget(jobKey);
  await forEver();
}

function post(url: string): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: 'POST' }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: 200, reason: 'OK', headers: [], body: Buffer.concat(chunks) }),
      );
    });
    request.on('error', reject).end('{}');
  });
}

async function race(count: number): Promise<void> {
  say('ready');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  const won: number[] = [];
  for (let job = 0; job < count; job++) {
    const key = { jobKey: `race-${job}`, requestHash: 'h' };
    if ((await ledger.claim(key, `child-${process.pid}`, 600_000)).kind === 'claimed') won.push(job);
  }
  say(JSON.stringify(won));
  await ledger.close();
}

async function fill(full: Ledger): Promise<void> {
  const key = (job: number) => ({ jobKey: `fill-${job}`, requestHash: 'h' });
  const kept: number[] = [];
  let other = 0;
  for (let job = 0, failures = 0; failures < 10 && job < 1000; job++) {
    try {
      await full.claim(key(job), 'a', 600_000);
      await full.keep(key(job), Buffer.alloc(50_000, job));
      kept.push(job);
    } catch (error) {
      failures++;
      if (!(error instanceof LedgerError)) other++;
    }
  }
  let found = 0;
  for (const job of kept) if ((await full.claim(key(job), 'b', 1)).kind === 'answered') found++;
  for (const job of kept.slice(0, 20)) await full.forget(key(job).jobKey);
  await full.keep(key(5000), Buffer.alloc(50_000));
  say(JSON.stringify({ kept: kept.length, found, other }));
  await full.close();
  say('closed');
}

switch (task) {
  case 'die':
    void die(rest[0] as Step, rest[1]!, rest[2]!);
    break;
  case 'race':
    void race(Number(rest[0]));
    break;
  default:
    void fill(ledger);
}
