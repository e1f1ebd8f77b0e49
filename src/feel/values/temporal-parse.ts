/** Text -> dates, times and durations. Every function gives undefined where feel-scala gives null. */
import { EvaluationError } from '../errors';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from './temporal';
import { findZone, parseOffset, standardOffset, type Zone } from './zones';

const datePattern = /^(-?(?:[1-9]\d{0,4})?\d{4})-([01]\d)-([0-3]\d)$/;
const timePattern = /^(\d{2}):(\d{2})(?::(\d{2}))?(?:\.(\d{0,9}))?$/;
const offsetTimePattern = /^T?(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:([+-]\d{2}:\d{2}|Z)|@(.*))$/;
const dateTimePattern =
  /^(-?(?:[1-9]\d{0,4})?\d{4}-[01]\d-[0-3]\d)T([0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d{1,9})?)(?:([+-][01]\d:[0-5]\d|Z)(?:\[(.+)\])?|@(.*))?$/;
const monthsPattern = /^(-?)P(-?)(?:(\d+)Y)?(-?)(?:(\d+)M)?$/;
const daysPattern = /^-?P(-?(\d+D)?(T-?(\d+H)?-?(\d+M)?-?(\d+(.\d*)?S)?)?)$/;
const javaDaysPattern =
  /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i;

const maxInt = 2_147_483_647;

