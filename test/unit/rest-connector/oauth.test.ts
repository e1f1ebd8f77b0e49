import type { HttpResponse } from '../../../src/http/request';
import {
  buildTokenRequest,
  cacheKeyOf,
  readTokenAnswer,
  type OAuth,
} from '../../../src/rest-connector/oauth';

const credentials: OAuth = {
  type: 'oauth-client-credentials-flow',
  oauthTokenEndpoint: 'http://auth.test/token',
  clientId: 'id',
  clientSecret: 's&c',
  audience: 'aud',
  clientAuthentication: 'credentialsBody',
  scopes: 'read:all write',
};
const refresh: OAuth = {
  type: 'oauth-refresh-token',
  oauthTokenEndpoint: 'http://auth.test/token',
  clientId: 'id',
  refreshToken: 'r',
};

function answer(text: string, status = 200): HttpResponse {
  return { status, reason: 'Reason', headers: [], body: Buffer.from(text) };
}

describe('the request for a token', () => {
  it.each<[string, OAuth, string]>([
    [
      'credentials in the body',
      credentials,
      'audience=aud&grant_type=client_credentials&scope=read%3Aall+write&client_secret=s%26c&client_id=id',
    ],
    [
      'credentials in a header',
      { ...credentials, clientAuthentication: 'basicAuthHeader' },
      'audience=aud&grant_type=client_credentials&scope=read%3Aall+write',
    ],
    [
      'no audience and no scope',
      { ...credentials, audience: undefined, scopes: ' ' },
      'audience&grant_type=client_credentials&client_secret=s%26c&client_id=id',
    ],
    ['a refresh token', refresh, 'grant_type=refresh_token&refresh_token=r&client_id=id'],
  ])('with %s', (_title, oauth, body) => {
    expect(buildTokenRequest(oauth).body.toString()).toBe(body);
  });

  it('carries the credentials in a header when it is to', () => {
    const { headers } = buildTokenRequest({ ...credentials, clientAuthentication: 'basicAuthHeader' });
    expect(headers).toContainEqual(['Authorization', 'Basic aWQ6cyZj']);
  });

  it('fails for another place', () => {
    expect(() => buildTokenRequest({ ...credentials, clientAuthentication: 'cookie' })).toThrow(
      'Unsupported client authentication method: cookie',
    );
  });
});

describe('the answer with a token', () => {
  it.each([
    ['{"access_token":"t","expires_in":60}', { token: 't', expiresInMs: 60_000 }],
    ['{"a":[{"data":{"access_token":"deep","expires_in":"60"}}]}', { token: 'deep', expiresInMs: undefined }],
    ['{"x":{"access_token":"inner"},"access_token":"own"}', { token: 'own', expiresInMs: undefined }],
  ])('%s', (text, expected) => {
    expect(readTokenAnswer(credentials, answer(text))).toEqual(expected);
  });

  it.each<[string, OAuth, string, string | undefined, RegExp]>([
    ['no token', credentials, '{}', 'OAUTH_TOKEN_ERROR', /access_token/],
    ['a list', credentials, '[1]', undefined, /^Response body is not valid JSON: \[1\]/],
    ['no JSON', credentials, 'hi', undefined, /^Response body is not valid JSON: hi/],
    [
      'an ended refresh token',
      refresh,
      '{"error":"invalid_grant"}',
      'OAUTH_REFRESH_TOKEN_EXPIRED',
      /invalid_grant/,
    ],
    [
      'a wish to interact',
      refresh,
      '{"error":"interaction_required"}',
      'OAUTH_INTERACTION_REQUIRED',
      /interaction/,
    ],
    ['another error', refresh, '{"error":"x"}', 'OAUTH_TOKEN_ERROR', /x/],
  ])('holds %s', (_title, oauth, text, code, message) => {
    expect(() => readTokenAnswer(oauth, answer(text))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error,
    );
  });

  it('of 400 and above is an HTTP error', () => {
    expect(() => readTokenAnswer(credentials, answer('no', 401))).toThrow(
      expect.objectContaining({ code: '401', message: 'Reason' }) as Error,
    );
  });
});

it('tokens are told apart by everything they were asked with', () => {
  const keys = [
    credentials,
    { ...credentials, clientSecret: 'other' },
    { ...credentials, audience: undefined },
    { ...credentials, scopes: 'x' },
    refresh,
  ].map((oauth) => cacheKeyOf(oauth));
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.join('')).not.toContain('s&c');
});
