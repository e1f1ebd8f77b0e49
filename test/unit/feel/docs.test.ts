/** The examples of docs/feel.md come out as the page says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { outcome } from './support';

const page = readFileSync(join(__dirname, '../../../docs/feel.md'), 'utf8');

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  );
}

const [variables = ''] = blocks('json');
const examples = blocks('feel').flatMap((block) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.split(' → ') as [string, string]),
);

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(20);
});

test.each(examples)('%s gives %s', (expression, expected) => {
  expect(outcome(expression, variables)).toEqual(
    expected === 'fails' ? { error: 'evaluation' } : { json: expected },
  );
});
