/** The processes people copy from must run on the local engine. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readBpmn } from '../../../../src/engine/model/read-bpmn';

const folder = join(__dirname, '../../../../bpmn-examples');
const files = readdirSync(folder).filter((file) => file.endsWith('.bpmn'));

it.each(files)('%s is read without faults', async (file) => {
  const result = await readBpmn(readFileSync(join(folder, file), 'utf8'));
  expect(result).not.toHaveProperty('faults');
  expect(result).toHaveProperty('processes.0.id', file.replace('.bpmn', ''));
});
