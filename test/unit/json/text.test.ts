import { knownJson, objectText, plainText, withMember } from '../../../src/json/text';

describe('an object from texts', () => {
  it('keeps every digit of its members, and leaves absent ones out', () => {
    const object = objectText({
      'a"b': knownJson('1.0'),
      big: knownJson('12345678901234567890'),
      gone: undefined,
    });
    expect(object).toBe('{"a\\"b":1.0,"big":12345678901234567890}');
  });

  it('may be empty', () => {
    expect(objectText({})).toBe('{}');
  });
});

describe('an object with one more member', () => {
  it.each([
    ['{}', '{"n":null}'],
    [' { } ', ' {"n":null}'],
    ['{"a":"}"}\n', '{"a":"}","n":null}'],
    ['{"n":1}', '{"n":1,"n":null}'],
  ])('%s becomes %s', (object, text) => {
    expect(withMember(knownJson(object), 'n', plainText(null))).toBe(text);
  });
});
