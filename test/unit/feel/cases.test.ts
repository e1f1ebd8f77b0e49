/**
 * Expressions with what feel-scala 1.21 made of them behind the connector runtime (test/fixtures/feel.json):
 * every value was recorded there, none is worked out by hand.
 */
import { Decimal } from 'decimal.js';
import recorded from '../../fixtures/feel.json';
import { outcome } from './support';

interface Case {
  readonly id: number;
  readonly category: string;
  readonly expression: string;
  readonly context?: unknown;
  readonly contextText?: string;
  readonly expected?: unknown;
  readonly expectedRaw?: string;
  readonly expectError?: string;
}

const cases = recorded.cases as readonly Case[];
const categories = [...new Set(cases.map(({ category }) => category))].sort();
/** Java's doubles of these may differ in the last digit. */
const INEXACT = /\b(log|exp|stddev)\(|\*\* *[\d(]*[./]/;

/** Numbers as texts, so that none is rounded; keys in order. */
function canonical(json: string): unknown {
  const exact = json.replace(
    /("(?:[^"\\]|\\.)*")|(-?\d[\d.eE+-]*)/g,
    (_, text: string | undefined, number: string) =>
      text === undefined ? JSON.stringify(`#${new Decimal(number).toFixed()}`) : text,
  );
  return JSON.parse(exact, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

function same(got: string, expected: string, expression: string): boolean {
  if (JSON.stringify(canonical(got)) === JSON.stringify(canonical(expected))) return true;
  if (!INEXACT.test(expression)) return false;
  const rounded = (json: string) => json.replace(/\d+\.\d+/g, (number) => Number(number).toPrecision(14));
  return rounded(got) === rounded(expected);
}

/** undefined when it came out as recorded, else what to look at. */
function failure({
  id,
  expression,
  context,
  contextText,
  expected,
  expectedRaw,
  expectError,
}: Case): string | undefined {
  const got = outcome(
    expression,
    contextText ?? (context === undefined ? undefined : JSON.stringify(context)),
  );
  const wanted = expectError ?? expectedRaw ?? JSON.stringify(expected);
  const passed =
    'error' in got
      ? got.error === expectError
      : expectError === undefined && same(got.json, wanted, expression);
  return passed ? undefined : `${id}: ${expression} gave ${JSON.stringify(got)}, recorded ${wanted}`;
}

test('the fixture holds all 880 recorded cases', () => {
  expect(cases).toHaveLength(880);
});

describe('expressions come out as feel-scala made them', () => {
  test.each(categories)('%s', (category) => {
    const failures = cases.filter((one) => one.category === category).map(failure);
    expect(failures.filter((one) => one !== undefined)).toEqual([]);
  });
});
