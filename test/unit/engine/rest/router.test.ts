import { noContent } from '../../../../src/engine/rest/answer';
import type { Handler } from '../../../../src/engine/rest/call';
import { Router } from '../../../../src/engine/rest/router';

const handler: Handler = () => noContent;
const router = new Router([
  ['POST', '/v2/things/search', handler],
  ['GET', '/v2/things/{key}', handler],
  ['PATCH', '/v2/things/{key}', handler],
  ['POST', '/v2/things/{key}/parts/{part}/end', handler],
]);

describe('Router', () => {
  it('names the variable parts of a path, unescaped', () => {
    expect(router.find('POST', '/v2/things/12/parts/a%2Fb%20c/end')).toMatchObject({
      kind: 'handler',
      params: { key: '12', part: 'a/b c' },
    });
  });

  it('takes a fixed segment before a variable one', () => {
    expect(router.find('POST', '/v2/things/search')).toMatchObject({ kind: 'handler', params: {} });
  });

  it('tells the methods of a path that is known', () => {
    expect(router.find('DELETE', '/v2/things/1')).toEqual({
      kind: 'otherMethods',
      methods: ['GET', 'PATCH'],
    });
  });

  it.each(['/', '/v2', '/v2/things', '/v2/things/1/parts', '/v2/things/1/', '/other', '/v2/things/%ff'])(
    '%s is unknown',
    (path) => {
      expect(router.find('GET', path)).toEqual({ kind: 'unknown' });
    },
  );
});
