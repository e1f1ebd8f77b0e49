import type { z } from 'zod';
import { inputError } from '../errors';
import { isJsonObject, type Json, type JsonObject } from '../json/json';
import { imageUrl, itemsOf, loadFile } from './attachments';
import { readChat } from './chat-answer';
import { any, choice, flag, list, longText, number, object, objects, text } from './fields';
import { defineOperation, type Switch, type Target, type Tools } from './operation';
import {
  bodyModel,
  chatModels,
  choiceCount,
  extraBody,
  frequencyPenalty,
  ifOn,
  jsonCall,
  logitBias,
  modelField,
  oneOrMany,
  presencePenalty,
  seed,
  stop,
  temperature,
  topP,
  user,
  withoutAbsent,
  wordOrObject,
} from './shared-fields';
import { checkSchema } from './structured-output';

/** Values of the switches below, which the template uses and the job never sees. */
const fromPrompt = { field: 'messageSource', oneOf: ['prompt'] } as const;

export const messageSource: Switch = {
  id: 'messageSource',
  label: 'Conversation',
  group: 'request',
  preset: 'prompt',
  choices: [
    { name: 'System message and prompt', value: 'prompt' },
    { name: 'Whole list of messages', value: 'messages' },
  ],
};

export const responseFormats = ['text', 'json', 'jsonSchema'] as const;

/** Fields of every operation that can answer with data. */
export const formatFields = {
  responseFormat: choice(responseFormats, {
    label: 'Answer as',
    group: 'format',
    preset: 'text',
    choices: [
      { name: 'Text', value: 'text' },
      { name: 'JSON that fits a schema', value: 'jsonSchema' },
      { name: 'JSON of any shape', value: 'json' },
    ],
    tooltip:
      'JSON arrives parsed in <code>response.json</code>. JSON of any shape needs the word JSON in the prompt.',
  }),
  schema: object({
    label: 'JSON schema',
    group: 'format',
    required: 'template',
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    description:
      'FEEL context, e.g. <code>={type: "object", properties: {category: {type: "string"}}, required: ["category"], additionalProperties: false}</code>',
    tooltip: 'The answer is checked against it once more when it arrives.',
  }),
  schemaName: text({
    label: 'Name of the schema',
    group: 'format',
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    tooltip: 'Letters, digits, _ and -, up to 64. Empty: <code>answer</code>.',
  }),
  strictSchema: flag({
    label: 'Hold the model to the schema',
    group: 'format',
    preset: true,
    when: { field: 'responseFormat', oneOf: ['jsonSchema'] },
    tooltip:
      'On: the provider guarantees the shape; every property must be listed in <code>required</code> and <code>additionalProperties</code> be false.',
  }),
};

export interface FormatInput {
  readonly responseFormat?: (typeof responseFormats)[number] | undefined;
  readonly schema?: JsonObject | undefined;
  readonly schemaName?: string | undefined;
  readonly strictSchema?: boolean | undefined;
}

/** The schema that was asked for, checked; undefined for text and free JSON. @throws ConnectorError INVALID_INPUT */
export function askedSchema(input: FormatInput): JsonObject | undefined {
  if (input.responseFormat !== 'jsonSchema') return undefined;
  if (input.schema === undefined) {
    throw inputError(
      'Field "JSON schema" (input.schema) is empty. Give the schema, or set "Answer as" to text or to JSON of any shape.',
    );
  }
  checkSchema(input.schema);
  const name = input.schemaName ?? '';
  if (name !== '' && !/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw inputError(
      'Field "Name of the schema" (input.schemaName) may hold letters, digits, _ and - only, 64 at the most.',
    );
  }
  return input.schema;
}

function responseFormat(input: FormatInput): JsonObject | undefined {
  const schema = askedSchema(input);
  if (schema !== undefined) {
    const strict = input.strictSchema ?? true;
    return { type: 'json_schema', json_schema: { name: input.schemaName ?? 'answer', schema, strict } };
  }
  return input.responseFormat === 'json' ? { type: 'json_object' } : undefined;
}

/** Azure's dated versions before these know the token limit under its old name only. */
const newLimitSince = { stable: '2024-10-21', preview: '2024-09-01' };

/** The name of the limit on the answer's tokens that the API understands. Pure. */
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
    when: { field: 'messageSource', oneOf: ['messages'] },
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

