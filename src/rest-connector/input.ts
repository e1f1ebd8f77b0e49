/** The input of a REST job: its fields, how they are read from the variables and when they are valid. Pure. */
import { inputError } from '../errors';
import { isJsonObject, type Json, type JsonObject } from '../json/json';
import { mismatch, toBoolean, toConstant, toInteger, toText, toTextMap, unwrap, type Path } from './coerce';
import { unknownKind } from './errors';

export const methods = ['POST', 'GET', 'DELETE', 'PATCH', 'PUT'] as const;
export type Method = (typeof methods)[number];

const apiKeyLocations = ['QUERY', 'HEADERS'] as const;

/** Texts may be absent; `validate` says which must not be. */
export type AuthenticationInput =
  | { readonly type: 'noAuth' }
  | { readonly type: 'basic'; readonly username?: string | undefined; readonly password?: string | undefined }
  | { readonly type: 'bearer'; readonly token?: string | undefined }
  | {
      readonly type: 'apiKey';
      readonly apiKeyLocation?: (typeof apiKeyLocations)[number] | undefined;
      readonly name?: string | undefined;
      readonly value?: string | undefined;
    }
  | ClientCredentials
  | RefreshToken;

export interface ClientCredentials {
  readonly type: 'oauth-client-credentials-flow';
  readonly oauthTokenEndpoint?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly audience?: string | undefined;
  readonly clientAuthentication?: string | undefined;
  readonly scopes?: string | undefined;
}

export interface RefreshToken {
  readonly type: 'oauth-refresh-token';
  readonly oauthTokenEndpoint?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly scopes?: string | undefined;
}

export interface ClientTls {
  readonly clientCertificate?: string | undefined;
  readonly clientPrivateKey?: string | undefined;
  readonly privateKeyPassword?: string | undefined;
  readonly trustedCertificate?: string | undefined;
}

export type TextMap = readonly (readonly [name: string, value: string | undefined])[];

export interface RestInput {
  readonly method?: Method | undefined;
  readonly url?: string | undefined;
  readonly headers?: TextMap | undefined;
  readonly queryParameters?: TextMap | undefined;
  /** Documents in it are still references. */
  readonly body?: Json | undefined;
  readonly authentication?: AuthenticationInput | undefined;
  /** Replaces `authentication` when it is there. */
  readonly authenticationConfiguration?:
    { readonly authentication?: AuthenticationInput | undefined } | undefined;
  readonly clientTls?: ClientTls | undefined;
  readonly connectionTimeoutInSeconds?: number | undefined;
  readonly readTimeoutInSeconds?: number | undefined;
  readonly skipEncoding?: string | undefined;
  readonly ignoreNullValues?: boolean | undefined;
  readonly followRedirects?: boolean | undefined;
  readonly storeResponse?: boolean | undefined;
}

type Reader<T> = (value: Json, path: Path) => T | undefined;

const authenticationFields = {
  noAuth: {},
  basic: { username: toText, password: toText },
  bearer: { token: toText },
  apiKey: { apiKeyLocation: toApiKeyLocation, name: toText, value: toText },
  'oauth-client-credentials-flow': {
    oauthTokenEndpoint: toText,
    clientId: toText,
    clientSecret: toText,
    audience: toText,
    clientAuthentication: toText,
    scopes: toText,
  },
  'oauth-refresh-token': {
    oauthTokenEndpoint: toText,
    clientId: toText,
    clientSecret: toText,
    refreshToken: toText,
    scopes: toText,
  },
} as const satisfies Record<AuthenticationInput['type'], Readonly<Record<string, Reader<string>>>>;

const fields: { readonly [K in keyof RestInput]-?: Reader<NonNullable<RestInput[K]>> } = {
  method: toMethod,
  url: toText,
  headers: toTextMap,
  queryParameters: toTextMap,
  body: (value) => value ?? undefined,
  authentication: toAuthentication,
  authenticationConfiguration: (value, path) =>
    readFields(value, path, { authentication: toAuthentication }, 'AuthenticationConfiguration'),
  clientTls: (value, path) =>
    readFields(
      value,
      path,
      {
        clientCertificate: toText,
        clientPrivateKey: toText,
        privateKeyPassword: toText,
        trustedCertificate: toText,
      },
      'ClientTls',
    ),
  connectionTimeoutInSeconds: toInteger,
  readTimeoutInSeconds: toInteger,
  skipEncoding: toText,
  ignoreNullValues: toBoolean,
  followRedirects: toBoolean,
  storeResponse: toBoolean,
};

/** Names of the variables a REST job takes. */
export const restVariables: readonly string[] = [
  ...Object.keys(fields),
  'documentReturnFormat',
  'groupSetCookieHeaders',
];

/**
 * Reads the input; variables it does not know are left alone.
 * @throws ConnectorError (no retry) for the first field that cannot be read
 */
