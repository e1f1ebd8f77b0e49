import { stringifyJson } from '../../../src/json/json';
import { javaHashOrder } from '../../../src/java/hash-order';
import { responseText, statusError, successBody } from '../../../src/rest-connector/response';

describe('the body of a success', () => {
  it.each([
    ['', 'null'],
    [' \n\t ', 'null'],
    ['{"a":1}', '{"a":1}'],
    [' \n {"a":1} \n', '{"a":1}'],
    ['{"a":1} garbage', '{"a":1}'],
    ['{"a":1}{"b":2}', '{"a":1}'],
    ['{"a":1,"a":2}', '{"a":2}'],
    ['[1,2]', '[1,2]'],
    ['"hello"', '"\\"hello\\""'],
    ['42', '"42"'],
    ['null', '"null"'],
    ['{"a":1,}', '"{\\"a\\":1,}"'],
    ["{'a':1}", '"{\'a\':1}"'],
    ['{"n":9007199254740993,"d":1.10}', '{"n":9007199254740993,"d":1.1}'],
    ['\ufeff{"a":1}', '"\ufeff{\\"a\\":1}"'],
    ['data: {"a":1}\n\n', '"data: {\\"a\\":1}\\n\\n"'],
  ])('%j becomes %s', (text, json) => {
    expect(stringifyJson(successBody(Buffer.from(text)))).toBe(json);
  });

  it('is null when there is none', () => {
    expect(successBody(undefined)).toBeNull();
  });
});

describe('the response object', () => {
  it('has all five members, and headers by their spelling', () => {
    const headers: [string, string][] = [
      ['X-A', '1'],
      ['x-a', '2'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ];
    expect(JSON.parse(responseText({ status: 200, reason: '', headers }, null, null))).toEqual({
      status: 200,
      reason: '',
      headers: { 'X-A': '1', 'x-a': '2', 'Set-Cookie': ['a=1', 'b=2'] },
      body: null,
      document: null,
    });
  });

  it("has its headers in the order of Java's hash map", () => {
    const names = ['X-E', 'x-lower', 'X-Pad', 'Content-Length'].map((name) => [name, 1] as const);
    expect(javaHashOrder(names).map(([name]) => name)).toEqual(['x-lower', 'X-E', 'X-Pad', 'Content-Length']);
  });
});

describe('the error of a status', () => {
  it.each([
    [undefined, null],
    ['', ''],
    ['text', 'text'],
    ['"nope"', '"nope"'],
    ['{"a":1}', { a: 1 }],
    ['{"a":1,}', '{"a":1,}'],
    ['[{"a":1}]', { a: 1 }],
    ['[{"a":1},{"b":2}]', null],
    ['[1]', null],
    ['[]', null],
  ])('with the body %j shows %j', (text, body) => {
    const answer = {
      status: 422,
      reason: 'Nope',
      headers: [],
      body: text === undefined ? text : Buffer.from(text),
    };
    const error = statusError(answer);
    expect(error).toMatchObject({ message: 'Nope', code: '422', retry: { kind: 'consume' } });
    expect(JSON.parse(error.variables ?? '')).toEqual({ response: { headers: {}, body } });
  });
});
