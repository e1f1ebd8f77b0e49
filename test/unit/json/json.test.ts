import fc from 'fast-check';
import {
  JsonNumber,
  JsonSyntaxError,
  parseJson,
  parseJsonPrefix,
  stringifyJson,
  toPlain,
} from '../../../src/json/json';

describe('JSON without loss', () => {
  it.each([
    '{"n":12345678901234567890}',
    '[1.0,1e400,-0,1.10,0.1]',
    '{"a":{"b":[null,true,false,"x"]}}',
    '"\\"\\\\\\n\\u0001"',
    '{"__proto__":{"a":1}}',
  ])('%s is written as it was read', (text) => {
    expect(stringifyJson(parseJson(text))).toBe(text);
  });

  it('gives every number back as it was written, wherever it stands', () => {
    const digits = (min: number, max: number) =>
      fc
        .array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max })
        .map((list) => list.join(''));
    const numbers = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.oneof(
          fc.constant('0'),
          fc.tuple(fc.constantFrom(...'123456789'), digits(0, 18)).map((two) => two.join('')),
        ),
        fc.oneof(
          fc.constant(''),
          digits(1, 18).map((decimals) => `.${decimals}`),
        ),
        fc.constantFrom('', '', '', 'e5', 'E-7', 'e+400'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom('N', '[N]', '[1,N]', '{"a":N}', '{"a":[{"b":N}]}'),
        (number, frame) => {
          const text = frame.replace('N', number);
          expect(stringifyJson(parseJson(text))).toBe(text);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('keeps the last of members with the same name', () => {
    expect(parseJson('{"a":1,"a":2.0}')).toEqual({ a: new JsonNumber('2.0') });
  });

  it.each(['', '{', '{"a":1,}', "{'a':1}", '[1 2]', 'NaN', '01', '"\u0001"', '{"a":1} x', '1.'])(
    '%j is refused',
    (text) => {
      expect(() => parseJson(text)).toThrow(JsonSyntaxError);
    },
  );

  it('refuses what is nested too deeply', () => {
    expect(() => parseJson('[1.0,'.repeat(2000))).toThrow(/nested deeper/);
    const deep = (levels: number) => `${'{"a":['.repeat(levels / 2)}${']}'.repeat(levels / 2)}`;
    expect(() => parseJson(deep(100_000))).toThrow(/nested deeper/);
    expect(stringifyJson(parseJson(deep(1000)))).toBe(deep(1000));
    const brackets = JSON.stringify(['[{"'.repeat(2000), '\\', '[{'.repeat(2000)]);
    expect(stringifyJson(parseJson(brackets))).toBe(brackets);
  });

  it('reads the value at the beginning of a text and tells where it ends', () => {
    expect(parseJsonPrefix(' {"a":1} garbage')).toEqual({ value: { a: 1 }, end: 8 });
  });

  it('gives plain values to those who know no other', () => {
    expect(toPlain(parseJson('{"a":[1.0,1e2]}'))).toEqual({ a: [1, 100] });
  });

  it('replaces half a surrogate pair', () => {
    expect(stringifyJson('a\ud800')).toBe('"a\ufffd"');
  });
});
