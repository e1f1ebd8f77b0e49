/** Parts of the operations' examples: documents, and settings that several operations have. */
import type { JsonObject } from '../../json/json';
import type { Examples } from './operation';

const sampleTypes = {
  'call.mp3': 'audio/mpeg',
  'word.wav': 'audio/wav',
  'fence.png': 'image/png',
  'mask.png': 'image/png',
  'policy.pdf': 'application/pdf',
  'input.jsonl': 'application/jsonl',
} as const;
/** A document that examples refer to; the tests know its content. */
export type SampleDocument = keyof typeof sampleTypes;

/** A document reference as another task leaves it in a variable. */
export function sampleDocument(fileName: SampleDocument): JsonObject {
  const metadata = { contentType: sampleTypes[fileName], fileName };
  return { 'camunda.document.type': 'camunda', storeId: 'in-memory', documentId: fileName, metadata };
}

/** An operation whose few fields are always filled in. */
export function oneExample(input: JsonObject): Examples {
  return { minimal: input, typical: input, all: [input] };
}

export const sampleSampling: JsonObject = {
  temperature: 0.2,
  topP: 0.9,
  n: 1,
  stop: ['END', 'STOP'],
  frequencyPenalty: 0.5,
  presencePenalty: -0.5,
  seed: 7,
  logitBias: { '50256': -100 },
};

/** The conversation and settings that chat and "on your data" share. */
export const sampleChat: JsonObject = {
  systemMessage: 'Be brief.',
  prompt: 'Say hello as JSON.',
  history: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ],
  images: ['https://example.com/a.png', sampleDocument('fence.png')],
  imageDetail: 'low',
  maxCompletionTokens: 100,
  ...sampleSampling,
  user: 'user-1',
};

export const sampleFormat: JsonObject = {
  responseFormat: 'jsonSchema',
  schema: {
    type: 'object',
    properties: { category: { type: 'string', enum: ['complaint', 'question'] } },
    required: ['category'],
    additionalProperties: false,
  },
  schemaName: 'mail',
  strictSchema: true,
};
