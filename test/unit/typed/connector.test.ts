import { ConnectorError } from '../../../src/errors';
import { TransportError } from '../../../src/http/request';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import {
  scripted,
  sentBody,
  sentHeader,
  testExecution,
  testJob,
  type ExecutionParts,
  runTask,
} from '../../support/execution';
import { recorded } from '../../support/recorded-answers';

const limits = { maxAnswerBytes: 1_000_000 };
const openaiConnector = createTypedConnector(openai, limits);
const azureConnector = createTypedConnector(azureOpenai, limits);

const chat = (input: object = {}, rest: object = {}) => ({
  connection: { apiKey: '{{secrets.KEY}}' },
  operation: 'chatCompletion',
  input: { model: 'gpt-5.4-mini', prompt: 'Hi', ...input },
  ...rest,
});
const azureChat = (connection: object = {}, rest: object = {}) => ({
  connection: {
    endpoint: 'https://my-resource.openai.azure.com',
    deployment: 'my deployment',
    authentication: { type: 'apiKey', apiKey: 'azure-key' },
    ...connection,
  },
  operation: 'chatCompletion',
  input: { prompt: 'Hi' },
  ...rest,
});
const good = scripted(recorded('chat-plain'));

async function run(variables: unknown, parts: ExecutionParts = {}, connector = openaiConnector) {
  const execution = testExecution(variables, { answers: [good], secrets: { KEY: 'sk-123' }, ...parts });
  const result = JSON.parse(await runTask(connector, execution)) as Record<string, unknown>;
  return { result, execution };
}

async function failure(variables: unknown, parts: ExecutionParts = {}, connector = openaiConnector) {
  const execution = testExecution(variables, { answers: [good], secrets: { KEY: 'sk-123' }, ...parts });
  const error: unknown = await runTask(connector, execution).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ConnectorError)) throw new Error(`expected a ConnectorError, got ${String(error)}`);
  return { error, execution };
}

