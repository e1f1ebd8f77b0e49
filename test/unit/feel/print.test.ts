/** Text -> tree -> text -> tree: the second tree is the first one. */
import fc from 'fast-check';
import { parse } from '../../../src/feel/parse';
import { print } from '../../../src/feel/print';
import recorded from '../../fixtures/feel.json';

function shape(text: string): string {
  return JSON.stringify(parse(text), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

function readable(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}

function unstable(texts: readonly string[]): string[] {
  return texts.filter((text) => {
    const printed = print(parse(text));
    return shape(printed) !== shape(text) || print(parse(printed)) !== printed;
  });
}

test('printed expressions of the fixture read as the same tree', () => {
  const texts = recorded.cases
    .map(({ expression }) => expression.trim().replace(/^=/, '').trim())
    .filter(readable);
  expect(texts.length).toBeGreaterThan(800);
  expect(unstable(texts)).toEqual([]);
});

const name = fc.constantFrom(
  'a',
  'order',
  'inner',
  '`a b`',
  '`if`',
  'ifx',
  'forward',
  'x.y',
  'x.`and`',
  '`a+b`.c',
);
const atom = fc.oneof(
  name,
  fc.constantFrom(
    '1',
    '0.5',
    '-2',
    '"t"',
    '"a\\"b\\\\"',
    'true',
    'null',
    '@"P1D"',
    'date("2024-01-01")',
    '[]',
    '{}',
    '?',
    '[1..2]',
  ),
);
const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  const bracketed = inner.map((text) => `(${text})`);
  const operand = fc.oneof(atom, bracketed);
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      atom,
      fc
        .tuple(operand, fc.constantFrom('+', '-', '*', '/', '**', '=', '!=', '<', '>='), operand)
        .map((parts) => parts.join(' ')),
      fc.tuple(operand, fc.constantFrom('and', 'or'), operand).map((parts) => parts.join(' ')),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `if ${a} then ${b} else ${c}`),
      fc.tuple(operand, inner).map(([list, body]) => `for i in ${list}, j in 1..3 return ${body}`),
      fc
        .tuple(fc.constantFrom('some', 'every'), operand, inner)
        .map(([kind, list, body]) => `${kind} i in ${list} satisfies ${body}`),
      fc.tuple(operand, fc.constantFrom('a', '`b c`', 'time offset')).map((parts) => parts.join('.')),
      fc.tuple(operand, inner).map(([list, condition]) => `${list}[${condition}]`),
      fc.tuple(operand, inner, inner).map(([value, a, b]) => `${value} in (${a}, < ${b})`),
      fc
        .tuple(operand, fc.constantFrom('true', 'not(1)', '[1..5)', '> 3'))
        .map((parts) => parts.join(' in ')),
      fc.tuple(operand, operand, operand).map(([value, low, high]) => `${value} between ${low} and ${high}`),
      fc
        .tuple(operand, fc.constantFrom('number', 'date and time', 'function', 'a.b'))
        .map((parts) => parts.join(' instance of ')),
      fc.tuple(inner, inner).map(([a, b]) => `{a: ${a}, "b c": ${b}, d e: 1}`),
      fc.tuple(inner, inner).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(inner, inner).map(([a, b]) => `string join(${a}, ${b})`),
      fc.tuple(inner).map(([a]) => `substring(string: ${a}, start position: 1)`),
      fc.tuple(inner).map(([a]) => `date and time(${a})`),
      fc.tuple(inner).map(([a]) => `x.f(${a})`),
      fc.tuple(inner).map(([a]) => `function(p, q r) ${a}`),
      operand.map((text) => `-${text}`),
    ),
  };
});

test('printed expressions of any shape read as the same tree', () => {
  fc.assert(
    fc.property(expression.filter(readable), (text) => {
      expect(unstable([text])).toEqual([]);
    }),
    { numRuns: 3_000, seed: 4 },
  );
});
