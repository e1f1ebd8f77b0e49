import { validateZeebe } from '@bpmn-io/element-templates-validator';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyTemplate, isActiveIn } from '../../../dev/examples/apply-template';
import { text } from '../../../src/fields/fields';
import { defineOperation } from '../../../src/operations/kit/operation';
import { oneExample } from '../../../src/operations/kit/samples';
import { operations } from '../../../src/operations/registry';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import {
  buildTemplate,
  jobType,
  offeredOperations,
  templateFile,
  templateId,
} from '../../../src/templates/build';
import type { ElementTemplate } from '../../../src/templates/template';
import { templateVersions } from '../../../src/templates/versions';
import { createTypedConnector } from '../../../src/typed/connector';
import { runTask, sentBody, testExecution } from '../../support/execution';
import { guard } from '../../support/guard';
import { lint, target } from './lint';

const folder = join(__dirname, '../../../element-templates');
const providers = [openai, azureOpenai];
const isCommitted = (file: string, text: string): boolean =>
  existsSync(join(folder, file)) && readFileSync(join(folder, file), 'utf8') === text;
const build = (provider: typeof openai, list = operations): ElementTemplate =>
  buildTemplate({ version: templateVersions[provider.id], provider, operations: list });

describe.each(providers.map((provider) => [provider.id, provider] as const))(
  'the template of %s',
  (id, provider) => {
    const template = build(provider);

    it('is valid; its only warnings are the two that engines before 8.8 and a default of FEEL bring', () => {
      const { valid, errors, warnings } = validateZeebe(template);
      expect(errors ?? []).toEqual([]);
      expect(valid).toBe(true);
      const kinds = [...new Set((warnings ?? []).map(({ message }) => message))];
      expect(
        kinds.filter((kind) => !/^'optional' with 'zeebe:input'|^Value is deprecated$/.test(kind)),
      ).toEqual([]);
    });

    it('obeys the rules the validator does not know', () => {
      guard(
        'Fields nobody could use',
        lint(template),
        'Correct them in src/operations or src/providers and run npm run generate.',
      );
    });

    it('is the committed one, and the copy of its version', () => {
      const text = `${JSON.stringify(template, undefined, 2)}\n`;
      const files = [templateFile(id), `versioned/${id}-${template.version}.json`];
      guard(
        'Not the template that the operations make',
        files.filter((file) => !isCommitted(file, text)),
        'Run npm run generate; it says when the version must be raised.',
      );
    });

    it('keeps every model of earlier versions: an update would replace the choice of a task without a word', () => {
      const listed = (of: ElementTemplate) =>
        of.properties
          .filter(
            (property) =>
              property.type === 'Dropdown' && target(property.binding) === 'zeebe:input input.model',
          )
          .flatMap(({ choices }) => choices?.map(({ value }) => value) ?? []);
      const now = new Set(listed(template));
      for (const file of readdirSync(join(folder, 'versioned')).filter((name) => name.startsWith(`${id}-`))) {
        const earlier = JSON.parse(readFileSync(join(folder, 'versioned', file), 'utf8')) as ElementTemplate;
        expect(listed(earlier).filter((value) => !now.has(value))).toEqual([]);
      }
    });

    it('takes keys as secrets or FEEL only', () => {
      const keys = template.properties.filter(({ id: name }) =>
        /apiKey|clientSecret|token$/.test(name ?? ''),
      );
      expect(keys.length).toBeGreaterThan(0);
      for (const { constraints } of keys) {
        const pattern = new RegExp(constraints!.pattern!.value);
        for (const good of ['{{secrets.KEY}}', 'Bearer {{secrets.KEY}}', 'secrets.KEY', '=key'])
          expect(good).toMatch(pattern);
        expect('sk-proj-123').not.toMatch(pattern);
      }
    });

    it('sends jobs to its worker, with its id and version', () => {
      const fixed = template.properties.filter(({ type }) => type === 'Hidden');
      expect(fixed).toContainEqual(expect.objectContaining({ value: jobType(id) }));
      expect(fixed).toContainEqual(
        expect.objectContaining({
          value: templateId(id),
          binding: { type: 'zeebe:taskHeader', key: 'elementTemplateId' },
        }),
      );
      expect(fixed).toContainEqual(
        expect.objectContaining({
          value: String(template.version),
          binding: { type: 'zeebe:taskHeader', key: 'elementTemplateVersion' },
        }),
      );
    });

    it('shows Connection, then Request, both open, and errors last', () => {
      expect(template.groups.map(({ label }) => label).slice(0, 2)).toEqual(['Connection', 'Request']);
      expect(template.groups.at(-1)!.label).toBe('Errors and retries');
      const open = template.groups.filter(({ openByDefault }) => openByDefault).map(({ id: group }) => group);
      expect(open).toEqual(['connection', 'request']);
      const shown = [
        ...new Set(template.properties.flatMap(({ group }) => (group === undefined ? [] : [group]))),
      ];
      expect(shown).toEqual(template.groups.map(({ id: group }) => group));
    });

    it('has a step and a preset per operation, found by product and synonyms', () => {
      const offered = offeredOperations(operations, id).map((operation) => operation.id);
      expect(template.presets.map((preset) => preset.id)).toEqual(offered);
      for (const step of template.steps) {
        expect(step.name).toContain(provider.label);
        expect(step.keywords).toEqual(expect.arrayContaining(['ChatGPT', 'LLM']));
      }
    });

    it('has an icon of its own below 2 kB', () => {
      expect(template.icon.contents).toMatch(/^data:image\/svg\+xml,/);
      expect(template.icon.contents.length).toBeLessThan(2048);
    });

    it.each(offeredOperations(operations, id).map((operation) => operation.id))(
      '%s: no two fields write the same place, few fields at first, red only where something must be typed',
      (operation) => {
        const active = template.properties.filter((property) =>
          isActiveIn(template, property, { operation }),
        );
        const places = active.map(({ binding }) => target(binding));
        expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
        expect(places).toContain('zeebe:input operation');
        const first = active.filter(
          ({ group, type }) => type !== 'Hidden' && (group === 'connection' || group === 'request'),
        );
        expect(first.length).toBeLessThanOrEqual(14);
        const red = active.filter(({ constraints, value }) => constraints?.notEmpty && value === undefined);
        expect(red.length).toBeLessThanOrEqual(3);
      },
    );

    it('gives every task an input of its own, so that a process variable of that name stays out', () => {
      for (const operation of offeredOperations(operations, id)) {
        const active = template.properties.filter((property) =>
          isActiveIn(template, property, { operation: operation.id }),
        );
        const always = active.filter(({ optional }) => !optional).map(({ binding }) => target(binding));
        guard(
          `A task ${operation.id} may be written without these variables, so that those of the process slip in`,
          ['connection', 'input', 'options'].filter(
            (variable) => !always.some((place) => place.startsWith(`zeebe:input ${variable}`)),
          ),
          'emptyInputs in src/templates/input-properties.ts must add them.',
        );
      }
    });
  },
);

