/** The engine stands by itself: it can be taken out of this project as a folder. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const folder = resolve(__dirname, '../../../src/feel');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const LIBRARIES = ['decimal.js', 'node:buffer'];

test.each(files)('%s imports only from its folder, and libraries that are meant to be used', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name);
  const foreign = imported.filter((name) =>
    name.startsWith('.')
      ? relative(folder, resolve(folder, dirname(file), name)).startsWith('..')
      : !LIBRARIES.includes(name),
  );
  expect(foreign).toEqual([]);
});
