import { ConnectorError } from '../../../src/errors';
import type { TextMap } from '../../../src/rest-connector/input';
import { buildUrl } from '../../../src/rest-connector/url';

const base = 'http://h.test';

describe('a URL is decoded and encoded again', () => {
  it.each([
    ['/hello, world!', '/hello,%20world!'],
    ['/hello%2C%20world%21', '/hello,%20world!'],
    ['/hello,%26world!', '/hello,&world!'],
    ['/über uns', '/%C3%BCber%20uns'],
    ['/hello+world', '/hello%2Bworld'],
    ['/a%2Fb/%25', '/a%2Fb/%25'],
    ['/a/../b/./c//d', '/a/../b/./c//d'],
    ['', '/'],
    ['?a=b', '/?a=b'],
    ['/x ', '/x'],
    ['/x#fragment', '/x'],
    ['/test?hello+world', '/test?hello%20world'],
    ['/test?query=hello%3Aworld%3F', '/test?query=hello:world?'],
    ['/t?a=1%2B1&b=x%26y%3Dz&c=%C3%A9', '/t?a=1%2B1&b=x%26y%3Dz&c=%C3%A9'],
    ['/t?flag=&bare&a=1&b=2&a=3', '/t?flag&bare&a=1&a=3&b=2'],
    ['/t?a[0]=1|2', '/t?a%5B0%5D=1%7C2'],
    ['/t?u=http://x/?y', '/t?u=http://x/?y'],
    ['/%FF', '/%EF%BF%BD'],
    ['/a;b=c/(d)', '/a;b=c/(d)'],
    ['/<>"{}', '/%3C%3E%22%7B%7D'],
  ])('%s is sent as %s', (path, sent) => {
    expect(buildUrl(base + path, [], false)).toBe(base + sent);
  });

  it('keeps port and host as they are', () => {
    expect(buildUrl('https://My-Host:8443/a', [], false)).toBe('https://My-Host:8443/a');
    expect(buildUrl('http://[::1]:80/a', [], false)).toBe('http://[::1]:80/a');
  });
});

describe('a URL that is to be left alone', () => {
  it('keeps its escapes', () => {
    expect(buildUrl(`${base}/a%2Fb?x=%3A#f`, [], true)).toBe(`${base}/a%2Fb?x=%3A`);
  });

  it('may hold characters beyond ASCII', () => {
    expect(buildUrl(`${base}/é`, [], true)).toBe(`${base}/%C3%A9`);
  });

  it.each([
    ['/hello world', 'Illegal character in path at index 19'],
    ['/x?a=b c', 'Illegal character in query at index 19'],
    ['/x#a b', 'Illegal character in fragment at index 17'],
    ['/%zz', 'Malformed escape pair at index 14'],
  ])('is refused with %s, at the cost of one retry', (path, message) => {
    expect(faultOf(base + path, true)).toEqual({ message: `${message}: ${base}${path}`, retry: 'consume' });
  });
});

describe('query parameters', () => {
  const parameters: TextMap = [
    ['a b', 'c d'],
    ['p', '1+1'],
    ['slash', 'a/b:c'],
    ['n', undefined],
    ['e', ''],
    ['star', '*~!'],
  ];

  it('are encoded strictly, and the rest of the query with them', () => {
    expect(buildUrl(`${base}/p?x=a:b,c&flag&k=`, parameters, false)).toBe(
      `${base}/p?x=a%3Ab%2Cc&flag&k&a%20b=c%20d&p=1%2B1&slash=a%2Fb%3Ac&n&e=&star=%2A~%21`,
    );
  });

  it('leave the path of an unencoded URL alone', () => {
    expect(buildUrl(`${base}/a%2Fb?x=1+1`, [['k', 'v']], true)).toBe(`${base}/a%2Fb?x=1%2B1&k=v`);
  });
});

describe('a URL that cannot be called', () => {
  it.each([
    ['http://0000::1', 'hostname'],
    ['=', 'hostname'],
    ['http://', 'hostname'],
    ['http://:80/', 'hostname'],
    ['http://h:99999/', 'hostname'],
  ])('%s is an input error', (url, missing) => {
    expect(faultOf(url, false)).toEqual({
      message: `Invalid URL: The URL '${url}' cannot be parsed as a valid HTTP request. Please ensure the URL includes a valid ${missing}.`,
      retry: 'never',
    });
  });

  it('because of a broken escape costs one retry', () => {
    expect(faultOf(`${base}/a%zz`, false)).toEqual({
      message: `Malformed escape pair at index 15: ${base}/a%zz`,
      retry: 'consume',
    });
  });

  it('because it names a user is a protocol error', () => {
    expect(faultOf('http://user:pw@h.test/', false)).toEqual({
      message: 'An error with the HTTP protocol occurred',
      retry: 'consume',
    });
  });
});

function faultOf(url: string, skipEncoding: boolean): { message: string; retry: string } {
  try {
    buildUrl(url, [], skipEncoding);
  } catch (error) {
    if (error instanceof ConnectorError) return { message: error.message, retry: error.retry.kind };
    throw error;
  }
  throw new Error('Expected an error');
}
