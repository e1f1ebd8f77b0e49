/**
 * Decimals as the Java runtime computes them: an unscaled integer times ten to the minus scale, and the number of
 * digits its operations keep. The scale is part of the value because it shows: `string(1.50 * 2)` is "3.00".
 * Rounding is half-even. Operations round to the digits of their left operand, 34 at least.
 * @see java.math.BigDecimal, scala.math.BigDecimal
 */
import { EvaluationError, FeelError } from '../errors';

/** Digits that an operation keeps when its left operand has no more. */
export const defaultDigits = 34;
/** Scales are integers of 32 bits. */
export const maxScale = 2147483647;
/** Beyond this many zeros a shift is refused instead of filling the memory. */
const maxShift = 100_000;

const powers: bigint[] = [1n];
for (let i = 1; i <= 128; i++) powers.push(powers[i - 1]! * 10n);

/** Ten to the n, n >= 0. */
export function powerOfTen(n: number): bigint {
  const known = powers[n];
  if (known !== undefined) return known;
  if (n > maxShift)
    throw new FeelError('limit', `A number with more than ${maxShift} digits is not supported.`);
  return 10n ** BigInt(n);
}

/** Number of decimal digits of n without its sign; 1 for zero. */
export function digitsOf(n: bigint): number {
  const m = n < 0n ? -n : n;
  if (m < 1_000_000_000_000_000n) {
    const small = Number(m);
    let digits = 1;
    for (let limit = 10; small >= limit; limit *= 10) digits++;
    return digits;
  }
  return m.toString().length;
}

/** An immutable decimal: unscaled * 10^-scale. */
export class Decimal {
  constructor(
    readonly unscaled: bigint,
    readonly scale: number,
    /** Digits kept by operations whose left operand this is. */
    readonly digits: number = defaultDigits,
  ) {}
}

export type RoundingMode =
  'UP' | 'DOWN' | 'CEILING' | 'FLOOR' | 'HALF_UP' | 'HALF_DOWN' | 'HALF_EVEN' | 'UNNECESSARY';

/** Quotient rounded in the given mode; undefined when UNNECESSARY and inexact. */
function divideRounded(n: bigint, d: bigint, mode: RoundingMode): bigint | undefined {
  const quotient = n / d;
  const rest = n % d;
  if (rest === 0n) return quotient;
  const negative = n < 0n !== d < 0n;
  const away = negative ? quotient - 1n : quotient + 1n;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const half = d < 0n ? -d : d;
  switch (mode) {
    case 'UP':
      return away;
    case 'DOWN':
      return quotient;
    case 'CEILING':
      return negative ? quotient : away;
    case 'FLOOR':
      return negative ? away : quotient;
    case 'HALF_UP':
      return twice >= half ? away : quotient;
    case 'HALF_DOWN':
      return twice > half ? away : quotient;
    case 'HALF_EVEN':
      if (twice !== half) return twice > half ? away : quotient;
      return quotient % 2n === 0n ? quotient : away;
    case 'UNNECESSARY':
      return undefined;
  }
}

function checkedScale(unscaled: bigint, scale: number): number {
  if (scale <= maxScale && scale >= -maxScale - 1) return scale;
  if (unscaled === 0n) return scale > 0 ? maxScale : -maxScale - 1;
  throw new EvaluationError(`A number is too ${scale > 0 ? 'small' : 'large'} to be computed.`);
}

/** Rounds to at most `digits` digits. */
function rounded(
  unscaled: bigint,
  scale: number,
  digits: number,
  kept: number,
  mode: RoundingMode = 'HALF_EVEN',
) {
  let n = unscaled;
  let s = scale;
  for (let drop = digitsOf(n) - digits; drop > 0; drop = digitsOf(n) - digits) {
    n = divideRounded(n, powerOfTen(drop), mode) ?? n;
    s -= drop;
  }
  return new Decimal(n, checkedScale(n, s), kept);
}

/** Removes trailing zeros as long as the scale stays above `preferred`. */
function stripZeros(n: bigint, scale: number, preferred: number, kept: number): Decimal {
  let m = n;
  let s = scale;
  while (s > preferred && (m > 9n || m < -9n) && m % 10n === 0n) {
    m /= 10n;
    s--;
  }
  return new Decimal(m, checkedScale(m, s), kept);
}

