/** State that outlives a call is handed on or belongs to an object; nothing finds it by the identity of another. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../src');

it('no WeakMap in src without a reason beside it', () => {
  const wrong = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const lines = readFileSync(join(root, name), 'utf8').split('\n');
      return lines.flatMap((line, index) => {
        const explained = /^\s*(\/\/|\*\/|\/\*\*)/.test(lines[index - 1] ?? '');
        return line.includes('new WeakMap') && !explained ? [`src/${name}:${index + 1}`] : [];
      });
    })
    .map(
      (place) => `${place} keeps state by identity: hand the object on, or say above it why that cannot be.`,
    );
  expect(wrong).toEqual([]);
});
