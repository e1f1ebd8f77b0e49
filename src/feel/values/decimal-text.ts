/** Decimals from text and to text, as Java reads and writes them. */
import { FeelError } from '../errors';
import { defaultDigits, Decimal, maxScale, digitsOf, powerOfTen } from './decimal';

/** Longer numbers are refused. */
const maxDigits = 10_000;
const decimalPattern = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d{1,10}))?$/;

/**
 * Reads a decimal as Java's BigDecimal does: sign, digits, fraction, exponent; no spaces.
 * @returns undefined when the text is not a number
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = decimalPattern.exec(text);
  if (match === null) return undefined;
  if (text.length > maxDigits)
    throw new FeelError('limit', `A number with more than ${maxDigits} digits is not supported.`);
  const whole = match[2] ?? '';
  const fraction = match[3] ?? match[4] ?? '';
  const scale = fraction.length - Number(match[5] ?? 0);
  if (Math.abs(scale) > maxScale) return undefined;
  const magnitude = BigInt(whole + fraction);
  const unscaled = match[1] === '-' ? -magnitude : magnitude;
  return new Decimal(unscaled, scale, Math.max(defaultDigits, digitsOf(unscaled)));
}

/** Shortest digits; where one digit would do, the closest two, which differ with the smallest doubles only. */
function javaDigits(value: number): string {
  const shortest = value.toExponential();
  if (!/^-?\de/.test(shortest)) return shortest;
  const two = value.toExponential(1);
  return /\.0e/.test(two) ? shortest : two;
}

/**
 * The decimal that Java's text of a double stands for: shortest digits, at least one after the point.
 * @param value finite
 */
export function decimalOfDouble(value: number): Decimal {
  if (value === 0) return new Decimal(0n, 1);
  const [mantissa, exponentText] = javaDigits(value).split('e') as [string, string];
  const exponent = Number(exponentText);
  const digits = mantissa.replace('.', '');
  const count = digits.length - (value < 0 ? 1 : 0);
  const size = Math.abs(value);
  const natural = count - 1 - exponent;
  const scale = size >= 1e-3 && size < 1e7 ? Math.max(1, natural) : Math.max(1, count - 1) - exponent;
  return new Decimal(BigInt(digits) * powerOfTen(scale - natural), scale);
}

/** Java's text: plain as long as the scale is not negative and there are few leading zeros, else with an exponent. */
export function decimalText(x: Decimal): string {
  const negative = x.unscaled < 0n;
  const digits = (negative ? -x.unscaled : x.unscaled).toString();
  const sign = negative ? '-' : '';
  if (x.scale === 0) return sign + digits;
  const adjusted = digits.length - 1 - x.scale;
  if (x.scale > 0 && adjusted >= -6) {
    const padded = digits.padStart(x.scale + 1, '0');
    return `${sign}${padded.slice(0, -x.scale)}.${padded.slice(-x.scale)}`;
  }
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  return `${sign}${digits[0]}${fraction}E${adjusted > 0 ? '+' : ''}${adjusted}`.replace(/E0$/, '');
}
