import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentSecrets, firstOf, folderSecrets } from '../../../src/secrets/sources';

const scope = { tenantId: '<default>', processDefinitionId: 'p' };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the environment knows a secret under its prefix only', async () => {
  const source = environmentSecrets({ SECRET_A: 'a', B: 'b', SECRET_EMPTY: '' }, 'SECRET_');
  expect(await source.lookup('A', scope)).toBe('a');
  expect(await source.lookup('B', scope)).toBeUndefined();
  expect(await source.lookup('EMPTY', scope)).toBe('');
  expect(await environmentSecrets({}, '').lookup('toString', scope)).toBeUndefined();
});

test('a folder holds one secret a file, without the last line break', async () => {
  writeFileSync(join(folder, 'KEY'), 'value\nof two lines\n');
  expect(await folderSecrets(folder).lookup('KEY', scope)).toBe('value\nof two lines');
});

test('a changed file is seen', async () => {
  writeFileSync(join(folder, 'KEY'), 'old');
  const source = folderSecrets(folder);
  await source.lookup('KEY', scope);
  writeFileSync(join(folder, 'KEY'), 'new');
  expect(await source.lookup('KEY', scope)).toBe('new');
});

test('no name leads out of the folder', async () => {
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'outside'), 'x');
  const source = folderSecrets(join(folder, 'inner'));
  for (const name of ['../outside', '..', '.', 'a/b', ''])
    expect(await source.lookup(name, scope)).toBeUndefined();
});

test('a folder that is not there knows no secret', async () => {
  expect(await folderSecrets(join(folder, 'missing')).lookup('A', scope)).toBeUndefined();
});

test('the first source that knows a name wins', async () => {
  const source = firstOf([environmentSecrets({ A: '1' }, ''), environmentSecrets({ A: '2', B: '3' }, '')]);
  expect([await source.lookup('A', scope), await source.lookup('B', scope)]).toEqual(['1', '3']);
});
