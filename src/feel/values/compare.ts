/** Equality and order of values. */
import { EvaluationError } from '../errors';
import type { Run } from '../run';
import { BuiltContext, entriesOf, entryCount, getEntry, isContext, type Context } from './context';
import { compareNumbers, isNum, numberKey } from './number';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from './temporal';
import { isList, type Value } from './value';
import { offsetText } from './zones';

/**
 * Are two values equal? Lists and contexts item by item; there, values of different types are unequal.
 * @returns undefined when their types cannot be compared
 */
export function equal(x: Value, y: Value, run: Run): boolean | undefined {
  if (typeof x === 'string' && typeof y === 'string') {
    if (x.length === y.length) run.spend(x.length >>> 6);
    return x === y;
  }
  if (x === null || y === null) return x === y;
  if (isNum(x) && isNum(y)) return compareNumbers(x, y) === 0;
  if (typeof x === 'boolean' && typeof y === 'boolean') return x === y;
  if (isList(x) && isList(y)) {
    if (x.length !== y.length) return false;
    run.spend(x.length);
    return x.every((item, i) => equal(item, y[i]!, run) === true);
  }
  if (isContext(x) && isContext(y)) return equalContexts(x, y, run, (a, b) => equal(a, b, run) === true);
  return equalTemporals(x, y);
}

function equalContexts(x: Context, y: Context, run: Run, same: (a: Value, b: Value) => boolean): boolean {
  if (entryCount(x) !== entryCount(y)) return false;
  run.spend(entryCount(x));
  for (const [key, value] of entriesOf(x)) {
    const other = getEntry(y, key);
    if (other === undefined || !same(value, other)) return false;
  }
  return true;
}

function equalTemporals(x: Value, y: Value): boolean | undefined {
  if (x instanceof LocalDate && y instanceof LocalDate) return x.equals(y);
  if (x instanceof LocalTime && y instanceof LocalTime) return x.nanoOfDay === y.nanoOfDay;
  if (x instanceof ZonedTime && y instanceof ZonedTime)
    return x.time.nanoOfDay === y.time.nanoOfDay && x.offset === y.offset && x.region === y.region;
  if (x instanceof LocalDateTime && y instanceof LocalDateTime) return x.equals(y);
  if (x instanceof DateTime && y instanceof DateTime)
    return x.local.equals(y.local) && x.offset === y.offset && x.region === y.region;
  if (x instanceof DaysDuration && y instanceof DaysDuration) return x.nanos === y.nanos;
  if (x instanceof MonthsDuration && y instanceof MonthsDuration) return x.months === y.months;
  return undefined;
}

/**
 * Does a list of tests hold the value? As `equal`, but a context literal is only itself.
 */
export function identical(x: Value, y: Value, run: Run): boolean {
  if (isList(x) && isList(y)) {
    if (x.length !== y.length) return false;
    run.spend(x.length);
    return x.every((item, i) => identical(item, y[i]!, run));
  }
  if (isContext(x) && isContext(y)) {
    const literal = (c: Context) => c instanceof BuiltContext && c.literal;
    return literal(x) || literal(y) ? x === y : equalContexts(x, y, run, (a, b) => identical(a, b, run));
  }
  return x === y || equal(x, y, run) === true;
}

/**
 * A key that equal values share and no others have; undefined for values that equal nothing, not even themselves.
 */
export function equalityKey(value: Value, run: Run): string | undefined {
  run.spend(1);
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return JSON.stringify(value);
  if (isNum(value)) return `n${numberKey(value)}`;
  if (isList(value)) {
    const keys = value.map((item) => equalityKey(item, run));
    return keys.includes(undefined) ? undefined : `[${keys.join()}]`;
  }
  if (isContext(value)) {
    const keys = [...entriesOf(value)].map(([name, item]) => {
      const key = equalityKey(item, run);
      return key === undefined ? undefined : `${JSON.stringify(name)}:${key}`;
    });
    return keys.includes(undefined) ? undefined : `{${keys.sort().join()}}`;
  }
  return temporalKey(value);
}

function temporalKey(value: Value): string | undefined {
  if (value instanceof LocalDate) return `d${value.epochDay}`;
  if (value instanceof LocalTime) return `t${value.nanoOfDay}`;
  if (value instanceof ZonedTime) return `z${value.time.nanoOfDay} ${value.offset} ${value.region ?? ''}`;
  if (value instanceof LocalDateTime) return `l${value.nanos}`;
  if (value instanceof DateTime) return `i${value.local.nanos} ${value.offset} ${value.region ?? ''}`;
  if (value instanceof DaysDuration) return `D${value.nanos}`;
  if (value instanceof MonthsDuration) return `M${value.months}`;
  return undefined;
}

/** May values of this kind be compared by `<`? Lists may by their kind, and then fail. */
export function isComparable(value: Value): boolean {
  if (typeof value === 'string' || isNum(value)) return true;
  if (isList(value)) {
    const [head] = value;
    return head !== undefined && isComparable(head) && value.every((item) => sameKind(item, head));
  }
  return isPoint(value);
}

/** A number or temporal value: what a range may begin and end with. */
export function isPoint(value: Value): boolean {
  return (
    isNum(value) ||
    value instanceof LocalDate ||
    value instanceof LocalTime ||
    value instanceof ZonedTime ||
    value instanceof LocalDateTime ||
    value instanceof DateTime ||
    value instanceof DaysDuration ||
    value instanceof MonthsDuration
  );
}

/** Same type, local and zoned values told apart. */
export function sameKind(x: Value, y: Value): boolean {
  if (isNum(x)) return isNum(y);
  if (x === null || y === null || typeof x !== 'object' || typeof y !== 'object')
    return typeof x === typeof y && (x === null) === (y === null);
  if (isList(x) || isList(y)) return isList(x) && isList(y);
  if (isContext(x) || isContext(y)) return isContext(x) && isContext(y);
  return x.constructor === y.constructor;
}

/**
 * Order of two values of the same kind: negative, zero or positive.
 * @throws EvaluationError for values without order, lists among them
 */
export function order(x: Value, y: Value): number {
  if (isNum(x) && isNum(y)) return compareNumbers(x, y);
  if (typeof x === 'string' && typeof y === 'string') return sign(x, y);
  if (x instanceof LocalDate && y instanceof LocalDate) return x.epochDay - y.epochDay;
  if (x instanceof LocalTime && y instanceof LocalTime) return x.nanoOfDay - y.nanoOfDay;
  if (x instanceof ZonedTime && y instanceof ZonedTime) return x.utcNanos - y.utcNanos;
  if (x instanceof LocalDateTime && y instanceof LocalDateTime) return sign(x.nanos, y.nanos);
  if (x instanceof DateTime && y instanceof DateTime)
    return sign(x.instant, y.instant) || sign(x.local.nanos, y.local.nanos) || sign(zoneId(x), zoneId(y));
  if (x instanceof DaysDuration && y instanceof DaysDuration) return sign(x.nanos, y.nanos);
  if (x instanceof MonthsDuration && y instanceof MonthsDuration) return x.months - y.months;
  throw new EvaluationError('Lists cannot be put in order.');
}

function sign<T extends string | bigint>(x: T, y: T): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function zoneId(value: DateTime): string {
  return value.region ?? offsetText(value.offset);
}
