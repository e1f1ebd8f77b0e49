import { any, texts } from '../fields/fields';
import type { Json } from '../json/json';
import { imageUrl, itemsOf } from './kit/attachments';
import { extraBody, jsonCall, oneOrMany } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation } from './kit/operation';
import { invalidAnswer, isObject, listOf, member } from './kit/reply';
import { sampleDocument } from './kit/samples';
import { readUsage } from './kit/usage';

export const moderation = defineOperation({
  id: 'moderation',
  label: 'Moderation',
  summary: 'Tells whether texts or images are harmful, and in which categories. Free of charge.',
  keywords: ['moderation', 'harmful', 'safety', 'policy', 'content check', 'abuse'],
  documentation: { openai: 'https://platform.openai.com/docs/api-reference/moderations/create' },
  missing: {
    'azure-openai':
      'Azure OpenAI has no moderation endpoint. Use the OpenAI template for it, rely on the content filter of the deployment (answers carry content_filter_results), or call Azure AI Content Safety with a REST task.',
  },
  sources: ['Camunda OpenAI'],
  input: {
    input: texts(2048, {
      label: 'Text to check',
      group: 'request',
      required: true,
      long: true,
      placeholder: '=customerMessage',
      tooltip: 'Several texts: a FEEL list; each gets its own result.',
    }),
    images: any('URLs, document references', {
      label: 'Images',
      group: 'content',
      tooltip:
        'Checked together with the text, with one result: a URL, a document reference, or a FEEL list of them.',
    }),
    model: modelField(
      ['omni-moderation-latest', 'omni-moderation-2024-09-26'],
      'omni-moderation-latest is the newest.',
    ),
    extraBody,
  },
  resultExpression: '={flagged: response.json.flagged, categories: response.json.categories}',
  examples: {
    minimal: { model: 'omni-moderation-latest', input: 'A text.' },
    typical: {
      model: 'omni-moderation-latest',
      input: ['I like my neighbours.', 'I will set their fence on fire.'],
    },
    all: [
      {
        model: 'omni-moderation-latest',
        input: 'A text.',
        images: [sampleDocument('fence.png'), 'https://example.com/a.png'],
        extraBody: { model: 'omni-moderation-2024-09-26' },
      },
    ],
  },
  async toCall(input, tools) {
    const images = itemsOf(input.images);
    let asked: Json | undefined = oneOrMany(input.input);
    if (images.length > 0) {
      const parts: Json[] = input.input.map((text) => ({ type: 'text', text }));
      for (const image of images) {
        const url = await imageUrl(image, 'Field "Images" (input.images)', tools.documents);
        parts.push({ type: 'image_url', image_url: { url } });
      }
      asked = parts;
    }
    return jsonCall(
      '/moderations',
      { model: bodyModel(input.model, tools.target), input: asked },
      input.extraBody,
    );
  },
  read(reply) {
    const body = reply.object();
    const results = listOf(body['results']);
    if (results.length === 0) throw invalidAnswer(reply.status, 'The answer holds no result.');
    const flagged = results.some((result) => member(result, 'flagged') === true);
    const categories = [...new Set(results.flatMap(raisedCategories))];
    const usage = readUsage(body);
    return {
      text: flagged ? categories.join(', ') : '',
      json: { flagged, categories },
      ...(usage === undefined ? {} : { usage }),
    };
  },
});

/** Names of the categories that a result raised. */
function raisedCategories(result: unknown): string[] {
  const categories = member(result, 'categories');
  if (!isObject(categories)) return [];
  return Object.entries(categories)
    .filter(([, raised]) => raised === true)
    .map(([name]) => name);
}
