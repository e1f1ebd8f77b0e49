/** A process under measurement: the worker, or the bare loop. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { cpuSeconds, memoryMegabytes } from './process-figures';

export interface Subject {
  readonly pid: number;
  /** Jobs it completed so far, by its own lines. */
  completed(): number;
  cpuSeconds(): number;
  memory(): { readonly now: number; readonly peak: number };
  /** Resolves when that many jobs are completed; rejects when the process ends before. */
  waitFor(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Node's arguments for the worker as `npm start` has them. */
export function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
}

/** @param readyLine part of the line after which it takes jobs */
export async function startSubject(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  readyLine: string,
): Promise<Subject> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let completed = 0;
  let notify = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"command":"complete"')) completed += 1;
      if (line.includes(readyLine)) resolve();
      notify();
    });
  });
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`It ended with ${code}.`))),
  );
  // The end is only an error to those who wait for something else.
  ended.catch(() => undefined);
  await Promise.race([ready, ended]);
  const pid = child.pid ?? 0;
  return {
    pid,
    completed: () => completed,
    cpuSeconds: () => cpuSeconds(pid),
    memory: () => memoryMegabytes(pid),
    async waitFor(count) {
      while (completed < count) {
        await Promise.race([new Promise<void>((resolve) => (notify = resolve)), ended]);
      }
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 40_000);
      await gone;
      clearTimeout(force);
    },
  };
}
