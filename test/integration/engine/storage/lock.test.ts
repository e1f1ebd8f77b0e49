/** One engine to a folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder, openTables, removeFolders } from './tables';

afterAll(removeFolders);

it('a second opener of a folder is refused, and told what to do', async () => {
  const folder = newFolder();
  const { storage } = openTables(folder);
  expect(() => openTables(folder)).toThrow(
    `The folder ${folder} is in use by process ${process.pid}. Stop that engine, or choose another folder. If that process is not an engine, delete ${join(folder, 'lock')}.`,
  );
  await storage.close();
  await openTables(folder).storage.close();
});

it('a process that lives keeps its folder, one that has ended does not', async () => {
  const folder = newFolder();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
  const start = existsSync('/proc') ? startOf(child.pid!) : '';
  writeFileSync(join(folder, 'lock'), `${child.pid} ${start}`);
  expect(() => openTables(folder)).toThrow(`in use by process ${child.pid}`);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await openTables(folder).storage.close();
  expect(readdirSync(folder).filter((name) => name.startsWith('lock'))).toEqual([]);
});

function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')[19]!;
}

it.each([
  // As in a container, where each start has the same process id.
  ['of an earlier process with the id of this one', `${process.pid} 1`],
  ['without text, left by a process that was killed while it made it', ''],
  ['that names no process', 'hello'],
])('a lock %s is taken over', async (_, text) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock'), text);
  const { storage } = openTables(folder);
  expect(() => openTables(folder)).toThrow('is in use');
  await storage.close();
});
