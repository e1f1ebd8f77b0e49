/** Files kept at the provider: upload, look, read, delete. */
import { any, choice, number, text } from '../fields/fields';
import { JsonSyntaxError, maxJsonParts, measureJson, parseJson, type Json } from '../json/json';
import { loadFile } from './kit/attachments';
import { filePart, formCall } from './kit/form';
import { idAnswer } from './kit/id-answer';
import { extraBody, segment } from './kit/json-call';
import { defineOperation } from './kit/operation';
import { tooManyParts } from './kit/reply';
import { binaryAnswer, resultAs } from './kit/results';
import { oneExample, sampleDocument } from './kit/samples';

const documentation = {
  openai: 'https://platform.openai.com/docs/api-reference/files',
  'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch',
};

const fileId = text({
  label: 'File ID',
  group: 'request',
  required: true,
  placeholder: 'file-...',
  tooltip: '<code>response.body.id</code> of the upload, or <code>output_file_id</code> of a batch.',
});

export const fileUpload = defineOperation({
  id: 'fileUpload',
  label: 'File: upload',
  summary: 'Keeps a file at the provider, for batches, fine-tuning, or to be asked about.',
  keywords: ['file', 'upload', 'batch input', 'training file'],
  documentation,
  sources: ['Microsoft'],
  input: {
    file: any('document reference', {
      label: 'File',
      group: 'request',
      required: true,
      placeholder: '=uploadedFile',
      tooltip:
        'A document reference, or <code>={content: base64 text, fileName: "input.jsonl"}</code>. Up to 512 MB.',
    }),
    purpose: choice(
      {
        batch: 'Batch',
        user_data: 'Input of a model',
        'fine-tune': 'Fine-tuning',
        vision: 'Images for fine-tuning',
        assistants: 'Assistants and vector stores',
        evals: 'Evaluations',
      },
      {
        label: 'Purpose',
        group: 'request',
        default: 'batch',
      },
    ),
    expiresAfterSeconds: number(
      { min: 3600, max: 2_592_000, integer: true },
      {
        label: 'Delete after seconds',
        group: 'options',
        tooltip: '3600 (one hour) to 2592000 (30 days). Empty: kept.',
      },
    ),
    extraBody,
  },
  resultExpression: '={fileId: response.body.id}',
  examples: {
    minimal: { file: sampleDocument('input.jsonl') },
    typical: { file: sampleDocument('input.jsonl'), purpose: 'batch' },
    all: [
      {
        file: { content: 'e30K', fileName: 'input.jsonl' },
        purpose: 'batch',
        expiresAfterSeconds: 86_400,
        extraBody: {},
      },
    ],
  },
  async toCall(input, tools) {
    const file = await loadFile(input.file, 'Field "File" (input.file)', tools.documents);
    const expires = input.expiresAfterSeconds;
    return formCall(
      '/files',
      [filePart('file', file)],
      {
        purpose: input.purpose,
        'expires_after[anchor]': expires === undefined ? undefined : 'created_at',
        'expires_after[seconds]': expires,
      },
      input.extraBody,
      false,
    );
  },
  read: idAnswer,
});

export const fileGet = defineOperation({
  id: 'fileGet',
  label: 'File: look up',
  summary: 'Tells name, size, purpose and state of a file kept at the provider.',
  keywords: ['file', 'file status', 'look up'],
  documentation,
  sources: ['Microsoft'],
  input: { fileId },
  resultExpression: '={file: response.body}',
  examples: oneExample({ fileId: 'file-abc123' }),
  toCall: (input) => ({ method: 'GET', path: `/files/${segment(input.fileId)}`, perDeployment: false }),
  read: idAnswer,
});

export const fileContent = defineOperation({
  id: 'fileContent',
  label: 'File: read',
  summary: 'Fetches the content of a file kept at the provider, e.g. the results of a batch.',
  keywords: ['file', 'download', 'batch output', 'results'],
  documentation,
  sources: ['Microsoft'],
  input: {
    fileId,
    contentAs: choice(
      { text: 'Text', lines: 'List (one entry per line of JSON)', binary: 'File' },
      {
        label: 'Content as',
        group: 'request',
        default: 'lines',
      },
    ),
    resultAs,
  },
  resultExpression: '={content: if response.json = null then response.text else response.json}',
  examples: {
    minimal: { fileId: 'file-abc123' },
    typical: { fileId: 'file-abc123', contentAs: 'lines' },
    all: [{ fileId: 'file-abc123', contentAs: 'binary', resultAs: 'document' }],
  },
  toCall: (input) => ({
    method: 'GET',
    path: `/files/${segment(input.fileId)}/content`,
    perDeployment: false,
  }),
  read(reply, input, tools) {
    const kind = input.contentAs;
    if (kind === 'binary') {
      const type = reply.contentType === '' ? 'application/octet-stream' : reply.contentType;
      const [, name] = /filename="?([^";]+)"?/.exec(reply.headers['content-disposition'] ?? '') ?? [];
      return binaryAnswer(reply.bytes, name ?? input.fileId, type, input.resultAs, tools);
    }
    const content = reply.text();
    const lines = kind === 'lines' ? readLines(content, reply.status) : undefined;
    // Once is enough: the content would be in the result twice.
    return { body: 'null', ...(lines === undefined ? { text: content } : { json: lines }) };
  },
});

/**
 * @returns undefined when a line is not JSON
 * @throws ConnectorError RESULT_TOO_LARGE when the lines would fill the memory
 */
function readLines(content: string, status: number): Json[] | undefined {
  const values: Json[] = [];
  let parts = 0;
  try {
    for (const [line] of content.matchAll(/[^\n]+/g)) {
      if (line.trim() === '') continue;
      parts += 1 + measureJson(line).parts;
      if (parts > maxJsonParts) throw tooManyParts(status);
      values.push(parseJson(line));
    }
    return values;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

export const fileDelete = defineOperation({
  id: 'fileDelete',
  label: 'File: delete',
  summary: 'Deletes a file kept at the provider.',
  keywords: ['file', 'delete', 'clean up'],
  documentation,
  sources: ['Microsoft'],
  input: { fileId },
  resultExpression: '={deleted: response.body.deleted}',
  examples: oneExample({ fileId: 'file-abc123' }),
  toCall: (input) => ({ method: 'DELETE', path: `/files/${segment(input.fileId)}`, perDeployment: false }),
  read: (reply) => (reply.bytes.length === 0 ? { body: '{"deleted":true}' } : idAnswer(reply)),
});