describe('a job of the typed family', () => {
  it('gives status, headers, body, text, finish reason and usage of a real answer', async () => {
    const { result } = await run(chat());
    const { body } = recorded('chat-plain').response as {
      body: { choices: { message: { content: string } }[] };
    };
    expect(result).toMatchObject({
      status: 200,
      body,
      text: body.choices[0]!.message.content,
      json: null,
      finishReason: 'stop',
      documents: [],
      usage: { totalTokens: expect.any(Number) as number },
    });
    expect(result['headers']).toMatchObject({ 'content-type': 'application/json' });
  });

  it('drops cookies and writes header names in lower case', async () => {
    const { result } = await run(chat(), {
      answers: [{ ...good, headers: { 'Set-Cookie': 'a=b', 'X-Request-ID': 'req_1' } }],
    });
    expect(result['headers']).toEqual({ 'content-type': 'application/json', 'x-request-id': 'req_1' });
  });

  it('keeps every digit of the answer', async () => {
    const body =
      '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"big":12345678901234567890,"one":1.0}';
    const execution = testExecution(chat(), { answers: [{ body }], secrets: { KEY: 'k' } });
    expect(await runTask(openaiConnector, execution)).toContain('"big":12345678901234567890,"one":1.0');
  });

  it('sends only what was filled in', async () => {
    const { execution } = await run(chat({ temperature: '', topP: null, systemMessage: '  ' }));
    expect(sentBody(execution.requests[0])).toEqual({
      model: 'gpt-5.4-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });

  it('accepts numbers and JSON that were given as text', async () => {
    const { execution } = await run(chat({ temperature: '0.7', n: '2', logitBias: '{"5": -100}' }));
    expect(sentBody(execution.requests[0])).toMatchObject({
      temperature: 0.7,
      n: 2,
      logit_bias: { '5': -100 },
    });
  });

  it('merges the extra body last', async () => {
    const { execution } = await run(chat({ temperature: 1, extraBody: { temperature: 2, new_field: [1] } }));
    expect(sentBody(execution.requests[0])).toMatchObject({ temperature: 2, new_field: [1] });
  });

  it('tells the ledger and the rate gate about the paid call, and only about that', async () => {
    const inBackground = {
      operation: 'response',
      input: { model: 'gpt-5', prompt: 'Hi', inBackground: true },
    };
    const { execution } = await run(chat({}, { ...inBackground, options: { onDoubt: 'incident' } }), {
      answers: [
        { body: { id: 'resp_1', status: 'queued' } },
        { body: { id: 'resp_1', status: 'completed', output: [] } },
      ],
    });
    const [paid, look] = execution.requests;
    expect(paid).toMatchObject({ limitGroup: 'gpt-5', onDoubt: 'incident' });
    expect(look).not.toHaveProperty('limitGroup');
  });

  it('answers log lines with operations it knows only', () => {
    expect(openaiConnector.open(testJob(chat())).operation).toBe('chatCompletion');
    expect(openaiConnector.open(testJob({ operation: 'my password' })).operation).toBeUndefined();
  });
});

it('a job whose variables cannot be read is a task that fails', async () => {
  const task = openaiConnector.open(testJob('{"connection":'));
  expect(task).toMatchObject({ operation: undefined, secretNames: [] });
  await expect(task.run(testExecution({}))).rejects.toThrow(/position 14/);
});

describe('secrets', () => {
  it('are looked for in the connection, not in prompts', () => {
    const variables = {
      connection: { apiKey: '{{secrets.A}}', headers: { x: 'secrets.B' }, organization: '<<secrets.C>>' },
      operation: 'chatCompletion',
      input: { prompt: 'What is {{secrets.D}} or secrets.E?', headers: { h: '{{secrets.F}}' } },
    };
    expect(openaiConnector.open(testJob(variables)).secretNames).toEqual(['A', 'B', 'C', 'F']);
  });

  it('are put into the headers, and a prompt that quotes one stays as it is', async () => {
    const { execution } = await run(chat({ prompt: 'Explain {{secrets.KEY}} and secrets.KEY' }));
    expect(sentHeader(execution.requests[0], 'authorization')).toBe('Bearer sk-123');
    expect(sentBody(execution.requests[0])).toMatchObject({
      messages: [{ content: 'Explain {{secrets.KEY}} and secrets.KEY' }],
    });
  });

  it('with a line break are refused without being shown', async () => {
    const { error, execution } = await failure(chat(), { secrets: { KEY: 'sk-1\n2' } });
    expect(error.message).toContain('"API key" (connection.apiKey)');
    expect(error.message).not.toContain('sk-1');
    expect(execution.requests).toEqual([]);
  });
});

describe('bad input is refused before anything is sent', () => {
  const cases: [title: string, variables: unknown, message: RegExp][] = [
    [
      'no operation',
      { ...chat(), operation: undefined },
      /"Operation" \(operation\) is empty. Choose one of chatCompletion/,
    ],
    [
      'an unknown operation',
      { ...chat(), operation: 'chatcompletion' },
      /unknown value "chatcompletion". Did you mean chatCompletion\?/,
    ],
    [
      'a number out of range',
      chat({ temperature: 3 }),
      /"Temperature" \(input.temperature\) must be a number from 0 to 2, but is "3"\. Correct it/,
    ],
    [
      'text where a number belongs',
      chat({ n: 'many' }),
      /"Number of answers" \(input.n\) must be a whole number from 1 to 128, but is "many"/,
    ],
    [
      'a context where text belongs',
      chat({ prompt: { a: 1 } }),
      /"Prompt" \(input.prompt\) must be text, but is a context/,
    ],
    [
      'a misspelt field',
      chat({ temprature: 1 }),
      /input.temprature is not known here. Did you mean input.temperature\?/,
    ],
    ['a field of nobody', chat({ foo: 1 }), /input.foo is not known here. Remove it; known are input.model/],
    ['no prompt', chat({ prompt: '' }), /"Prompt" \(input.prompt\) is empty/],
    ['no model', chat({ model: '' }), /"Model" \(input.model\) is empty/],
    [
      'prompt and messages',
      chat({ messages: [{ role: 'user', content: 'x' }] }),
      /either "Prompt".*or "Messages"/,
    ],
    [
      'unparsable JSON',
      chat({ tools: '[{' }),
      /"Tools" \(input.tools\) must be a list; as text it must be valid JSON/,
    ],
    [
      'a schema that is none',
      chat({ responseFormat: 'jsonSchema', schema: { type: 'nonsense' } }),
      /"JSON schema" \(input.schema\) is not a valid JSON schema/,
    ],
    [
      'JSON schema without schema',
      chat({ responseFormat: 'jsonSchema' }),
      /"JSON schema" \(input.schema\) is empty/,
    ],
    ['an unknown option', chat({}, { options: { timeout: 5 } }), /options.timeout is not known here/],
    [
      'a wrong option',
      chat({}, { options: { onRefusal: 'ignore' } }),
      /\(options.onRefusal\) must be one of complete, bpmnError, incident/,
    ],
    ['input that is no context', { ...chat(), input: 'hi' }, /"input" must be a context/],
    ['no key', { ...chat(), connection: {} }, /"API key" \(connection.apiKey\) is empty/],
    [
      'an address that is none',
      { ...chat(), connection: { apiKey: 'k', baseUrl: 'localhost/v1' } },
      /"Base URL" \(connection.baseUrl\) must be a URL/,
    ],
  ];
  it.each(cases)('%s', async (_title, variables, message) => {
    const { error, execution } = await failure(variables);
    expect(error.message).toMatch(message);
    expect(error).toMatchObject({ causeName: 'INVALID_INPUT', retry: { kind: 'never' } });
    expect(execution.requests).toEqual([]);
  });

  it('moderation on Azure says where to go instead', async () => {
    const { error } = await failure(
      azureChat({}, { operation: 'moderation', input: { input: 'x' } }),
      {},
      azureConnector,
    );
    expect(error.message).toContain('Azure OpenAI has no moderation endpoint');
    expect(error.message).toContain('Content Safety');
  });
});

describe('failed calls', () => {
  const answered = (kind: string) => ({ answers: [scripted(recorded(kind))] });

  it.each([
    ['chat-error-404', openaiConnector, chat(), '404', 'NOT_FOUND', '"Model" (input.model)'],
    ['chat-error-400', openaiConnector, chat(), '400', 'INVALID_REQUEST', 'unsupported image'],
    [
      'azure-chat-error-404',
      azureConnector,
      azureChat(),
      '404',
      'NOT_FOUND',
      '"Deployment" (connection.deployment)',
    ],
    [
      'azure-embeddings-error-401',
      azureConnector,
      azureChat(),
      '401',
      'UNAUTHORIZED',
      'secret behind the key',
    ],
  ])('%s: an incident that says what to fix', async (kind, connector, variables, code, cause, words) => {
    const { error, execution } = await failure(variables, answered(kind), connector);
    expect(error).toMatchObject({ code, causeName: cause, retry: { kind: 'never' } });
    expect(error.message).toContain(words);
    expect(JSON.parse(error.variables!)).toMatchObject({
      response: { status: Number(code), body: recorded(kind).response.body },
    });
    expect(execution.requests).toHaveLength(1);
  });

  it('a parameter the model refuses is named by its field', async () => {
    const error = {
      message: 'Only 1 is supported.',
      type: 'invalid_request_error',
      param: 'max_completion_tokens',
      code: 'unsupported_value',
    };
    const { error: thrown } = await failure(chat({ maxCompletionTokens: 5 }), {
      answers: [{ status: 400, body: { error } }],
    });
    expect(thrown.message).toContain(
      'leave field "Max. tokens of the answer" (input.maxCompletionTokens) empty',
    );
  });

  it.each(['insufficient_quota', 'credit_balance_exhausted'])('429 %s is not tried again', async (code) => {
    const body = { error: { message: 'You exceeded your quota.', type: code, param: null, code } };
    const { error, execution } = await failure(chat(), {
      answers: [{ status: 429, headers: { 'retry-after': '1' }, body }],
    });
    expect(error).toMatchObject({ causeName: 'QUOTA_EXHAUSTED', code: '429', retry: { kind: 'never' } });
    expect(execution.requests).toHaveLength(1);
  });

  const limited = { message: 'Rate limit reached', type: 'tokens', param: null, code: 'rate_limit_exceeded' };
  const throttle = (headers: Record<string, string>) => ({ status: 429, headers, body: { error: limited } });

  it('429 with a short hint is waited for within the call', async () => {
    const { result, execution } = await run(chat(), {
      answers: [throttle({ 'retry-after-ms': '350' }), good],
    });
    expect(result['status']).toBe(200);
    expect(execution.slept).toEqual([350]);
    expect(execution.requests).toHaveLength(2);
  });

  it('429 with a long hint hands the job back for that time, at no cost', async () => {
    const { error, execution } = await failure(chat(), { answers: [throttle({ 'retry-after': '20' })] });
    expect(error).toMatchObject({ causeName: 'RATE_LIMITED', retry: { kind: 'postpone', waitMs: 20_000 } });
    expect(execution.slept).toEqual([]);
  });

  it('short hints without end hand the job back', async () => {
    const { error, execution } = await failure(chat(), { answers: [throttle({ 'retry-after-ms': '100' })] });
    expect(error.retry).toEqual({ kind: 'postpone', waitMs: 100 });
    expect(execution.slept).toEqual([100, 100, 100]);
  });

  it('429 with a hint in words only hands the job back for that time', async () => {
    const body = {
      error: { code: '429', message: 'Exceeded the token rate limit. Please retry after 12 seconds.' },
    };
    const { error } = await failure(azureChat(), { answers: [{ status: 429, body }] }, azureConnector);
    expect(error.retry).toEqual({ kind: 'postpone', waitMs: 12_000 });
  });

  it('429 without hint costs a retry', async () => {
    const { error } = await failure(chat(), { answers: [throttle({})] });
    expect(error).toMatchObject({ causeName: 'RATE_LIMITED', retry: { kind: 'consume' } });
  });

  it('500 costs a retry, and x-should-retry: false none', async () => {
    const body = {
      error: { message: 'The server had an error', type: 'server_error', param: null, code: null },
    };
    const plain = await failure(chat(), { answers: [{ status: 500, body }] });
    expect(plain.error).toMatchObject({ causeName: 'SERVER_ERROR', code: '500', retry: { kind: 'consume' } });
    const told = await failure(chat(), {
      answers: [{ status: 500, headers: { 'x-should-retry': 'false' }, body }],
    });
    expect(told.error.retry).toEqual({ kind: 'never' });
  });

  it.each([
    [403, 'FORBIDDEN', 'never'],
    [408, 'TIMEOUT', 'consume'],
    [409, 'INVALID_REQUEST', 'consume'],
    [413, 'INVALID_REQUEST', 'never'],
    [422, 'INVALID_REQUEST', 'never'],
    [501, 'SERVER_ERROR', 'never'],
    [503, 'SERVER_ERROR', 'consume'],
  ])('%i is %s, and the next try: %s', async (status, causeName, kind) => {
    for (const body of [{ error: { message: 'No' } }, { error: 'No' }, '<html>No</html>', '']) {
      const { error } = await failure(chat(), { answers: [{ status, body }] });
      expect(error).toMatchObject({ code: String(status), causeName, retry: { kind } });
    }
  });

  it('a failure of the document store keeps its own cause', async () => {
    const job = { ...chat(), operation: 'speech', input: { model: 'tts-1', speechText: 'x' } };
    const execution = testExecution(job, {
      answers: [{ headers: { 'content-type': 'audio/mpeg' }, body: 'mp3' }],
      secrets: { KEY: 'k' },
    });
    const missing = new ConnectorError('No document store.', { cause: 'DOCUMENT_STORE_MISSING' });
    const documents = { ...execution.documents, upload: () => Promise.reject(missing) };
    await expect(runTask(openaiConnector, { ...execution, documents })).rejects.toBe(missing);
  });

  it('a prompt that is too long has its own cause', async () => {
    const body = {
      error: {
        message: 'too many tokens',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    };
    const { error } = await failure(chat(), { answers: [{ status: 400, body }] });
    expect(error).toMatchObject({ causeName: 'CONTEXT_TOO_LONG', retry: { kind: 'never' } });
  });

  it('a page of a proxy instead of JSON costs a retry and is named', async () => {
    const { error } = await failure(chat(), {
      answers: [{ headers: { 'content-type': 'text/html' }, body: '<html>' }],
    });
    expect(error).toMatchObject({ causeName: 'INVALID_ANSWER', retry: { kind: 'consume' } });
    expect(error.message).toContain('not JSON (text/html)');
  });

  it('a redirect is not followed', async () => {
    const { error, execution } = await failure(chat(), {
      answers: [{ status: 302, headers: { location: 'https://other' } }],
    });
    expect(error.message).toContain('"Base URL"');
    expect(execution.requests).toHaveLength(1);
  });

  it('a host that cannot be reached is named', async () => {
    const broken = new TransportError('connect ECONNREFUSED 127.0.0.1:9', 'connect', false, 'ECONNREFUSED');
    const { error } = await failure(chat(), { answers: [broken] });
    expect(error).toMatchObject({ causeName: 'CONNECTION_FAILED', retry: { kind: 'consume' } });
    expect(error.message).toContain('api.openai.com');
  });

  it('a time-out names the option', async () => {
    const slow = new TransportError('The call took too long', 'headers', true, undefined);
    const { error } = await failure(chat({}, { options: { timeoutSeconds: 5 } }), { answers: [slow] });
    expect(error).toMatchObject({ causeName: 'TIMEOUT', code: '408', retry: { kind: 'consume' } });
    expect(error.message).toContain(
      'The limit is 5 s: raise "Time limit in seconds" (options.timeoutSeconds)',
    );
  });
});

describe('answers with a catch', () => {
  const schema = { type: 'object', properties: { rating: { type: 'integer' } }, required: ['rating'] };
  const structured = { responseFormat: 'jsonSchema', schema };

  it.each([
    ['chat-refusal', openaiConnector, chat(structured), 'onRefusal', 'REFUSED'],
    ['azure-chat-content-filter', azureConnector, azureChat(), 'onContentFilter', 'CONTENT_FILTERED'],
  ])(
    '%s: complete, BPMN error or incident, as the task says',
    async (kind, connector, variables, option, cause) => {
      const answers = { answers: [scripted(recorded(kind))] };
      const complete = await run({ ...variables, options: { [option]: 'complete' } }, answers, connector);
      expect(complete.result['status']).toBe(200);
      const bpmn = await failure({ ...variables, options: { [option]: 'bpmnError' } }, answers, connector);
      expect(bpmn.error).toMatchObject({ causeName: cause, bpmnErrorCode: cause });
      const incident = await failure({ ...variables, options: { [option]: 'incident' } }, answers, connector);
      expect(incident.error).toMatchObject({
        causeName: cause,
        bpmnErrorCode: undefined,
        retry: { kind: 'never' },
      });
      const byDefault = await failure(variables, answers, connector);
      expect(byDefault.error.bpmnErrorCode).toBeUndefined();
    },
  );

  it('a prompt that Azure refuses is CONTENT_FILTERED, whatever status it came with', async () => {
    const answers = { answers: [scripted(recorded('azure-chat-prompt-filtered'))] };
    const incident = await failure(azureChat(), answers, azureConnector);
    expect(incident.error).toMatchObject({
      code: '400',
      causeName: 'CONTENT_FILTERED',
      retry: { kind: 'never' },
    });
    const bpmn = await failure(
      azureChat({}, { options: { onContentFilter: 'bpmnError' } }),
      answers,
      azureConnector,
    );
    expect(bpmn.error.bpmnErrorCode).toBe('CONTENT_FILTERED');
    const complete = await run(
      azureChat({}, { options: { onContentFilter: 'complete' } }),
      answers,
      azureConnector,
    );
    expect(complete.result).toMatchObject({
      text: null,
      finishReason: 'content_filter',
      body: { error: { code: 'content_filter' } },
    });
  });

  it('a cut-off answer completes unless the task minds', async () => {
    const answers = { answers: [scripted(recorded('completions'))] };
    const variables = {
      ...chat(),
      operation: 'completion',
      input: { model: 'davinci-002', prompt: 'Joke:' },
    };
    expect((await run(variables, answers)).result['finishReason']).toBe('length');
    const minded = await failure({ ...variables, options: { onTruncated: 'incident' } }, answers);
    expect(minded.error).toMatchObject({ causeName: 'TRUNCATED' });
  });

  it('structured output arrives parsed, and is checked', async () => {
    const kind = recorded('chat-json-schema');
    const asked = (kind.request.body['response_format'] as { json_schema: { schema: object } }).json_schema
      .schema;
    const { result } = await run(chat({ responseFormat: 'jsonSchema', schema: asked }), {
      answers: [scripted(kind)],
    });
    expect(result['json']).toEqual(JSON.parse(result['text'] as string));
    const { error } = await failure(chat(structured), { answers: [scripted(kind)] });
    expect(error.causeName).toBe('SCHEMA_MISMATCH');
    expect(error.message).toContain("must have required property 'rating'");
  });

  it('JSON that is none mismatches too', async () => {
    const { error } = await failure(chat({ responseFormat: 'json', prompt: 'JSON please' }));
    expect(error.causeName).toBe('SCHEMA_MISMATCH');
  });
});
