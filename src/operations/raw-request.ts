import { inputError } from '../errors';
import { any, choice, flag, object, text } from '../fields/fields';
import { headerLines } from '../fields/http-parts';
import { isJsonObject, JsonNumber, stringifyJson, type Json, type JsonObject } from '../json/json';
import { itemsOf, loadFile } from './kit/attachments';
import { fieldParts, filePart } from './kit/form';
import {
  defineOperation,
  defineModeSwitch,
  shownAt,
  type CallBody,
  type Part,
  type Tools,
} from './kit/operation';
import { binaryAnswer, resultAs } from './kit/results';
import { sampleDocument } from './kit/samples';

const bodySource = defineModeSwitch({
  id: 'bodySource',
  label: 'Body',
  group: 'request',
  choices: { none: 'None', data: 'JSON or text', form: 'Form with files' },
  preset: 'none',
});
const whenForm = shownAt(bodySource, 'form');

export const rawRequest = defineOperation({
  id: 'rawRequest',
  label: 'Raw request',
  summary: 'Calls any path of the API, with the connection’s address and authentication.',
  keywords: ['raw', 'custom', 'http', 'api call', 'any endpoint', 'vector store', 'realtime', 'video'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/reference',
  },
  sources: ['Prismatic'],
  switches: [bodySource],
  input: {
    method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'], {
      label: 'Method',
      group: 'request',
      default: 'GET',
    }),
    path: text({
      label: 'Path',
      group: 'request',
      required: true,
      placeholder: '/models',
      tooltip:
        'Below the base URL (OpenAI: <code>.../v1</code>; Azure: <code>.../openai/v1</code> or <code>.../openai</code>).',
    }),
    perDeployment: flag({
      label: 'Path belongs to the deployment',
      group: 'request',
      providers: ['azure-openai'],
      tooltip:
        'Dated API versions: puts <code>/deployments/{deployment}</code> before the path. The deployment is the one of the connection.',
    }),
    query: object({
      label: 'Query',
      group: 'request',
      tooltip: '<code>={limit: 20, order: "asc"}</code>; a list repeats the name.',
    }),
    body: any('context, list or text', {
      label: 'Data',
      group: 'request',
      long: true,
      when: shownAt(bodySource, 'data'),
      tooltip: 'A context or list is sent as JSON; text as it is, as JSON unless a header says otherwise.',
    }),
    formData: object({
      label: 'Form fields',
      group: 'request',
      when: whenForm,
      tooltip: '<code>={purpose: "batch"}</code>',
    }),
    fileData: object({
      label: 'Form files',
      group: 'request',
      when: whenForm,
      tooltip:
        'Document references by name of the field: <code>={file: uploadedFile}</code>; a list sends several.',
    }),
    fileNames: object({
      label: 'Names of the files',
      group: 'request',
      when: whenForm,
      tooltip: 'By name of the field: <code>={file: "input.jsonl"}</code>. Empty: the documents’ own.',
    }),
    headers: object({
      label: 'Headers',
      group: 'request',
      secret: true,
      tooltip: '<code>={"OpenAI-Beta": "assistants=v2"}</code>. May hold <code>{{secrets.NAME}}</code>.',
    }),
    responseType: choice(
      { json: 'JSON', text: 'Text', binary: 'File' },
      {
        label: 'Response as',
        group: 'format',
        default: 'json',
      },
    ),
    resultAs,
  },
  retryAllErrors: true,
  resultExpression: '={result: response.body}',
  examples: {
    minimal: { path: '/models' },
    typical: {
      method: 'POST',
      path: '/embeddings',
      body: { model: 'text-embedding-3-small', input: 'Fence damaged by storm' },
    },
    all: [
      {
        method: 'POST',
        path: '/files',
        perDeployment: false,
        formData: { purpose: 'batch' },
        fileData: { file: sampleDocument('input.jsonl') },
        fileNames: { file: 'renamed.jsonl' },
        headers: { 'x-team': '{{secrets.KEY}}' },
        responseType: 'json',
        resultAs: 'document',
      },
      { method: 'GET', path: 'batches', query: { limit: 20, after: 'batch_1' }, body: '' },
    ],
  },
  async toCall(input, tools) {
    const headers = headerLines(input.headers, 'Field "Headers" (input.headers)');
    const typed = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
    const body = await bodyOf(input, typed, tools);
    return {
      method: input.method,
      path: readPath(input.path),
      perDeployment: input.perDeployment ?? false,
      query: queryOf(input.query),
      headers: headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
      ...(body === undefined ? {} : { body }),
    };
  },
  async read(reply, input, tools) {
    const type = input.responseType;
    if (type === 'binary') {
      const kind = reply.contentType === '' ? 'application/octet-stream' : reply.contentType;
      const [, name] = /filename="?([^";]+)"?/.exec(reply.headers['content-disposition'] ?? '') ?? [];
      return binaryAnswer(reply.bytes, name ?? 'response', kind, input.resultAs, tools);
    }
    if (type === 'text') {
      const content = reply.text();
      return { text: content, body: JSON.stringify(content.toWellFormed()) };
    }
    if (reply.bytes.length > 0) reply.json();
    return {};
  },
});

