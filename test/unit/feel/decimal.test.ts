/** Decimals against decimal.js, which knows nothing of ours; and where they differ from it by design. */
import { Decimal as Reference } from 'decimal.js';
import { evaluateJson } from '../../../src/feel';
import { seeded } from './support';

const Reference34 = Reference.clone({
  precision: 34,
  rounding: Reference.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
/** Enough digits for a power without rounding on the way. */
const Exact = Reference34.clone({ precision: 700 });

function text(expression: string): string {
  return JSON.parse(evaluateJson(`string(${expression})`).json) as string;
}

/** Up to 30 digits, with and without fraction, of both signs. */
function randomNumber(random: () => number): string {
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const whole = digits(1 + Math.floor(random() * 15)).replace(/^0+(?=\d)/, '');
  const fraction = random() < 0.5 ? `.${digits(1 + Math.floor(random() * 15))}` : '';
  return `${random() < 0.3 ? '-' : ''}${whole}${fraction}`;
}

describe('arithmetic agrees with an independent library to 34 digits', () => {
  const random = seeded(34);
  const pairs = Array.from({ length: 2_000 }, () => [randomNumber(random), randomNumber(random)] as const);

  test.each([
    ['+', (x: Reference, y: Reference) => x.plus(y)],
    ['-', (x: Reference, y: Reference) => x.minus(y)],
    ['*', (x: Reference, y: Reference) => x.times(y)],
    ['/', (x: Reference, y: Reference) => x.div(y)],
  ] as const)('x %s y', (operator, compute) => {
    const wrong = pairs.filter(([x, y]) => {
      if (operator === '/' && Number(y) === 0) return false;
      const expected = compute(new Reference34(x), new Reference34(y));
      return !new Reference34(text(`(${x}) ${operator} (${y})`)).equals(expected);
    });
    expect(wrong).toEqual([]);
  });

  test('x ** n, but for the last digit', () => {
    const wrong = pairs.slice(0, 500).filter(([x], i) => {
      const exponent = (i % 41) - 20;
      if (Number(x) === 0) return false;
      const expected = new Exact(x).pow(exponent).toSignificantDigits(34, Reference.ROUND_HALF_EVEN);
      const ours = new Exact(text(`(${x}) ** (${exponent})`));
      // Java's algorithm rounds on the way, and so may miss the last digit.
      return ours.minus(expected).abs().greaterThan(expected.abs().times('1e-33'));
    });
    expect(wrong).toEqual([]);
  });

  test('comparison', () => {
    const wrong = pairs.filter(
      ([x, y]) => evaluateJson(`(${x}) < (${y})`).json !== String(new Reference34(x).lessThan(y)),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['UP', Reference.ROUND_UP],
    ['DOWN', Reference.ROUND_DOWN],
    ['CEILING', Reference.ROUND_CEIL],
    ['FLOOR', Reference.ROUND_FLOOR],
    ['HALF_UP', Reference.ROUND_HALF_UP],
    ['HALF_DOWN', Reference.ROUND_HALF_DOWN],
    ['HALF_EVEN', Reference.ROUND_HALF_EVEN],
  ] as const)('rounding %s', (mode, rounding) => {
    const wrong = pairs.slice(0, 500).filter(([x], i) => {
      const expected = new Reference34(x).toDecimalPlaces(i % 5, rounding);
      return !new Reference34(text(`decimal(${x}, ${i % 5}, "${mode}")`)).equals(expected);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the way a number is written is part of it', () => {
  test.each([
    ['1.50 * 2', '3.00'],
    ['6.0 / 2', '3.0'],
    ['100 / 10', '10'],
    ['1 / 3', '0.3333333333333333333333333333333333'],
    ['2 ** 100', '1267650600228229401496703205376'],
    ['0.00000001', '1E-8'],
    ['sqrt(1)', '1.0'],
    ['99999999999999999999999999999999999 * 1', '99999999999999999999999999999999999'],
    ['1 * 99999999999999999999999999999999999', '1.000000000000000000000000000000000E+35'],
  ])('%s is %s', (expression, expected) => {
    expect(text(expression)).toBe(expected);
  });
});
