import { BpmnModdle } from 'bpmn-moddle';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { exampleFiles, examples } from '../../../dev/examples/all';
import { operations } from '../../../src/operations/registry';
import { guard } from '../../support/guard';

const folder = join(__dirname, '../../../bpmn-examples');
const bpmnFiles = exampleFiles().filter(({ path }) => path.endsWith('.bpmn'));

describe('the example processes', () => {
  it('are the committed files, and no other', () => {
    const generated = exampleFiles();
    const stale = generated.filter(({ path, text }) => {
      const file = join(folder, '..', path);
      return !existsSync(file) || readFileSync(file, 'utf8') !== text;
    });
    guard(
      'Not up to date',
      stale.map(({ path }) => path),
      'Run npm run generate and commit the result.',
    );
    const names = new Set(generated.map(({ path }) => path.replace('bpmn-examples/', '')));
    guard(
      'No example makes these files in bpmn-examples',
      readdirSync(folder).filter((name) => /\.(bpmn|demo\.json|md)$/.test(name) && !names.has(name)),
      'Delete them.',
    );
  });

  it.each(bpmnFiles.map(({ path, text }) => [path, text] as const))(
    '%s is read without a warning, with a diagram of every element',
    async (_path, text) => {
      const { rootElement, warnings } = await new BpmnModdle({ zeebe }).fromXML(text);
      expect(warnings).toEqual([]);
      const { rootElements, diagrams } = rootElement as {
        rootElements: { $type: string; flowElements?: { id: string }[] }[];
        diagrams: { plane: { planeElement: { bpmnElement: { id: string } }[] } }[];
      };
      const elements = rootElements
        .find(({ $type }) => $type === 'bpmn:Process')!
        .flowElements!.map(({ id }) => id);
      const drawn = diagrams[0]!.plane.planeElement.map(({ bpmnElement }) => bpmnElement.id);
      expect(drawn.sort()).toEqual(elements.sort());
    },
  );

  it.each(bpmnFiles.map(({ path, text }) => [path, text] as const))(
    '%s has no input without source and no key in plain text',
    (_path, text) => {
      expect(text).not.toMatch(/<zeebe:input (?![^>]*source="[^"])/);
      expect(text).not.toMatch(/sk-[A-Za-z0-9]/);
    },
  );

  it('show every operation', () => {
    const shown = new Set(
      bpmnFiles.flatMap(({ text }) =>
        [...text.matchAll(/source="(\w+)" target="operation"/g)].map((match) => match[1]),
      ),
    );
    guard(
      'No example process shows these operations',
      operations.map(({ id }) => id).filter((id) => !shown.has(id)),
      'Add one to dev/examples/operations.ts and run npm run generate.',
    );
  });

  it('each say how the demo starts them and what to expect', () => {
    for (const { name, demo } of examples) {
      expect([
        name,
        demo.description.length > 10,
        ['completed', 'incident'].includes(demo.expect.outcome),
      ]).toEqual([name, true, true]);
    }
  });
});
