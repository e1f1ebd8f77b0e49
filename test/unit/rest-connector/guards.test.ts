import { checkBlockList, readBlockList } from '../../../src/rest-connector/block-list';
import { proxyFor, readProxies } from '../../../src/rest-connector/proxies';

const regex = (pattern: string) => {
  const compiled = new RegExp(`^(?:${pattern})$`);
  return (text: string) => compiled.test(text);
};

describe('the block list', () => {
  const { rules, warnings } = readBlockList(
    {
      CAMUNDA_CONNECTOR_HTTP_BLOCK_URL_META: 'http://meta',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_URL: '/admin',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_PORT_DB: '8080, 5432,443',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_REGEX_INT: '^http://int.*',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_REGEX_BAD: '(',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_PORT_BAD: 'abc',
      CAMUNDA_CONNECTOR_HTTP_BLOCK_HOST_X: 'a',
      OTHER: 'x',
    },
    regex,
  );

  it.each([
    ['http://meta/x', 'The provided URL is not allowed (Block Name: META)'],
    ['http://a/admin/x', 'The provided URL is not allowed'],
    ['http://a:5432/', 'The provided port is not allowed (Block Name: DB)'],
    ['https://a/', 'The provided port is not allowed (Block Name: DB)'],
    ['http://int.x/', 'The provided URL is not allowed (Block Name: INT)'],
  ])('stops %s', (url, message) => {
    expect(() => checkBlockList(url, rules)).toThrow(`java.lang.IllegalArgumentException: ${message}`);
  });

  it.each(['http://a/', 'http://a:81/', 'http://x.int/'])('lets %s pass', (url) => {
    expect(() => checkBlockList(url, rules)).not.toThrow();
  });

  it('with ports refuses what is no URI at the cost of one retry', () => {
    expect(() => checkBlockList('http://a/b c', rules)).toThrow(/Illegal character in path/);
  });

  it('skips what it cannot read, and says so', () => {
    expect(warnings).toEqual([
      expect.stringMatching(/BLOCK_REGEX_BAD is skipped/),
      expect.stringMatching(/BLOCK_PORT_BAD is skipped/),
      expect.stringMatching(/BLOCK_HOST_X is skipped/),
    ]);
  });
});

describe('proxies', () => {
  const settings = readProxies({
    CONNECTOR_HTTP_PROXY_HOST: 'proxy',
    CONNECTOR_HTTP_PROXY_PORT: '3128',
    CONNECTOR_HTTP_PROXY_USER: 'u',
    CONNECTOR_HTTP_PROXY_PASSWORD: 'p',
    CONNECTOR_HTTPS_PROXY_HOST: 'proxy',
    CONNECTOR_HTTPS_PROXY_PORT: 'many',
    CONNECTOR_HTTP_NON_PROXY_HOSTS: 'localhost|*.internal|10.*.1',
  });

  it('are chosen by the scheme of the URL', () => {
    expect(proxyFor('http://a/', settings)).toEqual({
      scheme: 'http',
      host: 'proxy',
      port: 3128,
      user: 'u',
      password: 'p',
    });
  });

  it('with a wrong port fail the job', () => {
    expect(() => proxyFor('https://a/', settings)).toThrow(/CONNECTOR_HTTPS_PROXY_PORT is many/);
  });

  it.each(['localhost', 'LOCALHOST:81', 'a.internal', '10.0.1'])('leave %s alone', (host) => {
    expect(proxyFor(`http://${host}/`, settings)).toBe(false);
  });

  it.each(['localhost.de', 'internal', '10.0.12', 'aXinternal'])('serve %s', (host) => {
    expect(proxyFor(`http://${host}/`, settings)).not.toBe(false);
  });

  it('without host or port are none', () => {
    const none = readProxies({ CONNECTOR_HTTP_PROXY_HOST: 'x', CONNECTOR_HTTP_PROXY_PORT: ' ' });
    expect(proxyFor('http://a/', none)).toBeUndefined();
  });

  it('need user and password to log in', () => {
    const anonymous = readProxies({
      CONNECTOR_HTTP_PROXY_HOST: 'x',
      CONNECTOR_HTTP_PROXY_PORT: '1',
      CONNECTOR_HTTP_PROXY_USER: 'u',
      CONNECTOR_HTTP_PROXY_SCHEME: 'https',
    });
    expect(proxyFor('http://a/', anonymous)).toEqual({ scheme: 'https', host: 'x', port: 1 });
  });
});
