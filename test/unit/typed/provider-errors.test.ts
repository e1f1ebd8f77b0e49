/** Every error that the providers are known to answer with: its cause, what the next try costs, and what the message says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cause, ConnectorError } from '../../../src/errors';
import type { ProviderId } from '../../../src/fields/fields';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import { createTypedConnector } from '../../../src/typed/connector';
import { testExecution, runTask } from '../../support/execution';

interface ProviderError {
  readonly title: string;
  readonly provider: ProviderId;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or the text of a page. */
  readonly body: unknown;
  readonly cause: Cause;
  /** A number: the job is postponed for so many ms. */
  readonly retry: 'never' | 'consume' | number;
  /** Words of the message. */
  readonly words: string;
}

const file = join(__dirname, '..', '..', 'fixtures', 'errors', 'provider-errors.json');
const errors = JSON.parse(readFileSync(file, 'utf8')) as readonly ProviderError[];

const providers = {
  openai: {
    connector: createTypedConnector(openai, { maxAnswerBytes: 1e6 }),
    connection: { apiKey: 'sk-secret-key' },
  },
  'azure-openai': {
    connector: createTypedConnector(azureOpenai, { maxAnswerBytes: 1e6 }),
    connection: {
      resourceName: 'my-resource',
      deployment: 'mine',
      authentication: { type: 'apiKey', apiKey: 'sk-secret-key' },
    },
  },
} as const;

async function failure(provider: ProviderId, { status, headers = {}, body }: ProviderError) {
  const { connector, connection } = providers[provider];
  const input = { prompt: 'Hi', ...(provider === 'openai' ? { model: 'gpt-9' } : {}) };
  const job = { connection, operation: 'chatCompletion', input };
  const execution = testExecution(job, { answers: [{ status, headers, body }] });
  const error = await runTask(connector, execution).then(
    () => Promise.reject(new Error('It did not fail')),
    (thrown: unknown) => thrown as ConnectorError,
  );
  return { error, execution };
}

const rule = ({ retry }: ProviderError) =>
  typeof retry === 'number' ? { kind: 'postpone', waitMs: retry } : { kind: retry };

describe.each(['openai', 'azure-openai'] as const)('%s', (provider) => {
  it.each(errors.map((error) => [error.status, error.title, error] as const))(
    '%i, %s: has its cause and its price, whoever sent it',
    async (_status, _title, expected) => {
      const { error, execution } = await failure(provider, expected);
      expect(error).toMatchObject({
        code: String(expected.status),
        causeName: expected.cause,
        retry: rule(expected),
      });
      expect(execution.requests).toHaveLength(1);
      expect(execution.slept).toEqual([]);
    },
  );

  it.each(
    errors
      .filter((error) => error.provider === provider)
      .map((error) => [error.status, error.title, error] as const),
  )('%i, %s: says what to do, and hands on what was answered', async (_status, _title, expected) => {
    const { error } = await failure(provider, expected);
    expect(error.message).toContain(expected.words);
    expect(error.message).toMatch(/[.!?]$/);
    expect(error.message + error.variables!).not.toContain('sk-secret-key');
    expect(JSON.parse(error.variables!)).toMatchObject({
      response: { status: expected.status, body: expected.body === '' ? null : expected.body },
    });
  });
});
