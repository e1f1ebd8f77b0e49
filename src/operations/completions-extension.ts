import { objects } from '../fields/fields';
import { isJsonObject, type Json, type JsonObject } from '../json/json';
import { readChat } from './kit/chat-answer';
import { chatBodyOf, chatFields, messageSource, streamOptions } from './kit/chat-request';
import { extraBody, jsonCall } from './kit/json-call';
import { defineOperation } from './kit/operation';
import { sampleChat } from './kit/samples';

/** Names of the API before 2024-02-15-preview, which older processes still have. */
const formerTypes: Readonly<Record<string, string>> = {
  AzureCognitiveSearch: 'azure_search',
  AzureCosmosDB: 'azure_cosmos_db',
  Elasticsearch: 'elasticsearch',
  Pinecone: 'pinecone',
};
const formerAuthentication: Readonly<Record<string, string>> = {
  APIKey: 'api_key',
  SystemAssignedManagedIdentity: 'system_assigned_managed_identity',
  UserAssignedManagedIdentity: 'user_assigned_managed_identity',
};

const sampleSource = {
  type: 'azure_search',
  parameters: {
    endpoint: 'https://my-search.search.windows.net',
    index_name: 'policies',
    authentication: { type: 'system_assigned_managed_identity' },
  },
};

export const completionsExtension = defineOperation({
  id: 'completionsExtension',
  label: 'Chat on your data',
  summary:
    'Answers from your own search index ("On Your Data"); Microsoft phases it out with the gpt-4o models.',
  keywords: ['on your data', 'extension', 'rag', 'search index', 'data sources', 'citations'],
  documentation: {
    'azure-openai': 'https://learn.microsoft.com/azure/ai-foundry/openai/references/on-your-data',
  },
  missing: {
    openai:
      'OpenAI has no "on your data". Use the operation response with the tool file_search instead, or the Azure OpenAI template.',
  },
  sources: ['Camunda Azure OpenAI'],
  switches: [messageSource],
  input: {
    ...chatFields,
    dataSources: objects({
      label: 'Data sources',
      group: 'request',
      required: true,
      description:
        'FEEL list with one context, e.g. <code>=[{type: "azure_search", parameters: {endpoint: "https://...", index_name: "...", authentication: {type: "api_key", key: "..."}}}]</code>',
      tooltip: 'The former names (<code>AzureCognitiveSearch</code>, <code>indexName</code>) are translated.',
    }),
    extraBody,
  },
  outcomes: ['onContentFilter', 'onRefusal', 'onTruncated'],
  streaming: true,
  resultExpression: '={answer: response.text, citations: response.json}',
  examples: {
    minimal: { prompt: 'Trains?', dataSources: [sampleSource] },
    typical: { prompt: 'What does our travel policy say about trains?', dataSources: [sampleSource] },
    all: [
      {
        ...sampleChat,
        audio: '',
        files: '',
        logprobs: '',
        topLogprobs: '',
        dataSources: [sampleSource],
        extraBody: { user: 'user-2' },
      },
      { messages: [{ role: 'user', content: 'Hi' }], dataSources: [sampleSource] },
      {
        systemMessage: 'Be brief.',
        prompt: 'Trains?',
        dataSources: [
          {
            type: 'AzureCognitiveSearch',
            parameters: {
              endpoint: 'https://my-search.search.windows.net',
              indexName: 'policies',
              authentication: { type: 'APIKey', key: 'k' },
            },
          },
        ],
      },
    ],
  },
  async toCall(input, tools) {
    return jsonCall(
      '/chat/completions',
      {
        data_sources: input.dataSources.map(currentSource),
        ...(tools.stream ? { stream: true, stream_options: streamOptions(tools.target) } : {}),
        ...(await chatBodyOf(input, tools)),
      },
      input.extraBody,
    );
  },
  read(reply) {
    const answer = readChat(reply, { format: 'text' });
    const body = JSON.parse(answer.body ?? reply.text()) as Json;
    const choices = isJsonObject(body) ? body['choices'] : undefined;
    const first = Array.isArray(choices) ? (choices[0] as Json) : undefined;
    const message = isJsonObject(first) ? first['message'] : undefined;
    const context = isJsonObject(message) ? message['context'] : undefined;
    const citations = isJsonObject(context) ? context['citations'] : undefined;
    return { ...answer, json: citations ?? [] };
  },
});

function currentSource(source: JsonObject): JsonObject {
  const { type, parameters } = source;
  const isFormer = typeof type === 'string' && Object.hasOwn(formerTypes, type);
  if (!isFormer || !isJsonObject(parameters)) return source;
  const translated = snakeCased(parameters);
  const { authentication } = translated;
  if (isJsonObject(authentication) && typeof authentication['type'] === 'string') {
    const kind = formerAuthentication[authentication['type']] ?? authentication['type'];
    translated['authentication'] = { ...snakeCased(authentication), type: kind };
  }
  return { type: formerTypes[type]!, parameters: translated };
}

function snakeCased(value: JsonObject): Record<string, Json> {
  const name = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [name(key), member]));
}
