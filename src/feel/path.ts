/** `value.key`: entries of contexts, item by item through lists, properties of dates, times and durations. */
import type { Failure } from './errors';
import type { Run } from './run';
import { getEntry, isContext } from './values/context';
import { fromBigInt } from './values/number';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from './values/temporal';
import { isList, typeName, type Value } from './values/value';

/** null, with a warning, when there is no such entry or property. */
export function pathOf(value: Value, key: string, run: Run): Value {
  if (value === null) {
    run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${key}'. The context is null`);
    return null;
  }
  if (isList(value)) {
    run.spend(value.length);
    return value.map((item) => pathOf(item, key, run));
  }
  if (isContext(value)) {
    const entry = getEntry(value, key);
    if (entry !== undefined) return entry;
    run.warn('NO_CONTEXT_ENTRY_FOUND', `No context entry found with key '${key}'`);
    return null;
  }
  const property = propertyOf(value, key);
  if (property !== undefined) return property;
  run.warn('NO_PROPERTY_FOUND', `No property found with name '${key}' of a ${typeName(value)}`);
  return null;
}

function propertyOf(value: Exclude<Value, null> | Failure, key: string): Value | undefined {
  if (value instanceof LocalDate) return dateProperty(value, key);
  if (value instanceof LocalTime)
    return timeProperty(value, key) ?? offsetProperty(undefined, undefined, key);
  if (value instanceof ZonedTime)
    return timeProperty(value.time, key) ?? offsetProperty(value.offset, value.region, key);
  if (value instanceof LocalDateTime)
    return localProperty(value, key) ?? offsetProperty(undefined, undefined, key);
  if (value instanceof DateTime)
    return localProperty(value.local, key) ?? offsetProperty(value.offset, value.region, key);
  if (value instanceof DaysDuration) return daysProperty(value.seconds, key);
  if (value instanceof MonthsDuration) {
    if (key === 'years') return Math.trunc(value.months / 12) + 0;
    if (key === 'months') return (value.months % 12) + 0;
  }
  return undefined;
}

function localProperty(value: LocalDateTime, key: string): Value | undefined {
  return dateProperty(value.date, key) ?? timeProperty(value.time, key);
}

function dateProperty(date: LocalDate, key: string): Value | undefined {
  switch (key) {
    case 'year':
      return date.year;
    case 'month':
      return date.month;
    case 'day':
      return date.day;
    case 'weekday':
      return date.weekday;
    default:
      return undefined;
  }
}

function timeProperty(time: LocalTime, key: string): Value | undefined {
  switch (key) {
    case 'hour':
      return time.hour;
    case 'minute':
      return time.minute;
    case 'second':
      return time.second;
    default:
      return undefined;
  }
}

function offsetProperty(
  offset: number | undefined,
  region: string | undefined,
  key: string,
): Value | undefined {
  if (key === 'time offset')
    return offset === undefined ? null : DaysDuration.of(BigInt(offset) * 1_000_000_000n);
  return key === 'timezone' ? (region ?? null) : undefined;
}

function daysProperty(seconds: bigint, key: string): Value | undefined {
  switch (key) {
    case 'days':
      return fromBigInt(seconds / 86_400n);
    case 'hours':
      return fromBigInt((seconds / 3600n) % 24n);
    case 'minutes':
      return fromBigInt((seconds / 60n) % 60n);
    case 'seconds':
      return fromBigInt(seconds % 60n);
    default:
      return undefined;
  }
}
