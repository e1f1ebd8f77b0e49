import { ConnectorError } from '../../../src/errors';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import {
  scripted,
  sentBody,
  runTask,
  testExecution,
  type ExecutionParts,
  type ScriptedAnswer,
} from '../../support/execution';
import { examplesOf } from '../../support/examples-of';
import { sampleDocuments } from '../../support/sample-documents';
import { recorded, recordedAnswers } from '../../support/recorded-answers';

interface Result {
  readonly status: number;
  readonly body: unknown;
  readonly text: string | null;
  readonly json: unknown;
  readonly finishReason: string | null;
  readonly usage: Record<string, number> | null;
  readonly documents: unknown[];
}

const connector = createTypedConnector(openai, { maxAnswerBytes: 1_000_000 });

function variables(operation: string, input?: object, options: object = {}) {
  return {
    connection: { apiKey: 'k' },
    operation,
    input: input ?? examplesOf(operation).minimal,
    options,
  };
}

async function run(job: unknown, answers: readonly ScriptedAnswer[], parts: ExecutionParts = {}) {
  const execution = testExecution(job, { answers, documents: sampleDocuments, ...parts });
  return { result: JSON.parse(await runTask(connector, execution)) as Result, execution };
}

async function causeOf(job: unknown, answer: ScriptedAnswer): Promise<string | undefined> {
  const error: unknown = await run(job, [answer]).catch((thrown: unknown) => thrown);
  return error instanceof ConnectorError ? error.causeName : undefined;
}

const tolerant = {
  onContentFilter: 'complete',
  onRefusal: 'complete',
  onTruncated: 'complete',
  onSchemaMismatch: 'complete',
};

describe('every recorded answer of chat', () => {
  const chats = recordedAnswers.filter(
    ({ kind }) => /^(azure-)?chat-/.test(kind) && !/error|prompt-filtered/.test(kind),
  );

  it.each(chats.map((answer) => [answer.id, answer] as const))('%s is read', async (_id, answer) => {
    const job = variables('chatCompletion', undefined, {
      ...tolerant,
      stream: answer.response.stream !== undefined,
    });
    const { result } = await run(job, [scripted(answer)]);
    expect(result.status).toBe(200);
    expect(result.finishReason).toEqual(expect.any(String));
    const choice = (result.body as { choices: { message?: Record<string, unknown> }[] }).choices[0]!;
    const { content, refusal, tool_calls, function_call } = choice.message ?? {};
    if (typeof content === 'string') expect(result.text).toBe(content);
    else if (typeof refusal === 'string') expect(result.text).toBe(refusal);
    else if (choice.message !== undefined) expect(tool_calls ?? function_call).toBeDefined();
  });

  it('a stream is put together to the ordinary body, tool calls and usage included', async () => {
    const job = variables('chatCompletion', undefined, { stream: true });
    const { result } = await run(job, [scripted(recorded('chat-tools-several-stream'))]);
    expect(result.finishReason).toBe('tool_calls');
    const { choices, object } = result.body as {
      object: string;
      choices: { message: { tool_calls: { id: string; function: { name: string; arguments: string } }[] } }[];
    };
    expect(object).toBe('chat.completion');
    const calls = choices[0]!.message.tool_calls;
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) {
      expect(call.id).toMatch(/^call_/);
      expect(() => JSON.parse(call.function.arguments) as unknown).not.toThrow();
    }
  });

  it('a stream with several choices keeps them apart', async () => {
    const job = variables('chatCompletion', undefined, { stream: true });
    const { result } = await run(job, [scripted(recorded('chat-n-stream'))]);
    const { choices } = result.body as { choices: { index: number; message: { content: string } }[] };
    expect(choices.map(({ index }) => index)).toEqual([...choices.keys()]);
    expect(choices.length).toBeGreaterThan(1);
    expect(result.text).toBe(choices[0]!.message.content);
  });

  it('a stream is asked for with usage, and its limit is that on silence', async () => {
    const job = variables('chatCompletion', undefined, { stream: true, idleTimeoutSeconds: 7 });
    const { execution } = await run(job, [scripted(recorded('chat-plain-stream'))]);
    expect(sentBody(execution.requests[0])).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(execution.requests[0]).toMatchObject({ idleTimeoutMs: 7000, totalTimeoutMs: 0 });
  });

  const streamHeaders = { 'content-type': 'text/event-stream' };
  const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n';

  it('a stream that breaks off is no answer', async () => {
    const job = variables('chatCompletion', undefined, { stream: true });
    expect(await causeOf(job, { headers: streamHeaders, body: chunk })).toBe('INVALID_ANSWER');
  });

  it('an error within a stream is a failure of its kind', async () => {
    const job = variables('chatCompletion', undefined, { stream: true });
    const error = (code: string) => `${chunk}data: {"error":{"message":"No","code":"${code}"}}\n\n`;
    expect(await causeOf(job, { headers: streamHeaders, body: error('rate_limit_exceeded') })).toBe(
      'RATE_LIMITED',
    );
    expect(await causeOf(job, { headers: streamHeaders, body: error('server_error') })).toBe('SERVER_ERROR');
  });

  it('buckets of tokens do not overlap', async () => {
    const { result } = await run(variables('chatCompletion'), [scripted(recorded('chat-reasoning'))]);
    expect(result.usage).toMatchObject({
      inputTokens: 11,
      cachedInputTokens: 0,
      outputTokens: 10,
      reasoningTokens: 128,
      totalTokens: 149,
    });
  });
});

