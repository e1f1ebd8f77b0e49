import { inputError } from '../errors';
import { any, choice, flag, list, number, text } from '../fields/fields';
import type { Json, JsonObject } from '../json/json';
import { imageUrl, itemsOf, loadFile } from './kit/attachments';
import type { ChatExpectation } from './kit/chat-answer';
import { chatFields, messageSource } from './kit/chat-request';
import { extraBody, ifOn, jsonCall, wordOrObject } from './kit/json-call';
import { bodyModel, chatModels, modelField } from './kit/models';
import { defineOperation, shownAt, type Target, type Tools } from './kit/operation';
import { askedSchema, formatFields, type FormatInput } from './kit/output-format';
import { finalBody, readBody } from './kit/response-answer';
import { sampleDocument, sampleFormat } from './kit/samples';
import { metadata, serviceTier, temperature, topP, verbosity } from './kit/tuning';
import { withoutAbsent } from './kit/without-absent';

/** The first dated version of Azure that has the Responses API. */
const azureSince = '2025-03-01';

export const response = defineOperation({
  id: 'response',
  label: 'Response',
  summary:
    'The Responses API: built-in tools (web and file search), conversations kept by the provider, work in the background.',
  keywords: [
    'response',
    'responses api',
    'agent',
    'web search',
    'file search',
    'background',
    'deep research',
    'assistant',
  ],
  documentation: {
    openai: 'https://platform.openai.com/docs/api-reference/responses/create',
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/how-to/responses',
  },
  sources: ['Microsoft'],
  switches: [messageSource],
  input: {
    model: modelField(chatModels),
    systemMessage: chatFields.systemMessage,
    prompt: chatFields.prompt,
    items: list({
      label: 'Items',
      group: 'request',
      required: 'template',
      when: shownAt(messageSource, 'messages'),
      tooltip:
        'In the form of the API, e.g. <code>=[{role: "user", content: "Hi"}]</code> or outputs of tools.',
    }),
    images: chatFields.images,
    files: chatFields.files,
    previousResponseId: text({
      label: 'Previous response',
      group: 'content',
      placeholder: '=lastResponseId',
      tooltip: 'Id of the response this one continues: <code>response.body.id</code> of the task before.',
    }),
    conversation: text({
      label: 'Conversation',
      group: 'content',
      placeholder: 'conv_...',
      tooltip: 'Id of a conversation kept by the provider, instead of a previous response.',
    }),
    ...formatFields,
    maxCompletionTokens: number(
      { min: 16, integer: true },
      {
        label: 'Max. tokens of the answer',
        group: 'tuning',
        tooltip: 'At least 16. Hidden reasoning counts too. Empty: the limit of the model.',
      },
    ),
    temperature,
    topP,
    reasoningEffort: choice(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'], {
      label: 'Reasoning effort',
      group: 'tuning',
      tooltip:
        'For reasoning models; each knows some of these. Less is faster and cheaper. Empty: the model decides.',
    }),
    reasoningSummary: choice(['auto', 'concise', 'detailed'], {
      label: 'Summary of the reasoning',
      group: 'tuning',
    }),
    verbosity,
    serviceTier,
    tools: list({
      label: 'Built-in tools and functions',
      group: 'tools',
      tooltip:
        '<code>=[{type: "web_search"}]</code>, <code>=[{type: "file_search", vector_store_ids: ["vs_..."]}]</code>, <code>=[{type: "function", name: "find_order", parameters: {...}}]</code>',
    }),
    toolChoice: any('auto, none, required, or a context', {
      label: 'Use of tools',
      group: 'tools',
      tooltip:
        '<code>auto</code>, <code>none</code>, <code>required</code>, or a context that names one. Empty: auto.',
    }),
    maxToolCalls: number(
      { min: 1, integer: true },
      { label: 'Calls of built-in tools at most', group: 'tools' },
    ),
    include: list({
      label: 'Also return',
      group: 'tools',
      tooltip: '<code>=["file_search_call.results"]</code>',
    }),
    storeResponse: choice(
      { true: 'Yes', false: 'No' },
      {
        label: 'Keep at the provider',
        group: 'tuning',
        tooltip: 'Empty: yes. Needed for a next response that continues this one, and in the background.',
      },
    ),
    truncation: choice(
      { disabled: 'Fail', auto: 'Leave out the middle' },
      {
        label: 'Too long a conversation',
        group: 'tuning',
      },
    ),
    metadata,
    inBackground: flag({
      label: 'Work in the background',
      group: 'options',
      tooltip:
        'For answers that take many minutes: the provider works on while the connection is closed, and a restarted worker finds the answer again.',
    }),
    extraBody,
  },
  outcomes: ['onContentFilter', 'onRefusal', 'onTruncated', 'onSchemaMismatch'],
  streaming: true,
  resultExpression: '={answer: response.text, responseId: response.body.id}',
  examples: {
    minimal: { model: 'gpt-4.1-mini', prompt: 'Hi' },
    typical: {
      model: 'gpt-5.4-mini',
      prompt: 'What does our travel policy say about trains?',
      tools: [{ type: 'file_search', vector_store_ids: ['vs_abc123'] }],
      previousResponseId: 'resp_abc123',
    },
    all: [
      {
        model: 'gpt-4.1-mini',
        systemMessage: 'Be brief.',
        prompt: 'Say hello as JSON.',
        images: [sampleDocument('fence.png'), 'https://example.com/a.png'],
        files: ['file-abc', sampleDocument('policy.pdf')],
        previousResponseId: 'resp_1',
        ...sampleFormat,
        maxCompletionTokens: 100,
        temperature: 0.2,
        topP: 0.9,
        reasoningEffort: 'low',
        reasoningSummary: 'auto',
        verbosity: 'low',
        serviceTier: 'auto',
        tools: [{ type: 'function', name: 'find_order', parameters: { type: 'object' }, strict: false }],
        toolChoice: 'auto',
        maxToolCalls: 3,
        include: ['file_search_call.results'],
        storeResponse: 'true',
        truncation: 'auto',
        metadata: { process: 'mail' },
        inBackground: true,
        extraBody: { user: 'user-1' },
      },
      { model: 'gpt-4.1-mini', items: [{ role: 'user', content: 'Hi' }], conversation: 'conv_1' },
    ],
  },
  async toCall(input, tools) {
    checkVersion(tools.target);
    const background = ifOn(input.inBackground);
    if (background && tools.stream) {
      throw inputError(
        'Switch off either "Work in the background" (input.inBackground) or "Read the answer as a stream" (options.stream).',
      );
    }
    if (background && input.storeResponse === 'false') {
      throw inputError(
        'Work in the background needs the answer kept at the provider: clear "Keep at the provider" (input.storeResponse).',
      );
    }
    return jsonCall(
      '/responses',
      {
        model: bodyModel(input.model, tools.target, false),
        input: await itemsFor(input, tools),
        instructions: input.systemMessage,
        previous_response_id: input.previousResponseId,
        conversation: input.conversation,
        max_output_tokens: input.maxCompletionTokens,
        temperature: input.temperature,
        top_p: input.topP,
        reasoning: group({ effort: input.reasoningEffort, summary: input.reasoningSummary }),
        text: group({ format: textFormat(input), verbosity: input.verbosity }),
        service_tier: input.serviceTier,
        tools: input.tools,
        tool_choice:
          input.toolChoice === undefined
            ? undefined
            : wordOrObject(input.toolChoice, 'Field "Use of tools" (input.toolChoice)', [
                'auto',
                'none',
                'required',
              ]),
        max_tool_calls: input.maxToolCalls,
        include: input.include,
        store: input.storeResponse === undefined ? undefined : input.storeResponse === 'true',
        truncation: input.truncation,
        metadata: input.metadata,
        background,
        stream: tools.stream ? true : undefined,
      },
      input.extraBody,
      false,
    );
  },
  async read(reply, input, tools) {
    const { body, replaced } = await finalBody(reply, tools);
    const answer = readBody(body, reply.status, askedFormat(input));
    return replaced ? { ...answer, body: JSON.stringify(body) } : answer;
  },
});

