/** Whom the demo's worker talks to: a mock of both APIs, or OpenAI itself when there is a key for it. */
import { startMockApi } from '../mock/mock-api';

export interface Providers {
  /** Whether OpenAI's part is the real one: answers are then worded freely, and cost. */
  readonly real: boolean;
  readonly description: string;
  /** Secrets and base URLs for the worker. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** Values for `${...}` in the start variables of examples. */
  readonly replacements: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const mockKey = 'demo-key';
const officialBaseUrl = 'https://api.openai.com/v1';

/** Azure stays with the mock unless AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_API_KEY are set. */
export async function openProviders(env: Readonly<Record<string, string | undefined>>): Promise<Providers> {
  const mock = await startMockApi({ apiKeys: [mockKey] });
  const openAiKey = env['OPENAI_API_KEY'];
  const [azureEndpoint, azureKey] = [env['AZURE_OPENAI_ENDPOINT'], env['AZURE_OPENAI_API_KEY']];
  const openAi = openAiKey
    ? { url: env['OPENAI_BASE_URL'] ?? officialBaseUrl, key: openAiKey }
    : { url: mock.openAiBaseUrl, key: mockKey };
  const azure =
    azureEndpoint && azureKey
      ? { url: azureEndpoint, key: azureKey }
      : { url: mock.azureEndpoint, key: mockKey };
  return {
    real: openAiKey !== undefined && openAiKey !== '',
    description: `OpenAI ${openAi.url}  Azure OpenAI ${azure.url}`,
    workerEnvironment: {
      CONNECTOR_OPENAI_BASE_URL: openAi.url,
      SECRET_OPENAI_BASE_URL: openAi.url,
      SECRET_OPENAI_API_KEY: openAi.key,
      SECRET_AZURE_OPENAI_ENDPOINT: azure.url,
      SECRET_AZURE_OPENAI_API_KEY: azure.key,
    },
    replacements: { openAiBaseUrl: openAi.url, azureEndpoint: azure.url, mockUrl: mock.azureEndpoint },
    close: () => mock.close(),
  };
}
