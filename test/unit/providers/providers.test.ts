import { parseJson } from '../../../src/json/json';
import type { Call } from '../../../src/operations/kit/operation';
import { azureOpenai } from '../../../src/providers/azure-openai';
import { openai } from '../../../src/providers/openai';
import type { Provider } from '../../../src/providers/provider';

const chat: Call = { method: 'POST', path: '/chat/completions', perDeployment: true };
const files: Call = { method: 'GET', path: '/files', perDeployment: false };

function connect(provider: Provider, connection: object, defaultBaseUrl?: string) {
  const raw = parseJson(JSON.stringify(connection));
  return provider.connect(raw, defaultBaseUrl);
}

const key = { authentication: { type: 'apiKey', apiKey: 'k' } };
const azure = (connection: object) => connect(azureOpenai, { ...key, deployment: 'd', ...connection });

describe('OpenAI', () => {
  it.each([
    [{}, undefined, 'https://api.openai.com/v1/chat/completions'],
    [{ baseUrl: 'http://gateway/llm/v1/' }, undefined, 'http://gateway/llm/v1/chat/completions'],
    [{ baseUrl: 'https://g/v1?team=a' }, undefined, 'https://g/v1/chat/completions?team=a'],
    [{}, 'http://localhost:4010/v1', 'http://localhost:4010/v1/chat/completions'],
    [{ baseUrl: 'https://own/v1' }, 'http://localhost:4010/v1', 'https://own/v1/chat/completions'],
  ])('%j with the default %s calls %s', (connection, defaultBaseUrl, url) => {
    expect(connect(openai, { apiKey: 'k', ...connection }, defaultBaseUrl).urlOf(chat)).toBe(url);
  });

  it('sends organization, project and extra headers', () => {
    const { headers } = connect(openai, {
      apiKey: 'k',
      organization: 'org-1',
      project: 'p',
      headers: { 'x-a': 1, 'x-b': ['1', '2'] },
    });
    expect(headers).toEqual([
      ['OpenAI-Organization', 'org-1'],
      ['OpenAI-Project', 'p'],
      ['x-a', '1'],
      ['x-b', '1'],
      ['x-b', '2'],
    ]);
  });

  it('needs no key for another server', () => {
    expect(connect(openai, { baseUrl: 'http://localhost:11434/v1' }).authentication).toEqual({
      kind: 'none',
    });
    expect(() => connect(openai, {})).toThrow(/"API key" \(connection.apiKey\) is empty/);
  });

  it('refuses a password in the address', () => {
    expect(() => connect(openai, { apiKey: 'k', baseUrl: 'https://u:p@host/v1' })).toThrow(
      /must not hold a user or password/,
    );
  });
});

describe('Azure OpenAI', () => {
  const v1 = 'https://r.openai.azure.com/openai/v1/chat/completions';

  it.each([
    ['https://r.openai.azure.com', v1],
    ['https://r.openai.azure.com/', v1],
    ['https://r.openai.azure.com/openai/', v1],
    ['https://r.openai.azure.com/openai/v1/', v1],
    ['https://r.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-02-01', v1],
    ['r', v1],
    ['https://r.openai.azure.us', 'https://r.openai.azure.us/openai/v1/chat/completions'],
    [
      'https://r.services.ai.azure.com/api/projects/p',
      'https://r.services.ai.azure.com/openai/v1/chat/completions',
    ],
    ['https://gateway/team/openai', 'https://gateway/team/openai/v1/chat/completions'],
    ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/openai/v1/chat/completions'],
  ])('the endpoint %s is understood', (endpoint, url) => {
    expect(azure({ endpoint }).urlOf(chat)).toBe(url);
  });

  it('a resource name will do instead', () => {
    expect(azure({ resourceName: 'r' }).urlOf(chat)).toBe(v1);
  });

  it('dated versions have the deployment in the path, encoded', () => {
    const connection = azure({ endpoint: 'r', deployment: 'a b/c', apiVersion: '2024-10-21' });
    expect(connection.urlOf(chat)).toBe(
      'https://r.openai.azure.com/openai/deployments/a%20b%2Fc/chat/completions?api-version=2024-10-21',
    );
    expect(connection.urlOf(files)).toBe('https://r.openai.azure.com/openai/files?api-version=2024-10-21');
  });

  it.each([
    [{ endpoint: 'r', apiVersion: 'latest' }, /"API version" \(connection.apiVersion\) must be v1 or a date/],
    [{}, /"Endpoint" \(connection.endpoint\) is empty/],
    [{ endpoint: 'r', resourceName: 'r' }, /either connection.endpoint or connection.resourceName/],
    [
      { endpoint: 'r', authentication: { type: 'bearer' } },
      /"Bearer token" \(connection.authentication.token\) is empty/,
    ],
    [{ endpoint: 'r', authentication: {} }, /"API key" \(connection.authentication.apiKey\) is empty/],
    [{ endpoint: 'r', authentication: { type: 'magic' } }, /must be one of apiKey, clientCredentials/],
  ])('%j is refused with the remedy', (connection, message) => {
    expect(() => azure(connection)).toThrow(message);
  });

  it('a missing deployment is named when a call needs one', () => {
    const connection = connect(azureOpenai, { ...key, endpoint: 'r' });
    expect(() => connection.urlOf(chat)).toThrow(/"Deployment" \(connection.deployment\) is empty/);
    expect(connection.urlOf(files)).toContain('/openai/v1/files');
  });

  it.each([
    ['v1', 'https://ai.azure.com/.default'],
    ['2024-10-21', 'https://cognitiveservices.azure.com/.default'],
  ])('tokens for %s have the scope %s', (apiVersion, scope) => {
    const authentication = { type: 'clientCredentials', tenantId: 't', clientId: 'c', clientSecret: 's' };
    expect(azure({ endpoint: 'r', apiVersion, authentication }).authentication).toEqual({
      kind: 'token',
      request: {
        kind: 'clientCredentials',
        tenantId: 't',
        clientId: 'c',
        clientSecret: 's',
        authorityHost: undefined,
        scope,
      },
    });
  });

  it('the scope can be set', () => {
    const authentication = {
      type: 'defaultCredential',
      scope: 'https://x/.default',
      managedIdentityClientId: 'm',
    };
    expect(azure({ endpoint: 'r', authentication }).authentication).toEqual({
      kind: 'token',
      request: { kind: 'defaultCredential', clientId: 'm', scope: 'https://x/.default' },
    });
  });
});