/** A path must not lead out of the base: the key goes along. */
function readPath(given: string): string {
  const path = given.trim();
  const field = 'Field "Path" (input.path)';
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path)) {
    throw inputError(
      `${field} must be a path such as /models, not a whole URL. The address belongs to the connection.`,
    );
  }
  if (/[\s\\#]/.test(path) || path.split(/[/?]/).some((part) => /^(\.|%2e){1,2}$/i.test(part))) {
    throw inputError(`${field} must not hold white space, backslashes, # or parts made of dots.`);
  }
  return path.startsWith('/') ? path : `/${path}`;
}

function queryOf(query: JsonObject | undefined): [string, string][] {
  return Object.entries(query ?? {}).flatMap(([name, value]) =>
    itemsOf(value).map((item): [string, string] => [
      name,
      scalar(item, `Field "Query" (input.query): "${name}"`),
    ]),
  );
}

function scalar(value: Json, what: string): string {
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value === 'object')
    throw inputError(`${what} must be text, a number or a boolean.`);
  return String(value);
}

interface RawInput {
  readonly body?: Json | undefined;
  readonly formData?: JsonObject | undefined;
  readonly fileData?: JsonObject | undefined;
  readonly fileNames?: JsonObject | undefined;
}

async function bodyOf(
  input: RawInput,
  type: string | undefined,
  tools: Tools,
): Promise<CallBody | undefined> {
  const { body, formData, fileData } = input;
  const isForm = formData !== undefined || fileData !== undefined;
  if (body !== undefined && isForm) {
    throw inputError(
      'Fill in either "Data" (input.body) or form fields and files (input.formData, input.fileData), not both.',
    );
  }
  if (isForm) {
    return {
      kind: 'multipart',
      parts: [...fieldParts(formData ?? {}), ...(await fileParts(fileData ?? {}, input.fileNames, tools))],
    };
  }
  if (body === undefined) return undefined;
  const contentType = type ?? 'application/json';
  const content = typeof body === 'string' ? body : stringifyJson(body);
  return { kind: 'bytes', bytes: Buffer.from(content), contentType };
}

async function fileParts(files: JsonObject, names: JsonObject | undefined, tools: Tools): Promise<Part[]> {
  const stray = Object.keys(names ?? {}).find((name) => !Object.hasOwn(files, name));
  if (stray !== undefined) {
    throw inputError(
      `Field "Names of the files" (input.fileNames) names "${stray}", which is not among the form files (input.fileData).`,
    );
  }
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(files)) {
    for (const item of itemsOf(value)) {
      const file = await loadFile(item, `Field "Form files" (input.fileData): "${name}"`, tools.documents);
      const given = isJsonObject(names) ? names[name] : undefined;
      parts.push(filePart(name, { ...file, fileName: typeof given === 'string' ? given : file.fileName }));
    }
  }
  return parts;
}