describe('a new operation', () => {
  const made = defineOperation({
    id: 'haiku',
    label: 'Haiku',
    summary: 'Writes a haiku.',
    keywords: ['poem'],
    documentation: {},
    sources: ['OpenAI API'],
    input: { topic: text({ label: 'Topic', group: 'request', required: true }) },
    resultExpression: '={haiku: response.text}',
    examples: oneExample({ topic: 'fences' }),
    toCall: ({ topic }) => ({
      method: 'POST',
      path: '/haiku',
      perDeployment: true,
      body: { kind: 'json', json: { topic } },
    }),
    read: (reply) => ({ text: reply.text() }),
  });
  const list = [...operations, made];

  it('appears in both templates and is dispatched', async () => {
    for (const provider of providers) {
      const template = build(provider, list);
      expect(lint(template)).toEqual([]);
      expect(template.steps.map(({ name }) => name)).toContain(`${provider.label}: haiku`);
      expect(template.properties.map((property) => property.id)).toContain('input.topic');
    }
    const connector = createTypedConnector(openai, { maxAnswerBytes: 1000, operations: list });
    const execution = testExecution(
      { connection: { apiKey: 'k' }, operation: 'haiku', input: { topic: 'fences' } },
      { answers: [{ body: 'wood' }] },
    );
    expect(JSON.parse(await runTask(connector, execution))).toMatchObject({ text: 'wood' });
    expect(sentBody(execution.requests[0])).toEqual({ topic: 'fences' });
  });
});

it('a task whose fields may all stay empty has an empty input, written before them', () => {
  const made = defineOperation({
    id: 'shelf',
    label: 'Shelf',
    summary: 'Puts up a shelf.',
    keywords: ['shelf'],
    documentation: {},
    sources: ['OpenAI API'],
    input: { title: text({ label: 'Title', group: 'request' }) },
    resultExpression: '={shelf: response.text}',
    examples: oneExample({ title: 'Fences' }),
    toCall: () => ({ method: 'POST', path: '/shelves', perDeployment: false }),
    read: () => ({}),
  });
  for (const provider of providers) {
    const template = build(provider, [...operations, made]);
    const shown = template.properties.filter((property) =>
      isActiveIn(template, property, { operation: 'shelf' }),
    );
    const inputs = shown.map(({ binding }) => target(binding)).filter((place) => /input input/.test(place));
    expect(inputs).toEqual(['zeebe:input input', 'zeebe:input input.title']);
  }
});

describe('applying a template', () => {
  const template = build(openai);

  it('writes no input without source', () => {
    const { inputs } = applyTemplate(template, { operation: 'chatCompletion', 'input.prompt': 'Hi' });
    expect(inputs.filter(([, source]) => source === '')).toEqual([]);
    expect(inputs).toContainEqual(['connection.apiKey', '{{secrets.OPENAI_API_KEY}}']);
    expect(inputs).toContainEqual(['options.timeoutSeconds', '=300']);
  });

  it('refuses what nobody can fill in', () => {
    expect(() => applyTemplate(template, { operation: 'chatCompletion' })).toThrow(
      'input.prompt must be filled in',
    );
    expect(() => applyTemplate(template, { operation: 'listModels', 'input.prompt': 'x' })).toThrow(
      'shows no field',
    );
  });
});
