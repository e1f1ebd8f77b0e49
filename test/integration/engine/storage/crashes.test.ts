/** Processes that are killed at any moment: what they have acknowledged is there for the next one. */
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, openTables, positionsOf, removeFolders, upTo } from './tables';

const callers = 16;
const bundle = join(newFolder(), 'child.cjs');

beforeAll(() => {
  buildSync({
    entryPoints: [join(__dirname, 'child.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
  });
});
jest.setTimeout(60_000);
afterAll(removeFolders);

interface Acknowledged {
  /** The last number of each caller. */
  readonly numbers: Map<string, number>;
  readonly position: number;
}

/** Runs a child on a folder until it is dead. @param killAfterMs from its first acknowledgement on; undefined: it does it */
async function runToDeath(
  folder: string,
  args: readonly string[],
  killAfterMs?: number,
): Promise<Acknowledged> {
  const child = spawn(process.execPath, [bundle, folder, String(callers), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    output += text;
  });
  await once(child, 'close');
  expect(child.signalCode).toBe('SIGKILL');
  const numbers = new Map<string, number>();
  let position = 0;
  // What follows the last line break was not said to the end.
  for (const line of output.split('\n').slice(0, -1)) {
    const [caller = '', number, at] = line.split(' ');
    numbers.set(caller, Number(number));
    position = Math.max(position, Number(at));
  }
  return { numbers, position };
}

/** What the next process finds must be at least what was acknowledged, and whole. */
async function check(folder: string, { numbers, position }: Acknowledged): Promise<void> {
  const { storage, tables } = openTables(folder);
  for (const [caller, number] of numbers)
    expect(tables.number('left', caller) ?? 0).toBeGreaterThanOrEqual(number);
  for (const caller of upTo(callers, 0).map(String))
    expect(tables.number('left', caller)).toBe(tables.number('right', caller));
  expect(tables.rows.get('ballast')?.size).toBe(1000);
  expect(storage.lastPosition).toBeGreaterThanOrEqual(position);
  const positions = await positionsOf(storage);
  expect(positions).toEqual(upTo(positions.length, storage.lastPosition - positions.length + 1));
  await storage.close();
}

it('fifteen kills at random lose nothing that was acknowledged', async () => {
  const folder = newFolder();
  let acknowledged = 0;
  for (let round = 0; round < 15; round++) {
    const told = await runToDeath(folder, [], Math.random() * 150);
    acknowledged += told.numbers.size;
    await check(folder, told);
  }
  expect(acknowledged).toBeGreaterThan(0);
});

it.each([
  ['write', 1],
  ['write', 2],
  ['write', 9],
  ['write', 10],
  ['next', 1],
  ['next', 2],
  ['next', 3],
  ['next', 4],
  ['next', 5],
  ['next', 7],
  ['next', 9],
  ['next', 12],
  ['flush', 1],
  ['flush', 2],
  ['switched', 1],
  ['switched', 2],
])('a process killed in the middle of %s %d loses nothing', async (step, count) => {
  const folder = newFolder();
  // The first one leaves a state; the second one goes on from it.
  await check(folder, await runToDeath(folder, ['write', '200']));
  const told = await runToDeath(folder, [step, String(count)]);
  if (step === 'next' || step === 'flush') expect(existsSync(join(folder, 'journal.next'))).toBe(true);
  await check(folder, told);
});
