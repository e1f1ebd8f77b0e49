/** Keys of rows: 64-bit numbers as decimal texts, since JavaScript's numbers end at 2^53. */
import { Rejection } from '../api';

const maxKey = 2n ** 63n - 1n;

/**
 * @param name of the member or parameter that holds it
 * @throws Rejection when it is not a number
 */
export function keyFromText(text: string, name: string): string {
  if (!/^-?\d{1,30}$/.test(text)) throw notAKey(text, name);
  const value = BigInt(text);
  if (value > maxKey || value < -maxKey) throw notAKey(text, name);
  return value.toString();
}

function notAKey(text: string, name: string): Rejection {
  const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return new Rejection(400, 'INVALID_ARGUMENT', `${name} must be the number of a key, but is '${shown}'.`);
}

/** The older key first, within a partition. */
export function compareKeys(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
