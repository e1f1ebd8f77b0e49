/**
 * Inputs of every operation for tests: `minimal` (only what must be there), `typical`, and `all` (one or several that
 * together name every field).
 */
export interface OperationInputs {
  readonly minimal: Record<string, unknown>;
  readonly typical: Record<string, unknown>;
  readonly all: readonly Record<string, unknown>[];
}

const document = (documentId: string) => ({
  'camunda.document.type': 'camunda',
  storeId: 'in-memory',
  documentId,
  contentHash: 'abc',
  metadata: { contentType: contentTypes[documentId.split('.')[1]!]!, fileName: documentId, size: 4 },
});
const contentTypes: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  png: 'image/png',
  pdf: 'application/pdf',
  jsonl: 'application/jsonl',
};

/** Contents of the documents above. */
export const testDocuments: Readonly<Record<string, Buffer>> = {
  'call.mp3': Buffer.from([0xff, 0xfb, 0x90, 0x00]),
  'word.wav': Buffer.from('RIFF'),
  'fence.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'mask.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  'policy.pdf': Buffer.from('%PDF'),
  'input.jsonl': Buffer.from('{"custom_id":"1"}\n'),
};

const schema = {
  type: 'object',
  properties: { category: { type: 'string', enum: ['complaint', 'question'] } },
  required: ['category'],
  additionalProperties: false,
};
const chatTools = [
  { type: 'function', function: { name: 'find_order', parameters: { type: 'object', properties: {} } } },
];
const sampling = {
  temperature: 0.2,
  topP: 0.9,
  n: 1,
  stop: ['END', 'STOP'],
  frequencyPenalty: 0.5,
  presencePenalty: -0.5,
  seed: 7,
  logitBias: { '50256': -100 },
};
const chatAll = {
  systemMessage: 'Be brief.',
  prompt: 'Say hello as JSON.',
  history: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
  ],
  images: ['https://example.com/a.png', document('fence.png')],
  imageDetail: 'low',
  audio: document('word.wav'),
  files: ['file-abc', document('policy.pdf')],
  maxCompletionTokens: 100,
  ...sampling,
  logprobs: true,
  topLogprobs: 3,
  user: 'user-1',
};
const jsonSchema = { responseFormat: 'jsonSchema', schema, schemaName: 'mail', strictSchema: true };
const searchSource = {
  type: 'azure_search',
  parameters: {
    endpoint: 'https://s.search.windows.net',
    index_name: 'policies',
    authentication: { type: 'api_key', key: 'k' },
  },
};
const chatModel = 'gpt-4.1-mini';

