/** The built worker as a process of its own, as in production. The build is made once by the set-up of the e2e project. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { freePorts, pause } from '../../dev/engine/processes';

export interface WorkerProcess {
  readonly pid: number;
  /** Base URL of health and metrics. */
  readonly managementAddress: string;
  /** What it wrote to stdout, a parsed JSON line each. */
  readonly log: Readonly<Record<string, unknown>>[];
  /** All it wrote, as it stands. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** One value of the metrics; labels as they stand in the text, such as `{type="a"}`. */
  metric(nameWithLabels: string): Promise<number | undefined>;
  /** SIGTERM, then SIGKILL after `timeoutMs` (10 s). */
  stop(timeoutMs?: number): Promise<void>;
}

const main = join(__dirname, '..', '..', 'dist', 'main.js');

/**
 * Starts a worker and waits until it is ready.
 * @param environment added to a bare environment: nothing of the test's own leaks in
 * @throws Error with its output when it ends before that, or is not ready within 30 s
 */
export async function startWorker(
  environment: Readonly<Record<string, string>>,
  options: { readonly waitUntilReady?: boolean } = {},
): Promise<WorkerProcess> {
  const [port = 0] = await freePorts(1);
  const child = spawn(process.execPath, [main], {
    cwd: join(__dirname, '..', 'fixtures'),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      CONNECTOR_MANAGEMENT_PORT: String(port),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const worker = new Handle(child, `http://127.0.0.1:${port}`);
  if (options.waitUntilReady === false) return worker;
  const end = Date.now() + 30_000;
  while (!(await worker.isReady())) {
    if (worker.ended || Date.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`The worker is not ready. Its output:\n${worker.output()}`);
    }
    await pause(50);
  }
  return worker;
}

class Handle implements WorkerProcess {
  readonly log: Record<string, unknown>[] = [];
  readonly exited: Promise<number | null>;
  ended = false;
  #text = '';
  #rest = '';

  constructor(
    private readonly child: ChildProcess,
    readonly managementAddress: string,
  ) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#text += text));
    this.exited = new Promise((resolve) =>
      child.once('exit', (code) => {
        this.ended = true;
        resolve(code);
      }),
    );
  }

  get pid(): number {
    return this.child.pid!;
  }

  output(): string {
    return this.#text;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.managementAddress}/health/ready`)).ok;
    } catch {
      return false;
    }
  }

  async metric(nameWithLabels: string): Promise<number | undefined> {
    const text = await (await fetch(`${this.managementAddress}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${nameWithLabels} `));
    return line === undefined ? undefined : Number(line.slice(nameWithLabels.length + 1));
  }

  async stop(timeoutMs = 10_000): Promise<void> {
    if (this.ended) return;
    this.signal('SIGTERM');
    const kill = setTimeout(() => this.signal('SIGKILL'), timeoutMs);
    await this.exited;
    clearTimeout(kill);
  }

  #read(text: string): void {
    this.#text += text;
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      try {
        this.log.push(JSON.parse(line) as Record<string, unknown>);
      } catch {
        // Not a log line: it is in the output all the same.
      }
    }
  }
}
