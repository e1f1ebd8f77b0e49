/** Answers with a catch, for every operation that has some: what the task chose becomes of its job, on both providers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderId } from '../../../src/fields/fields';
import { handleJob } from '../../../src/job/handle-job';
import type { JobCommand } from '../../../src/job/job';
import type { Operation } from '../../../src/operations/kit/operation';
import type { OutcomeOption } from '../../../src/operations/kit/options';
import { operations } from '../../../src/operations/registry';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import { testExecution, type ScriptedAnswer } from '../../support/execution';
import { buildPorts } from '../../support/job-builders';
import { sampleDocuments } from '../../support/sample-documents';

const causeOf: Readonly<Record<OutcomeOption, string>> = {
  onContentFilter: 'CONTENT_FILTERED',
  onRefusal: 'REFUSED',
  onTruncated: 'TRUNCATED',
  onSchemaMismatch: 'SCHEMA_MISMATCH',
};
const connections = {
  openai: { apiKey: 'k' },
  'azure-openai': {
    resourceName: 'mine',
    deployment: 'd',
    authentication: { type: 'apiKey', apiKey: 'k' },
  },
};
const connectors = {
  openai: createTypedConnector(openai, { maxAnswerBytes: 1e6 }),
  'azure-openai': createTypedConnector(azureOpenai, { maxAnswerBytes: 1e6 }),
};

const chat = (finish_reason: string, message: object): ScriptedAnswer => ({
  body: { choices: [{ index: 0, finish_reason, message: { role: 'assistant', content: null, ...message } }] },
});
const responseOf = (part: object, more: object = {}): ScriptedAnswer => ({
  body: { id: 'r', status: 'completed', output: [{ type: 'message', content: [part] }], ...more },
});
const incomplete = (reason: string): ScriptedAnswer =>
  responseOf(
    { type: 'output_text', text: 'Half an' },
    { status: 'incomplete', incomplete_details: { reason } },
  );
const completion = (finish_reason: string): ScriptedAnswer => ({
  body: { choices: [{ index: 0, text: 'Half an', finish_reason, logprobs: null }] },
});
const refusedPrompt: ScriptedAnswer = {
  status: 400,
  body: {
    error: { message: 'The prompt was filtered.', type: null, param: 'prompt', code: 'content_filter' },
  },
};

const chatAnswers: Readonly<Record<OutcomeOption, readonly ScriptedAnswer[]>> = {
  onContentFilter: [chat('content_filter', { content: 'Half an' }), refusedPrompt],
  onRefusal: [chat('stop', { refusal: 'I am sorry.' })],
  onTruncated: [chat('length', { content: '{"half":' })],
  onSchemaMismatch: [chat('stop', { content: 'no JSON' }), chat('stop', { content: '{"other":1}' })],
};
const answers: Readonly<Record<string, Readonly<Partial<Record<OutcomeOption, readonly ScriptedAnswer[]>>>>> =
  {
    chatCompletion: chatAnswers,
    summarize: chatAnswers,
    completionsExtension: chatAnswers,
    response: {
      onContentFilter: [incomplete('content_filter'), refusedPrompt],
      onRefusal: [responseOf({ type: 'refusal', refusal: 'I am sorry.' })],
      onTruncated: [incomplete('max_output_tokens')],
      onSchemaMismatch: [responseOf({ type: 'output_text', text: 'no JSON' })],
    },
    completion: {
      onContentFilter: [completion('content_filter'), refusedPrompt],
      onTruncated: [completion('length')],
    },
    imageGeneration: { onContentFilter: [refusedPrompt] },
    imageEdit: { onContentFilter: [refusedPrompt] },
  };

const inputOf = (operation: Operation, option: OutcomeOption, provider: ProviderId): object => {
  const { model, ...rest } = operation.examples.minimal;
  const format = {
    responseFormat: 'jsonSchema',
    schema: { type: 'object', properties: { rating: { type: 'integer' } }, required: ['rating'] },
  };
  return {
    ...rest,
    ...(provider === 'openai' ? { model } : {}),
    ...(option === 'onSchemaMismatch' ? format : {}),
  };
};

interface Row {
  readonly provider: ProviderId;
  readonly operation: Operation;
  readonly option: OutcomeOption;
  readonly answer: ScriptedAnswer;
}
const rows: Row[] = (['openai', 'azure-openai'] as const).flatMap((provider) =>
  operations
    .filter(({ missing }) => missing?.[provider] === undefined)
    .flatMap((operation) =>
      (operation.outcomes ?? []).flatMap((option) =>
        (answers[operation.id]?.[option] ?? []).map((answer) => ({ provider, operation, option, answer })),
      ),
    ),
);

async function run(
  { provider, operation, option, answer }: Row,
  reaction: string | undefined,
): Promise<JobCommand> {
  const job = {
    connection: connections[provider],
    operation: operation.id,
    input: inputOf(operation, option, provider),
    options: reaction === undefined ? {} : { [option]: reaction },
  };
  const execution = testExecution(job, { answers: [answer], documents: sampleDocuments });
  const { call, fetch, documents } = execution;
  const withHeaders = { ...execution.job, customHeaders: { resultVariable: 'r' } };
  const { command } = await handleJob(
    withHeaders,
    connectors[provider],
    buildPorts({ openCall: () => call, fetch, documents }),
  );
  return command;
}

it('there is an answer for every catch of every operation', () => {
  const wanted = operations.flatMap(({ id, outcomes = [] }) => outcomes.map((option) => `${id} ${option}`));
  const given = Object.entries(answers).flatMap(([id, options]) =>
    Object.keys(options).map((name) => `${id} ${name}`),
  );
  expect(wanted.filter((one) => !given.includes(one))).toEqual([]);
});

describe.each(
  rows.map((row) => [row.provider, row.operation.id, row.option, row.answer.status ?? 200, row] as const),
)('%s %s %s (status %i)', (_provider, _id, option, status, row) => {
  const cause = causeOf[option];

  it('completes when the task wants it', async () => {
    const command = await run(row, 'complete');
    expect(command.kind).toBe('complete');
    const { r } = JSON.parse(command.variables) as { r: Record<string, unknown> };
    expect(r).toMatchObject({ status });
    if (option !== 'onSchemaMismatch' && option !== 'onRefusal') {
      expect(r['finishReason']).toMatch(/^(content_filter|length)$/);
    }
  });

  it('is a BPMN error when the task wants it, and the boundary event gets what was answered', async () => {
    const command = await run(row, 'bpmnError');
    expect(command).toMatchObject({ kind: 'throwError', errorCode: cause });
    const { error } = JSON.parse(command.variables) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ cause, code: String(status), variables: { response: { status } } });
  });

  it.each(['incident', undefined])(
    'is an incident when the task wants it, or as the template presets: %s',
    async (reaction) => {
      const command = await run(row, reaction);
      if (reaction === undefined && option === 'onTruncated') return expect(command.kind).toBe('complete');
      expect(command).toMatchObject({ kind: 'fail', retries: 0 });
      expect(JSON.parse(command.variables)).toMatchObject({ error: { cause, code: String(status) } });
    },
  );
});

interface Property {
  readonly id?: string;
  readonly value?: unknown;
  readonly choices?: readonly { readonly value: string }[];
  readonly condition?: { readonly oneOf?: readonly string[] };
}

it.each(['openai', 'azure-openai'] as const)(
  'the template of %s offers each choice where it has a meaning',
  (provider) => {
    const file = join(__dirname, '..', '..', '..', 'element-templates', `${provider}.json`);
    const { properties } = JSON.parse(readFileSync(file, 'utf8')) as { properties: readonly Property[] };
    for (const option of Object.keys(causeOf) as OutcomeOption[]) {
      const found = properties.filter(({ id }) => id === `options.${option}`);
      expect(found).toHaveLength(1);
      expect(found[0]!.choices!.map(({ value }) => value)).toEqual(['complete', 'bpmnError', 'incident']);
      expect(found[0]!.value).toBe(option === 'onTruncated' ? 'complete' : 'incident');
      const having = operations.filter(
        ({ outcomes = [], missing }) => outcomes.includes(option) && missing?.[provider] === undefined,
      );
      expect([...found[0]!.condition!.oneOf!].sort()).toEqual(having.map(({ id }) => id).sort());
    }
  },
);
