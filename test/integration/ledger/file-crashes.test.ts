/** The ledger in a folder among real processes: killed at every step, racing, on a full disk, with a damaged file. */
import { buildSync } from 'esbuild';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FileLedger } from '../../../src/ledger/file';
import { LedgerError } from '../../../src/ledger/ledger';
import { startHttpServer, type HttpServer } from '../../support/http-server';
import { activation, outcomes, paidRequest, steps, toldOf } from '../../support/ledger-crashes';

const limits = { expiryMs: 600_000, maxBytes: 1e9 };
const root = join(__dirname, '..', '..', '..');
// Inside node_modules, so that the bundle finds its packages.
const bundle = join(mkdtempSync(join(root, 'node_modules', '.ledger-')), 'child.cjs');
const folders: string[] = [];
const children: ChildProcess[] = [];
let upstream: HttpServer;

beforeAll(async () => {
  buildSync({
    entryPoints: [join(root, 'test', 'support', 'ledger-child.ts')],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
  });
  upstream = await startHttpServer();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of [...folders, join(bundle, '..')]) rmSync(folder, { recursive: true, force: true });
  await upstream.close();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  folders.push(folder);
  return folder;
}

interface Child {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;
  nextLine(): Promise<string>;
}

function start(...args: string[]): Child {
  const child = spawn(process.execPath, [bundle, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    exited: new Promise((resolve) => child.once('exit', resolve)),
    nextLine: async () => ((await lines.next()) as { value: string }).value,
  };
}

test.each(steps)('a process killed when it has %s leaves what the next one needs', async (step) => {
  const folder = newFolder();
  // A killed process must not get its answer at the step before.
  upstream.restart([{ body: '{"x":1}', ...(step === 'sent' ? { fault: 'silent' } : {}) }]);
  const child = start('die', folder, step, upstream.url, '1');
  expect(await child.nextLine()).toMatch(/^at/);
  while (step === 'sent' && upstream.requests.length === 0) await new Promise((wake) => setTimeout(wake, 5));
  child.process.kill('SIGKILL');
  await child.exited;
  const ledger = new FileLedger(folder, limits, Date.now);
  let calls = 0;
  const heir = activation(ledger, '1', 500, () => {
    calls++;
    return Promise.resolve({ status: 200, reason: 'OK', headers: [], body: Buffer.from('{"x":1}') });
  });
  const answer = await heir.call(paidRequest(), new AbortController().signal);
  expect(answer.body?.toString()).toBe('{"x":1}');
  expect({ paid: upstream.requests.length + calls, events: toldOf(heir) }).toEqual(outcomes[step]);
  await ledger.close();
});

test('two processes that race for 500 jobs win each of them once', async () => {
  const folder = newFolder();
  const racers = [start('race', folder, '500'), start('race', folder, '500')];
  for (const racer of racers) expect(await racer.nextLine()).toBe('ready');
  for (const racer of racers) racer.process.stdin!.write('go\n');
  const won = await Promise.all(racers.map(async (racer) => JSON.parse(await racer.nextLine()) as number[]));
  expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, job) => job));
  await Promise.all(racers.map(({ exited }) => exited));
});

describe('a disk that is full', () => {
  // A limit on the size of files stands in for it: a write comes back short, as it does on a full disk.
  const canLimit = spawnSync('sh', ['-c', 'ulimit -f 100']).status === 0;

  (canLimit ? test : test.skip)(
    'is a ledger error each time, and not the end of the process or of an answer',
    () => {
      const limited = `ulimit -f 4000; exec "${process.execPath}" "${bundle}" fill "${newFolder()}"`;
      const { status, stdout } = spawnSync('sh', ['-c', limited], { encoding: 'utf8', timeout: 60_000 });
      const [tally, closed] = stdout.split('\n');
      const { kept, found, other } = JSON.parse(tally!) as Record<string, number>;
      expect(kept).toBeGreaterThan(5);
      expect({ found, other, closed, status }).toEqual({
        found: kept,
        other: 0,
        closed: 'closed',
        status: 0,
      });
    },
  );
});

describe('a damaged file', () => {
  async function written(): Promise<string> {
    const folder = newFolder();
    const ledger = new FileLedger(folder, limits, Date.now);
    for (let job = 0; job < 40; job++) {
      await ledger.keep({ jobKey: String(job), requestHash: 'h' }, Buffer.alloc(job % 2 ? 20_000 : 500, job));
    }
    await ledger.close();
    return folder;
  }
  const overwrite = (file: string, change: (bytes: Buffer) => void): void => {
    const bytes = readFileSync(file);
    change(bytes);
    writeFileSync(file, bytes);
  };

  test.each<[string, (file: string) => void]>([
    ['other content', (file) => writeFileSync(file, 'x'.repeat(50_000))],
    ['its second half missing', (file) => truncateSync(file, statSync(file).size / 2)],
    ['all but its beginning missing', (file) => truncateSync(file, 5000)],
    ['noise in its pages', (file) => overwrite(file, (bytes) => bytes.fill(0xee, 8192))],
    ['zeros in its pages', (file) => overwrite(file, (bytes) => bytes.fill(0, 8192))],
  ])('with %s is refused by name at the start, with what to do', async (_title, damage) => {
    const folder = await written();
    damage(join(folder, 'data.mdb'));
    expect(() => new FileLedger(folder, limits, Date.now)).toThrow(LedgerError);
    expect(() => new FileLedger(folder, limits, Date.now)).toThrow(/cannot be used.*move the folder away/);
  });

  test('that is whole passes, again and again', async () => {
    const folder = await written();
    for (let round = 0; round < 3; round++) {
      const ledger = new FileLedger(folder, limits, Date.now);
      expect((await ledger.claim({ jobKey: '7', requestHash: 'h' }, 'a', 1)).kind).toBe('answered');
      await ledger.close();
    }
  });
});
