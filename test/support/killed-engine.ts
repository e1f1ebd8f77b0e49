/** The built engine as a process of its own, on a folder, killed and started again while clients go on asking. */
import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

export interface Reply {
  readonly status: number;
  /** The body, when it is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

export class KilledEngine {
  // Inside node_modules, so that the bundle finds its packages.
  readonly #program = mkdtempSync(join(root, 'node_modules', '.engine-'));
  readonly #data = mkdtempSync(join(tmpdir(), 'engine-killed-'));
  #child: ChildProcess | undefined;
  #address = '';
  #errors = '';

  constructor() {
    buildSync({
      entryPoints: [join(root, 'src', 'main.ts')],
      outfile: join(this.#program, 'main.cjs'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
    });
  }

  /** What it wrote to stderr, by all its processes. */
  get errors(): string {
    return this.#errors;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    const ports = ['--rest-port', '0', '--management-port', '0'];
    const args = [join(this.#program, 'main.cjs'), 'engine', ...ports, '--data', this.#data];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'close')])) as unknown[];
    const address = /ready at (\S+) /.exec(String(line))?.[1];
    if (address === undefined) throw new Error(`The engine is not ready. ${this.#errors}`);
    this.#address = address;
  }

  /** Kills it without a word. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
  }

  /** Undefined when there is no answer: nobody knows then whether it was done. */
  async send(method: string, path: string, body: object | FormData): Promise<Reply | undefined> {
    try {
      const response = await fetch(this.#address + path, {
        method,
        body: body instanceof FormData ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, json: text === '' ? {} : (JSON.parse(text) as Reply['json']) };
    } catch {
      return undefined;
    }
  }

  post(path: string, body: object | FormData): Promise<Reply | undefined> {
    return this.send('POST', path, body);
  }

  /** Asks again until there is an answer. */
  async ask(path: string, body: object | FormData): Promise<Reply> {
    for (;;) {
      const reply = await this.post(path, body);
      if (reply !== undefined) return reply;
      await pause(10);
    }
  }

  async close(): Promise<void> {
    await this.kill();
    for (const folder of [this.#program, this.#data]) rmSync(folder, { recursive: true, force: true });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
