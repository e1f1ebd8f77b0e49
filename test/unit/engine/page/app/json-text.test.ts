/** JSON on the page: shown and sent as it is, whatever its numbers. */
import { checkVariables, excerpt, prettyJson } from '../../../../../src/engine/page/app/json-text';

it.each([
  ['{"a":1,"b":[1,2,{}]}', '{\n  "a": 1,\n  "b": [\n    1,\n    2,\n    {}\n  ]\n}'],
  ['[ ]', '[]'],
  ['"{\\"a\\":1}"', '"{\\"a\\":1}"'],
  ['{"k,:{":"v, [x]: \\\\"}', '{\n  "k,:{": "v, [x]: \\\\"\n}'],
  ['123456789012345678901234567890', '123456789012345678901234567890'],
  ['[1.0,1e400,-0]', '[\n  1.0,\n  1e400,\n  -0\n]'],
  ['{"a":[1,"cut in the mid', '{\n  "a": [\n    1,\n    "cut in the mid'],
  ['', ''],
])('%s is laid out', (json, pretty) => {
  expect(prettyJson(json)).toBe(pretty);
});

it('a large or a deep text is laid out in moments', () => {
  expect(prettyJson(`"${'y'.repeat(4_000_000)}"`)).toHaveLength(4_000_002);
  expect(prettyJson('['.repeat(20_000) + ']'.repeat(20_000)).length).toBeLessThan(4_000_000);
});

it('the beginning of a long text is cut by lines and by letters, never within a letter', () => {
  expect(excerpt('a\nb\nc', 3, 100)).toEqual({ text: 'a\nb\nc', isCut: false });
  expect(excerpt('a\nb\nc', 2, 100)).toEqual({ text: 'a\nb', isCut: true });
  expect(excerpt('abcdef', 2, 3)).toEqual({ text: 'abc', isCut: true });
  expect(excerpt('ab😀', 2, 3).text.isWellFormed()).toBe(true);
});

it.each([
  ['', '{}'],
  ['  ', '{}'],
  [' {"a": 9007199254740993} ', '{"a": 9007199254740993}'],
])('%j is sent as %j', (typed, json) => {
  expect(checkVariables(typed)).toEqual({ ok: true, json });
});

it.each([
  ['{"a": 1,}', /^This is not JSON yet\. .+\.$/],
  ['{a: 1}', /^This is not JSON yet\. /],
  ['[1]', /an object, such as .*, but this is a list\.$/],
  ['"x"', /but this is a text\.$/],
  ['12', /but this is a number\.$/],
  ['true', /but this is a boolean\.$/],
  ['null', /but this is null\.$/],
])('%j is not sent, and the reason is a sentence', (typed, reason) => {
  expect(checkVariables(typed)).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
});