type ResponseInput = {
  readonly prompt?: string | undefined;
  readonly items?: readonly Json[] | undefined;
  readonly images?: Json | undefined;
  readonly files?: Json | undefined;
};

function checkVersion({ apiVersion }: Target): void {
  if (apiVersion !== undefined && apiVersion.slice(0, 10) < azureSince) {
    throw inputError(
      `The API version ${apiVersion} has no Responses API. Set "API version" (connection.apiVersion) to v1, or to 2025-03-01-preview or later.`,
    );
  }
}

function askedFormat(input: FormatInput): ChatExpectation {
  return {
    format: input.responseFormat === 'text' ? 'text' : 'json',
    schema: askedSchema(input),
  };
}

function textFormat(input: FormatInput): JsonObject | undefined {
  const schema = askedSchema(input);
  if (schema !== undefined) {
    return {
      type: 'json_schema',
      name: input.schemaName ?? 'answer',
      schema,
      strict: input.strictSchema,
    };
  }
  return input.responseFormat === 'json' ? { type: 'json_object' } : undefined;
}

/** A context of what is there, or nothing. */
function group(members: Readonly<Record<string, Json | undefined>>): JsonObject | undefined {
  const present = withoutAbsent(members);
  return Object.keys(present).length === 0 ? undefined : present;
}

async function itemsFor(input: ResponseInput, tools: Tools): Promise<Json> {
  if (input.items !== undefined) {
    if (input.prompt !== undefined)
      throw inputError('Fill in either "Prompt" (input.prompt) or "Items" (input.items), not both.');
    return input.items;
  }
  if (input.prompt === undefined) {
    throw inputError(
      'Field "Prompt" (input.prompt) is empty. Fill it in, or give a list as "Items" (input.items).',
    );
  }
  const parts: JsonObject[] = [];
  for (const item of itemsOf(input.images)) {
    const url = await imageUrl(item, 'Field "Images" (input.images)', tools.documents);
    parts.push({ type: 'input_image', image_url: url, detail: 'auto' });
  }
  for (const item of itemsOf(input.files)) parts.push(await fileItem(item, tools));
  if (parts.length === 0) return input.prompt;
  return [{ role: 'user', content: [{ type: 'input_text', text: input.prompt }, ...parts] }];
}

async function fileItem(item: Json, tools: Tools): Promise<JsonObject> {
  if (typeof item === 'string' && /^file-/.test(item.trim()))
    return { type: 'input_file', file_id: item.trim() };
  const file = await loadFile(item, 'Field "Files" (input.files)', tools.documents);
  const data = `data:${file.contentType};base64,${file.bytes.toString('base64')}`;
  return { type: 'input_file', filename: file.fileName, file_data: data };
}
