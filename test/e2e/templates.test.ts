/** The templates in the real Modeler (headless Chromium), and what it writes on an engine. */
import { applyTemplate, isActiveIn } from '../../dev/examples/apply-template';
import { findChromium, openModeler, type Modeler } from '../../dev/modeler/modeler';
import { operations } from '../../src/operations/registry';
import { azureOpenai } from '../../src/providers/azure-openai';
import { openai } from '../../src/providers/openai';
import { buildTemplate } from '../../src/templates/build';
import type { ElementTemplate, Property } from '../../src/templates/template';
import { templateVersions } from '../../src/templates/versions';
import { recordedZeebe, uniqueId, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(120_000);

const chromium = findChromium(process.env);
const templates = [openai, azureOpenai].map((provider) =>
  buildTemplate({ version: templateVersions[provider.id], provider, operations }),
);
const presets = templates.flatMap((template) =>
  template.presets.map(({ id }) => [`${template.name}: ${id}`, template, id] as const),
);

/** Inputs that are red until something is typed. */
function redInputs(template: ElementTemplate, operation: string): string[] {
  return active(template, operation).flatMap(({ constraints, value, binding }) =>
    constraints?.notEmpty && value === undefined && binding.type === 'zeebe:input' ? [binding.name] : [],
  );
}

function active(template: ElementTemplate, operation: string): Property[] {
  return template.properties.filter((property) => isActiveIn(template, property, { operation }));
}

/** Input mappings in the XML, in no order: source by target. */
function inputsIn(xml: string): Record<string, string> {
  const found = [...xml.matchAll(/<zeebe:input (?:source="([^"]*)" )?target="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, source, target]) => [target!, unescape(source ?? '')]));
}

function unescape(text: string): string {
  return text
    .replaceAll('&#34;', '"')
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const withBrowser = chromium === undefined ? describe.skip : describe;

withBrowser('a preset in the real panel', () => {
  let modeler: Modeler;
  let zeebe: RecordedZeebe & { close(): Promise<void> };
  beforeAll(async () => {
    modeler = await openModeler(chromium!, templates);
    zeebe = await recordedZeebe();
  });
  afterAll(async () => {
    await modeler?.close();
    await zeebe?.close();
  });

  test.each(presets)(
    '%s shows its fields and no other, and what it writes deploys',
    async (_title, template, operation) => {
      const typed = Object.fromEntries(redInputs(template, operation).map((name) => [name, '=x']));
      await modeler.applyPreset(template.id, operation, typed);

      const groups = (await modeler.panel()).filter(({ label }) =>
        template.groups.some((group) => group.label === label),
      );
      const shown = active(template, operation).filter(({ type }) => type !== 'Hidden');
      const expected = template.groups
        .map((group) => ({
          label: group.label,
          open: group.openByDefault,
          fields: shown.filter((property) => property.group === group.id).map(({ label }) => label!),
        }))
        .filter(({ fields }) => fields.length > 0);
      expect(groups.map(({ label, open }) => ({ label, open }))).toEqual(
        expected.map(({ label, open }) => ({ label, open })),
      );
      for (const { label, fields, open } of expected) {
        if (open) expect(groups.find((group) => group.label === label)!.fields).toEqual(fields);
      }
      expect(groups.filter(({ hasError }) => hasError)).toEqual([]);

      const xml = await modeler.exportXml();
      const { inputs } = applyTemplate(template, { ...typed, operation });
      expect(inputsIn(xml)).toEqual(Object.fromEntries(inputs));
      await zeebe.deploy(
        xml.replace('id="drawn"', `id="${uniqueId('drawn')}"`).replace(/bpmnElement="drawn"/, ''),
      );
    },
  );

  test('switching the operation and back loses nothing that both have', async () => {
    const [template] = templates as [ElementTemplate];
    await modeler.applyPreset(template.id, 'chatCompletion', { 'input.prompt': '="Hello " + name' });
    await modeler.choose('Model', 'gpt-4.1');
    const before = inputsIn(await modeler.exportXml());
    await modeler.choose('Operation', 'Response');
    const between = inputsIn(await modeler.exportXml());
    expect(between).toMatchObject({
      operation: 'response',
      'input.prompt': '="Hello " + name',
      'input.model': 'gpt-4.1',
    });
    await modeler.choose('Operation', 'Chat completion');
    expect(inputsIn(await modeler.exportXml())).toEqual(before);
  });

  test('an untouched task is red where something must be typed, nowhere else', async () => {
    for (const template of templates) {
      await modeler.applyPreset(template.id, 'chatCompletion', {});
      const red = (await modeler.panel()).filter(({ hasError }) => hasError).map(({ label }) => label);
      expect(red).toEqual(['Request']);
    }
  });
});
