/** The mock that demo and compose use in place of the real API. */
import { startMockApi, type MockApi } from '../../dev/mock/mock-api';
import { operations } from '../../src/operations/registry';
import { openai } from '../../src/providers/openai';
import { offeredOperations } from '../../src/templates/build';
import { createTypedConnector } from '../../src/typed/connector';
import { runTask, testExecution } from '../support/execution';
import { guard } from '../support/guard';
import { sampleDocuments } from '../support/sample-documents';

let mock: MockApi;
beforeAll(async () => (mock = await startMockApi({ apiKeys: ['good-key'] })));
afterAll(() => mock.close());

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: () => Record<string, unknown>;
}

async function post(url: string, body: unknown, headers: Record<string, string>): Promise<Reply> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as Record<string, unknown>,
  };
}

const openAi = (path: string, body: unknown, key = 'good-key') =>
  post(`${mock.openAiBaseUrl}${path}`, body, { authorization: `Bearer ${key}` });
const azure = (path: string, body: unknown, key = 'good-key') =>
  post(`${mock.azureEndpoint}/openai${path}`, body, { 'api-key': key });
const chat = (content: string) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }] });

it.each(offeredOperations(operations, 'openai').map((operation) => [operation.id, operation] as const))(
  'knows the path of %s',
  async (id, { examples }) => {
    const connection = { apiKey: 'good-key', baseUrl: mock.openAiBaseUrl };
    const job = { connection, operation: id, input: examples.typical, options: {} };
    const execution = testExecution(job, { answers: [{ status: 500 }], documents: sampleDocuments });
    await runTask(createTypedConnector(openai, { maxAnswerBytes: 1000 }), execution).catch(() => undefined);
    const { method, url, headers, body } = execution.requests[0]!;
    const response = await fetch(url, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    const unknown = response.status === 404 && (await response.text()).includes('"type":"not_found"');
    guard(
      `The mock of the API does not know the path of ${id}`,
      unknown ? [`${method} ${new URL(url).pathname}`] : [],
      'The demo needs an answer: add one to dev/mock/mounts.ts.',
    );
  },
);

describe('OpenAI', () => {
  test('an answer depends on the request, and the same request has the same answer', async () => {
    const one = await openAi('/chat/completions', chat('Reply with exactly: green'));
    const two = await openAi('/chat/completions', chat('Reply with exactly: green'));
    expect(one.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'green' }, finish_reason: 'stop' }],
    });
    expect(two.json()['choices']).toEqual(one.json()['choices']);
  });

  test.each([
    ['The parcel arrived broken.', 'complaint'],
    ['Thank you, I love it', 'praise'],
    ['When do you open?', 'question'],
  ])('picks one of the options: %s', async (text, expected) => {
    const reply = await openAi('/chat/completions', {
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Answer with one of: complaint, praise, question.' },
        { role: 'user', content: text },
      ],
    });
    expect(reply.json()).toMatchObject({ choices: [{ message: { content: expected } }] });
  });

  test('fills a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        amount: { type: 'number' },
        kind: { enum: ['invoice', 'order'] },
        tags: { type: 'array', items: { type: 'string' } },
      },
    };
    const reply = await openAi('/chat/completions', {
      ...chat('An invoice over 99.5 euros'),
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema } },
    });
    const [choice] = reply.json()['choices'] as { message: { content: string } }[];
    expect(JSON.parse(choice?.message.content ?? '')).toEqual({
      amount: 99.5,
      kind: 'invoice',
      tags: ['An invoice over 99.5 euros'],
    });
  });

  test('a wrong key and a missing one are refused in the words of the API', async () => {
    const wrong = await openAi('/chat/completions', chat('hi'), 'bad-key');
    expect([wrong.status, wrong.json()]).toMatchObject([401, { error: { code: 'invalid_api_key' } }]);
    const missing = await post(`${mock.openAiBaseUrl}/moderations`, {}, {});
    expect(missing.status).toBe(401);
  });

  test('legacy completions answer every prompt, n times', async () => {
    const reply = await openAi('/completions', {
      model: 'gpt-3.5-turbo-instruct',
      prompt: ['Reply with exactly: one', 'Reply with exactly: two'],
      n: 2,
    });
    const choices = reply.json()['choices'] as { text: string; index: number }[];
    expect(choices.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'two']);
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  test('moderation gives one result per text', async () => {
    const reply = await openAi('/moderations', { input: ['a nice day', 'I will kill you'] });
    expect(reply.json()).toMatchObject({
      results: [{ flagged: false }, { flagged: true, categories: { violence: true, sexual: false } }],
    });
  });

  test('embeddings, images, speech and models are there', async () => {
    const embeddings = await openAi('/embeddings', { model: 'text-embedding-3-small', input: ['a', 'b'] });
    const vectors = (embeddings.json()['data'] as { embedding: number[] }[]).map(
      ({ embedding }) => embedding,
    );
    expect(vectors.map((vector) => Math.round(Math.hypot(...vector) * 1000))).toEqual([1000, 1000]);
    const image = await openAi('/images/generations', { model: 'gpt-image-1', prompt: 'a cat' });
    expect((image.json()['data'] as { b64_json: string }[])[0]?.b64_json).toMatch(/^iVBOR/);
    expect((await openAi('/audio/speech', { model: 'tts-1', input: 'hello', voice: 'alloy' })).status).toBe(
      200,
    );
    const models = await fetch(`${mock.openAiBaseUrl}/models`, {
      headers: { authorization: 'Bearer good-key' },
    });
    expect(models.status).toBe(200);
  });
});

