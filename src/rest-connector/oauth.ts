/** OAuth 2.0: how a token is asked for and read. */
import { ConnectorError } from '../errors';
import type { HeaderLines, HttpResponse } from '../http/request';
import { isJsonList, isJsonObject, JsonNumber, JsonSyntaxError, parseJson, type Json } from '../json/json';
import { basicCredentials } from './basic';
import { classNames } from '../java/class-names';
import { javaFault } from '../java/fault';
import type { ClientCredentials, RefreshToken } from './input';
import { statusError } from './response';
import { tokenKey, type FetchedToken } from './token-cache';
import { encodeStrictly } from './url';

export type OAuth = ClientCredentials | RefreshToken;

export interface OAuthRequest {
  readonly url: string;
  readonly headers: HeaderLines;
  readonly body: Buffer;
}

/** What a token depends on. Pure. */
export function cacheKeyOf(oauth: OAuth): string {
  const { type, oauthTokenEndpoint, clientId, clientSecret, scopes } = oauth;
  const rest =
    oauth.type === 'oauth-refresh-token'
      ? [oauth.refreshToken]
      : [oauth.audience, oauth.clientAuthentication];
  return tokenKey([type, oauthTokenEndpoint, clientId, clientSecret, scopes, ...rest]);
}

/**
 * The request for a token. Pure.
 * @throws ConnectorError for an unknown place of the credentials
 */
export function buildTokenRequest(oauth: OAuth): OAuthRequest {
  const { clientId = '', clientSecret = '', scopes = '' } = oauth;
  const scope: Field[] = scopes.trim() === '' ? [] : [['scope', scopes]];
  const form: [string, string] = ['Content-Type', 'application/x-www-form-urlencoded'];
  const url = oauth.oauthTokenEndpoint ?? '';
  if (oauth.type === 'oauth-refresh-token') {
    const secret: Field[] = clientSecret === '' ? [] : [['client_secret', clientSecret]];
    const fields: Field[] = [
      ['grant_type', 'refresh_token'],
      ['refresh_token', oauth.refreshToken],
      ...scope,
      ...secret,
      ['client_id', clientId],
    ];
    return { url, headers: [form], body: formOf(fields) };
  }
  const fields: Field[] = [['audience', oauth.audience], ['grant_type', 'client_credentials'], ...scope];
  switch (oauth.clientAuthentication) {
    case 'credentialsBody':
      fields.push(['client_secret', clientSecret], ['client_id', clientId]);
      return { url, headers: [form], body: formOf(fields) };
    case 'basicAuthHeader':
      return {
        url,
        headers: [['Authorization', basicCredentials(clientId, clientSecret)], form],
        body: formOf(fields),
      };
    default:
      throw javaFault(
        classNames.illegalArgument,
        `Unsupported client authentication method: ${oauth.clientAuthentication}`,
      );
  }
}

/**
 * Reads the answer: `access_token` and `expires_in` wherever they are in it. Pure.
 * @throws ConnectorError with the status for one of 400 and above, OAUTH_* for an answer without token
 */
export function readTokenAnswer(oauth: OAuth, answer: HttpResponse): FetchedToken {
  if (answer.status >= 400) throw statusError(answer);
  const text = answer.body?.toString('utf8') ?? '';
  const data = parseAnswer(text);
  if (oauth.type === 'oauth-refresh-token') {
    const { error } = data;
    if (typeof error === 'string') throw refusedRefresh(error);
  }
  const token = findMember(data, 'access_token');
  if (token === undefined || token === null || typeof token === 'object') {
    if (!(token instanceof JsonNumber)) {
      throw oauthError('OAUTH_TOKEN_ERROR', 'The answer of the OAuth token endpoint holds no access_token');
    }
  }
  const seconds = numberOf(findMember(data, 'expires_in'));
  return {
    token: token instanceof JsonNumber ? token.text : String(token),
    expiresInMs: seconds === undefined ? undefined : seconds * 1000,
  };
}

type Field = readonly [name: string, value: string | undefined];

/** A field without value is sent as its bare name. */
function formOf(fields: readonly Field[]): Buffer {
  const encode = (text: string): string => encodeStrictly(text).replaceAll('%20', '+');
  const pairs = fields.map(([name, value]) => (value === undefined ? name : `${name}=${encode(value)}`));
  return Buffer.from(pairs.join('&'), 'latin1');
}

function parseAnswer(text: string): { readonly [name: string]: Json } {
  try {
    const data = parseJson(text);
    if (isJsonObject(data)) return data;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  throw new ConnectorError(`Response body is not valid JSON: ${text.slice(0, 500)}`, {
    cause: 'INVALID_ANSWER',
  });
}

function refusedRefresh(error: string): ConnectorError {
  const code =
    error === 'invalid_grant'
      ? 'OAUTH_REFRESH_TOKEN_EXPIRED'
      : error === 'interaction_required'
        ? 'OAUTH_INTERACTION_REQUIRED'
        : 'OAUTH_TOKEN_ERROR';
  return oauthError(code, `The OAuth token endpoint refused the refresh token: ${error}`);
}

function oauthError(code: string, message: string): ConnectorError {
  return new ConnectorError(message, { code, cause: 'UNAUTHORIZED' });
}

/** The member of that name: of the object itself, else of the first child that holds one. */
function findMember(value: Json, name: string): Json | undefined {
  if (isJsonObject(value) && Object.hasOwn(value, name)) return value[name];
  const children = isJsonList(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  for (const child of children) {
    const found = findMember(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return value instanceof JsonNumber ? Number(value.text) : undefined;
}
