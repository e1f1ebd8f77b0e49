/** Results -> JSON, exactly as the connector runtime writes them. */
import { EvaluationError, Failure } from './errors';
import { checkText, type Limits } from './limits';
import { BuiltContext, entriesOf, isContext, type Context } from './values/context';
import { Decimal } from './values/decimal';
import { isFunction, type FeelFunction } from './values/function';
import { isNum, toDouble, toInt64, type Num } from './values/number';
import { Range } from './values/range';
import { temporalJson } from './values/temporal-text';
import { isList, type Value } from './values/value';

/** Half of a surrogate pair is all that JSON.stringify escapes in this way. */
const loneEscapePattern = /\\ud[89a-f][\da-f]{2}/;
const loneEscapesPattern = /\\\\|\\ud[89a-f][\da-f]{2}/g;
const escapedBackslash = '\\\\';
const noFields = new BuiltContext(new Map());
/** The JSON of a value has no nesting deeper than this. */
const maxDepth = 1_000;
const surrogatePattern = /[\ud800-\udfff]/;
const loneSurrogatePattern = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** What a value becomes in plain JavaScript: what JSON.parse would make of its JSON. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

/** JSON text of a text; half of a surrogate pair becomes `?`. */
function jsonText(text: string): string {
  return JSON.stringify(wellFormed(text));
}

function wellFormed(text: string): string {
  return surrogatePattern.test(text) ? text.replace(loneSurrogatePattern, '?') : text;
}

/** Whole numbers of 64 bits keep their digits; others become doubles, or a text beyond those. */
function jsonNumber(n: Num): string {
  if (typeof n === 'number' && Number.isSafeInteger(n)) return String(n);
  const whole = toInt64(n);
  if (whole !== undefined) return whole.toString();
  const double = toDouble(n);
  return Number.isFinite(double) ? String(double) : double > 0 ? '"Infinity"' : '"-Infinity"';
}

/**
 * The JSON text of a result.
 * @throws FeelError of kind limit when it becomes too long, evaluation when it is nested too deeply
 */
export function writeJson(value: Value, limits: Limits): string {
  const parts: string[] = [];
  let length = 0;
  const put = (part: string): void => {
    length += part.length;
    checkText(length, limits);
    parts.push(part);
  };
  write(value, put, 0);
  return parts.join('');
}

function write(value: Value, put: (part: string) => void, depth: number): void {
  if (typeof value === 'string') put(jsonText(value));
  else if (typeof value === 'number' || value instanceof Decimal) put(jsonNumber(value));
  else if (value === null || typeof value === 'boolean') put(String(value));
  else if (depth > maxDepth) throw new EvaluationError('The result is nested too deeply.');
  else if (isPlain(value)) put(plainJson(value));
  else if (isList(value)) {
    put('[');
    for (let i = 0; i < value.length; i++) {
      if (i > 0) put(',');
      write(value[i]!, put, depth + 1);
    }
    put(']');
  } else if (isContext(value)) {
    let separator = '{';
    for (const [key, item] of entriesOf(value)) {
      if (isFunction(item)) continue;
      put(`${separator}${jsonText(key)}:`);
      write(item, put, depth + 1);
      separator = ',';
    }
    put(separator === '{' ? '{}' : '}');
  } else if (isFunction(value) || value instanceof Failure) write(beanOf(value), put, depth + 1);
  else put(jsonText(temporalJson(withoutRange(value))));
}

/** Does a value consist of nothing but what JSON.parse makes? */
function isPlain(value: Value): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value);
  // Contexts that are not a BuiltContext come from JSON.parse as a whole.
  return isList(value) ? value.every(isPlain) : isContext(value) && !(value instanceof BuiltContext);
}

function plainJson(value: Value): string {
  const json = JSON.stringify(value);
  return loneEscapePattern.test(json)
    ? json.replace(loneEscapesPattern, (escape) => (escape === escapedBackslash ? escape : '?'))
    : json;
}

/** What the runtime's JSON writer makes of a function or failure outside a context: its fields. */
function beanOf(value: FeelFunction | Failure): Context {
  const fields: [string, Value][] =
    value instanceof Failure
      ? [['error', value.message]]
      : [
          ['params', value.params],
          ['invoke', noFields],
          ['hasVarArgs', value.varargs],
          ['paramSet', value.params],
        ];
  return new BuiltContext(
    new Map<string, Value>([...fields, ['properties', noFields], ['comparable', false]]),
  );
}

function withoutRange<T extends Value>(value: T): Exclude<T, Range> {
  if (value instanceof Range) throw new EvaluationError('The result holds a range, which has no JSON.');
  return value as Exclude<T, Range>;
}

/** The result as plain JavaScript values: as JSON.parse would read its JSON. */
export function toPlain(value: Value, depth = 0): Plain {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return wellFormed(value);
  if (isNum(value)) {
    const double = toDouble(value);
    return Number.isFinite(double) ? double + 0 : String(double);
  }
  if (depth > maxDepth) throw new EvaluationError('The result is nested too deeply.');
  if (isList(value)) return value.map((item) => toPlain(item, depth + 1));
  if (isContext(value)) {
    const plain: { [key: string]: Plain } = {};
    for (const [key, item] of entriesOf(value)) {
      if (isFunction(item)) continue;
      const converted = toPlain(item, depth + 1);
      // Assigning to this name would set the prototype.
      if (key === '__proto__')
        Object.defineProperty(plain, key, {
          value: converted,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else plain[key] = converted;
    }
    return plain;
  }
  if (isFunction(value) || value instanceof Failure) return toPlain(beanOf(value), depth + 1);
  return temporalJson(withoutRange(value));
}
