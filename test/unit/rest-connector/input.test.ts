import { ConnectorError } from '../../../src/errors';
import { isJsonObject, parseJson, type JsonObject } from '../../../src/json/json';
import { authenticationOf, bindInput, validateInput } from '../../../src/rest-connector/input';

function object(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('not an object');
  return value;
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ConnectorError) {
      expect(error.retry).toEqual({ kind: 'never' });
      return error.message;
    }
    throw error;
  }
  throw new Error('Expected an error');
}

describe('a field is read leniently', () => {
  it.each([
    ['method', '"get"', 'GET'],
    ['method', '" Post "', 'POST'],
    ['method', '4', 'PUT'],
    ['method', '"1"', 'GET'],
    ['method', '["DELETE"]', 'DELETE'],
    ['method', 'null', undefined],
    ['url', '12', '12'],
    ['url', '1.50', '1.5'],
    ['url', 'true', 'true'],
    ['url', '["http://a"]', 'http://a'],
    ['readTimeoutInSeconds', '20', 20],
    ['readTimeoutInSeconds', '"20"', 20],
    ['readTimeoutInSeconds', '" 20 "', 20],
    ['readTimeoutInSeconds', '20.7', 20],
    ['readTimeoutInSeconds', '""', undefined],
    ['readTimeoutInSeconds', 'null', undefined],
    ['readTimeoutInSeconds', '-1', -1],
    ['followRedirects', '"True"', true],
    ['followRedirects', '"FALSE"', false],
    ['followRedirects', '1', true],
    ['followRedirects', '0', false],
    ['followRedirects', '""', false],
    ['followRedirects', 'null', false],
    ['skipEncoding', 'true', 'true'],
    [
      'headers',
      '{"a":1,"b":null,"c":[true]}',
      [
        ['a', '1'],
        ['b', undefined],
        ['c', 'true'],
      ],
    ],
    ['headers', '[{"a":"b"}]', [['a', 'b']]],
    ['headers', 'null', undefined],
    ['authentication', 'null', undefined],
    ['clientTls', '""', undefined],
  ])('%s: %s', (name, json, expected) => {
    const input = bindInput(object(`{"${name}":${json}}`));
    expect(input).toEqual(expected === undefined ? {} : { [name]: expected });
  });

  it('and unknown ones are left alone at every level', () => {
    const input = bindInput(object('{"Url":"x","authentication":{"type":"bearer","token":"t","x":{}}}'));
    expect(input).toEqual({ authentication: { type: 'bearer', token: 't' } });
  });
});

describe('a field that cannot be read is named', () => {
  it.each([
    ['{"method":"FOO"}', 'Json object contains an invalid field: method. It Must be `HttpMethod`'],
    ['{"method":""}', 'Json object contains an invalid field: method. It Must be `HttpMethod`'],
    ['{"method":5}', 'Json object contains an invalid field: method. It Must be `HttpMethod`'],
    [
      '{"readTimeoutInSeconds":"bad"}',
      'Json object contains an invalid field: readTimeoutInSeconds. It Must be `Integer`',
    ],
    [
      '{"readTimeoutInSeconds":"0xFF"}',
      'Json object contains an invalid field: readTimeoutInSeconds. It Must be `Integer`',
    ],
    [
      '{"readTimeoutInSeconds":true}',
      'Cannot deserialize value of type `java.lang.Integer` from Boolean value (token `JsonToken.VALUE_TRUE`)',
    ],
    [
      '{"readTimeoutInSeconds":3000000000}',
      'Numeric value (3000000000) out of range of int (-2147483648 - 2147483647)',
    ],
    ['{"storeResponse":"yes"}', 'Json object contains an invalid field: storeResponse. It Must be `boolean`'],
    [
      '{"storeResponse":1.5}',
      'Cannot deserialize value of type `boolean` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)',
    ],
    [
      '{"url":{"a":1}}',
      'Cannot deserialize value of type `java.lang.String` from Object value (token `JsonToken.START_OBJECT`)',
    ],
    [
      '{"url":["a","b"]}',
      "Unexpected token (VALUE_STRING), expected END_ARRAY: Attempted to unwrap 'java.lang.String' value from an array (with `DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS`) but it contains more than one value",
    ],
    ['{"headers":""}', 'Json object contains an invalid field: headers. It Must be `LinkedHashMap`'],
    [
      '{"queryParameters":5}',
      'Cannot deserialize value of type `java.util.LinkedHashMap<java.lang.String,java.lang.String>` from Integer value (token `JsonToken.VALUE_NUMBER_INT`)',
    ],
    ['{"authentication":{}}', 'Json object contains an invalid field: authentication'],
    ['{"authentication":""}', 'Json object contains an invalid field: authentication'],
    ['{"authentication":{"type":"magic"}}', 'Json object contains an invalid field: authentication'],
    [
      '{"authentication":{"type":"apiKey","apiKeyLocation":"cookie"}}',
      'Json object contains an invalid field: authentication, apiKeyLocation. It Must be `ApiKeyLocation`',
    ],
  ])('%s', (json, message) => {
    expect(messageOf(() => bindInput(object(json)))).toBe(message);
  });
});

describe('rules beyond types', () => {
  const check = (json: string) => () => validateInput(bindInput(object(json)));

  it.each([['http://a'], ['https://a/b c'], ['='], ['secrets.X/path'], ['{{secrets.X}}']])(
    'the url %s is fine',
    (url) => {
      expect(check(JSON.stringify({ method: 'get', url }))).not.toThrow();
    },
  );

  it.each(['ftp://x', 'HTTP://x', ' http://x', 'http://a\nb', '=a', 'x'])('the url %j is none', (url) => {
    expect(messageOf(check(JSON.stringify({ method: 'get', url })))).toBe(
      'jakarta.validation.ValidationException: Found constraints violated while validating input: \n - Property: url: Validation failed. Original message: Must be a http(s) URL',
    );
  });

  it('all violations are told at once', () => {
    const message = messageOf(
      check(
        '{"url":" ","authentication":{"type":"apiKey"},"authenticationConfiguration":{"authentication":{"type":"oauth-client-credentials-flow","oauthTokenEndpoint":"x"}}}',
      ),
    );
    const properties = [...message.matchAll(/Property: (\S+): Validation failed. Original message: (.+)/g)];
    expect(properties.map(([, property, text]) => `${property} ${text}`).sort()).toEqual([
      'authentication.apiKeyLocation must not be null',
      'authentication.name must not be empty',
      'authentication.value must not be empty',
      'authenticationConfiguration.authentication.clientAuthentication must not be empty',
      'authenticationConfiguration.authentication.clientId must not be empty',
      'authenticationConfiguration.authentication.clientSecret must not be empty',
      'authenticationConfiguration.authentication.oauthTokenEndpoint Must be a http(s) URL',
      'method must not be null',
      'url Must be a http(s) URL',
      'url must not be blank',
    ]);
  });

  it('the configured authentication replaces the inline one', () => {
    const input = bindInput(
      object(
        '{"authentication":{"type":"bearer","token":"a"},"authenticationConfiguration":{"authentication":{"type":"noAuth"}}}',
      ),
    );
    expect(authenticationOf(input)).toEqual({ type: 'noAuth' });
  });
});
