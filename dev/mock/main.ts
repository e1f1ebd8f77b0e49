/** The mock as a process of its own: MOCK_API_KEYS (comma-separated), MOCK_PORT (4010), MOCK_HOST (127.0.0.1). */
import { startMockApi } from './mock-api';

async function main(): Promise<void> {
  const mock = await startMockApi({
    apiKeys: (process.env['MOCK_API_KEYS'] ?? 'demo-key').split(',').map((key) => key.trim()),
    port: Number(process.env['MOCK_PORT'] ?? 4010),
    host: process.env['MOCK_HOST'] ?? '127.0.0.1',
  });
  console.log(`OpenAI: ${mock.openAiBaseUrl}   Azure OpenAI: ${mock.azureEndpoint}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void mock.close());
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