export function parseDate(text: string): LocalDate | undefined {
  const match = datePattern.exec(text);
  if (match === null || match[1] === '-0000') return undefined;
  return LocalDate.of(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** `strict`: 24:00 is not a time. */
function parseClock(text: string, strict: boolean): LocalTime | undefined {
  const match = timePattern.exec(text);
  if (match === null || (match[3] === undefined && match[4] !== undefined)) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const nano = Number((match[4] ?? '').padEnd(9, '0'));
  if (hour === 24 && minute === 0 && second === 0 && nano === 0 && !strict) return new LocalTime(0);
  return LocalTime.of(hour, minute, second, nano);
}

function parseLocalTime(text: string): LocalTime | undefined {
  return parseClock(text.startsWith('T') ? text.slice(1) : text, false);
}

/** @param nowMs decides the offset of a region */
function parseOffsetTime(text: string, nowMs: number): ZonedTime | undefined {
  const match = offsetTimePattern.exec(text);
  const time = match && parseClock(match[1]!, false);
  const zone = match && zoneOf(match[2], match[3]);
  if (!time || !zone) return undefined;
  if ('offset' in zone) return new ZonedTime(time, zone.offset, undefined);
  return new ZonedTime(time, standardOffset(zone.region, Math.floor(nowMs / 1000)), zone.region);
}

function zoneOf(offset: string | undefined, name: string | undefined): Zone | undefined {
  if (offset === undefined)
    return name === undefined || /^[Zz]?$/.test(name) ? utcNamed(name) : regionOrOffset(name);
  const seconds = parseOffset(offset);
  return seconds === undefined ? undefined : { offset: seconds };
}

function utcNamed(name: string | undefined): Zone | undefined {
  return name === 'Z' ? { offset: 0 } : undefined;
}

/** In a text an offset needs its colon, with or without a prefix. */
function regionOrOffset(name: string): Zone | undefined {
  const offset = /^(?:UTC|GMT|UT)?([+-].*)$/.exec(name)?.[1];
  if (offset !== undefined && !/^[+-]\d{2}:\d{2}(:\d{2})?$/.test(offset)) return undefined;
  return findZone(name);
}

export function parseTime(text: string, nowMs: number): LocalTime | ZonedTime | undefined {
  return offsetTimePattern.test(text) ? parseOffsetTime(text, nowMs) : parseLocalTime(text);
}

/** A date stands for its beginning. */
export function parseDateTime(text: string): LocalDateTime | DateTime | undefined {
  if (datePattern.test(text)) {
    const date = parseDate(text);
    return date && new LocalDateTime(date, new LocalTime(0));
  }
  const match = dateTimePattern.exec(text);
  const date = match && parseDate(match[1]!);
  const time = match && parseClock(match[2]!, true);
  if (!date || !time) return undefined;
  const local = new LocalDateTime(date, time);
  const [, , , offset, bracketed, named] = match;
  if (offset === undefined && named === undefined) return local;
  const zone = zoneOf(offset, named);
  if (zone === undefined) return undefined;
  if ('region' in zone) return DateTime.inRegion(local, zone.region);
  const fixed = new DateTime(local, zone.offset, undefined);
  if (bracketed === undefined) return fixed;
  const region = zoneOf(undefined, bracketed);
  if (region === undefined) return undefined;
  // The offset decides the instant, the region how it is shown.
  return 'region' in region
    ? DateTime.ofInstant(fixed.instant, 0, region.region)
    : DateTime.ofInstant(fixed.instant, region.offset, undefined);
}

function isMonths(text: string): boolean {
  return monthsPattern.test(text);
}

/** @throws EvaluationError when its years need more than 32 bits */
function parseMonths(text: string): MonthsDuration | undefined {
  const match = monthsPattern.exec(text);
  if (match === null || (match[3] === undefined && match[5] === undefined)) return undefined;
  // A sign belongs to the number right behind it.
  if (
    (match[2] === '-' && match[3] === undefined && match[4] === '-') ||
    (match[4] === '-' && match[5] === undefined)
  )
    return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  const years = Number(match[3] ?? 0) * (match[2] === '-' ? -sign : sign);
  const loneSign = match[2] === '-' && match[3] === undefined;
  const months = Number(match[5] ?? 0) * (match[4] === '-' || loneSign ? -sign : sign);
  if (Math.abs(years) > maxInt || Math.abs(months) > maxInt) return undefined;
  return MonthsDuration.of(years * 12 + months);
}

/** As Java reads it: lower case, signs anywhere, fraction after a point or comma. */
function parseJavaDays(text: string): DaysDuration | undefined {
  const match = javaDaysPattern.exec(text);
  if (match === null || match[3]?.length === 1) return undefined;
  const [, sign, days, , hours, minutes, seconds, fraction] = match;
  if (days === undefined && hours === undefined && minutes === undefined && seconds === undefined)
    return undefined;
  const whole =
    BigInt(days ?? 0) * 86_400n +
    BigInt(hours ?? 0) * 3600n +
    BigInt(minutes ?? 0) * 60n +
    BigInt(seconds ?? 0);
  const nanos = BigInt((fraction ?? '').padEnd(9, '0')) * (seconds?.startsWith('-') ? -1n : 1n);
  const total = whole * 1_000_000_000n + nanos;
  return attempt(() => DaysDuration.of(sign === '-' ? -total : total));
}

/** undefined when the value cannot be represented. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/**
 * A duration from a literal `duration("..")`.
 * @throws EvaluationError when its years need more than 32 bits
 */
export function parseDurationLiteral(text: string): DaysDuration | MonthsDuration | undefined {
  return isMonths(text) ? parseMonths(text) : parseJavaDays(text);
}

/** A duration from a computed text. */
export function parseDuration(text: string): DaysDuration | MonthsDuration | undefined {
  if (isMonths(text)) return attempt(() => parseMonths(text));
  return daysPattern.test(text) ? parseJavaDays(text) : undefined;
}

/**
 * The value behind `@`.
 * @param nowMs decides the offset of a time in a region
 * @throws EvaluationError when the years of a duration need more than 32 bits
 */
export function parseTemporal(text: string, nowMs: number) {
  if (datePattern.test(text)) return parseDate(text);
  if (offsetTimePattern.test(text)) return parseOffsetTime(text, nowMs);
  if (dateTimePattern.test(text)) return parseDateTime(text);
  if (isMonths(text)) return parseMonths(text);
  return daysPattern.test(text) ? parseJavaDays(text) : parseLocalTime(text);
}