export const operationInputs: Readonly<Record<string, OperationInputs>> = {
  chatCompletion: {
    minimal: { model: chatModel, prompt: 'Hi' },
    typical: { model: chatModel, systemMessage: 'Be brief.', prompt: 'Hi', temperature: 0.2, ...jsonSchema },
    all: [
      {
        model: chatModel,
        ...chatAll,
        ...jsonSchema,
        tools: chatTools,
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
      { model: chatModel, messages: [{ role: 'user', content: 'Hi' }] },
    ],
  },
  response: {
    minimal: { model: chatModel, prompt: 'Hi' },
    typical: {
      model: chatModel,
      prompt: 'Hi',
      tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }],
      previousResponseId: 'resp_1',
    },
    all: [
      {
        model: chatModel,
        systemMessage: 'Be brief.',
        prompt: 'Say hello as JSON.',
        images: [document('fence.png'), 'https://example.com/a.png'],
        files: ['file-abc', document('policy.pdf')],
        previousResponseId: 'resp_1',
        ...jsonSchema,
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
      { model: chatModel, items: [{ role: 'user', content: 'Hi' }], conversation: 'conv_1' },
    ],
  },
  summarize: {
    minimal: { model: chatModel, texts: 'A text.' },
    typical: { model: chatModel, texts: 'A text.', style: 'bullets', maxWords: 50 },
    all: [
      {
        model: chatModel,
        texts: ['One.', 'Two.'],
        style: 'minutes',
        maxWords: 50,
        language: 'German',
        focus: 'amounts',
        maxCompletionTokens: 200,
        extraBody: { temperature: 0 },
      },
    ],
  },
  moderation: {
    minimal: { model: 'omni-moderation-latest', input: 'A text.' },
    typical: { model: 'omni-moderation-latest', input: ['One.', 'Two.'] },
    all: [
      {
        model: 'omni-moderation-latest',
        input: 'A text.',
        images: [document('fence.png'), 'https://example.com/a.png'],
        extraBody: { model: 'omni-moderation-2024-09-26' },
      },
    ],
  },
  embeddings: {
    minimal: { model: 'text-embedding-3-small', input: 'A text.' },
    typical: { model: 'text-embedding-3-small', input: ['One.', 'Two.'], dimensions: 256 },
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
  imageGeneration: {
    minimal: { model: 'dall-e-3', prompt: 'A fence' },
    typical: { model: 'dall-e-3', prompt: 'A fence', size: '1024x1024', quality: 'hd' },
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
      { model: 'dall-e-3', prompt: 'A fence', style: 'natural', deliverAs: 'url' },
    ],
  },
  imageEdit: {
    minimal: { model: 'gpt-image-1', prompt: 'Remove the car', images: document('fence.png') },
    typical: {
      model: 'gpt-image-1',
      prompt: 'Remove the car',
      images: document('fence.png'),
      mask: document('mask.png'),
      size: '1024x1024',
    },
    all: [
      {
        model: 'gpt-image-1',
        prompt: 'Remove the car',
        images: [document('fence.png'), document('mask.png')],
        mask: document('mask.png'),
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
      { model: 'dall-e-2', prompt: 'Remove the car', images: document('fence.png'), deliverAs: 'b64_json' },
    ],
  },
  transcription: {
    minimal: { model: 'whisper-1', file: document('call.mp3') },
    typical: { model: 'whisper-1', file: document('call.mp3'), language: 'en', outputFormat: 'text' },
    all: [
      {
        model: 'whisper-1',
        file: document('call.mp3'),
        language: 'en',
        hint: 'Zeebe',
        outputFormat: 'verbose_json',
        timestampGranularities: ['word', 'segment'],
        temperature: 0,
        extraBody: { temperature: 0.1 },
      },
      { model: 'gpt-4o-transcribe-diarize', file: document('call.mp3'), chunkingStrategy: 'auto' },
    ],
  },
  translation: {
    minimal: { model: 'whisper-1', file: document('call.mp3') },
    typical: { model: 'whisper-1', file: document('call.mp3'), outputFormat: 'text' },
    all: [
      {
        model: 'whisper-1',
        file: document('call.mp3'),
        hint: 'Zeebe',
        outputFormat: 'json',
        temperature: 0,
        extraBody: { temperature: 0.1 },
      },
    ],
  },
  speech: {
    minimal: { model: 'tts-1', speechText: 'Hello' },
    typical: { model: 'tts-1', speechText: 'Hello', voice: 'nova', audioFormat: 'mp3' },
    all: [
      {
        model: 'gpt-4o-mini-tts',
        speechText: 'Hello',
        voice: 'nova',
        instructions: 'Calm',
        audioFormat: 'wav',
        speed: 1.5,
        resultAs: 'document',
        extraBody: { speed: 1 },
      },
    ],
  },
  completion: {
    minimal: { model: 'gpt-3.5-turbo-instruct', prompt: 'Roses' },
    typical: { model: 'gpt-3.5-turbo-instruct', prompt: ['One', 'Two'], maxTokens: 50 },
    all: [
      {
        model: 'gpt-3.5-turbo-instruct',
        prompt: 'Roses',
        suffix: 'blue',
        maxTokens: 50,
        ...sampling,
        bestOf: 2,
        likelyTokens: 3,
        echo: true,
        user: 'user-1',
        extraBody: { user: 'user-2' },
      },
    ],
  },
  completionsExtension: {
    minimal: {
      prompt: 'Trains?',
      dataSources: [
        {
          type: 'azure_search',
          parameters: {
            endpoint: 'https://s.search.windows.net',
            index_name: 'policies',
            authentication: { type: 'system_assigned_managed_identity' },
          },
        },
      ],
    },
    typical: {
      systemMessage: 'Be brief.',
      prompt: 'Trains?',
      dataSources: [
        {
          type: 'AzureCognitiveSearch',
          parameters: {
            endpoint: 'https://s.search.windows.net',
            indexName: 'policies',
            authentication: { type: 'APIKey', key: 'k' },
          },
        },
      ],
    },
    all: [
      {
        ...chatAll,
        audio: undefined,
        logprobs: undefined,
        topLogprobs: undefined,
        files: undefined,
        dataSources: [
          {
            type: 'azure_search',
            parameters: {
              endpoint: 'https://s.search.windows.net',
              index_name: 'policies',
              authentication: { type: 'api_key', key: 'k' },
            },
          },
        ],
        extraBody: { user: 'user-2' },
      },
      { messages: [{ role: 'user', content: 'Hi' }], dataSources: [searchSource] },
    ],
  },
  fileUpload: {
    minimal: { file: document('input.jsonl') },
    typical: { file: document('input.jsonl'), purpose: 'batch' },
    all: [
      {
        file: { content: 'e30K', fileName: 'input.jsonl' },
        purpose: 'batch',
        expiresAfterSeconds: 86_400,
        extraBody: {},
      },
    ],
  },
  fileGet: same({ fileId: 'file-abc' }),
  fileContent: {
    minimal: { fileId: 'file-abc' },
    typical: { fileId: 'file-abc', contentAs: 'text' },
    all: [{ fileId: 'file-abc', contentAs: 'binary', resultAs: 'document' }],
  },
  fileDelete: same({ fileId: 'file-abc' }),
  batchCreate: {
    minimal: { inputFileId: 'file-abc' },
    typical: { inputFileId: 'file-abc', endpoint: '/v1/embeddings' },
    all: [
      {
        inputFileId: 'file-abc',
        endpoint: '/v1/chat/completions',
        metadata: { process: 'mail' },
        extraBody: { metadata: {} },
      },
    ],
  },
  batchGet: same({ batchId: 'batch_abc' }),
  batchCancel: same({ batchId: 'batch_abc' }),
  fineTuningCreate: {
    minimal: { baseModel: 'gpt-4o-mini', trainingFile: 'file-abc' },
    typical: { baseModel: 'gpt-4o-mini', trainingFile: 'file-abc', suffix: 'mail' },
    all: [
      {
        baseModel: 'gpt-4o-mini',
        trainingFile: 'file-abc',
        validationFile: 'file-def',
        suffix: 'mail',
        seed: 7,
        trainingMethod: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 3 } } },
        metadata: { process: 'mail' },
        extraBody: { seed: 8 },
      },
    ],
  },
  fineTuningGet: same({ fineTuningJobId: 'ftjob-abc' }),
  fineTuningCancel: same({ fineTuningJobId: 'ftjob-abc' }),
  listModels: same({}),
  rawRequest: {
    minimal: { path: '/models' },
    typical: { method: 'POST', path: '/embeddings', body: { model: 'text-embedding-3-small', input: 'x' } },
    all: [
      {
        method: 'POST',
        path: '/files',
        perDeployment: false,
        formData: { purpose: 'batch' },
        fileData: { file: document('input.jsonl') },
        fileNames: { file: 'renamed.jsonl' },
        headers: { 'x-team': '{{secrets.KEY}}' },
        responseType: 'json',
        resultAs: 'document',
      },
      { method: 'GET', path: 'batches', query: { limit: 20, after: 'batch_1' }, body: '' },
    ],
  },
};

function same(input: Record<string, unknown>): OperationInputs {
  return { minimal: input, typical: input, all: [input] };
}
