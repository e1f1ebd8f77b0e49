/** What generating and editing images share. */
import { choice, longText, number, text } from '../../fields/fields';
import type { Reading, Tools } from './operation';
import { invalidAnswer, isObject, listOf, member, textOf, type Reply } from './reply';
import { resultAs, store } from './results';
import { user } from './tuning';
import { readUsage } from './usage';

export const imageModels = [
  'gpt-image-2',
  'gpt-image-1.5',
  'gpt-image-1',
  'gpt-image-1-mini',
  'dall-e-3',
  'dall-e-2',
] as const;

export const imagePrompt = longText({
  label: 'Prompt',
  group: 'request',
  required: true,
  placeholder: 'What the model is to do',
});

export const imageFields = {
  n: number(
    { min: 1, max: 10, integer: true },
    { label: 'Number of images', group: 'request', tooltip: '1 to 10; dall-e-3 makes only 1.' },
  ),
  size: text({
    label: 'Size',
    group: 'request',
    placeholder: '1024x1024',
    tooltip:
      'auto, 1024x1024, 1536x1024 or 1024x1536 for the gpt-image models; dall-e-3 also 1792x1024 and 1024x1792. Empty: the model decides.',
  }),
  quality: choice(['auto', 'low', 'medium', 'high', 'standard', 'hd'], {
    label: 'Quality',
    group: 'request',
    tooltip: 'low, medium, high for the gpt-image models; standard, hd for dall-e-3.',
  }),
  background: choice(['auto', 'transparent', 'opaque'], {
    label: 'Background',
    group: 'tuning',
    tooltip: 'Transparent needs png or webp. gpt-image models only.',
  }),
  imageFormat: choice(['png', 'jpeg', 'webp'], {
    label: 'File format',
    group: 'tuning',
    tooltip: 'gpt-image models only. Empty: png.',
  }),
  outputCompression: number(
    { min: 0, max: 100, integer: true },
    { label: 'Compression in percent', group: 'tuning', tooltip: '0 to 100, for jpeg and webp.' },
  ),
  deliverAs: choice(
    { b64_json: 'With the answer', url: 'As a link, good for an hour' },
    {
      label: 'Delivery',
      group: 'tuning',
      tooltip: 'For dall-e models only; the others always deliver with the answer and refuse this field.',
    },
  ),
  user,
  resultAs,
};

/**
 * Images of an answer as documents: their base64 is taken out of the body. With `inline` the body stays as it is.
 * `text` is the link of the first image, if it came as a link.
 */
export async function readImages(
  reply: Reply,
  as: 'document' | 'inline',
  format: string | undefined,
  tools: Tools,
): Promise<Reading> {
  const body = reply.object();
  const data = listOf(body['data']);
  if (data.length === 0) throw invalidAnswer(reply.status, 'The answer holds no image.');
  const usage = readUsage(body);
  const url = textOf(member(data[0], 'url'));
  const common: Reading = {
    ...(url === undefined ? {} : { text: url }),
    ...(usage === undefined ? {} : { usage }),
  };
  if (as === 'inline' || data.every((image) => textOf(member(image, 'b64_json')) === undefined))
    return common;
  const ending = textOf(body['output_format']) ?? format ?? 'png';
  const documents = [];
  const kept: unknown[] = [];
  for (const [index, image] of data.entries()) {
    const base64 = textOf(member(image, 'b64_json'));
    if (base64 === undefined || !isObject(image)) {
      kept.push(image);
      continue;
    }
    const bytes = Buffer.from(base64, 'base64');
    documents.push(await store(bytes, `image-${index + 1}.${ending}`, `image/${ending}`, tools));
    const { b64_json: _, ...rest } = image;
    kept.push(rest);
  }
  return { ...common, documents, body: JSON.stringify({ ...body, data: kept }) };
}
