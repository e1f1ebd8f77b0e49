import { FeelError, evaluate, evaluateJson, prepare } from '../../../src/feel';
import { SURROUNDINGS, outcome, seeded } from './support';
import recorded from '../../fixtures/feel.json';

const LIMIT = { error: 'limit' };

describe('what would run away is stopped by name', () => {
  test.each([
    ['a range of 100 million', 'for x in 1..100000000 return x'],
    ['nested loops', 'for a in 1..1000, b in 1..1000, c in 1..1000 return 1'],
    [
      'a list that doubles',
      '(for x in 1..40 return if x = 1 then ["a"] else concatenate(partial[-1], partial[-1]))[1]',
    ],
    ['a text that doubles', '(for x in 1..40 return if x = 1 then "ab" else partial[-1] + partial[-1])[1]'],
    ['brackets without end', '('.repeat(3000) + '1' + ')'.repeat(3000)],
    ['operators without end', `1${'+1'.repeat(20_000)}`],
    ['an expression without end', `"${'a'.repeat(200_000)}"`],
    ['a number without end', '9'.repeat(20_000)],
    ['back references that give back without end', `matches("${'a'.repeat(40)}", "(a*)*b\\1")`],
    ['powers in a loop', 'for x in 1..1000000 return x ** 999999999'],
    ['the same large list compared again and again', 'for x in 1..1000000 return l = l'],
  ])('%s', (_, expression) => {
    expect(outcome(expression, JSON.stringify({ l: Array.from({ length: 10_000 }, (__, i) => i) }))).toEqual(
      LIMIT,
    );
  });

  test('the message names the limit', () => {
    expect(() => evaluate('for x in 1..100 return x', {}, { limits: { items: 50 } })).toThrow(
      /list.*limit 50/,
    );
    expect(() => evaluate('for x in 1..100 return x', {}, { limits: { steps: 50 } })).toThrow(
      /steps.*limit 50/,
    );
    expect(() => evaluate('"a" + "b"', {}, { limits: { text: 1 } })).toThrow(/text.*limit 1\)/);
    expect(() => prepare('1 + 1', { limits: { expression: 3 } })).toThrow(
      /expression is too long \(limit 3\)/,
    );
  });
});

describe('patterns that take exponential time elsewhere give their result', () => {
  test.each([
    [`matches("${'a'.repeat(28)}!", "^(a+)+$")`, 'false'],
    [`matches("${'a'.repeat(3000)}", "(a|aa)+$b")`, 'false'],
    [`count(split("${'x'.repeat(40)}", "(x+x+)+y"))`, '1'],
    [`matches("${'a'.repeat(60)}b", "(a?){60}a{60}b")`, 'true'],
  ])('%s', (expression, json) => {
    expect(outcome(expression)).toEqual({ json });
  });
});

describe('data never reaches further than data', () => {
  test.each([
    ['x.constructor', 'null'],
    ['x.__proto__', 'null'],
    ['x.toString', 'null'],
    ['"a".constructor.name', 'null'],
    ['get value(x, "hasOwnProperty")', 'null'],
    ['{`__proto__`: {polluted: 1}}', '{"__proto__":{"polluted":1}}'],
    ['context put({}, ["__proto__", "polluted"], 1)', '{"__proto__":{"polluted":1}}'],
    ['__proto__.a', '1'],
    ['constructor', 'null'],
    ['valueOf(1)', 'null'],
  ])('%s gives %s', (expression, json) => {
    expect(outcome(expression, '{"x": {}, "__proto__": {"a": 1}}')).toEqual({ json });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('a key __proto__ stays an entry in plain results', () => {
    const { value } = evaluate('{`__proto__`: 1, a: 2}');
    expect(Object.entries(value as object).sort()).toEqual([
      ['__proto__', 1],
      ['a', 2],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

/** Everything but a result and a FeelError is a failure of the test. */
function survives(expression: string, context: string): string | undefined {
  try {
    evaluateJson(expression, context, { ...SURROUNDINGS, limits: { steps: 20_000 } });
    return undefined;
  } catch (error) {
    return error instanceof FeelError ? undefined : `${JSON.stringify(expression)}: ${String(error)}`;
  }
}

describe('whatever the text, there is a result or a FeelError', () => {
  const random = seeded(20_241_115);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

  test('100,000 random strings of bytes', () => {
    const failures: (string | undefined)[] = [];
    for (let i = 0; i < 100_000; i++) {
      const bytes = Array.from({ length: Math.floor(random() * 24) }, () => Math.floor(random() * 256));
      failures.push(survives(String.fromCharCode(...bytes), '{}'));
    }
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
  });

  test('10,000 changed expressions', () => {
    const expressions = recorded.cases.map(({ expression }) => expression);
    const failures: (string | undefined)[] = [];
    for (let i = 0; i < 10_000; i++) {
      const parts = pick(expressions).match(/\w+|\s+|[^\w\s]/g) ?? [];
      for (let change = 0; change < 3; change++) {
        const at = Math.floor(random() * (parts.length + 1));
        const replacement = pick(expressions).match(/\w+|[^\w\s]/g) ?? ['x'];
        parts.splice(at, Math.floor(random() * 2), pick(replacement));
      }
      failures.push(survives(parts.join(''), '{"x": 1, "l": [1, null, {"a": "b"}], "s": "text", "n": 1e21}'));
    }
    expect(failures.filter((failure) => failure !== undefined)).toEqual([]);
  });
});