export function add(x: Decimal, y: Decimal): Decimal {
  const kept = x.digits;
  if (x.unscaled === 0n || y.unscaled === 0n) return addToZero(x, y);
  if (x.scale === y.scale) return rounded(x.unscaled + y.unscaled, x.scale, kept, kept);
  const [big, small] = x.scale < y.scale ? [x, y] : [y, x];
  // A summand far below the last digit that is kept only decides the rounding.
  const lastKept = big.scale - digitsOf(big.unscaled) + kept;
  const smallTop = small.scale - digitsOf(small.unscaled) + 1;
  if (smallTop > big.scale + 2 && smallTop > lastKept + 2) {
    const scale = Math.max(big.scale, lastKept) + 3;
    const sum = big.unscaled * powerOfTen(scale - big.scale) + (small.unscaled < 0n ? -1n : 1n);
    return rounded(sum, scale, kept, kept);
  }
  const sum = big.unscaled * powerOfTen(small.scale - big.scale) + small.unscaled;
  return rounded(sum, small.scale, kept, kept);
}

function addToZero(x: Decimal, y: Decimal): Decimal {
  const kept = x.digits;
  const preferred = Math.max(x.scale, y.scale);
  const other = x.unscaled === 0n ? y : x;
  if (other.unscaled === 0n) return new Decimal(0n, preferred, kept);
  const result = rounded(other.unscaled, other.scale, kept, kept);
  if (result.scale >= preferred) return stripZeros(result.unscaled, result.scale, preferred, kept);
  const shift = Math.min(kept - digitsOf(result.unscaled), preferred - result.scale);
  return new Decimal(result.unscaled * powerOfTen(shift), result.scale + shift, kept);
}

export function negate(x: Decimal): Decimal {
  return rounded(-x.unscaled, x.scale, x.digits, x.digits);
}

export function absolute(x: Decimal): Decimal {
  return x.unscaled < 0n ? new Decimal(-x.unscaled, x.scale, x.digits) : x;
}

export function subtract(x: Decimal, y: Decimal): Decimal {
  return add(x, new Decimal(-y.unscaled, y.scale, y.digits));
}

export function multiply(x: Decimal, y: Decimal): Decimal {
  return multiplyTo(x, y, x.digits, x.digits);
}

function multiplyTo(x: Decimal, y: Decimal, digits: number, kept: number): Decimal {
  const product = x.unscaled * y.unscaled;
  return rounded(product, checkedScale(product, x.scale + y.scale), digits, kept);
}

/** @throws EvaluationError when y is zero */
export function divide(x: Decimal, y: Decimal): Decimal {
  return divideTo(x, y, x.digits, x.digits, 'HALF_EVEN');
}

function divideTo(x: Decimal, y: Decimal, digits: number, kept: number, mode: RoundingMode): Decimal {
  if (y.unscaled === 0n) throw new EvaluationError('Division by zero.');
  const preferred = x.scale - y.scale;
  if (x.unscaled === 0n) return new Decimal(0n, checkedScale(0n, preferred), kept);
  // Enough digits for one more than is kept, and a last digit that records whether anything was lost.
  const shift = Math.max(0, digits + 3 - digitsOf(x.unscaled) + digitsOf(y.unscaled));
  const numerator = x.unscaled * powerOfTen(shift);
  const quotient = numerator / y.unscaled;
  const exact = numerator % y.unscaled === 0n;
  if (exact) {
    const result = rounded(quotient, preferred + shift, digits, kept, mode);
    const lossless = result.unscaled * powerOfTen(preferred + shift - result.scale) === quotient;
    return lossless ? stripZeros(result.unscaled, result.scale, preferred, kept) : result;
  }
  const sticky = quotient * 10n + (x.unscaled < 0n !== y.unscaled < 0n ? -1n : 1n);
  return rounded(sticky, preferred + shift + 1, digits, kept, mode);
}

/**
 * The rest of the division that yields a whole quotient; it has the sign of x.
 * @throws EvaluationError when y is zero or the quotient needs more digits than are kept
 */
export function remainder(x: Decimal, y: Decimal): Decimal {
  const quotient = wholeQuotient(x, y, x.digits);
  const product = new Decimal(quotient.unscaled * y.unscaled, quotient.scale + y.scale);
  const scale = Math.max(x.scale, product.scale);
  const rest =
    x.unscaled * powerOfTen(scale - x.scale) - product.unscaled * powerOfTen(scale - product.scale);
  return new Decimal(rest, scale, x.digits);
}

