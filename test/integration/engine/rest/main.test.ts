import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bpmn, end, path, serviceTask, start } from '../../../support/engine-bpmn';

const root = join(__dirname, '..', '..', '..', '..');
const script = join('test', 'integration', 'engine', 'rest', 'engine-process.ts');
const anyPorts = ['--rest-port', '0', '--management-port', '0'];

let folder: string;
const running = new Set<EngineProcess>();
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'engine-main-'))));
afterEach(async () => {
  for (const engine of running) {
    engine.signal('SIGTERM');
    await engine.ended;
  }
  running.clear();
  rmSync(folder, { recursive: true });
});

/** The engine as a process of its own. */
class EngineProcess {
  output = '';
  errors = '';
  readonly ended: Promise<number | null>;
  readonly #child;

  constructor(...args: readonly string[]) {
    this.#child = spawn(process.execPath, [join('dev', 'run.mjs'), script, ...args], { cwd: root });
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.errors += chunk));
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
    running.add(this);
  }

  /** Waits until it is ready. @returns base URL of the REST API */
  async ready(): Promise<string> {
    await Promise.race([this.ended, new Promise((resolve) => this.#child.stdout.once('data', resolve))]);
    const address = /ready at (\S+) /.exec(this.output)?.[1];
    if (address === undefined) throw new Error(`The engine is not ready. ${this.errors}`);
    return address;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

async function deploy(address: string, xml: string): Promise<void> {
  const form = new FormData();
  form.append('resources', new Blob([xml]), 'p.bpmn');
  await fetch(`${address}/v2/deployments`, { method: 'POST', body: form });
}

it('says in one line where it is and what it is not', async () => {
  const engine = new EngineProcess(...anyPorts, '--data', folder, '--partitions', '2');
  const address = await engine.ready();
  expect(engine.output).toMatch(
    /^Local engine ready at http:\/\/127\.0\.0\.1:\d+ \(management port \d+, data in .*\)\. A stand-in for development, tests and dry runs, not a replacement for a Zeebe cluster\.\n$/,
  );
  const topology = (await (await fetch(`${address}/v2/topology`)).json()) as { partitionsCount: number };
  expect(topology.partitionsCount).toBe(2);
});

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s answers open polls empty and ends it within 2 s',
  async (signal) => {
    const engine = new EngineProcess(...anyPorts);
    const address = await engine.ready();
    const poll = fetch(`${address}/v2/jobs/activation`, {
      method: 'POST',
      body: JSON.stringify({ type: 't', timeout: 1000, maxJobsToActivate: 1, requestTimeout: 25_000 }),
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const begin = performance.now();
    engine.signal(signal);
    expect(await (await poll).json()).toEqual({ jobs: [] });
    expect(await engine.ended).toBe(0);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(engine.errors).toBe('');
  },
);

it('goes on with what the folder holds', async () => {
  const first = new EngineProcess(...anyPorts, '--data', folder);
  const address = await first.ready();
  await deploy(address, bpmn('p', path(start(), serviceTask('work'), end())));
  const create = (at: string) =>
    fetch(`${at}/v2/process-instances`, { method: 'POST', body: '{"processDefinitionId":"p"}' });
  expect((await create(address)).status).toBe(200);
  first.signal('SIGTERM');
  expect(await first.ended).toBe(0);
  const second = await new EngineProcess(...anyPorts, '--data', folder).ready();
  const answer = await fetch(`${second}/v2/process-instances/search`, { method: 'POST' });
  expect(await answer.json()).toMatchObject({ items: [{ processDefinitionId: 'p', state: 'ACTIVE' }] });
  expect((await create(second)).status).toBe(200);
}, 20_000);

describe('cannot run', () => {
  it.each([
    [['--rest-port', 'x'], "--rest-port must be a number from 0 to 65535, but is 'x'."],
    [['--partitions', '0'], "--partitions must be a number from 1 to 4095, but is '0'."],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['folder'], "Unexpected argument 'folder'"],
    [['--data', ''], '--data must name a folder.'],
  ])('with %j', async (args, reason) => {
    const engine = new EngineProcess(...args);
    expect(await engine.ended).toBe(1);
    expect(engine.errors).toContain(reason);
    expect(engine.errors).toContain('Usage: node dist/main.js engine');
  });

  it('on a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const engine = new EngineProcess('--rest-port', String(port), '--management-port', '0');
    expect(await engine.ended).toBe(1);
    expect(engine.errors).toBe(
      `The local engine cannot run. Port ${port} of 127.0.0.1 cannot be opened. Another process has it; choose another port.\n`,
    );
    other.close();
  });

  it('in a folder that another one uses', async () => {
    await new EngineProcess(...anyPorts, '--data', folder).ready();
    const second = new EngineProcess(...anyPorts, '--data', folder);
    expect(await second.ended).toBe(1);
    expect(second.errors).toMatch(/^The local engine cannot run\. .*in use/);
  });
});

it('--help shows the options', async () => {
  const engine = new EngineProcess('--help');
  expect(await engine.ended).toBe(0);
  expect(engine.output).toContain('--management-port');
});
