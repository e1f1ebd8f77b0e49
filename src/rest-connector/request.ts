/** From the input to the HTTP request. */
import type { HeaderLines } from '../http/request';
import { basicCredentials } from './basic';
import { buildBody } from './body';
import { contentTypeOf, isContentType, isMultipart, parameterOf } from './content-type';
import { authenticationOf, type AuthenticationInput, type RestInput, type TextMap } from './input';
import type { References } from './references';
import { clientTlsOf, type TlsMaterial } from './tls';
import { buildUrl } from './url';

export interface BuiltRequest {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: HeaderLines;
    readonly body?: Buffer;
    readonly tls?: TlsMaterial;
  };
  /** Whether it can be sent again as it is. */
  readonly repeatable: boolean;
  /** Name of the header that carries an API key. */
  readonly credentialHeader: string | undefined;
}

const methodsWithBody = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Builds the request. Headers are added in the order authentication, content type, user's own, and never replaced.
 * @param token access token when the authentication is OAuth
 * @throws ConnectorError
 */
export async function buildRequest(
  input: RestInput,
  token: string | undefined,
  references: References,
  random: () => number,
): Promise<BuiltRequest> {
  const { method = 'GET', url = '', headers = [], queryParameters = [] } = input;
  const authentication = authenticate(authenticationOf(input), token);
  const tls = clientTlsOf(input.clientTls);
  const target = buildUrl(
    url,
    [...authentication.parameters, ...queryParameters],
    input.skipEncoding === 'true',
  );
  const common = { method, url: target, ...(tls === undefined ? {} : { tls }) };
  if (!methodsWithBody.has(method)) {
    const lines = headerLines([...authentication.headers, ...headers.filter(isSent)]);
    return {
      request: { ...common, headers: lines },
      repeatable: true,
      credentialHeader: authentication.name,
    };
  }
  const contentType =
    input.body === undefined && !hasContentType(headers) ? undefined : contentTypeOf(headers);
  const {
    content,
    contentType: automatic,
    repeatable,
  } = await buildBody(input.body, {
    contentType,
    ignoreNullValues: input.ignoreNullValues === true,
    references,
    random,
  });
  const lines = headerLines([
    ...authentication.headers,
    ...(automatic === undefined ? [] : [['Content-Type', automatic] as const]),
    ...headers.filter(isSent).filter(([name, value]) => !isContentType(name) || !isReplaced(value)),
  ]);
  return {
    request: { ...common, headers: lines, body: content },
    repeatable,
    credentialHeader: authentication.name,
  };
}

function authenticate(
  authentication: AuthenticationInput,
  token: string | undefined,
): { headers: TextMap; parameters: TextMap; name: string | undefined } {
  const header = (name: string, value: string) => ({
    headers: [[name, value]] as TextMap,
    parameters: [],
    name,
  });
  switch (authentication.type) {
    case 'noAuth':
      return { headers: [], parameters: [], name: undefined };
    case 'basic':
      return header(
        'Authorization',
        basicCredentials(authentication.username ?? '', authentication.password),
      );
    case 'bearer':
      return header('Authorization', `Bearer ${authentication.token}`);
    case 'apiKey': {
      const { name = '', value = '', apiKeyLocation } = authentication;
      if (apiKeyLocation === 'HEADERS') return header(name, value);
      return { headers: [], parameters: [[name, value]], name: undefined };
    }
    case 'oauth-client-credentials-flow':
    case 'oauth-refresh-token':
      return header('Authorization', `Bearer ${token}`);
  }
}

function hasContentType(headers: TextMap): boolean {
  return headers.some(([name]) => isContentType(name));
}

/** `Content-Type` without a value counts as not given; any other header without one is sent empty. */
function isSent([name, value]: TextMap[number]): boolean {
  return name !== 'Content-Type' || value !== undefined;
}

/** A multipart type without boundary gives way to the generated one. */
function isReplaced(value: string | undefined): boolean {
  return isMultipart(value) && parameterOf(value ?? '', 'boundary') === undefined;
}

/** Header lines carry ISO-8859-1 on one line: line breaks become spaces, other characters question marks. */
function headerLines(headers: TextMap): HeaderLines {
  return headers.map(([name, value]) => [
    name,
    (value ?? '').replaceAll(/[\r\n]/g, ' ').replaceAll(/[\u0100-\u{10ffff}]/gu, '?'),
  ]);
}
