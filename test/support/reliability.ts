/** What the tests of docs/reliability.md share: a process with one task of the typed family, its worker, its answers. */
import { sequence } from './bpmn';
import type { Answer, ReceivedRequest } from './http-server';
import { startWorker, type WorkerProcess } from './worker-process';
import { uniqueId, type RecordedZeebe } from './zeebe';

const json = ['Content-Type', 'application/json'] as const;

/** A chat that answers with this text. */
export const answerOf = (content: string): Answer => ({
  headers: [json],
  body: JSON.stringify({
    id: 'chatcmpl-1',
    model: 'gpt-5-mini',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  }),
});

export const refusal = (status: number, code: string, headers: Answer['headers'] = []): Answer => ({
  status,
  headers: [json, ...headers],
  body: JSON.stringify({ error: { message: 'refused', type: 'requests', param: null, code } }),
});

/** What a provider says of work in the background, or of its end with this text. */
export const responseOf = (id: string, status: string, content?: string): Answer => ({
  headers: [json],
  body: JSON.stringify({
    id,
    object: 'response',
    status,
    model: 'gpt-5-mini',
    output:
      content === undefined ? [] : [{ type: 'message', content: [{ type: 'output_text', text: content }] }],
  }),
});

/** The last message of a chat that arrived. */
export const promptOf = ({ body }: ReceivedRequest): string =>
  (JSON.parse(body.toString()) as { messages: { content: string }[] }).messages.at(-1)!.content;

/**
 * Deploys a process with one task: asks the variable `prompt`, puts the text into `answer`.
 * @param operation an operation with the fields model and prompt
 */
export async function deployTask(
  engine: RecordedZeebe,
  upstreamUrl: string,
  operation: 'chatCompletion' | 'response' = 'chatCompletion',
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ processId: string; jobType: string }> {
  const processId = uniqueId('process');
  const jobType = uniqueId('openai');
  await engine.deploy(
    sequence(processId, {
      id: 'task',
      jobType,
      inputs: {
        'connection.apiKey': '{{secrets.OPENAI_API_KEY}}',
        'connection.baseUrl': upstreamUrl,
        operation,
        'input.model': 'gpt-5-mini',
        'input.prompt': '=prompt',
        ...inputs,
      },
      headers: { resultExpression: '={answer: response.text}' },
    }),
  );
  return { processId, jobType };
}

/** Starts a worker that takes one test's jobs and nothing else, with a job time-out of 5 s. */
export function startTypedWorker(
  engine: { readonly restAddress: string },
  jobType: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  return startWorker({
    ZEEBE_REST_ADDRESS: engine.restAddress,
    SECRET_OPENAI_API_KEY: 'sk-test',
    CONNECTOR_OPENAI_TYPE: jobType,
    CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
    CONNECTOR_HTTP_REST_ENABLED: 'false',
    CONNECTOR_JOB_TIMEOUT: 'PT5S',
    CONNECTOR_POLL_TIMEOUT: 'PT2S',
    ...environment,
  });
}

/**
 * Waits until so many jobs of a type are completed.
 * @throws Error with what was seen, after `timeoutMs`
 */
export async function completedJobs(
  engine: RecordedZeebe,
  jobType: string,
  count: number,
  timeoutMs: number,
): Promise<void> {
  const filter = { jobType, valueType: 'JOB', recordType: 'EVENT', intent: 'COMPLETED' } as const;
  expect(await engine.records.waitForCount(filter, count, timeoutMs)).toHaveLength(count);
}
