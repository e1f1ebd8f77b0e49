/** A conversation as the API takes it: fields and body of chat, which "on your data" shares. */
import { inputError } from '../../errors';
import { any, choice, flag, longText, number, objects, type Checked } from '../../fields/fields';
import { isJsonObject, type Json, type JsonObject } from '../../json/json';
import { imageUrl, itemsOf, loadFile } from './attachments';
import { ifOn, oneOrMany } from './json-call';
import { bodyModel, chatModels, modelField } from './models';
import { defineModeSwitch, shownAt, type Target, type Tools } from './operation';
import {
  choiceCount,
  frequencyPenalty,
  logitBias,
  presencePenalty,
  seed,
  stop,
  temperature,
  topP,
  user,
} from './tuning';
import { withoutAbsent } from './without-absent';

export const messageSource = defineModeSwitch({
  id: 'messageSource',
  label: 'Conversation',
  group: 'request',
  choices: { prompt: 'System message and prompt', messages: 'Whole list of messages' },
  preset: 'prompt',
});
const fromPrompt = shownAt(messageSource, 'prompt');

/** Azure's dated versions before these know the token limit under its old name only. */
const newLimitSince = { stable: '2024-10-21', preview: '2024-09-01' };

/** The name of the limit on the answer's tokens that the API understands. */
export function tokenLimitName({ apiVersion }: Target): 'max_tokens' | 'max_completion_tokens' {
  if (apiVersion === undefined) return 'max_completion_tokens';
  const since = apiVersion.endsWith('-preview') ? newLimitSince.preview : newLimitSince.stable;
  return apiVersion.slice(0, 10) < since ? 'max_tokens' : 'max_completion_tokens';
}

/** The fields of a conversation and of the model's behaviour; "on your data" has the same. */
export const chatFields = {
  model: modelField(chatModels),
  systemMessage: longText({
    label: 'System message',
    group: 'request',
    when: fromPrompt,
    placeholder: 'You are a helpful clerk of an insurance company.',
    tooltip: 'Role, tone and rules for the model.',
  }),
  prompt: longText({
    label: 'Prompt',
    group: 'request',
    required: 'template',
    when: fromPrompt,
    placeholder: 'What the model is to do',
  }),
  history: objects({
    label: 'Earlier messages',
    group: 'content',
    when: fromPrompt,
    tooltip:
      'The conversation so far, put between system message and prompt: <code>=[{role: "user", content: "Hi"}, {role: "assistant", content: "Hello!"}]</code>.',
  }),
  messages: objects({
    label: 'Messages',
    group: 'request',
    required: 'template',
    when: shownAt(messageSource, 'messages'),
    tooltip:
      'In the form of the API: <code>=[{role: "system", content: "..."}, {role: "user", content: "..."}]</code>. Roles: developer, system, user, assistant, tool.',
  }),
  images: any('URLs, document references', {
    label: 'Images',
    group: 'content',
    when: fromPrompt,
    tooltip:
      'Sent along with the prompt: a URL, a document reference, or a FEEL list of them. For models that can see.',
  }),
  imageDetail: choice(['auto', 'low', 'high'], {
    label: 'Detail of the images',
    group: 'content',
    when: fromPrompt,
    tooltip: 'Low needs fewer tokens. Empty: auto.',
  }),
  audio: any('document references', {
    label: 'Audio',
    group: 'content',
    when: fromPrompt,
    tooltip: 'Sent along with the prompt: document references of wav or mp3 files. For models that can hear.',
  }),
  files: any('document references, file ids', {
    label: 'Files',
    group: 'content',
    when: fromPrompt,
    tooltip:
      'Sent along with the prompt: document references of PDF files, or ids of uploaded files (<code>file-...</code>).',
  }),
  maxCompletionTokens: number(
    { min: 1, integer: true },
    {
      label: 'Max. tokens of the answer',
      group: 'tuning',
      tooltip: 'Hidden reasoning counts too. Empty: the limit of the model.',
    },
  ),
  temperature,
  topP,
  n: choiceCount,
  stop,
  frequencyPenalty,
  presencePenalty,
  seed,
  logitBias,
  logprobs: flag({
    label: 'Log probabilities',
    group: 'tuning',
    tooltip: 'Adds the probability of every token to the answer.',
  }),
  topLogprobs: number(
    { min: 0, max: 20, integer: true },
    { label: 'Alternatives per token', group: 'tuning', tooltip: '0 to 20; needs log probabilities.' },
  ),
  user,
};