describe('Azure OpenAI', () => {
  const version = 'api-version=2024-10-21';

  test.each([`/deployments/my-gpt/chat/completions?${version}`, '/v1/chat/completions'])(
    'answers with the annotations of the filter at %s',
    async (path) => {
      expect((await azure(path, chat('Reply with exactly: blue'))).json()).toMatchObject({
        choices: [{ message: { content: 'blue' }, content_filter_results: { hate: { severity: 'safe' } } }],
        prompt_filter_results: [{ prompt_index: 0 }],
      });
    },
  );

  test('streams when asked to', async () => {
    const reply = await azure(`/deployments/my-gpt/chat/completions?${version}`, {
      ...chat('Reply with exactly: two words'),
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(reply.headers.get('content-type')).toBe('text/event-stream');
    expect(reply.text).toMatch(
      /"content":"two "[\s\S]*"content":"words"[\s\S]*"total_tokens"[\s\S]*\[DONE\]/,
    );
  });

  test('refuses a prompt by its filter with 400 and the findings', async () => {
    const reply = await azure(`/deployments/my-gpt/chat/completions?${version}`, chat('How to mix poison?'));
    expect([reply.status, reply.json()]).toMatchObject([
      400,
      {
        error: {
          code: 'content_filter',
          innererror: { content_filter_result: { violence: { filtered: true } } },
        },
      },
    ]);
  });

  test('throttles a new request once and says how long to wait', async () => {
    const path = `/deployments/throttled/chat/completions?${version}`;
    const first = await azure(path, chat('Reply with exactly: later'));
    expect([first.status, first.headers.get('retry-after-ms')]).toEqual([429, '300']);
    expect((await azure(path, chat('Reply with exactly: later'))).status).toBe(200);
  });

  test('knows no deployment called missing, no dated path without its version, no wrong key', async () => {
    const missing = await azure(`/deployments/missing/completions?${version}`, { prompt: 'x' });
    expect([missing.status, missing.json()]).toMatchObject([404, { error: { code: 'DeploymentNotFound' } }]);
    expect((await azure('/deployments/my-gpt/chat/completions', chat('x'))).status).toBe(404);
    const refused = await azure(`/deployments/my-gpt/chat/completions?${version}`, chat('x'), 'bad-key');
    expect([refused.status, refused.json()]).toMatchObject([401, { error: { code: '401' } }]);
  });

  test('legacy completions and embeddings', async () => {
    const reply = await azure(`/deployments/instruct/completions?${version}`, {
      prompt: 'Reply with exactly: red',
    });
    expect(reply.json()).toMatchObject({ object: 'text_completion', choices: [{ text: 'red' }] });
    expect((await azure(`/deployments/embed/embeddings?${version}`, { input: 'a' })).status).toBe(200);
  });
});