export function bindInput(variables: JsonObject): RestInput {
  return readMembers(variables, [], fields);
}

/** The authentication that counts. */
export function authenticationOf(input: RestInput): AuthenticationInput {
  const configured = input.authenticationConfiguration;
  return (configured === undefined ? input.authentication : configured.authentication) ?? { type: 'noAuth' };
}

function toMethod(value: Json, path: Path): Method | undefined {
  const className = 'io.camunda.connector.http.client.model.HttpMethod';
  return toConstant(value, path, methods, { name: 'HttpMethod', className });
}

function toApiKeyLocation(value: Json, path: Path): 'QUERY' | 'HEADERS' | undefined {
  const className = 'io.camunda.connector.http.client.authentication.ApiKeyLocation';
  return toConstant(value, path, apiKeyLocations, { name: 'ApiKeyLocation', className });
}

function toAuthentication(value: Json, path: Path): AuthenticationInput | undefined {
  const single = unwrap(value);
  if (single === null) return undefined;
  const type = isJsonObject(single) ? single['type'] : undefined;
  if (!isJsonObject(single) || typeof type !== 'string' || !isAuthenticationType(type)) {
    throw unknownKind(path);
  }
  const readers: Readonly<Record<string, Reader<string>>> = authenticationFields[type];
  return { ...readMembers(single, path, readers), type };
}

function isAuthenticationType(type: string): type is AuthenticationInput['type'] {
  return Object.hasOwn(authenticationFields, type);
}

function readFields<T>(
  value: Json,
  path: Path,
  readers: { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> },
  className: string,
): T | undefined {
  const single = unwrap(value);
  if (single === null || single === '') return undefined;
  if (!isJsonObject(single)) {
    throw mismatch(`io.camunda.connector.http.client.model.${className}`, value);
  }
  return readMembers(single, path, readers);
}

function readMembers<T>(
  object: JsonObject,
  path: Path,
  readers: { readonly [K in keyof T]-?: Reader<NonNullable<T[K]>> },
): T {
  const result: Partial<Record<keyof T, unknown>> = {};
  for (const [name, member] of Object.entries(object)) {
    if (!Object.hasOwn(readers, name)) continue;
    const key = name as keyof T & string;
    result[key] = readers[key](member, [...path, key]);
  }
  return result as T;
}

/** Whole text: `=` alone, or beginning with http://, https://, secrets or {{, without a line break. */
const urlPattern = /^(?:=|(?:https?:\/\/|secrets|\{\{)[^\n\r\u0085\u2028\u2029]*)$/;

/**
 * Checks the rules that go beyond types.
 * @throws ConnectorError (no retry) with one line per violation
 */
export function validateInput(input: RestInput): void {
  const violations: string[] = [];
  const report = (property: string, text: string): void => {
    violations.push(` - Property: ${property}: Validation failed. Original message: ${text}`);
  };
  if (input.method === undefined) report('method', 'must not be null');
  if (isBlank(input.url)) report('url', 'must not be blank');
  if (input.url !== undefined && !urlPattern.test(input.url)) report('url', 'Must be a http(s) URL');
  validateAuthentication('authentication', input.authentication, report);
  validateAuthentication(
    'authenticationConfiguration.authentication',
    input.authenticationConfiguration?.authentication,
    report,
  );
  if (violations.length === 0) return;
  throw inputError(
    `jakarta.validation.ValidationException: Found constraints violated while validating input: \n${violations.join('\n')}`,
  );
}

const requiredTexts: { readonly [K in AuthenticationInput['type']]: readonly string[] } = {
  noAuth: [],
  basic: ['username'],
  bearer: ['token'],
  apiKey: ['name', 'value'],
  'oauth-client-credentials-flow': ['oauthTokenEndpoint', 'clientId', 'clientSecret', 'clientAuthentication'],
  'oauth-refresh-token': ['oauthTokenEndpoint', 'clientId', 'refreshToken'],
};

function validateAuthentication(
  path: string,
  authentication: AuthenticationInput | undefined,
  report: (property: string, text: string) => void,
): void {
  if (authentication === undefined) return;
  const members = authentication as Readonly<Record<string, string | undefined>>;
  for (const name of requiredTexts[authentication.type]) {
    if ((members[name] ?? '') === '') report(`${path}.${name}`, 'must not be empty');
  }
  if (authentication.type === 'apiKey' && authentication.apiKeyLocation === undefined) {
    report(`${path}.apiKeyLocation`, 'must not be null');
  }
  const endpoint = members['oauthTokenEndpoint'];
  if (endpoint !== undefined && !urlPattern.test(endpoint)) {
    report(`${path}.oauthTokenEndpoint`, 'Must be a http(s) URL');
  }
}

function isBlank(text: string | undefined): boolean {
  // Java trims everything up to the space.
  return [...(text ?? '')].every((character) => character <= ' ');
}
