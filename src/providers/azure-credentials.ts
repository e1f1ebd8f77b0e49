/**
 * The door to @azure/identity: tokens of Microsoft Entra ID.
 * The package is large and loaded with the first task that needs it. It keeps tokens itself and renews them before they
 * end; here one credential is kept per identity, so that this memory is shared by all jobs, and jobs that need a token
 * at the same moment wait for one request.
 */
import { createHash } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { ConnectorError } from '../errors';
import type { TokenRequest, TokenSource } from './provider';

/** Makes the credential of an identity; the tests' own one talks to nobody. */
export type MakeCredential = (request: TokenRequest) => Promise<TokenCredential>;

const maxIdentities = 100;

export function azureTokens(make: MakeCredential = makeCredential): TokenSource {
  const credentials = new Map<string, Promise<TokenCredential>>();
  const running = new Map<string, Promise<string>>();

  return (request, { fresh }) => {
    const identity = identityOf(request);
    if (fresh) credentials.delete(identity);
    const key = `${identity} ${request.scope}`;
    let token = running.get(key);
    if (token === undefined) {
      token = fetchToken(request, credentialOf(identity, request)).finally(() => running.delete(key));
      running.set(key, token);
    }
    return token;
  };

  function credentialOf(identity: string, request: TokenRequest): Promise<TokenCredential> {
    let credential = credentials.get(identity);
    if (credential === undefined) {
      if (credentials.size >= maxIdentities) credentials.delete(credentials.keys().next().value!);
      credential = make(request);
      credentials.set(identity, credential);
    }
    return credential;
  }
}

/** Secrets are hashed: a changed one is another identity, and none stays in memory as a key. */
function identityOf(request: TokenRequest): string {
  const { scope: _, ...identity } = request;
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}

async function fetchToken(request: TokenRequest, credential: Promise<TokenCredential>): Promise<string> {
  try {
    const token = await (await credential).getToken(request.scope);
    if (token !== null) return token.token;
  } catch (error) {
    throw tokenError(error);
  }
  throw new ConnectorError('Microsoft Entra ID gave no token.', { cause: 'UNAUTHORIZED' });
}

async function makeCredential(request: TokenRequest): Promise<TokenCredential> {
  const { ClientSecretCredential, DefaultAzureCredential } = await import('@azure/identity');
  if (request.kind === 'defaultCredential') {
    const { clientId } = request;
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  }
  const { tenantId, clientId, clientSecret, authorityHost } = request;
  return new ClientSecretCredential(
    tenantId,
    clientId,
    clientSecret,
    authorityHost === undefined ? {} : { authorityHost },
  );
}

/** Refused credentials do not heal by waiting; anything else (network, throttling) may. */
function tokenError(error: unknown): ConnectorError {
  const { name, statusCode } = error as { readonly name?: string; readonly statusCode?: number };
  const first = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  const refused =
    name === 'CredentialUnavailableError' ||
    name === 'AggregateAuthenticationError' ||
    (statusCode !== undefined && statusCode >= 400 && statusCode < 500 && statusCode !== 429);
  return refused
    ? new ConnectorError(
        `Microsoft Entra ID gave no token: ${first} Check the fields "Tenant ID", "Client ID" and "Client secret", or the identity of the worker, and the scope.`,
        { code: '401', cause: 'UNAUTHORIZED', retry: { kind: 'never' }, origin: error },
      )
    : new ConnectorError(`Microsoft Entra ID cannot be reached: ${first}`, {
        cause: 'CONNECTION_FAILED',
        origin: error,
      });
}
