/** Answers nobody promised: whatever JSON an API sends, an operation reads it or names the fault. */
import * as fc from 'fast-check';
import { causes } from '../../../src/errors';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import { operations } from '../../../src/operations/registry';
import { runTask, testExecution, type ScriptedAnswer } from '../../support/execution';
import { examplesOf } from '../../support/examples-of';
import { sampleDocuments } from '../../support/sample-documents';

const connector = createTypedConnector(openai, { maxAnswerBytes: 1e6 });
/** Names that some reader looks for, and names that objects have by themselves. */
const names = (
  'choices message delta content text refusal finish_reason index logprobs tool_calls function_call function name id ' +
  'arguments role usage prompt_tokens details error code type param data embedding b64_json url revised_prompt results ' +
  'categories category_scores flagged output status incomplete_details reason response object innererror segments ' +
  'total_tokens model created toolCalls output_text annotations context citations __proto__ constructor toString length'
).split(' ');
const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    'x',
    0,
    -1,
    1.5,
    1e300,
    'stop',
    'length',
    'content_filter',
    'completed',
    'message',
  ),
  fc.constantFrom('output_text', 'refusal', 'response.completed', 'error', '[DONE]', '{"a":', 'AAAA', '400'),
);
const { value: anyJson } = fc.letrec<{ value: unknown; list: unknown; object: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: 'medium', withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc
    .array(fc.tuple(fc.constantFrom(...names), tie('value')), { maxLength: 6 })
    .map((entries) => Object.fromEntries(entries) as unknown),
}));

async function outcome(operation: string, answer: ScriptedAnswer, options: object = {}): Promise<string> {
  const job = { connection: { apiKey: 'k' }, operation, input: examplesOf(operation).typical, options };
  const execution = testExecution(job, { answers: [answer], documents: sampleDocuments });
  return runTask(connector, execution).then(
    (text) => {
      JSON.parse(text);
      return 'read';
    },
    (error: { causeName?: string; stack?: string }) => error.causeName ?? error.stack ?? 'thrown',
  );
}

const good: readonly string[] = ['read', ...causes.filter((cause) => cause !== 'INTERNAL')];
const ids = operations.filter(({ missing }) => missing?.openai === undefined).map(({ id }) => id);

it.each(ids)('%s: any JSON is read, or its fault has a name', async (id) => {
  await fc.assert(
    fc.asyncProperty(anyJson, fc.constantFrom(200, 400, 429, 500), async (body, status) => {
      const headers = { 'content-type': 'application/json' };
      expect(good).toContain(await outcome(id, { status, headers, body: JSON.stringify(body) }));
    }),
    { numRuns: 300 },
  );
});

it.each(ids.filter((id) => operations.find((operation) => operation.id === id)?.streaming === true))(
  '%s: any stream of JSON is read, or its fault has a name',
  async (id) => {
    const chunk = fc.oneof(anyJson, fc.record({ choices: fc.array(anyJson, { maxLength: 3 }) }));
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 5 }), fc.boolean(), async (chunks, ends) => {
        const events = [...chunks.map((one) => JSON.stringify(one)), ...(ends ? ['[DONE]'] : [])];
        const body = events.map((data) => `data: ${data}\n\n`).join('');
        const headers = { 'content-type': 'text/event-stream' };
        expect(good).toContain(await outcome(id, { headers, body }, { stream: true }));
      }),
      { numRuns: 1000 },
    );
  },
);

it('a stream in a hundred thousand pieces is put together before it is found not to fit its schema', async () => {
  const piece = (index: number) =>
    `data: {"choices":[{"delta":{"content":"x"},"logprobs":{"content":[${index}],"k${index}":1}}]}\n\n`;
  const body = `${Array.from({ length: 100_000 }, (_, index) => piece(index)).join('')}data: [DONE]\n\n`;
  const headers = { 'content-type': 'text/event-stream' };
  expect(await outcome('chatCompletion', { headers, body }, { stream: true })).toBe('SCHEMA_MISMATCH');
});
