/** Addresses of the page. */
import { instanceLink, parseRoute, processLink } from '../../../../../src/engine/page/app/route';

it.each([
  '',
  '#',
  '#/',
  '#/other/1',
  '#/instance/',
  '#/instance/x',
  '#/instance/1e3',
  '#/process/',
  '#/process/%E0%A4%A',
])('%j is home', (hash) => {
  expect(parseRoute(hash)).toEqual({ kind: 'home' });
});

it('a link leads to what it was made for, whatever is in the name', () => {
  expect(parseRoute(instanceLink('9223372036854775807'))).toEqual({
    kind: 'instance',
    key: '9223372036854775807',
  });
  for (const processId of ['order', 'a/b', 'ä#?%', '<b>']) {
    expect(parseRoute(processLink(processId))).toEqual({ kind: 'process', processId });
    expect(parseRoute(processLink(processId, 12))).toEqual({ kind: 'process', processId, version: 12 });
  }
});
