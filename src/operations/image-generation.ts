import { choice } from '../fields/fields';
import { imageFields, imageModels, imagePrompt, readImages } from './kit/images';
import { extraBody, jsonCall } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation } from './kit/operation';

export const imageGeneration = defineOperation({
  id: 'imageGeneration',
  label: 'Image generation',
  summary: 'Draws images from a description.',
  keywords: ['image', 'picture', 'draw', 'dall-e', 'dalle', 'gpt-image', 'generate image'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/images/create',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/dall-e',
  },
  sources: ['Prismatic', 'ByteChef', 'Microsoft'],
  input: {
    model: modelField(imageModels),
    prompt: imagePrompt,
    ...imageFields,
    style: choice(['vivid', 'natural'], { label: 'Style of dall-e-3', group: 'tuning' }),
    moderation: choice(['auto', 'low'], {
      label: 'Moderation',
      group: 'tuning',
      tooltip: 'low filters less. gpt-image models only.',
    }),
    extraBody,
  },
  outcomes: ['onContentFilter'],
  resultExpression: '={images: response.documents}',
  examples: {
    minimal: { model: 'dall-e-3', prompt: 'A fence' },
    typical: { model: 'gpt-image-1', prompt: 'A fence after a storm, pencil drawing', size: '1024x1024' },
    all: [
      {
        model: 'gpt-image-1',
        prompt: 'A fence',
        n: 1,
        size: '1024x1024',
        quality: 'high',
        background: 'opaque',
        imageFormat: 'webp',
        outputCompression: 80,
        moderation: 'low',
        user: 'user-1',
        resultAs: 'inline',
        extraBody: { user: 'user-2' },
      },
      { model: 'dall-e-3', prompt: 'A fence', quality: 'hd', style: 'natural', deliverAs: 'url' },
    ],
  },
  toCall: (input, tools) =>
    jsonCall(
      '/images/generations',
      {
        model: bodyModel(input.model, tools.target),
        prompt: input.prompt,
        n: input.n,
        size: input.size,
        quality: input.quality,
        style: input.style,
        background: input.background,
        moderation: input.moderation,
        output_format: input.imageFormat,
        output_compression: input.outputCompression,
        response_format: input.deliverAs,
        user: input.user,
      },
      input.extraBody,
    ),
  read: (reply, input, tools) => readImages(reply, input.resultAs, input.imageFormat, tools),
});
