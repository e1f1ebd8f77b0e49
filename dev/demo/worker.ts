/** The built worker as a process of its own, as in production: it is told everything by its environment. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePorts, pause } from '../engine/processes';

/** One line of its log about a job that ended. */
export interface JobLine {
  readonly processInstanceKey: string;
  readonly operation: string | undefined;
}

export interface Worker {
  /** Base URL of health and metrics. */
  readonly managementAddress: string;
  /** Jobs that ended so far. */
  readonly jobs: readonly JobLine[];
  /** What it logged, for when something went wrong. */
  output(): string;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 40_000;

/**
 * @param environment added to what a process needs anyway; nothing else of the caller's environment is handed on
 * @returns when the worker is ready
 * @throws Error with its output when it ends, or is not ready within 30 s
 */
export async function startWorker(
  mainFile: string,
  workingFolder: string,
  environment: Readonly<Record<string, string>>,
): Promise<Worker> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [mainFile], {
    cwd: workingFolder,
    env: { ...inherited(), CONNECTOR_MANAGEMENT_PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const jobs: JobLine[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      const job = jobLine(line);
      if (job) jobs.push(job);
    });
  }
  const worker: Worker = {
    managementAddress: `http://127.0.0.1:${port}`,
    jobs,
    output: () => lines.join('\n'),
    stop: () => stop(child),
  };
  const end = Date.now() + startTimeoutMs;
  while (!(await isReady(worker.managementAddress))) {
    if (hasEnded(child) || Date.now() > end) {
      await stop(child);
      throw new Error(`The worker did not become ready. What it wrote:\n${worker.output()}`);
    }
    await pause(50);
  }
  return worker;
}

function jobLine(line: string): JobLine | undefined {
  if (!line.startsWith('{')) return undefined;
  const fields = JSON.parse(line) as Record<string, unknown>;
  const { processInstanceKey: key, operation, command } = fields;
  if (typeof key !== 'string' || typeof command !== 'string') return undefined;
  return { processInstanceKey: key, operation: typeof operation === 'string' ? operation : undefined };
}

/** Proxy and certificate settings belong to the machine; ZEEBE_*, CAMUNDA_* and CONNECTOR_* are the demo's to say. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(PATH|HOME|TMPDIR|NODE_EXTRA_CA_CERTS|\w+_PROXY)$/i.test(name),
    ),
  );
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(`${address}/health/ready`)).ok;
  } catch {
    return false;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(force);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