const moreFields = {
  ...formatFields,
  tools: list({
    label: 'Tools',
    group: 'tools',
    tooltip:
      'Functions the model may ask for: <code>=[{type: "function", function: {name: "find_order", description: "...", parameters: {...}}}]</code>. Its calls are in <code>response.body.choices[1].message.tool_calls</code>.',
  }),
  toolChoice: any('auto, none, required, or a context', {
    label: 'Use of tools',
    group: 'tools',
    tooltip:
      '<code>auto</code>, <code>none</code>, <code>required</code>, or <code>={type: "function", function: {name: "find_order"}}</code>. Empty: auto.',
  }),
  parallelToolCalls: choice(['true', 'false'], {
    label: 'Several calls at once',
    group: 'tools',
    tooltip: 'Empty: the provider decides (yes).',
    choices: [
      { name: 'Yes', value: 'true' },
      { name: 'No', value: 'false' },
    ],
  }),
  reasoningEffort: choice(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'], {
    label: 'Reasoning effort',
    group: 'tuning',
    tooltip:
      'For reasoning models; each knows some of these. Less is faster and cheaper. Empty: the model decides.',
  }),
  verbosity: choice(['low', 'medium', 'high'], {
    label: 'Verbosity',
    group: 'tuning',
    tooltip: 'How long-winded the answer is. Newer models only. Azure: API version v1.',
  }),
  serviceTier: choice(['auto', 'default', 'flex', 'priority'], {
    label: 'Service tier',
    group: 'tuning',
    providers: ['openai'],
    tooltip: 'flex is cheaper and slower, priority faster and dearer.',
  }),
  store: flag({
    label: 'Keep at the provider',
    group: 'tuning',
    tooltip: 'Stores the conversation at the provider, for evaluation there.',
  }),
  metadata: object({
    label: 'Metadata',
    group: 'tuning',
    tooltip: 'Up to 16 pairs of text that are stored with the conversation.',
  }),
  safetyIdentifier: text({
    label: 'Safety identifier',
    group: 'tuning',
    providers: ['openai'],
    tooltip: 'An id of the end user without personal data, 64 characters at the most.',
  }),
  promptCacheKey: text({
    label: 'Prompt cache key',
    group: 'tuning',
    providers: ['openai'],
    tooltip: 'Requests with the same key and the same beginning share the cache.',
  }),
  prediction: longText({
    label: 'Predicted answer',
    group: 'tuning',
    tooltip: 'When most of the answer is known already, e.g. a text with few changes: makes it faster.',
  }),
  modalities: list({
    label: 'Modalities',
    group: 'tuning',
    tooltip: '<code>=["text", "audio"]</code> for models that speak; then audio settings are needed.',
  }),
  audioSettings: object({
    label: 'Audio settings',
    group: 'tuning',
    tooltip: '<code>={voice: "alloy", format: "mp3"}</code>',
  }),
  webSearchOptions: object({
    label: 'Web search',
    group: 'tools',
    providers: ['openai'],
    tooltip:
      'For search models: <code>={search_context_size: "low"}</code>. An empty context <code>={}</code> switches it on.',
  }),
};

export const chatCompletion = defineOperation({
  id: 'chatCompletion',
  label: 'Chat completion',
  summary: 'Answers a prompt: text, data by a JSON schema, or calls of tools. Sees images and hears audio.',
  keywords: ['chat', 'gpt', 'chatgpt', 'llm', 'prompt', 'ask', 'ai', 'vision', 'structured output'],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/chat/create',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/chatgpt',
  },
  sources: ['Camunda OpenAI', 'Camunda Azure OpenAI', 'Prismatic', 'ByteChef', 'Microsoft'],
  switches: [messageSource],
  input: { ...chatFields, ...moreFields, extraBody },
  outcomes: ['onContentFilter', 'onRefusal', 'onTruncated', 'onSchemaMismatch'],
  streaming: true,
  resultExpression: '={answer: response.text}',
  example: { model: 'gpt-5.4-mini', prompt: 'Say hello.' },
  async toCall(input, tools) {
    const body = await chatBodyOf(input, tools);
    return jsonCall(
      '/chat/completions',
      {
        ...body,
        response_format: responseFormat(input),
        tools: input.tools,
        tool_choice:
          input.toolChoice === undefined
            ? undefined
            : wordOrObject(input.toolChoice, 'Field "Use of tools" (input.toolChoice)', [
                'auto',
                'none',
                'required',
              ]),
        parallel_tool_calls:
          input.parallelToolCalls === undefined ? undefined : input.parallelToolCalls === 'true',
        reasoning_effort: input.reasoningEffort,
        verbosity: input.verbosity,
        service_tier: input.serviceTier,
        store: ifOn(input.store),
        metadata: input.metadata,
        safety_identifier: input.safetyIdentifier,
        prompt_cache_key: input.promptCacheKey,
        prediction:
          input.prediction === undefined ? undefined : { type: 'content', content: input.prediction },
        modalities: input.modalities,
        audio: input.audioSettings,
        web_search_options: input.webSearchOptions,
        ...(tools.stream ? { stream: true, stream_options: streamOptions(tools.target) } : {}),
      },
      input.extraBody,
    );
  },
  read: (reply, input) =>
    readChat(reply, {
      format: (input.responseFormat ?? 'text') === 'text' ? 'text' : 'json',
      schema: askedSchema(input),
    }),
});

/** Usage at the end of the stream; Azure's first versions do not know the wish. */
export function streamOptions(target: Target): JsonObject | undefined {
  return tokenLimitName(target) === 'max_tokens' ? undefined : { include_usage: true };
}

/** In a list of messages there is no prompt, and on Azure no model. */
type ChatInput = Partial<z.output<z.ZodObject<typeof chatFields>>>;

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
