/**
 * JSON at the engine's edge: what clients send becomes the text that the engine keeps. Variables stay text from here on,
 * so whatever the broker would change is changed here, once: decimals are doubles in Java's notation (`1.0` stays `1.0`,
 * `1e3` becomes `1000.0`), what no double can hold is the text "Infinity", half of a surrogate pair is `?`. Integers of
 * 64 bits keep their digits. White space goes, and texts have one spelling, so that equal values are equal texts.
 */
import { doubleText } from '../../json/engine-numbers';
import { behindString } from '../../json/raw-json';

/** The broker refuses 1,500 levels and takes 600; see the reader of src/json, which ends here too. */
const maxDepth = 1000;
const smallestInteger = -(2n ** 63n);
const largestInteger = 2n ** 64n - 1n;
/** Of an integer with 64 bits and its sign. */
const maxIntegerLength = 20;
/** Integers up to this length need no second look. */
const surelyFits = 18;
const numberPattern = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
/** With the flag `u`, halves of whole pairs do not match. */
const loneSurrogate = /\p{Surrogate}/gu;

/**
 * The text that the engine keeps for a JSON text. Takes time in proportion to the text.
 * @throws SyntaxError when it is not JSON, is nested too deep or holds an integer beyond 64 bits
 */
export function engineJson(text: string): string {
  JSON.parse(text);
  let kept = '';
  /** Everything before it is in `kept`, or left out. */
  let from = 0;
  let depth = 0;
  const replace = (start: number, end: number, replacement: string): void => {
    kept += text.slice(from, start) + replacement;
    from = end;
  };
  for (let position = 0; position < text.length;) {
    const start = position++;
    switch (text.charCodeAt(start)) {
      case 0x22: {
        position = behindString(text, start);
        const before = text.slice(start, position);
        const after = engineString(before);
        if (after !== before) replace(start, position, after);
        break;
      }
      case 0x7b:
      case 0x5b:
        if (++depth > maxDepth) throw new SyntaxError(`It is nested deeper than ${maxDepth} levels.`);
        break;
      case 0x7d:
      case 0x5d:
        depth--;
        break;
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        replace(start, position, '');
        break;
      default: {
        const before = numberAt(text, start);
        if (before === undefined) break;
        position = start + before.length;
        const after = engineNumber(before);
        if (after !== before) replace(start, position, after);
      }
    }
  }
  return from === 0 ? text : kept + text.slice(from);
}

function numberAt(text: string, start: number): string | undefined {
  const code = text.charCodeAt(start);
  if (code !== 0x2d && (code < 0x30 || code > 0x39)) return undefined;
  numberPattern.lastIndex = start;
  return numberPattern.exec(text)?.[0];
}

function engineNumber(text: string): string {
  if (/[.eE]/.test(text)) {
    const double = Number(text);
    return Number.isFinite(double) ? doubleText(double) : `"${double}"`;
  }
  if (text === '-0') return '0';
  if (text.length > surelyFits && !fits(text))
    throw new SyntaxError(`The integer ${shortened(text)} has more than 64 bits.`);
  return text;
}

function fits(integer: string): boolean {
  if (integer.length > maxIntegerLength) return false;
  const value = BigInt(integer);
  return value >= smallestInteger && value <= largestInteger;
}

function shortened(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}...` : text;
}

/** @param text in quotes */
function engineString(text: string): string {
  if (!text.includes('\\')) return text.isWellFormed() ? text : text.replace(loneSurrogate, '?');
  return JSON.stringify((JSON.parse(text) as string).replace(loneSurrogate, '?'));
}
