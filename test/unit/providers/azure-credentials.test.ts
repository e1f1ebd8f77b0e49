import { azureTokens } from '../../../src/providers/azure-credentials';
import { azureOpenai } from '../../../src/providers/azure-openai';
import type { TokenRequest } from '../../../src/providers/provider';
import { createTypedConnector } from '../../../src/typed/connector';
import { scripted, sentHeader, testExecution, runTask } from '../../support/execution';
import { recorded } from '../../support/recorded-answers';

const request: TokenRequest = {
  kind: 'clientCredentials',
  tenantId: 't',
  clientId: 'c',
  clientSecret: 's',
  authorityHost: undefined,
  scope: 'scope',
};

/** Gives token-1, token-2, ... */
function counted() {
  let made = 0;
  let asked = 0;
  const tokens = azureTokens(() => {
    made++;
    return Promise.resolve({
      getToken: () => Promise.resolve({ token: `token-${++asked}`, expiresOnTimestamp: 0 }),
    });
  });
  return { tokens, made: () => made };
}

describe('tokens of Entra ID', () => {
  it('are fetched once for jobs that ask at the same moment', async () => {
    const { tokens, made } = counted();
    const both = await Promise.all([tokens(request, { fresh: false }), tokens(request, { fresh: false })]);
    expect(both).toEqual(['token-1', 'token-1']);
    expect(made()).toBe(1);
  });

  it('come from one credential per identity, whatever the scope', async () => {
    const { tokens, made } = counted();
    await tokens(request, { fresh: false });
    await tokens({ ...request, scope: 'other' }, { fresh: false });
    expect(made()).toBe(1);
    await tokens({ ...request, clientSecret: 'new' }, { fresh: false });
    expect(made()).toBe(2);
  });

  it('of refused credentials are an incident that names the fields', async () => {
    const error = Object.assign(new Error('AADSTS7000215: Invalid client secret\ntrace'), {
      statusCode: 401,
    });
    const tokens = azureTokens(() => Promise.resolve({ getToken: () => Promise.reject(error) }));
    await expect(tokens(request, { fresh: false })).rejects.toMatchObject({
      causeName: 'UNAUTHORIZED',
      retry: { kind: 'never' },
      message: expect.stringMatching(/AADSTS7000215.*"Client secret"/) as string,
    });
  });

  it('that cannot be fetched cost a retry', async () => {
    const tokens = azureTokens(() =>
      Promise.resolve({ getToken: () => Promise.reject(new Error('ENOTFOUND')) }),
    );
    await expect(tokens(request, { fresh: false })).rejects.toMatchObject({
      causeName: 'CONNECTION_FAILED',
      retry: { kind: 'consume' },
    });
  });

  it('are renewed once when the API refuses one', async () => {
    const connector = createTypedConnector(azureOpenai, {
      maxAnswerBytes: 1_000_000,
      tokens: counted().tokens,
    });
    const job = {
      connection: {
        endpoint: 'r',
        deployment: 'd',
        authentication: { type: 'clientCredentials', tenantId: 't', clientId: 'c', clientSecret: 's' },
      },
      operation: 'chatCompletion',
      input: { prompt: 'Hi' },
    };
    const refused = scripted(recorded('azure-embeddings-error-401'));
    const good = scripted(recorded('azure-chat-plain'));
    const execution = testExecution(job, { answers: [refused, good] });
    await runTask(connector, execution);
    expect(execution.requests.map((one) => sentHeader(one, 'authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    const stubborn = testExecution(job, { answers: [refused] });
    await expect(runTask(connector, stubborn)).rejects.toMatchObject({ causeName: 'UNAUTHORIZED' });
    expect(stubborn.requests).toHaveLength(2);
  });
});
