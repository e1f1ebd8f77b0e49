/**
 * Numbers of FEEL. A JavaScript number stands for itself when it is a safe integer, and for the decimal of its
 * shortest text when it is not: so numbers from JSON need no conversion. Everything else is a Decimal.
 */
import { EvaluationError } from '../errors';
import * as decimals from './decimal';
import { Decimal } from './decimal';
import { decimalOfDouble, decimalText, parseDecimal } from './decimal-text';
import { pow } from './precise';

export type Num = number | Decimal;

export function isNum(value: unknown): value is Num {
  return typeof value === 'number' || value instanceof Decimal;
}

/** The decimal of a number. Whole numbers have scale 0, unless they are too large to be written without exponent. */
function toDecimal(n: Num): Decimal {
  if (typeof n !== 'number') return n;
  return Number.isInteger(n) && Math.abs(n) < 1e21 ? new Decimal(BigInt(n), 0) : decimalOfDouble(n);
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** The cheapest form of the same number: digits, scale and precision stay. */
function simplified(d: Decimal): Num {
  return d.scale === 0 &&
    d.digits === decimals.defaultDigits &&
    d.unscaled <= maxSafe &&
    d.unscaled >= -maxSafe
    ? Number(d.unscaled)
    : d;
}

/**
 * The number that Java makes of a double.
 * @throws EvaluationError for infinities and NaN
 */
export function fromDouble(value: number): Num {
  if (!Number.isFinite(value)) throw new EvaluationError('The result of a function is not a finite number.');
  return Number.isInteger(value) ? decimalOfDouble(value) : value;
}

/** An integer of any size. */
export function fromBigInt(value: bigint): Num {
  return simplified(new Decimal(value, 0, Math.max(decimals.defaultDigits, decimals.digitsOf(value))));
}

/** Reads a number as Java's BigDecimal does, with digits of any script; undefined when the text is not a number. */
export function parseNumber(text: string): Num | undefined {
  const ascii = /^[\x20-\x7e]*$/.test(text) ? text : text.replace(/\p{Nd}/gu, digitValue);
  const decimal = parseDecimal(ascii);
  if (decimal === undefined) return undefined;
  if (decimal.scale > 0 && decimal.digits === decimals.defaultDigits) {
    const double = Number(ascii);
    if (!Number.isInteger(double) && sameDigits(decimalOfDouble(double), decimal)) return double;
  }
  return simplified(decimal);
}

function sameDigits(x: Decimal, y: Decimal): boolean {
  return x.scale === y.scale && x.unscaled === y.unscaled;
}

/** Value of a decimal digit of any script: digits come in blocks of ten. */
function digitValue(digit: string): string {
  const code = digit.codePointAt(0)!;
  if (code < 0x80 || code > 0xffff) return digit;
  for (let value = 0; value < 10; value++) {
    if (value === 9 || !/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) return String(value % 10);
  }
  return digit;
}

/** Java's text of a number. */
export function numberText(n: Num): string {
  if (typeof n === 'number' && Number.isSafeInteger(n)) return String(n === 0 ? 0 : n);
  return decimalText(toDecimal(n));
}

export function toDouble(n: Num): number {
  return typeof n === 'number' ? n : Number(`${n.unscaled}e${-n.scale}`);
}

/** The low 32 bits of the integer part, as a signed integer. */
export function toInt32(n: Num): number {
  if (typeof n === 'number' && Number.isSafeInteger(n)) return Number(BigInt.asIntN(32, BigInt(n)));
  return Number(BigInt.asIntN(32, decimals.truncate(toDecimal(n))));
}

/** The value as a 64-bit integer, when it is one. */
export function toInt64(n: Num): bigint | undefined {
  const d = toDecimal(n);
  if (decimals.digitsOf(d.unscaled) - d.scale > 19 && d.unscaled !== 0n) return undefined;
  if (!decimals.isWhole(d)) return undefined;
  const whole = decimals.truncate(d);
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

/** A text that equal numbers share, however they are written. */
export function numberKey(n: Num): string {
  if (typeof n === 'number' && Number.isSafeInteger(n)) return `${n === 0 ? 0 : n}e0`;
  const { unscaled, scale } = toDecimal(n);
  if (unscaled === 0n) return '0e0';
  const digits = unscaled.toString();
  const significant = digits.replace(/0+$/, '');
  const exponent = digits.length - significant.length - scale;
  return exponent >= 0 && exponent < 16
    ? `${significant}${'0'.repeat(exponent)}e0`
    : `${significant}e${exponent}`;
}

export function isZero(n: Num): boolean {
  return typeof n === 'number' ? n === 0 : n.unscaled === 0n;
}

export function compareNumbers(x: Num, y: Num): number {
  if (typeof x === 'number' && typeof y === 'number') return x < y ? -1 : x > y ? 1 : 0;
  return decimals.compare(toDecimal(x), toDecimal(y));
}

export function addNumbers(x: Num, y: Num): Num {
  if (typeof x === 'number' && typeof y === 'number') {
    const sum = x + y;
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y) && Number.isSafeInteger(sum)) return sum;
  }
  return simplified(decimals.add(toDecimal(x), toDecimal(y)));
}

export function subtractNumbers(x: Num, y: Num): Num {
  if (typeof x === 'number' && typeof y === 'number') {
    const difference = x - y;
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y) && Number.isSafeInteger(difference))
      return difference;
  }
  return simplified(decimals.subtract(toDecimal(x), toDecimal(y)));
}

export function multiplyNumbers(x: Num, y: Num): Num {
  if (typeof x === 'number' && typeof y === 'number') {
    const product = x * y;
    // Adding zero turns minus zero into zero.
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y) && Number.isSafeInteger(product))
      return product + 0;
  }
  return simplified(decimals.multiply(toDecimal(x), toDecimal(y)));
}

/** @throws EvaluationError when y is zero */
export function divideNumbers(x: Num, y: Num): Num {
  if (typeof x === 'number' && typeof y === 'number' && y !== 0) {
    const quotient = x / y;
    if (Number.isSafeInteger(x) && Number.isSafeInteger(y) && Number.isSafeInteger(quotient) && x % y === 0)
      return quotient + 0;
  }
  return simplified(decimals.divide(toDecimal(x), toDecimal(y)));
}

/** @throws EvaluationError when y is zero or the whole quotient has too many digits */
export function remainderNumbers(x: Num, y: Num): Num {
  return simplified(decimals.remainder(toDecimal(x), toDecimal(y)));
}

/** A whole exponent gives a decimal, any other one a double. */
export function powerNumbers(x: Num, y: Num): Num {
  if (isWholeNumber(y)) return simplified(decimals.power(toDecimal(x), toInt32(y)));
  return fromDouble(pow(toDouble(x), toDouble(y)));
}

export function isWholeNumber(n: Num): boolean {
  return typeof n === 'number' ? Number.isInteger(n) : decimals.isWhole(n);
}

export function negateNumber(x: Num): Num {
  return typeof x === 'number' ? 0 - x : simplified(decimals.negate(x));
}

export function absoluteNumber(x: Num): Num {
  return typeof x === 'number' ? Math.abs(x) : simplified(decimals.absolute(x));
}

/** undefined when the mode is UNNECESSARY and digits would be lost. */
export function roundNumber(x: Num, scale: Num, mode: decimals.RoundingMode): Num | undefined {
  const result = decimals.withScale(toDecimal(x), toInt32(scale), mode);
  return result === undefined ? undefined : simplified(result);
}
