import { any, choice, flag, list, longText, object, text } from '../fields/fields';
import { readChat } from './kit/chat-answer';
import { chatBodyOf, chatFields, messageSource, streamOptions } from './kit/chat-request';
import { extraBody, ifOn, jsonCall, wordOrObject } from './kit/json-call';
import { defineOperation } from './kit/operation';
import { askedSchema, formatFields, responseFormat } from './kit/output-format';
import { sampleChat, sampleDocument, sampleFormat } from './kit/samples';
import { metadata, serviceTier, verbosity } from './kit/tuning';

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
  parallelToolCalls: choice(
    { true: 'Yes', false: 'No' },
    {
      label: 'Several calls at once',
      group: 'tools',
      tooltip: 'Empty: the provider decides (yes).',
    },
  ),
  reasoningEffort: choice(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'], {
    label: 'Reasoning effort',
    group: 'tuning',
    tooltip:
      'For reasoning models; each knows some of these. Less is faster and cheaper. Empty: the model decides.',
  }),
  verbosity,
  serviceTier,
  store: flag({
    label: 'Keep at the provider',
    group: 'tuning',
    tooltip: 'Stores the conversation at the provider, for evaluation there.',
  }),
  metadata,
  safetyIdentifier: text({
    label: 'Safety identifier',
    group: 'tuning',
    providers: ['openai'],
    tooltip: 'An id of the end user without personal data, at most 64 characters.',
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
  examples: {
    minimal: { model: 'gpt-4.1-mini', prompt: 'Hi' },
    typical: {
      model: 'gpt-4.1-mini',
      systemMessage: 'You sort the mail of an insurance company.',
      prompt: 'The fence of my neighbour fell on my car. Who pays?',
      temperature: 0.2,
      ...sampleFormat,
    },
    all: [
      {
        model: 'gpt-4.1-mini',
        ...sampleChat,
        audio: sampleDocument('word.wav'),
        files: ['file-abc', sampleDocument('policy.pdf')],
        logprobs: true,
        topLogprobs: 3,
        ...sampleFormat,
        tools: [
          {
            type: 'function',
            function: { name: 'find_order', parameters: { type: 'object', properties: {} } },
          },
        ],
        toolChoice: 'auto',
        parallelToolCalls: 'false',
        reasoningEffort: 'low',
        verbosity: 'low',
        serviceTier: 'auto',
        store: true,
        metadata: { process: 'mail' },
        safetyIdentifier: 'user-1',
        promptCacheKey: 'mail',
        prediction: 'Hello',
        modalities: ['text', 'audio'],
        audioSettings: { voice: 'alloy', format: 'mp3' },
        webSearchOptions: { search_context_size: 'low' },
        extraBody: { user: 'user-2' },
      },
      { model: 'gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] },
    ],
  },
  async toCall(input, tools) {
    const body = await chatBodyOf(input, tools);
    return jsonCall(
      '/chat/completions',
      {
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
        // At the end: members behind a spread cost V8 a microsecond each.
        ...body,
      },
      input.extraBody,
    );
  },
  read: (reply, input) =>
    readChat(reply, {
      format: input.responseFormat === 'text' ? 'text' : 'json',
      schema: askedSchema(input),
    }),
});
