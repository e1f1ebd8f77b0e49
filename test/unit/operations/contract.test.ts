import { fieldsOf } from '../../../src/fields/bind';
import type { ProviderId } from '../../../src/fields/fields';
import type { HttpRequest } from '../../../src/http/request';
import type { Operation } from '../../../src/operations/kit/operation';
import { operations } from '../../../src/operations/registry';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import { offeredOperations } from '../../../src/templates/build';
import { createTypedConnector } from '../../../src/typed/connector';
import { contractFaults, newerThanAzureDocument, type Captured } from '../../support/contract';
import { runTask, testExecution } from '../../support/execution';
import { guard } from '../../support/guard';
import { sampleDocuments } from '../../support/sample-documents';

/** Operations that a dated version of Azure has, with the version that is asked. */
const dated: Readonly<Record<string, readonly string[]>> = {
  chatCompletion: ['2024-02-01', '2024-10-21', '2025-04-01-preview'],
  summarize: ['2024-02-01', '2024-10-21'],
  completion: ['2024-02-01', '2024-10-21'],
  completionsExtension: ['2024-02-01', '2024-10-21'],
  embeddings: ['2024-02-01', '2024-10-21'],
  imageGeneration: ['2024-02-01', '2024-10-21'],
  imageEdit: ['2025-04-01-preview'],
  transcription: ['2024-10-21'],
  translation: ['2024-10-21'],
  speech: ['2025-04-01-preview'],
  response: ['2025-04-01-preview'],
  listModels: ['2024-10-21'],
};

async function capture(
  operation: Operation,
  provider: ProviderId,
  apiVersion: string,
  input: Record<string, unknown>,
): Promise<HttpRequest> {
  const own = fieldsOf(operation.input, provider).map(({ name }) => name);
  const unknown = provider === 'openai' ? [] : newerThanAzureDocument;
  const fitting = Object.fromEntries(
    Object.entries(input).filter(([name]) => own.includes(name) && !unknown.includes(name)),
  );
  const connection =
    provider === 'openai'
      ? { apiKey: 'sk-test' }
      : {
          endpoint: 'https://my-resource.openai.azure.com',
          deployment: 'my-deployment',
          apiVersion,
          authentication: { type: 'apiKey', apiKey: 'key' },
        };
  const execution = testExecution(
    { connection, operation: operation.id, input: fitting, options: {} },
    { answers: [{ status: 500 }], documents: sampleDocuments, secrets: { KEY: 'claims' } },
  );
  const connector = createTypedConnector(provider === 'openai' ? openai : azureOpenai, {
    maxAnswerBytes: 1000,
  });
  const failure: unknown = await runTask(connector, execution).catch((error: unknown) => error);
  const [request] = execution.requests;
  if (request === undefined) throw failure as Error;
  return request;
}

describe('requests of all operations', () => {
  it('obey the contract of their API with minimal, typical and all-fields inputs', async () => {
    const captured: Captured[] = [];
    const add = async (operation: Operation, provider: ProviderId, version: string, kinds: string[]) => {
      const inputs = operation.examples;
      const all = inputs.all.map((input, index) => [`all ${index + 1}`, input] as const);
      const named = [['minimal', inputs.minimal] as const, ['typical', inputs.typical] as const, ...all];
      for (const [kind, input] of named) {
        if (!kinds.some((prefix) => kind.startsWith(prefix))) continue;
        const request = await capture(operation, provider, version, input);
        captured.push({
          name: `${provider} ${version} ${operation.id} ${kind}`,
          method: request.method,
          url: request.url,
          headers: Object.fromEntries(request.headers),
          ...(request.body === undefined ? {} : { body: request.body.toString('latin1') }),
        });
      }
    };
    for (const operation of offeredOperations(operations, 'openai')) {
      await add(operation, 'openai', '', ['minimal', 'typical', 'all']);
    }
    for (const operation of offeredOperations(operations, 'azure-openai')) {
      await add(operation, 'azure-openai', 'v1', ['minimal', 'typical', 'all']);
      for (const version of dated[operation.id] ?? []) {
        await add(operation, 'azure-openai', version, ['minimal']);
      }
    }
    guard(
      'Requests break the contract of their API',
      contractFaults(captured),
      'Correct toCall or the examples in the file of the operation. Both APIs must know what extraBody holds; a field that only the stored document of Azure lacks goes into newerThanAzureDocument (test/support/contract.ts).',
    );
    expect(captured.length).toBeGreaterThan(100);
  }, 60_000);

  it.each(operations.map((operation) => [operation.id, operation] as const))(
    '%s: the examples name every field',
    (id, operation) => {
      const provider = operation.missing?.openai === undefined ? 'openai' : 'azure-openai';
      const fields = fieldsOf(operation.input, provider).map(({ name }) => name);
      const named = new Set(operation.examples.all.flatMap((input) => Object.keys(input)));
      guard(
        `No example of ${id} names these fields`,
        fields.filter((name) => !named.has(name)),
        `Add them to examples.all in the file of ${id} in src/operations.`,
      );
    },
  );
});
