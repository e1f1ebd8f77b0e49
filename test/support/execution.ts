/** A job with everything it may use, for tests of connectors without network and clock. */
import { knownJson } from '../../src/json/text';
import type { HttpRequest, HttpResponse } from '../../src/http/request';
import type { Connector, DocumentMetadata, DocumentReference, Execution, Job } from '../../src/job/job';
import type { RecordedAnswer } from './recorded-answers';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
}

export interface TestExecution extends Execution {
  readonly job: Job;
  /** What was sent, calls and fetches alike. */
  readonly requests: HttpRequest[];
  readonly slept: number[];
  readonly uploads: { readonly content: Buffer; readonly metadata: DocumentMetadata }[];
}

export interface ExecutionParts {
  /** In order; the last one is repeated. An error is thrown. */
  readonly answers?: readonly (ScriptedAnswer | Error)[];
  readonly secrets?: Readonly<Record<string, string>>;
  /** Contents of documents by documentId. */
  readonly documents?: Readonly<Record<string, Buffer>>;
}

export function testJob(variables: unknown, headers: Readonly<Record<string, string>> = {}): Job {
  return {
    key: '2251799813685249',
    type: 'test',
    processInstanceKey: '1',
    processDefinitionKey: '2',
    processDefinitionId: 'process',
    elementId: 'task',
    elementInstanceKey: '3',
    tenantId: '<default>',
    retries: 3,
    customHeaders: headers,
    variables: knownJson(typeof variables === 'string' ? variables : JSON.stringify(variables)),
  };
}

export function testExecution(variables: unknown, parts: ExecutionParts = {}): TestExecution {
  const requests: HttpRequest[] = [];
  const slept: number[] = [];
  const uploads: TestExecution['uploads'] = [];
  const answers = parts.answers ?? [{}];
  const send = (request: HttpRequest): Promise<HttpResponse> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!;
    requests.push(request);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(response(answer));
  };
  return {
    job: testJob(variables),
    secrets: new Map(Object.entries(parts.secrets ?? {})),
    call: send,
    fetch: send,
    documents: {
      download(reference: DocumentReference) {
        const content = parts.documents?.[reference.documentId ?? ''];
        return content === undefined
          ? Promise.reject(new Error(`no document ${reference.documentId}`))
          : Promise.resolve(content);
      },
      upload(content, metadata) {
        uploads.push({ content, metadata });
        const documentId = `document-${uploads.length}`;
        return Promise.resolve({ 'camunda.document.type': 'camunda', documentId, metadata: { ...metadata } });
      },
    },
    signal: new AbortController().signal,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
    now: () => Date.UTC(2026, 10, 21),
    random: () => 0.5,
    requests,
    slept,
    uploads,
  };
}

function response({ status = 200, headers = {}, body = {} }: ScriptedAnswer): HttpResponse {
  const bytes =
    body instanceof Buffer ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const typed = typeof body === 'string' || Buffer.isBuffer(body) || 'content-type' in headers;
  const type: [string, string][] = typed ? [] : [['Content-Type', 'application/json']];
  return {
    status,
    reason: '',
    headers: [...type, ...Object.entries(headers)],
    body: bytes,
  };
}

/** Opens the job and runs it. */
export function runTask(connector: Connector, execution: TestExecution): Promise<string> {
  return connector.open(execution.job).run(execution);
}

/** A recorded answer as an entry of the script. */
export function scripted({ response: { status, headers, body, stream } }: RecordedAnswer): ScriptedAnswer {
  return { status, headers, body: stream ?? body };
}

/** The JSON body of a sent request. */
export function sentBody(request: HttpRequest | undefined): unknown {
  return JSON.parse(request?.body?.toString() ?? 'null') as unknown;
}

/** A header of a sent request; names compared as HTTP does. */
export function sentHeader(request: HttpRequest | undefined, name: string): string | undefined {
  return request?.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