describe('every recorded answer of other operations', () => {
  it.each(
    recordedAnswers
      .filter(({ kind }) => kind.startsWith('completions'))
      .map((answer) => [answer.id, answer] as const),
  )('completion: %s', async (_id, answer) => {
    const job = variables('completion', undefined, {
      onContentFilter: 'complete',
      stream: answer.response.stream !== undefined,
    });
    const { result } = await run(job, [scripted(answer)]);
    const { choices } = result.body as { choices: { text: string }[] };
    expect(result.text).toBe(choices[0]!.text);
    expect(result.json).toEqual(choices.map(({ text }) => text));
  });

  it.each(
    recordedAnswers
      .filter(({ kind }) => /embeddings-(float|base64)/.test(kind))
      .map((answer) => [answer.id, answer] as const),
  )('embeddings: %s', async (_id, answer) => {
    const { result } = await run(variables('embeddings', { model: 'm', input: ['a', 'b'] }), [
      scripted(answer),
    ]);
    const vectors = result.json as number[][];
    expect(vectors.length).toBeGreaterThan(0);
    for (const vector of vectors) for (const number of vector) expect(typeof number).toBe('number');
  });

  it.each(
    recordedAnswers
      .filter(({ kind }) => kind.startsWith('responses-'))
      .map((answer) => [answer.id, answer] as const),
  )('response: %s', async (_id, answer) => {
    const job = variables('response', undefined, {
      ...tolerant,
      stream: answer.response.stream !== undefined,
    });
    const { result } = await run(job, [scripted(answer)]);
    expect(['stop', 'length', 'tool_calls']).toContain(result.finishReason);
    expect(result.usage?.['totalTokens']).toBeGreaterThan(0);
    expect(result.body).toMatchObject({ object: 'response' });
  });

  it('response: structured output arrives parsed', async () => {
    const answer = recorded('responses-json-schema');
    const input = { model: 'm', prompt: 'x', responseFormat: 'json' };
    const { result } = await run(variables('response', input), [scripted(answer)]);
    expect(result.json).toEqual(JSON.parse(result.text!));
  });

  it('images become documents, and their base64 leaves the body', async () => {
    const body = {
      created: 1,
      data: [{ b64_json: Buffer.from('png').toString('base64') }],
      output_format: 'webp',
    };
    const { result, execution } = await run(variables('imageGeneration'), [{ body }]);
    expect(execution.uploads).toEqual([
      { content: Buffer.from('png'), metadata: { fileName: 'image-1.webp', contentType: 'image/webp' } },
    ]);
    expect(result.documents).toMatchObject([{ documentId: 'document-1' }]);
    expect(result.body).toEqual({ created: 1, data: [{}], output_format: 'webp' });
  });

  it('images stay in the body when that is asked for, and links are text', async () => {
    const body = { data: [{ b64_json: 'cG5n' }] };
    const inline = { ...examplesOf('imageGeneration').minimal, resultAs: 'inline' };
    const { result, execution } = await run(variables('imageGeneration', inline), [{ body }]);
    expect(result.body).toEqual(body);
    expect(execution.uploads).toEqual([]);
    const linked = await run(variables('imageGeneration'), [scripted(recorded('images'))]);
    expect(linked.result.text).toMatch(/^https:/);
  });

  const audio = { headers: { 'content-type': 'audio/mpeg' }, body: Buffer.from('mp3') };

  it('speech becomes a document, or base64 when that is asked for', async () => {
    const { result, execution } = await run(variables('speech'), [audio]);
    expect(result).toMatchObject({ body: null, documents: [{ documentId: 'document-1' }] });
    expect(execution.uploads[0]).toMatchObject({
      metadata: { fileName: 'speech.mp3', contentType: 'audio/mpeg' },
    });
    const inline = await run(variables('speech', { model: 'tts-1', speechText: 'x', resultAs: 'inline' }), [
      audio,
    ]);
    expect(inline.result.body).toEqual({
      base64: Buffer.from('mp3').toString('base64'),
      contentType: 'audio/mpeg',
    });
  });

  it('a result too large for a variable is refused with the way out', async () => {
    const large = { headers: { 'content-type': 'audio/mpeg' }, body: Buffer.alloc(2_000_001) };
    const error: unknown = await run(
      variables('speech', { model: 'tts-1', speechText: 'x', resultAs: 'inline' }),
      [large],
    ).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ causeName: 'RESULT_TOO_LARGE', retry: { kind: 'never' } });
    expect((error as Error).message).toContain('"Result as" (input.resultAs)');
  });

  it('a transcript is text, in JSON or plain', async () => {
    const { result } = await run(variables('transcription'), [
      { body: { text: 'Hello', usage: { type: 'duration', seconds: 3 } } },
    ]);
    expect(result).toMatchObject({ text: 'Hello', usage: { seconds: 3 } });
    const plain = await run(variables('transcription'), [
      { headers: { 'content-type': 'text/plain' }, body: 'Hello\n' },
    ]);
    expect(plain.result).toMatchObject({ text: 'Hello', body: 'Hello' });
  });

  it('moderation tells the categories that were raised', async () => {
    const body = {
      id: 'modr-1',
      model: 'omni-moderation-latest',
      results: [
        { flagged: false, categories: { hate: false } },
        { flagged: true, categories: { hate: true, 'self-harm': false, violence: true, illicit: null } },
      ],
    };
    const { result } = await run(variables('moderation'), [{ body }]);
    expect(result.json).toEqual({ flagged: true, categories: ['hate', 'violence'] });
  });

  it('a file of JSON lines is a list, other content text', async () => {
    const lines = await run(variables('fileContent'), [{ body: '{"id":1}\n{"id":12345678901234567890}\n' }]);
    expect(lines.result).toMatchObject({ body: null, json: [{ id: 1 }, {}] });
    const text = await run(variables('fileContent'), [{ body: 'not json' }]);
    expect(text.result).toMatchObject({ text: 'not json', json: null });
  });

  it('models are named in order', async () => {
    const { result } = await run(variables('listModels'), [{ body: { data: [{ id: 'b' }, { id: 'a' }] } }]);
    expect(result.json).toEqual(['a', 'b']);
  });

  it.each([
    'fileUpload',
    'fileGet',
    'batchCreate',
    'batchGet',
    'batchCancel',
    'fineTuningCreate',
    'fineTuningGet',
    'fineTuningCancel',
  ])('%s gives the id', async (operation) => {
    const { result } = await run(variables(operation), [{ body: { id: 'x-1', status: 'ok' } }]);
    expect(result).toMatchObject({ text: 'x-1', body: { id: 'x-1', status: 'ok' } });
  });

  it('fileDelete completes with and without a body', async () => {
    expect(
      (await run(variables('fileDelete'), [{ body: { id: 'f', deleted: true } }])).result.body,
    ).toMatchObject({ deleted: true });
    expect((await run(variables('fileDelete'), [{ status: 204, body: '' }])).result.body).toEqual({
      deleted: true,
    });
  });

  it('summarize tells the model style, length and language, and not to obey the text', async () => {
    const input = { model: 'm', texts: ['a', 'b'], style: 'bullets', maxWords: 9, language: 'German' };
    const { result, execution } = await run(variables('summarize', input), [
      scripted(recorded('chat-plain')),
    ]);
    const { messages } = sentBody(execution.requests[0]) as { messages: { content: string }[] };
    expect(messages[0]!.content).toMatch(/bullet points.*at most 9 words.*German.*follow no instruction/s);
    expect(messages[1]!.content).toBe('Text 1:\na\n\nText 2:\nb');
    expect(result.text).not.toBeNull();
  });
});

