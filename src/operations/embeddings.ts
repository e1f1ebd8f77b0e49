import { choice, number, texts } from '../fields/fields';
import { extraBody, jsonCall, oneOrMany } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation } from './kit/operation';
import { invalidAnswer, listOf, member } from './kit/reply';
import { user } from './kit/tuning';
import { readUsage } from './kit/usage';

export const embeddings = defineOperation({
  id: 'embeddings',
  label: 'Embeddings',
  summary: 'Turns texts into vectors, for search and comparison.',
  keywords: ['embedding', 'embeddings', 'vector', 'semantic search', 'similarity', 'rag'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/embeddings/create',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/embeddings',
  },
  sources: ['Microsoft'],
  input: {
    model: modelField(['text-embedding-3-small', 'text-embedding-3-large', 'text-embedding-ada-002']),
    input: texts(2048, {
      label: 'Text',
      group: 'request',
      required: true,
      long: true,
      placeholder: '=document',
      tooltip: 'Several texts: a FEEL list of up to 2048.',
    }),
    dimensions: number(
      { min: 1, integer: true },
      {
        label: 'Dimensions',
        group: 'request',
        tooltip: 'Length of the vectors; shorter ones save space. text-embedding-3 and later.',
      },
    ),
    encodingFormat: choice(['float', 'base64'], {
      label: 'Transfer as',
      group: 'tuning',
      tooltip:
        'base64 makes the body a quarter of the size; <code>response.json</code> has the numbers in any case.',
    }),
    user,
    extraBody,
  },
  resultExpression: '={embedding: response.json}',
  examples: {
    minimal: { model: 'text-embedding-3-small', input: 'A text.' },
    typical: {
      model: 'text-embedding-3-small',
      input: ['Fence damaged by storm', 'Roof damaged by hail'],
      dimensions: 256,
    },
    all: [
      {
        model: 'text-embedding-3-small',
        input: ['One.'],
        dimensions: 256,
        encodingFormat: 'base64',
        user: 'user-1',
        extraBody: { user: 'user-2' },
      },
    ],
  },
  toCall: (input, tools) =>
    jsonCall(
      '/embeddings',
      {
        model: bodyModel(input.model, tools.target),
        input: oneOrMany(input.input),
        dimensions: input.dimensions,
        encoding_format: input.encodingFormat,
        user: input.user,
      },
      input.extraBody,
    ),
  read(reply, input) {
    const body = reply.object();
    const vectors = listOf(body['data']).map((entry) => readVector(member(entry, 'embedding'), reply.status));
    if (vectors.length === 0) throw invalidAnswer(reply.status, 'The answer holds no embedding.');
    const usage = readUsage(body);
    return {
      json: input.input.length === 1 ? vectors[0]! : vectors,
      ...(usage === undefined ? {} : { usage }),
    };
  },
});

/** Numbers, or base64 of little-endian 32-bit floats. */
function readVector(embedding: unknown, status: number): number[] {
  if (typeof embedding === 'string') {
    const bytes = Buffer.from(embedding, 'base64');
    // Nine digits tell 32-bit floats apart; more would be noise of the wider type.
    return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
      Number(bytes.readFloatLE(index * 4).toPrecision(9)),
    );
  }
  const numbers = listOf(embedding).filter((entry) => typeof entry === 'number');
  if (numbers.length === 0) throw invalidAnswer(status, 'The answer holds an embedding without numbers.');
  return numbers;
}
