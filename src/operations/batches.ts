/** Batches: thousands of requests at half the price, answered within a day. */
import { choice, object, text } from '../fields/fields';
import { idAnswer } from './kit/id-answer';
import { extraBody, jsonCall, segment } from './kit/json-call';
import { defineOperation } from './kit/operation';
import { oneExample } from './kit/samples';

const documentation = {
  openai: 'https://platform.openai.com/docs/api-reference/batch',
  'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/batch',
};

const batchId = text({
  label: 'Batch ID',
  group: 'request',
  required: true,
  placeholder: 'batch_...',
  tooltip: '<code>response.body.id</code> of the batch’s creation.',
});

export const batchCreate = defineOperation({
  id: 'batchCreate',
  label: 'Batch: create',
  summary: 'Hands in a file of requests that are answered within 24 hours at half the price.',
  keywords: ['batch', 'bulk', 'mass', 'cheap', 'asynchronous'],
  documentation,
  sources: ['Microsoft'],
  input: {
    inputFileId: text({
      label: 'Input file ID',
      group: 'request',
      required: true,
      placeholder: 'file-...',
      tooltip: 'A file of JSON lines, uploaded with the purpose batch.',
    }),
    endpoint: choice(
      ['/v1/chat/completions', '/v1/responses', '/v1/embeddings', '/v1/completions', '/v1/moderations'],
      {
        label: 'Endpoint',
        group: 'request',
        default: '/v1/chat/completions',
        tooltip: 'What every line of the file asks for.',
      },
    ),
    metadata: object({
      label: 'Metadata',
      group: 'tuning',
      tooltip: 'Up to 16 pairs of text that are stored with the batch.',
    }),
    extraBody,
  },
  resultExpression: '={batchId: response.body.id}',
  examples: {
    minimal: { inputFileId: 'file-abc123' },
    typical: { inputFileId: 'file-abc123', endpoint: '/v1/embeddings' },
    all: [
      {
        inputFileId: 'file-abc123',
        endpoint: '/v1/chat/completions',
        metadata: { process: 'mail' },
        extraBody: { metadata: {} },
      },
    ],
  },
  toCall: (input) =>
    jsonCall(
      '/batches',
      {
        input_file_id: input.inputFileId,
        endpoint: input.endpoint,
        completion_window: '24h',
        metadata: input.metadata,
      },
      input.extraBody,
      false,
    ),
  read: idAnswer,
});

export const batchGet = defineOperation({
  id: 'batchGet',
  label: 'Batch: look up',
  summary: 'Tells how far a batch is, and the ids of its result files.',
  keywords: ['batch', 'batch status', 'look up'],
  documentation,
  sources: ['Microsoft'],
  input: { batchId },
  resultExpression:
    '={batchStatus: response.body.status, outputFileId: response.body.output_file_id, errorFileId: response.body.error_file_id}',
  examples: oneExample({ batchId: 'batch_abc123' }),
  toCall: (input) => ({ method: 'GET', path: `/batches/${segment(input.batchId)}`, perDeployment: false }),
  read: idAnswer,
});

export const batchCancel = defineOperation({
  id: 'batchCancel',
  label: 'Batch: cancel',
  summary: 'Stops a batch; what was answered by then is kept.',
  keywords: ['batch', 'cancel', 'stop'],
  documentation,
  sources: ['Microsoft'],
  input: { batchId },
  resultExpression: '={batchStatus: response.body.status}',
  examples: oneExample({ batchId: 'batch_abc123' }),
  toCall: (input) => ({
    method: 'POST',
    path: `/batches/${segment(input.batchId)}/cancel`,
    perDeployment: false,
  }),
  read: idAnswer,
});
