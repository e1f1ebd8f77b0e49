/** One process for every operation the first examples do not show. */
import { connector, end, path, start, type Example } from './example';

/** A silent MP3 frame and a PNG of one pixel, so that the examples run without a document store. */
const recording = {
  content: '//uQAAAAAAAAAAAAAAAAAAAAAAA=',
  fileName: 'call.mp3',
  contentType: 'audio/mpeg',
};
const picture = {
  content: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  fileName: 'fence.png',
  contentType: 'image/png',
};
/** Two requests for a batch, one per line. */
const batchInput = {
  content:
    'eyJjdXN0b21faWQiOiIxIiwibWV0aG9kIjoiUE9TVCIsInVybCI6Ii92MS9jaGF0L2NvbXBsZXRpb25zIiwiYm9keSI6eyJtb2RlbCI6ImdwdC01LjQtbWluaSIsIm1lc3NhZ2VzIjpbeyJyb2xlIjoidXNlciIsImNvbnRlbnQiOiJIaSJ9XX19Cg==',
  fileName: 'requests.jsonl',
};

interface Step {
  readonly id: string;
  readonly name: string;
  readonly filled: Readonly<Record<string, string | number | boolean>>;
}

/** Tasks in a row. */
function sequence(
  name: string,
  title: string,
  documentation: string,
  steps: readonly Step[],
  demo: Example['demo'],
  provider: 'openai' | 'azure-openai' = 'openai',
): Example {
  return {
    name,
    process: {
      id: name,
      name: title,
      documentation,
      nodes: [
        start('Started'),
        ...steps.map((step, index) => connector(provider, step.id, step.name, [index + 1, 0], step.filled)),
        end('done', 'Done', [steps.length + 1, 0]),
      ],
      flows: path('start', ...steps.map(({ id }) => id), 'done'),
    },
    demo,
  };
}

const passed = { outcome: 'completed', elements: ['done'] } as const;

