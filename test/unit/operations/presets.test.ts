import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fieldsOf, Section } from '../../../src/fields/bind';
import { choice, flag, number, text } from '../../../src/fields/fields';
import { optionShape } from '../../../src/operations/kit/options';
import { operations } from '../../../src/operations/registry';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';

const src = join(__dirname, '../../../src');

it('a field left empty has its default, one that only the template presets is absent', () => {
  const shape = {
    style: choice({ plain: 'Plain', bold: 'Bold' }, { label: 'Style', group: 'request', default: 'bold' }),
    strict: flag({ label: 'Strict', group: 'request', default: true }),
    limit: number({ min: 1 }, { label: 'Limit', group: 'request', default: 3 }),
    key: text({ label: 'Key', group: 'request', preset: '{{secrets.KEY}}' }),
    tier: choice(['a', 'b'], { label: 'Tier', group: 'request', providers: ['openai'], default: 'a' }),
  };
  const section = new Section('input', shape, 'azure-openai');
  expect(section.bind({ style: ' ', strict: null })).toEqual({ style: 'bold', strict: true, limit: 3 });
  expect(section.bind({ style: 'plain', strict: false, limit: '5' })).toEqual({
    style: 'plain',
    strict: false,
    limit: 5,
  });
});

it('no preset is written a second time behind ??', () => {
  const presets = new Set(
    [openai, azureOpenai].flatMap(({ id, connection }) =>
      [connection, ...operations.flatMap((operation) => [operation.input, optionShape(operation)])]
        .flatMap((shape) => fieldsOf(shape, id))
        .map(({ meta }) => String(meta.preset)),
    ),
  );
  const faults = ['operations', 'providers', 'typed'].flatMap((folder) =>
    readdirSync(join(src, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const code = readFileSync(join(src, folder, name), 'utf8');
        return [...code.matchAll(/\?\? (?:'([^'\n]+)'|(true|\d+)\b)/g)]
          .map(([, word, other]) => word ?? other!)
          .filter((value) => presets.has(value))
          .map((value) => `src/${folder}/${name}: ?? ${value}`);
      }),
  );
  if (faults.length > 0) {
    throw new Error(
      `Presets written a second time: ${faults.join(', ')}. Give the field \`default\` instead of \`preset\`: a field left empty then has it.`,
    );
  }
});
