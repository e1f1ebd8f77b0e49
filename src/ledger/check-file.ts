/**
 * Looks at a ledger's file before it is used. LMDB maps the file into memory, so damage in it does not throw: it ends
 * the process without a word. A process of its own takes that risk once, when the worker starts.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerError } from './ledger';

const limitMs = 60_000;
const probeKey = 'probe';
/** Reads every entry, then changes something and takes it back: that goes through the list of free pages. */
const probe = `
  const database = require('lmdb').open({ path: process.argv[1], encoding: 'msgpack', eventTurnBatching: false });
  for (const { value } of database.getRange()) void value;
  database.transactionSync(() => database.put('${probeKey}', { entries: {}, touchedMs: 0 }));
  database.transactionSync(() => database.remove('${probeKey}'));
`;

/**
 * @param folder may be missing or empty
 * @throws LedgerError when the file in it cannot be read or written to its end
 */
export function checkLedgerFile(folder: string): void {
  const { size } = statSync(join(folder, 'data.mdb'), { throwIfNoEntry: false }) ?? { size: 0 };
  if (size === 0) return;
  const { status, signal, stderr } = spawnSync(process.execPath, ['-e', probe, folder], {
    cwd: __dirname,
    timeout: limitMs,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const said = /^\w*Error: (.*)$/m.exec(stderr)?.[1];
  throw new LedgerError(
    `The ledger in ${folder} cannot be used: ${said ?? `reading it ended with ${signal ?? `exit code ${status}`}`}. ` +
      'Restore it, or move the folder away and start with an empty one; answers that are only in it are lost, and their calls may be paid again.',
  );
}
