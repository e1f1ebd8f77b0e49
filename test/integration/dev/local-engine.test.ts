/** How an engine is started, found again, stopped and wiped, with a program in the place of the built product. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalEngine, type EnginePorts, type EngineSettings } from '../../../dev/engine/local-engine';
import { freePorts, runsCommandWith } from '../../../dev/engine/processes';

jest.setTimeout(30_000);

const program = join(__dirname, '..', '..', 'support', 'fake-engine.js');

let parent: string;
let folder: string;
let ports: EnginePorts;
let engines: LocalEngine[];

/** Each is as another command would make it: they share nothing but the folder. */
function engine(settings: Partial<EngineSettings> = {}): LocalEngine {
  const made = new LocalEngine({ folder, ports, program, ...settings });
  engines.push(made);
  return made;
}

const starts = (): string => readFileSync(join(folder, 'data', 'starts'), 'utf8');
const log = (): string => readFileSync(join(folder, 'logs', 'engine.log'), 'utf8');

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'local-engine-'));
  folder = join(parent, 'engine');
  const [rest = 0, management = 0] = await freePorts(2);
  ports = { rest, management };
  engines = [];
});
afterEach(async () => {
  for (const made of engines) await made.kill();
  rmSync(parent, { recursive: true, force: true });
});

it('a start returns when every partition is healthy; another command then finds it running', async () => {
  expect(await engine().status()).toBe('stopped');
  const started = engine({ partitions: 2 });
  await started.start({ detached: true });
  expect(await started.status()).toBe('running');
  expect(await engine().status()).toBe('running');
  expect(await engine().pid()).toBe(await started.pid());
  expect(log()).toContain(`engine in ${folder}, partitions 2`);
  expect(started.restAddress).toBe(`http://127.0.0.1:${ports.rest}`);
  expect(started.managementAddress).toBe(`http://127.0.0.1:${ports.management}`);
});

it('is told nothing that is meant for a worker or another cluster', async () => {
  process.env['ZEEBE_CLIENT_SECRET'] = 'x';
  process.env['CONNECTOR_LEDGER'] = 'memory';
  try {
    await engine().start({ detached: false });
  } finally {
    delete process.env['ZEEBE_CLIENT_SECRET'];
    delete process.env['CONNECTOR_LEDGER'];
  }
  expect(log()).toMatch(/knows $/m);
});

it('a second start does nothing', async () => {
  await engine().start({ detached: true });
  await engine().start({ detached: true });
  expect(starts()).toBe('+');
});

it('a stop is orderly, and the next start finds the data', async () => {
  await engine().start({ detached: true });
  const pid = await engine().pid();
  await engine().stop();
  expect(await runsCommandWith(pid!, folder)).toBe(false);
  expect(await engine().status()).toBe('stopped');
  expect(log()).toContain('An orderly stop');
  await engine().start({ detached: true });
  expect(starts()).toBe('++');
});

it('a kill leaves no time for an orderly stop; data stays, and it starts on the same ports again', async () => {
  const own = engine();
  await own.start({ detached: false });
  await own.kill();
  expect(await own.status()).toBe('stopped');
  expect(log()).not.toContain('An orderly stop');
  await own.start({ detached: false });
  expect(starts()).toBe('++');
});

it('a wipe ends the engine and removes all it left', async () => {
  await engine().start({ detached: true });
  const pid = await engine().pid();
  await engine().wipe();
  expect(await runsCommandWith(pid!, folder)).toBe(false);
  expect(existsSync(folder)).toBe(false);
});

it('a wipe removes nothing where no engine has been, and nothing of others', async () => {
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'mine'), '');
  await engine().wipe();
  expect(existsSync(join(folder, 'data', 'mine'))).toBe(true);
  writeFileSync(join(folder, 'notes'), '');
  await engine().start({ detached: true });
  await engine().wipe();
  expect(existsSync(join(folder, 'notes'))).toBe(true);
});

it('the note of a process that is somebody else by now is not believed', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'engine.json'), JSON.stringify({ pid: process.pid }));
  expect(await engine().status()).toBe('stopped');
  await engine().stop();
});

it('an engine that ends while it starts is an error with the end of its log', async () => {
  const broken = join(parent, 'broken.js');
  writeFileSync(broken, 'console.error("The disk is full"); process.exitCode = 1;');
  const failing = engine({ program: broken });
  await expect(failing.start({ detached: false })).rejects.toThrow(
    `The engine ended while it was starting.\nThe disk is full\nIts log: ${failing.logFile}`,
  );
  expect(await failing.status()).toBe('stopped');
});

it('an engine of somebody else at the address is left alone, and named', async () => {
  const topology = { brokers: [{ partitions: [{ role: 'leader', health: 'healthy' }] }], partitionsCount: 1 };
  const other = createServer((_request, response) => void response.end(JSON.stringify(topology)));
  await new Promise<void>((resolve) => other.listen(ports.rest, '127.0.0.1', resolve));
  try {
    await expect(engine().start({ detached: true })).rejects.toThrow(
      `Another engine answers at http://127.0.0.1:${ports.rest}.`,
    );
  } finally {
    other.closeAllConnections();
    other.close();
  }
});
