/** A stand-in for OpenAI and Azure OpenAI: nobody pays, and the same request has the same answer. */
import { LLMock } from '@copilotkit/aimock';
import { answer } from './answers';
import { azureMount, openAiMount } from './mounts';
import { messagesOf, schemaOf } from './shapes';

export interface MockApi {
  /** For OpenAI's `baseUrl`: ends with /v1. */
  readonly openAiBaseUrl: string;
  /** For Azure's `endpoint`: without /openai. */
  readonly azureEndpoint: string;
  close(): Promise<void>;
}

export interface MockApiOptions {
  /** Keys that are let in, by both APIs. */
  readonly apiKeys: readonly string[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** The loopback address by default. */
  readonly host?: string;
}

/** A PNG of one pixel. */
const tinyImage =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** The head of an MP3 file with one silent frame. */
const tinySpeech = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413)]).toString(
  'base64',
);

/** Starts the mock in this process. */
export async function startMockApi(options: MockApiOptions): Promise<MockApi> {
  const apiKeys = new Set(options.apiKeys);
  const mock = new LLMock({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  mock
    .mount('/v1', openAiMount(apiKeys))
    .mount('/openai', azureMount(apiKeys))
    .on({ endpoint: 'chat' }, (request) => ({
      content: answer({ messages: messagesOf(request), schema: schemaOf(request) }),
    }))
    .onEmbedding(/(?:)/, (request) => ({ embedding: embed(request.embeddingInput ?? '') }))
    .onImage(/(?:)/, { image: { b64Json: tinyImage } })
    .onSpeech(/(?:)/, { audio: tinySpeech })
    .onTranscription({
      transcription: { text: 'This is what the mock heard.', language: 'english', duration: 1 },
    })
    .onTranslation({ transcription: { text: 'This is what the mock understood.' } });
  const url = await mock.start();
  return { openAiBaseUrl: `${url}/v1`, azureEndpoint: url, close: () => mock.stop() };
}

/** Eight numbers that depend on the letters only: the same text is nearest to itself. */
function embed(text: string): number[] {
  const sums = new Array<number>(8).fill(0);
  for (const [index, letter] of [...text].entries()) {
    sums[index % 8] = (sums[index % 8] ?? 0) + (letter.codePointAt(0) ?? 0);
  }
  const length = Math.hypot(...sums) || 1;
  return sums.map((sum) => sum / length);
}
