/** Numbers and structures through the engine and back, no digit lost; temporal values as the runtime writes them. */
import fc from 'fast-check';
import { evaluate, evaluateJson, parseContext } from '../../../src/feel';
import { outcome } from './support';

/** What the runtime's JSON writer keeps of a text: half of a surrogate pair becomes a question mark. */
function wellFormed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value).replace(/\\\\|\\ud[89a-f][\da-f]{2}/g, (escape) =>
      escape === '\\\\' ? escape : '?',
    ),
  );
}

describe('JSON in is JSON out', () => {
  test('for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { json } = evaluateJson('x', JSON.stringify({ x: value }));
        expect(JSON.parse(json)).toEqual(wellFormed(value));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test('for any value as a plain one', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(evaluate('x', { x: value }).value).toEqual(wellFormed(value));
      }),
      { numRuns: 2_000, seed: 2 },
    );
  });

  test('for any number text, by value', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,25})$/);
    const fraction = fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined });
    const exponent = fc.option(fc.integer({ min: -30, max: 30 }), { nil: undefined });
    fc.assert(
      fc.property(digits, fraction, exponent, fc.boolean(), (whole, rest, power, negative) => {
        const text = `${negative ? '-' : ''}${whole}${rest === undefined ? '' : `.${rest}`}${power === undefined ? '' : `e${power}`}`;
        const { json } = evaluateJson('x', `{"x": ${text}}`);
        expect(Number(json)).toBe(Number(text) + 0);
        const isLong =
          rest === undefined && power === undefined && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
        // Whole numbers of 64 bits keep every digit.
        if (isLong) expect(BigInt(json)).toBe(BigInt(text));
      }),
      { numRuns: 5_000, seed: 3 },
    );
  });
});

describe('the spelling of a number from JSON shows in string()', () => {
  test.each([
    ['2', '2'],
    ['2.0', '2.0'],
    ['1e2', '100.0'],
    ['1.10', '1.1'],
    ['0.0001', '0.00010'],
    ['10000000.0', '1.0E+7'],
    ['1e21', '1.0E+21'],
    ['1e-7', '1.0E-7'],
    ['-0', '0'],
    ['-0.0', '0.0'],
    ['12345678901234567890', '12345678901234567890'],
    ['9007199254740993', '9007199254740993'],
    ['123456789.5', '123456789.5'],
    ['0.99999999999999999999', '1.0'],
    ['999999999999999.99', '1.0E+15'],
  ])('%s as %s', (text, shown) => {
    expect(evaluateJson('string(x)', `{"x": ${text}}`).json).toBe(JSON.stringify(shown));
    expect(evaluateJson('string(x[1])', `{"x":[${text}]}`).json).toBe(JSON.stringify(shown));
  });

  test('a number beyond the range of doubles is null', () => {
    expect(outcome('x', '{"x": 1e400}')).toEqual({ json: 'null' });
  });

  test('keys that look like numbers keep their place', () => {
    expect(outcome('get entries(x).key', '{"x": {"b": 1, "1": 2, "a": 3}}')).toEqual({
      json: '["b","1","a"]',
    });
  });
});

describe('results that are no JSON values', () => {
  test.each([
    ['10 ** 400', '"Infinity"'],
    ['-(10 ** 400)', '"-Infinity"'],
    ['10 ** 20', '100000000000000000000'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', '9223372036854776000'],
    ['@"10000-01-01"', '"+10000-01-01"'],
    ['@"10:30:00"', '"10:30:00"'],
    ['@"10:30:00+02:00"', '"10:30+02:00"'],
    ['@"10:30:00@Europe/Berlin"', '"10:30+01:00"'],
    ['@"2024-06-15T10:30:00@Europe/Berlin"', '"2024-06-15T10:30:00+02:00"'],
    ['@"P1DT12H"', '"PT36H"'],
    ['@"-PT90S"', '"PT-1M-30S"'],
    ['@"-PT0.5S"', '"PT-0.5S"'],
    ['@"P14M"', '"P1Y2M"'],
    ['@"-P14M"', '"P-1Y-2M"'],
    ['@"P0Y"', '"P0D"'],
    ['{a: 1, f: function(x) x}', '{"a":1}'],
    ['"\\uD83D" + x', '"\\\\uD83D?"'],
  ])('%s gives %s', (expression, json) => {
    expect(outcome(expression, '{"x": "\\ud83d"}')).toEqual({ json });
  });
});

describe('contexts', () => {
  test('are read once for several expressions', () => {
    const context = parseContext('{"a": 9007199254740993}');
    expect(evaluateJson('a', context).json).toBe('9007199254740993');
    expect(evaluateJson('a + 1', context).json).toBe('9007199254740994');
  });

  test.each(['[1]', '"x"', '{"a": 01}', '{', 'nope', '{"a": 1,}', '{"a": 12345678901234567,}'])(
    '%s is refused as a context',
    (text) => {
      expect(outcome('1', text)).toEqual({ error: 'evaluation' });
    },
  );

  test('maps, dates and big integers are values', () => {
    const context = { m: new Map([['k', 1]]), d: new Date(0), n: 9007199254740993n, u: undefined, f: NaN };
    expect(evaluate('{k: m.k, d: d, n: string(n), u: u, f: f}', context).value).toEqual({
      k: 1,
      d: '1970-01-01T00:00:00.000Z',
      n: '9007199254740993',
      u: null,
      f: null,
    });
  });

  test('what JSON cannot hold is refused', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => evaluate('1', { f: () => 1 })).toThrow(/function/);
    expect(() => evaluate('1', circle)).toThrow(/circle/);
    expect(() => evaluate('1', [1])).toThrow(/must be an object, found list/);
  });
});

describe('from json reads the value at the beginning', () => {
  test.each([
    ['{"a": 1} x', '{"a":1}'],
    ['1 x', '1'],
    ['1,', 'null'],
    ['1x', 'null'],
    ['true,', 'true'],
    ['truex', 'null'],
    ['[1,]', 'null'],
    ['01', 'null'],
    ['', 'null'],
    ['"a" b', '"a"'],
    ['{"a": 1, "a": 2}', '{"a":2}'],
    ['["\\u0041\\n"]', '["A\\n"]'],
    ['"\\x"', 'null'],
  ])('%s gives %s', (text, json) => {
    expect(outcome('from json(x)', JSON.stringify({ x: text }))).toEqual({ json });
  });
});
