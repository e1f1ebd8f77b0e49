/** Text and numbers to dates, times, durations and back. */
import { EvaluationError, Failure } from '../errors';
import { readJsonPrefix } from '../json-read';
import type { Run } from '../run';
import { isNum, multiplyNumbers, parseNumber, remainderNumbers, toInt32, type Num } from '../values/number';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from '../values/temporal';
import { parseDate, parseDateTime, parseDuration, parseTime } from '../values/temporal-parse';
import { textOf } from '../values/text';
import type { Value } from '../values/value';
import { toJsonText } from '../to-json';
import { builtin } from './define';

function parsed(value: Value | undefined): Value {
  return value ?? new Failure('The text cannot be read');
}

function dateFrom([from]: readonly Value[]): Value | undefined {
  if (typeof from === 'string') return parsed(parseDate(from));
  if (from instanceof LocalDate) return from;
  if (from instanceof LocalDateTime) return from.date;
  return from instanceof DateTime ? from.local.date : undefined;
}

function areNumbers(values: readonly Value[]): values is readonly Num[] {
  return values.every(isNum);
}

function dateOf(args: readonly Value[]): Value | undefined {
  if (!areNumbers(args)) return undefined;
  const [year, month, day] = args.map(toInt32) as [number, number, number];
  return LocalDate.of(year, month, day) ?? new Failure('There is no such day');
}

/** A date and a time, or a date and time moved or put into a zone. */
function dateTimeOf([from, other]: readonly Value[]): Value | undefined {
  if (typeof other === 'string') {
    if (from instanceof LocalDateTime) return DateTime.inZone(from, other);
    return from instanceof DateTime ? from.toZone(other) : undefined;
  }
  const date = from instanceof LocalDate ? from : from instanceof LocalDateTime ? from.date : undefined;
  const day = from instanceof DateTime ? from.local.date : date;
  if (day === undefined) return undefined;
  if (other instanceof LocalTime) return new LocalDateTime(day, other);
  return other instanceof ZonedTime ? other.onDate(day) : undefined;
}

function timeFrom([from]: readonly Value[], run: Run): Value | undefined {
  if (typeof from === 'string') return parsed(parseTime(from, run.surroundings.now()));
  if (from instanceof LocalDateTime) return from.time;
  if (from instanceof DateTime) return new ZonedTime(from.local.time, from.offset, from.region);
  return from instanceof LocalDate ? new ZonedTime(new LocalTime(0), 0, undefined) : undefined;
}

const maxOffset = 18n * 3600n;

/** With an offset the fraction of the second counts, with a null offset it does not. */
function timeOf([hour, minute, second, offset]: readonly Value[]): Value | undefined {
  const parts = [hour ?? null, minute ?? null, second ?? null];
  if (!areNumbers(parts)) return undefined;
  if (offset !== undefined && offset !== null && !(offset instanceof DaysDuration)) return undefined;
  const [h, m, s] = parts.map(toInt32) as [number, number, number];
  const time = LocalTime.of(h, m, s, offset === null ? 0 : fractionNanos(parts[2]!));
  if (time === undefined) return new Failure('There is no such time');
  if (offset === undefined || offset === null) return time;
  const seconds = offset.seconds;
  if (seconds > maxOffset || seconds < -maxOffset) return new Failure('The offset is beyond 18 hours');
  return new ZonedTime(time, Number(seconds), undefined);
}

function fractionNanos(second: Num): number {
  return toInt32(multiplyNumbers(remainderNumbers(second, 1), 1_000_000_000));
}

const groupingSigns = [' ', ',', '.'];
const decimalSigns = [',', '.'];

function numberFrom([from, grouping = null, decimal = null]: readonly Value[]): Value | undefined {
  if (typeof from !== 'string') return undefined;
  if (grouping !== null && (typeof grouping !== 'string' || !groupingSigns.includes(grouping)))
    return undefined;
  if (decimal !== null && (typeof decimal !== 'string' || !decimalSigns.includes(decimal))) return undefined;
  if (grouping !== null && grouping === decimal) return undefined;
  const ungrouped = grouping === null ? from : from.replaceAll(grouping, '');
  return parsed(parseNumber(decimal === null ? ungrouped : ungrouped.replaceAll(decimal, '.')));
}

/** Whole months from one day to the other; days that are left over are dropped. */
function monthsBetween([from, to]: readonly Value[]): Value | undefined {
  const start = dateFrom([from ?? null]);
  const end = dateFrom([to ?? null]);
  if (typeof from === 'string' || typeof to === 'string') return undefined;
  if (!(start instanceof LocalDate) || !(end instanceof LocalDate)) return undefined;
  let months = end.year * 12 + end.month - start.year * 12 - start.month;
  if (months > 0 && end.day < start.day) months--;
  else if (months < 0 && end.day > start.day) months++;
  return MonthsDuration.of(months);
}

/** Every text is one level; nothing becomes a date. */
function fromJson([json]: readonly Value[]): Value | undefined {
  if (json === null) return null;
  if (typeof json !== 'string') return undefined;
  try {
    return readJsonPrefix(json);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof EvaluationError)
      return new Failure('The text is not JSON');
    throw error;
  }
}

function toJson([value = null]: readonly Value[], run: Run): Value {
  try {
    return toJsonText(value, run);
  } catch (error) {
    if (error instanceof EvaluationError) return new Failure(error.message);
    throw error;
  }
}

export const conversionBuiltins = [
  builtin('date', ['from'], dateFrom),
  builtin('date', ['year', 'month', 'day'], dateOf),
  builtin('date and time', ['from'], ([from]) =>
    typeof from === 'string' ? parsed(parseDateTime(from)) : undefined,
  ),
  builtin('date and time', ['date', 'time'], dateTimeOf),
  builtin('time', ['from'], timeFrom),
  builtin('time', ['hour', 'minute', 'second'], timeOf),
  builtin('time', ['hour', 'minute', 'second', 'offset'], timeOf),
  builtin('number', ['from'], numberFrom),
  builtin('number', ['from', 'grouping separator'], ([from, grouping]) =>
    grouping === null ? undefined : numberFrom([from ?? null, grouping ?? null]),
  ),
  builtin('number', ['from', 'grouping separator', 'decimal separator'], ([from, grouping, decimal]) =>
    grouping === null && decimal === null
      ? undefined
      : numberFrom([from ?? null, grouping ?? null, decimal ?? null]),
  ),
  builtin('string', ['from'], ([from = null], run) =>
    from === null || typeof from === 'string' ? from : textOf(from, run),
  ),
  builtin('duration', ['from'], ([from]) =>
    typeof from === 'string' ? parsed(parseDuration(from)) : undefined,
  ),
  builtin('years and months duration', ['from', 'to'], monthsBetween),
  builtin('from json', ['json'], fromJson),
  builtin('to json', ['value'], toJson),
];