describe('work in the background', () => {
  const job = variables('response', { model: 'm', prompt: 'x', inBackground: true });
  const done = {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hi' }] }],
  };

  it('is looked after by its id until it is done', async () => {
    const { result, execution } = await run(job, [
      { body: { id: 'resp_1', status: 'queued' } },
      { body: { id: 'resp_1', status: 'in_progress' } },
      { body: done },
    ]);
    expect(result).toMatchObject({ text: 'Hi', body: done });
    expect(execution.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://api.openai.com/v1/responses',
      'GET https://api.openai.com/v1/responses/resp_1',
      'GET https://api.openai.com/v1/responses/resp_1',
    ]);
    expect(execution.slept).toEqual([2000, 3000]);
  });

  it('that fails is a failure', async () => {
    const failed = { id: 'r', status: 'failed', error: { code: 'server_error', message: 'Sorry' } };
    expect(await causeOf(job, { body: failed })).toBe('SERVER_ERROR');
  });

  it('does not go with a stream', async () => {
    expect(await causeOf({ ...job, options: { stream: true } }, {})).toBe('INVALID_INPUT');
  });
});

describe('the raw request', () => {
  it('keeps the answer as JSON, text or document', async () => {
    const raw = (responseType: string) => variables('rawRequest', { path: '/x', responseType });
    const body = { n: 1 };
    expect((await run(raw('json'), [{ body }])).result.body).toEqual(body);
    expect((await run(raw('text'), [{ body: 'plain' }])).result).toMatchObject({
      text: 'plain',
      body: 'plain',
    });
    const file = {
      headers: { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="a.png"' },
      body: Buffer.from('x'),
    };
    const { execution } = await run(raw('binary'), [file]);
    expect(execution.uploads[0]!.metadata).toEqual({ fileName: 'a.png', contentType: 'image/png' });
  });

  it('sends form fields before files, with the names given', async () => {
    const { execution } = await run(
      variables('rawRequest', { ...examplesOf('rawRequest').all[0], perDeployment: '' }),
      [{}],
      {
        secrets: { KEY: 'v' },
      },
    );
    const sent = execution.requests[0]!.body!.toString('latin1');
    expect(sent).toMatch(
      /name="purpose"\r\n\r\nbatch\r\n.*name="file"; filename="renamed.jsonl"\r\nContent-Type: application\/jsonl\r\n\r\n\{/s,
    );
    expect(execution.requests[0]!.headers).toContainEqual(['x-team', 'v']);
  });

  it.each(['https://evil.example/x', '//evil.example/x', '/../x', '/a/%2e%2e/b', '/a b', '\\\\evil'])(
    'refuses the path %j, which may lead the key elsewhere',
    async (path) => {
      expect(await causeOf(variables('rawRequest', { path }), {})).toBe('INVALID_INPUT');
    },
  );

  it('may cost a retry after every failure when the task wants it', async () => {
    const failing = { status: 404, body: { error: { message: 'No', code: null } } };
    const job = (retryAllErrors: boolean) => variables('rawRequest', { path: '/x' }, { retryAllErrors });
    await expect(run(job(true), [failing])).rejects.toMatchObject({ retry: { kind: 'consume' } });
    await expect(run(job(false), [failing])).rejects.toMatchObject({ retry: { kind: 'never' } });
  });
});

describe('documents as input', () => {
  it.each(['camunda.document.type', 'documentType'])('are known by %s', async (key) => {
    const file = {
      [key]: 'camunda',
      documentId: 'fence.png',
      metadata: { contentType: 'image/png', fileName: 'fence.png' },
    };
    const { execution } = await run(variables('chatCompletion', { model: 'm', prompt: 'x', images: file }), [
      scripted(recorded('chat-plain')),
    ]);
    const url = `data:image/png;base64,${sampleDocuments['fence.png'].toString('base64')}`;
    expect(sentBody(execution.requests[0])).toMatchObject({
      messages: [{ content: [{ type: 'text' }, { type: 'image_url', image_url: { url } }] }],
    });
  });

  it('that are none are refused by name', async () => {
    const error: unknown = await run(variables('transcription', { model: 'm', file: { foo: 1 } }), [
      {},
    ]).catch((thrown: unknown) => thrown);
    expect((error as Error).message).toContain('"Audio file" (input.file) must be a document reference');
  });
});

describe('chat on your data', () => {
  const azure = createTypedConnector(azureOpenai, { maxAnswerBytes: 1_000_000 });
  const job = {
    connection: {
      endpoint: 'my-resource',
      deployment: 'd',
      apiVersion: '2024-02-01',
      authentication: { apiKey: 'k' },
    },
    operation: 'completionsExtension',
    input: examplesOf('completionsExtension').all.at(-1),
  };

  it('translates the former names of data sources, and gives the citations', async () => {
    const body = {
      choices: [
        {
          message: { content: 'By train [doc1].', context: { citations: [{ content: 'x', url: 'u' }] } },
          finish_reason: 'stop',
        },
      ],
    };
    const execution = testExecution(job, { answers: [{ body }] });
    const result = JSON.parse(await runTask(azure, execution)) as Result;
    expect(result).toMatchObject({ text: 'By train [doc1].', json: [{ content: 'x', url: 'u' }] });
    expect(sentBody(execution.requests[0])).toMatchObject({
      data_sources: [
        {
          type: 'azure_search',
          parameters: { index_name: 'policies', authentication: { type: 'api_key', key: 'k' } },
        },
      ],
    });
  });
});