export const operationExamples: readonly Example[] = [
  sequence(
    'response',
    'Ask with the Responses API',
    'The second task continues the conversation of the first one by its id; the provider keeps what was said.',
    [
      {
        id: 'ask',
        name: 'Ask',
        filled: {
          operation: 'response',
          'input.prompt': '=question',
          resultExpression: '={answer: response.text, responseId: response.body.id}',
        },
      },
      {
        id: 'askAgain',
        name: 'Ask again',
        filled: {
          operation: 'response',
          'input.prompt': '=followUp',
          'input.previousResponseId': '=responseId',
          resultExpression: '={secondAnswer: response.text}',
        },
      },
    ],
    {
      description: 'Two calls of the Responses API, the second one continuing the first.',
      variables: { question: 'Reply with exactly: Paris', followUp: 'Reply with exactly: Rome' },
      expect: { ...passed, variables: { answer: 'Paris', secondAnswer: 'Rome' } },
    },
  ),
  sequence(
    'summarize',
    'Sum up a text',
    'Style and length are fields of the task; no prompt needs to be written.',
    [
      {
        id: 'sumUp',
        name: 'Sum up text',
        filled: {
          operation: 'summarize',
          'input.texts': '=texts',
          'input.style': 'headline',
          'input.maxWords': 12,
        },
      },
    ],
    {
      description: 'A summary of two texts as one headline.',
      variables: {
        texts: ['The fence was blown down by the storm.', 'The neighbour helped to put it up again.'],
      },
      expect: passed,
    },
  ),
  sequence(
    'embeddings',
    'Turn a text into a vector',
    'The vector is short (dimensions), because every variable is copied along with the process.',
    [
      {
        id: 'embed',
        name: 'Embed text',
        filled: {
          operation: 'embeddings',
          'input.input': '=description',
          'input.dimensions': 256,
          resultExpression: '={embedding: response.json, size: count(response.json)}',
        },
      },
    ],
    {
      description: 'The embedding of a text as a list of numbers.',
      variables: { description: 'Fence damaged by storm' },
      expect: passed,
    },
  ),
  sequence(
    'image-generation',
    'Draw an image',
    'The image is kept in the variable as base64. With a document store leave "Result as" on document.',
    [
      {
        id: 'draw',
        name: 'Draw image',
        filled: {
          operation: 'imageGeneration',
          'input.model': 'gpt-image-1',
          'input.prompt': '=wish',
          'input.size': '1024x1024',
          'input.resultAs': 'inline',
          resultExpression: '={image: response.body.data[1].b64_json}',
        },
      },
    ],
    {
      description: 'An image, drawn from a description.',
      variables: { wish: 'A fence after a storm, pencil drawing' },
      expect: passed,
    },
  ),
  sequence(
    'image-edit',
    'Change an image',
    'The picture comes as a context of base64 text and file name; a document reference works the same way.',
    [
      {
        id: 'edit',
        name: 'Change image',
        filled: {
          operation: 'imageEdit',
          'input.model': 'gpt-image-1',
          'input.images': '=picture',
          'input.prompt': '=wish',
          'input.resultAs': 'inline',
          resultExpression: '={image: response.body.data[1].b64_json}',
        },
      },
    ],
    {
      description: 'A picture changed as described.',
      variables: { picture, wish: 'Remove the car' },
      expect: passed,
    },
  ),
  sequence(
    'transcription',
    'Write down a recording',
    'The recording comes as a context of base64 text and file name; a document reference works the same way.',
    [
      {
        id: 'transcribe',
        name: 'Write down',
        filled: { operation: 'transcription', 'input.file': '=recording', 'input.language': 'en' },
      },
    ],
    {
      description: 'What is said in a recording.',
      variables: { recording },
      expect: { ...passed, variables: { transcript: 'This is what the mock heard.' } },
    },
  ),
  sequence(
    'translation',
    'Translate a voice message',
    'Speech in any language becomes English text.',
    [
      {
        id: 'translate',
        name: 'Translate message',
        filled: { operation: 'translation', 'input.file': '=recording' },
      },
    ],
    {
      description: 'A voice message in another language, written down in English.',
      variables: { recording },
      expect: passed,
    },
  ),
  sequence(
    'speech',
    'Read a text aloud',
    'The audio is kept in the variable as base64. With a document store leave "Result as" on document.',
    [
      {
        id: 'read',
        name: 'Read aloud',
        filled: {
          operation: 'speech',
          'input.speechText': '=announcement',
          'input.voice': 'nova',
          'input.resultAs': 'inline',
          resultExpression: '={audio: response.body.base64}',
        },
      },
    ],
    {
      description: 'A text as an audio file.',
      variables: { announcement: 'Your parcel has arrived.' },
      expect: passed,
    },
  ),
  sequence(
    'azure-on-your-data',
    'Ask your own documents',
    'Chat on a search index of Azure ("On Your Data"); the answer cites its sources.',
    [
      {
        id: 'ask',
        name: 'Ask the index',
        filled: {
          operation: 'completionsExtension',
          'connection.deployment': 'gpt-4o',
          'connection.apiVersion': '2024-10-21',
          'input.prompt': '=question',
          'input.dataSources':
            '=[{type: "azure_search", parameters: {endpoint: "https://my-search.search.windows.net", index_name: "policies", authentication: {type: "system_assigned_managed_identity"}}}]',
        },
      },
    ],
    {
      description: 'Azure answers from a search index.',
      variables: { question: 'Reply with exactly: second class' },
      expect: { ...passed, variables: { answer: 'second class' } },
    },
    'azure-openai',
  ),
  sequence(
    'files',
    'Keep a file at the provider',
    'Upload, look up, read and delete: the whole life of a file.',
    [
      {
        id: 'upload',
        name: 'Upload file',
        filled: { operation: 'fileUpload', 'input.file': '=batchInput', 'input.purpose': 'batch' },
      },
      { id: 'lookUp', name: 'Look up file', filled: { operation: 'fileGet', 'input.fileId': '=fileId' } },
      { id: 'readFile', name: 'Read file', filled: { operation: 'fileContent', 'input.fileId': '=fileId' } },
      {
        id: 'deleteFile',
        name: 'Delete file',
        filled: { operation: 'fileDelete', 'input.fileId': '=fileId' },
      },
    ],
    {
      description: 'A file is uploaded, looked up, read and deleted.',
      variables: { batchInput },
      expect: { ...passed, variables: { deleted: true } },
    },
  ),
  sequence(
    'batch',
    'Hand in a batch',
    'Thousands of requests at half the price: upload the file, create the batch, poll it. Here it is cancelled at the end.',
    [
      {
        id: 'upload',
        name: 'Upload requests',
        filled: { operation: 'fileUpload', 'input.file': '=batchInput', 'input.purpose': 'batch' },
      },
      {
        id: 'createBatch',
        name: 'Create batch',
        filled: { operation: 'batchCreate', 'input.inputFileId': '=fileId' },
      },
      {
        id: 'lookUp',
        name: 'Look up batch',
        filled: { operation: 'batchGet', 'input.batchId': '=batchId' },
      },
      {
        id: 'cancelBatch',
        name: 'Cancel batch',
        filled: {
          operation: 'batchCancel',
          'input.batchId': '=batchId',
          errorExpression: '=if error.code = "409" then ignoreError({batchStatus: "over"}) else null',
        },
      },
    ],
    {
      description: 'A batch is handed in, looked up and cancelled.',
      variables: { batchInput },
      expect: passed,
    },
  ),
  sequence(
    'fine-tuning',
    'Train a model',
    'Starts a training, polls it and stops it.',
    [
      {
        id: 'upload',
        name: 'Upload examples',
        filled: {
          operation: 'fileUpload',
          'input.file': '=examples',
          'input.purpose': 'fine-tune',
        },
      },
      {
        id: 'startTraining',
        name: 'Start training',
        filled: {
          operation: 'fineTuningCreate',
          'input.baseModel': 'gpt-4.1-mini-2025-04-14',
          'input.trainingFile': '=fileId',
        },
      },
      {
        id: 'lookUp',
        name: 'Look up training',
        filled: { operation: 'fineTuningGet', 'input.fineTuningJobId': '=fineTuningJobId' },
      },
      {
        id: 'stopTraining',
        name: 'Stop training',
        filled: {
          operation: 'fineTuningCancel',
          'input.fineTuningJobId': '=fineTuningJobId',
          errorExpression:
            '=if error.code = "400" or error.code = "409" then ignoreError({trainingStatus: "over"}) else null',
        },
      },
    ],
    {
      description: 'A training is started, looked up and stopped.',
      variables: { examples: { ...batchInput, fileName: 'examples.jsonl' } },
      expect: passed,
    },
  ),
  sequence(
    'list-models',
    'List the models',
    'All models the account may use, as a list of names.',
    [{ id: 'listModels', name: 'List models', filled: { operation: 'listModels' } }],
    { description: 'The names of all models.', variables: {}, expect: passed },
  ),
  sequence(
    'raw-request',
    'Call any path',
    'A path no operation has: address and authentication come from the connection.',
    [
      {
        id: 'call',
        name: 'Look up a model',
        filled: {
          operation: 'rawRequest',
          'input.path': '/models',
          resultExpression: '={firstModel: response.body.data[1].id}',
        },
      },
    ],
    { description: 'A request of its own to the API.', variables: {}, expect: passed },
  ),
];