function wholeQuotient(x: Decimal, y: Decimal, digits: number): Decimal {
  const preferred = x.scale - y.scale;
  if (y.unscaled !== 0n && compareMagnitude(x, y) < 0) return new Decimal(0n, checkedScale(0n, preferred));
  const quotient = divideTo(x, y, digits, digits, 'DOWN');
  let n = quotient.unscaled;
  let scale = quotient.scale;
  if (scale < 0) {
    const product = new Decimal(n * y.unscaled, scale + y.scale);
    if (compareMagnitude(subtractExact(x, product), y) >= 0)
      throw new EvaluationError('The whole quotient of a division has too many digits.');
  } else if (scale > 0) {
    n /= powerOfTen(scale);
    scale = 0;
  }
  const room = digits - digitsOf(n);
  if (preferred > scale && room > 0) {
    const shift = Math.min(room, preferred - scale);
    return new Decimal(n * powerOfTen(shift), scale + shift);
  }
  return stripZeros(n, scale, preferred, defaultDigits);
}

function subtractExact(x: Decimal, y: Decimal): Decimal {
  const scale = Math.max(x.scale, y.scale);
  return new Decimal(
    x.unscaled * powerOfTen(scale - x.scale) - y.unscaled * powerOfTen(scale - y.scale),
    scale,
  );
}

/**
 * Power by squaring with extra digits, rounded once at the end.
 * @param n a 32-bit integer
 * @throws EvaluationError when |n| > 999,999,999, or for a negative power of zero
 */
export function power(x: Decimal, n: number): Decimal {
  if (n < -999_999_999 || n > 999_999_999) throw new EvaluationError(`The exponent ${n} is out of range.`);
  if (n === 0) return new Decimal(1n, 0, x.digits);
  const magnitude = Math.abs(n);
  const digits = x.digits + String(magnitude).length + 1;
  let result = new Decimal(1n, 0);
  let seen = false;
  for (let bit = 29; bit >= 0; bit--) {
    if (seen) result = multiplyTo(result, result, digits, defaultDigits);
    if ((magnitude >>> bit) & 1) {
      seen = true;
      result = multiplyTo(result, x, digits, defaultDigits);
    }
  }
  if (n < 0) result = divideTo(new Decimal(1n, 0), result, digits, defaultDigits, 'HALF_EVEN');
  return rounded(result.unscaled, result.scale, x.digits, x.digits);
}

/** Beyond this many zeros Java's integers give up. */
const javaMaxShift = 646_456_993;
/** More zeros than this are not written out: they do not change the value. */
const maxZeros = 10_000;

/**
 * The same number with another scale.
 * @returns undefined when the mode is UNNECESSARY and digits would be lost, or when the scale is out of reach
 */
export function withScale(x: Decimal, scale: number, mode: RoundingMode): Decimal | undefined {
  if (scale === x.scale) return x;
  if (Math.abs(scale - x.scale) > javaMaxShift) return undefined;
  if (x.unscaled === 0n) return new Decimal(0n, scale, x.digits);
  if (scale > x.scale + maxZeros) return x;
  if (scale > x.scale) return new Decimal(x.unscaled * powerOfTen(scale - x.scale), scale, x.digits);
  const drop = x.scale - scale;
  // Everything lies below the new last digit: one shift past the digits decides every mode alike.
  const shift = Math.min(drop, digitsOf(x.unscaled) + 2);
  const n = divideRounded(x.unscaled, powerOfTen(shift), mode);
  return n === undefined ? undefined : new Decimal(n, scale, x.digits);
}

function compareMagnitude(x: Decimal, y: Decimal): number {
  return compare(absolute(x), absolute(y));
}

/** -1, 0 or 1, by value: the scale does not count. */
export function compare(x: Decimal, y: Decimal): number {
  const signX = x.unscaled === 0n ? 0 : x.unscaled < 0n ? -1 : 1;
  const signY = y.unscaled === 0n ? 0 : y.unscaled < 0n ? -1 : 1;
  if (signX !== signY) return signX < signY ? -1 : 1;
  if (signX === 0) return 0;
  const topX = digitsOf(x.unscaled) - x.scale;
  const topY = digitsOf(y.unscaled) - y.scale;
  if (topX !== topY) return topX < topY ? -signX : signX;
  const scale = Math.max(x.scale, y.scale);
  const a = x.unscaled * powerOfTen(scale - x.scale);
  const b = y.unscaled * powerOfTen(scale - y.scale);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The integer part; zero when it is a multiple of 2^64, which only its low bits are asked for. */
export function truncate(x: Decimal): bigint {
  if (x.scale <= 0) return x.scale <= -64 ? 0n : x.unscaled * powerOfTen(-x.scale);
  return x.scale >= digitsOf(x.unscaled) ? 0n : x.unscaled / powerOfTen(x.scale);
}

export function isWhole(x: Decimal): boolean {
  if (x.scale <= 0 || x.unscaled === 0n) return true;
  return x.scale < digitsOf(x.unscaled) && x.unscaled % powerOfTen(x.scale) === 0n;
}