/** Usage at the end of the stream; Azure's first versions do not know the wish. */
export function streamOptions(target: Target): JsonObject | undefined {
  return tokenLimitName(target) === 'max_tokens' ? undefined : { include_usage: true };
}

/** In a list of messages there is no prompt, and on Azure no model. */
type ChatInput = Partial<Checked<typeof chatFields>>;

/** The part of the body that chat and "on your data" share. */
export async function chatBodyOf(input: ChatInput, tools: Tools): Promise<Record<string, Json | undefined>> {
  return {
    model: bodyModel(input.model, tools.target),
    messages: await messagesOf(input, tools),
    [tokenLimitName(tools.target)]: input.maxCompletionTokens,
    temperature: input.temperature,
    top_p: input.topP,
    n: input.n,
    stop: oneOrMany(input.stop),
    frequency_penalty: input.frequencyPenalty,
    presence_penalty: input.presencePenalty,
    seed: input.seed,
    logit_bias: input.logitBias,
    logprobs: ifOn(input.logprobs),
    top_logprobs: input.topLogprobs,
    user: input.user,
  };
}

async function messagesOf(input: ChatInput, tools: Tools): Promise<readonly Json[]> {
  if (input.messages !== undefined) {
    if (input.prompt !== undefined) {
      throw inputError('Fill in either "Prompt" (input.prompt) or "Messages" (input.messages), not both.');
    }
    if (input.messages.length === 0)
      throw inputError('Field "Messages" (input.messages) is an empty list. Give at least one message.');
    return input.messages;
  }
  if (input.prompt === undefined) {
    throw inputError(
      'Field "Prompt" (input.prompt) is empty. Fill it in, or give a whole list as "Messages" (input.messages).',
    );
  }
  const system = input.systemMessage === undefined ? [] : [{ role: 'system', content: input.systemMessage }];
  const parts = [
    ...(await imageParts(input, tools)),
    ...(await audioParts(input, tools)),
    ...(await fileParts(input, tools)),
  ];
  const content: Json = parts.length === 0 ? input.prompt : [{ type: 'text', text: input.prompt }, ...parts];
  return [...system, ...(input.history ?? []), { role: 'user', content }];
}

async function imageParts(input: ChatInput, tools: Tools): Promise<JsonObject[]> {
  const field = 'Field "Images" (input.images)';
  const parts: JsonObject[] = [];
  for (const item of itemsOf(input.images)) {
    const url = await imageUrl(item, field, tools.documents);
    parts.push({ type: 'image_url', image_url: withoutAbsent({ url, detail: input.imageDetail }) });
  }
  return parts;
}

async function audioParts(input: ChatInput, tools: Tools): Promise<JsonObject[]> {
  const field = 'Field "Audio" (input.audio)';
  const parts: JsonObject[] = [];
  for (const item of itemsOf(input.audio)) {
    const file = await loadFile(item, field, tools.documents);
    const format = /wav/.test(file.contentType)
      ? 'wav'
      : /mpeg|mp3/.test(file.contentType)
        ? 'mp3'
        : undefined;
    if (format === undefined) {
      throw inputError(`${field} must be wav or mp3, but "${file.fileName}" is ${file.contentType}.`);
    }
    parts.push({ type: 'input_audio', input_audio: { data: file.bytes.toString('base64'), format } });
  }
  return parts;
}

async function fileParts(input: ChatInput, tools: Tools): Promise<JsonObject[]> {
  const field = 'Field "Files" (input.files)';
  const parts: JsonObject[] = [];
  for (const item of itemsOf(input.files)) {
    if (typeof item === 'string' && /^file-/.test(item.trim())) {
      parts.push({ type: 'file', file: { file_id: item.trim() } });
      continue;
    }
    if (isJsonObject(item) && typeof item['file_id'] === 'string') {
      parts.push({ type: 'file', file: { file_id: item['file_id'] } });
      continue;
    }
    const file = await loadFile(item, field, tools.documents);
    const data = `data:${file.contentType};base64,${file.bytes.toString('base64')}`;
    parts.push({ type: 'file', file: { filename: file.fileName, file_data: data } });
  }
  return parts;
}
