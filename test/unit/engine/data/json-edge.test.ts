import { engineJson } from '../../../../src/engine/data/json-edge';

describe('engineJson', () => {
  it.each([
    // Integers keep their digits.
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['-0', '0'],
    // Everything else is a double.
    ['1.0', '1.0'],
    ['1.50', '1.5'],
    ['1e3', '1000.0'],
    ['0.1', '0.1'],
    ['-0.0', '-0.0'],
    ['12345678901234567890.5', '1.2345678901234567E19'],
    ['1e400', '"Infinity"'],
    ['-1e400', '"-Infinity"'],
    ['1e-400', '0.0'],
    // Texts have one spelling.
    [String.raw`"\u0041\/"`, '"A/"'],
    [String.raw`"\ud83d\ude00"`, '"😀"'],
    [String.raw`"a\ud83d"`, '"a?"'],
    ['"\ud83d"', '"?"'],
    [String.raw`"\u0001\n"`, String.raw`"\u0001\n"`],
    [String.raw`"\\"`, String.raw`"\\"`],
    [String.raw`{"\ud800": 1}`, '{"?":1}'],
    // Nothing within a text is taken for something else.
    ['"1e400 { [ -0"', '"1e400 { [ -0"'],
    // White space goes.
    [' { "a" : [ 1 , 2.0 ] ,\n\t"b" :\r\n null } ', '{"a":[1,2.0],"b":null}'],
    ['[true, false, null]', '[true,false,null]'],
    ['{}', '{}'],
    ['""', '""'],
  ])('%s becomes %s', (text, expected) => {
    expect(engineJson(text)).toBe(expected);
  });

  it.each(['18446744073709551616', '-9223372036854775809', '9'.repeat(1_000_000)])(
    'an integer beyond 64 bits is refused',
    (text) => {
      expect(() => engineJson(`{"a":${text}}`)).toThrow(/The integer .* has more than 64 bits/);
    },
  );

  it('1000 levels are taken, 1001 are refused', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(engineJson(nested(1000))).toBe(nested(1000));
    expect(() => engineJson(nested(1001))).toThrow('nested deeper than 1000 levels');
    expect(() => engineJson(nested(100_000))).toThrow('nested deeper than 1000 levels');
  });

  it.each(['', '{', '{"a":}', "{'a':1}", '[1,]', 'NaN', '{"a":01}', '"a', '{} x'])(
    '%s is refused as not JSON',
    (text) => {
      expect(() => engineJson(text)).toThrow(SyntaxError);
    },
  );

  it('takes time in proportion to the text', () => {
    const hard = [
      `["${'\\\\'.repeat(1_000_000)}"]`,
      `["${'\\"'.repeat(1_000_000)}"]`,
      `[${'1.0 ,'.repeat(400_000)}1]`,
      `{"a":"${'x'.repeat(2_000_000)}"}`,
    ];
    const start = performance.now();
    for (const text of hard) engineJson(text);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
