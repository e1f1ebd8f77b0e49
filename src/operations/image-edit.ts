import { any, choice } from '../fields/fields';
import { loadFile, itemsOf } from './kit/attachments';
import { filePart, formCall } from './kit/form';
import { imageFields, imageModels, imagePrompt, readImages } from './kit/images';
import { extraBody } from './kit/json-call';
import { bodyModel, modelField } from './kit/models';
import { defineOperation, type Part } from './kit/operation';
import { sampleDocument } from './kit/samples';

export const imageEdit = defineOperation({
  id: 'imageEdit',
  label: 'Image edit',
  summary: 'Changes images as described, also a part of one by a mask.',
  keywords: ['image', 'edit image', 'change picture', 'inpainting', 'mask', 'gpt-image'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/images/createEdit',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/dall-e',
  },
  sources: ['OpenAI API'],
  input: {
    model: modelField(imageModels),
    images: any('document references', {
      label: 'Images to edit',
      group: 'request',
      required: true,
      placeholder: '=uploadedImage',
      tooltip: 'A document reference, or a FEEL list of up to 16: png, webp or jpg below 50 MB each.',
    }),
    prompt: imagePrompt,
    mask: any('document reference', {
      label: 'Mask',
      group: 'request',
      tooltip: 'A document reference of a png below 4 MB; what is transparent in it is drawn again.',
    }),
    ...imageFields,
    inputFidelity: choice(['high', 'low'], {
      label: 'Faithfulness',
      group: 'tuning',
      tooltip: 'high keeps faces and details of the input. gpt-image-1 only.',
    }),
    extraBody,
  },
  outcomes: ['onContentFilter'],
  resultExpression: '={images: response.documents}',
  examples: {
    minimal: { model: 'gpt-image-1', prompt: 'Remove the car', images: sampleDocument('fence.png') },
    typical: {
      model: 'gpt-image-1',
      prompt: 'Remove the car',
      images: sampleDocument('fence.png'),
      mask: sampleDocument('mask.png'),
      size: '1024x1024',
    },
    all: [
      {
        model: 'gpt-image-1',
        prompt: 'Remove the car',
        images: [sampleDocument('fence.png'), sampleDocument('mask.png')],
        mask: sampleDocument('mask.png'),
        n: 1,
        size: '1024x1024',
        quality: 'high',
        background: 'opaque',
        imageFormat: 'webp',
        outputCompression: 80,
        inputFidelity: 'high',
        user: 'user-1',
        resultAs: 'document',
        extraBody: { user: 'user-2' },
      },
      {
        model: 'dall-e-2',
        prompt: 'Remove the car',
        images: sampleDocument('fence.png'),
        deliverAs: 'b64_json',
      },
    ],
  },
  async toCall(input, tools) {
    const items = itemsOf(input.images);
    const name = items.length === 1 ? 'image' : 'image[]';
    const files: Part[] = [];
    for (const item of items) {
      const file = await loadFile(item, 'Field "Images to edit" (input.images)', tools.documents);
      files.push(filePart(name, file));
    }
    if (input.mask !== undefined) {
      files.push(filePart('mask', await loadFile(input.mask, 'Field "Mask" (input.mask)', tools.documents)));
    }
    return formCall(
      '/images/edits',
      files,
      {
        model: bodyModel(input.model, tools.target),
        prompt: input.prompt,
        n: input.n,
        size: input.size,
        quality: input.quality,
        background: input.background,
        output_format: input.imageFormat,
        output_compression: input.outputCompression,
        response_format: input.deliverAs,
        input_fidelity: input.inputFidelity,
        user: input.user,
      },
      input.extraBody,
    );
  },
  read: (reply, input, tools) => readImages(reply, input.resultAs, input.imageFormat, tools),
});
