/** Dates, times and durations, with the arithmetic of java.time. */
import { EvaluationError } from '../errors';
import { findZone, offsetAt, resolveLocal } from './zones';

const dayNanos = 86_400_000_000_000;
const dayNanosBig = 86_400_000_000_000n;
const secondNanos = 1_000_000_000;
const maxYear = 999_999_999;
const maxDuration = (1n << 63n) * 1_000_000_000n;

function isInt32(n: number): boolean {
  return n <= 2_147_483_647 && n >= -2_147_483_648;
}

function floorDiv(n: number, d: number): number {
  return Math.floor(n / d);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export class LocalDate {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
  ) {}

  /** undefined when there is no such day. */
  static of(year: number, month: number, day: number): LocalDate | undefined {
    if (Math.abs(year) > maxYear || month < 1 || month > 12 || day < 1 || day > monthLength(year, month))
      return undefined;
    return new LocalDate(year, month, day);
  }

  /** Days since 1970-01-01. */
  static ofEpochDay(epochDay: number): LocalDate {
    // Counted from 1 March of the year 0, so that leap days end a year.
    const shifted = epochDay + 719_468;
    const era = floorDiv(shifted, 146_097);
    const dayOfEra = shifted - era * 146_097;
    const yearOfEra = floorDiv(
      dayOfEra - floorDiv(dayOfEra, 1460) + floorDiv(dayOfEra, 36_524) - floorDiv(dayOfEra, 146_096),
      365,
    );
    const dayOfYear = dayOfEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
    const monthFromMarch = floorDiv(5 * dayOfYear + 2, 153);
    const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    checkYear(year);
    return new LocalDate(year, month, dayOfYear - floorDiv(153 * monthFromMarch + 2, 5) + 1);
  }

  get epochDay(): number {
    const year = this.month <= 2 ? this.year - 1 : this.year;
    const era = floorDiv(year, 400);
    const yearOfEra = year - era * 400;
    const monthFromMarch = this.month > 2 ? this.month - 3 : this.month + 9;
    const dayOfYear = floorDiv(153 * monthFromMarch + 2, 5) + this.day - 1;
    return (
      era * 146_097 +
      yearOfEra * 365 +
      floorDiv(yearOfEra, 4) -
      floorDiv(yearOfEra, 100) +
      dayOfYear -
      719_468
    );
  }

  /** 1 is Monday. */
  get weekday(): number {
    const day = (this.epochDay + 3) % 7;
    return (day < 0 ? day + 7 : day) + 1;
  }

  get dayOfYear(): number {
    return this.epochDay - new LocalDate(this.year, 1, 1).epochDay + 1;
  }

  /** A day that the month does not have becomes its last one. @throws EvaluationError beyond year 999,999,999 */
  plusMonths(months: number): LocalDate {
    const total = this.year * 12 + this.month - 1 + months;
    const year = floorDiv(total, 12);
    checkYear(year);
    const month = total - year * 12 + 1;
    return new LocalDate(year, month, Math.min(this.day, monthLength(year, month)));
  }

  equals(other: LocalDate): boolean {
    return this.year === other.year && this.month === other.month && this.day === other.day;
  }
}

function checkYear(year: number): void {
  if (Math.abs(year) > maxYear) throw new EvaluationError('A date is beyond the years that can be written.');
}

export class LocalTime {
  constructor(readonly nanoOfDay: number) {}

  get hour(): number {
    return floorDiv(this.nanoOfDay, 3600 * secondNanos);
  }

  get minute(): number {
    return floorDiv(this.nanoOfDay, 60 * secondNanos) % 60;
  }

  get second(): number {
    return floorDiv(this.nanoOfDay, secondNanos) % 60;
  }

  get nano(): number {
    return this.nanoOfDay % secondNanos;
  }

  /** undefined when a part is out of range. */
  static of(hour: number, minute: number, second: number, nano = 0): LocalTime | undefined {
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || nano < 0)
      return undefined;
    return new LocalTime(((hour * 60 + minute) * 60 + second) * secondNanos + nano);
  }

  /** Goes round at midnight. */
  plus(nanos: bigint): LocalTime {
    const rest = Number((BigInt(this.nanoOfDay) + nanos) % dayNanosBig);
    return new LocalTime(rest < 0 ? rest + dayNanos : rest);
  }
}

/** A time with an offset; with a region its offset without daylight saving time. */
export class ZonedTime {
  constructor(
    readonly time: LocalTime,
    readonly offset: number,
    readonly region: string | undefined,
  ) {}

  /** For ordering and differences: the time at offset zero, not confined to one day. */
  get utcNanos(): number {
    return this.time.nanoOfDay - this.offset * secondNanos;
  }

  plus(nanos: bigint): ZonedTime {
    return new ZonedTime(this.time.plus(nanos), this.offset, this.region);
  }

  onDate(date: LocalDate): DateTime {
    const local = new LocalDateTime(date, this.time);
    return this.region === undefined
      ? new DateTime(local, this.offset, undefined)
      : DateTime.inRegion(local, this.region);
  }
}

export class LocalDateTime {
  constructor(
    readonly date: LocalDate,
    readonly time: LocalTime,
  ) {}

  static ofNanos(nanos: bigint): LocalDateTime {
    let day = nanos / dayNanosBig;
    let rest = nanos % dayNanosBig;
    if (rest < 0n) {
      day -= 1n;
      rest += dayNanosBig;
    }
    return new LocalDateTime(LocalDate.ofEpochDay(Number(day)), new LocalTime(Number(rest)));
  }

  /** Nanoseconds since 1970-01-01T00:00, as if it were UTC. */
  get nanos(): bigint {
    return BigInt(this.date.epochDay) * dayNanosBig + BigInt(this.time.nanoOfDay);
  }

  /** Whole seconds since 1970-01-01T00:00, as if it were UTC. */
  get seconds(): number {
    return this.date.epochDay * 86_400 + floorDiv(this.time.nanoOfDay, secondNanos);
  }

  plus(nanos: bigint): LocalDateTime {
    return LocalDateTime.ofNanos(this.nanos + nanos);
  }

  plusMonths(months: number): LocalDateTime {
    return new LocalDateTime(this.date.plusMonths(months), this.time);
  }

  equals(other: LocalDateTime): boolean {
    return this.date.equals(other.date) && this.time.nanoOfDay === other.time.nanoOfDay;
  }
}

/** A date and time with an offset, and perhaps a region that it comes from. */
export class DateTime {
  constructor(
    readonly local: LocalDateTime,
    readonly offset: number,
    readonly region: string | undefined,
  ) {}

  /** A wall clock in a region; in a gap it moves forward. */
  static inRegion(local: LocalDateTime, region: string, preferred?: number): DateTime {
    const resolved = resolveLocal(region, local.seconds, preferred);
    const moved = resolved.local - local.seconds;
    return new DateTime(
      moved === 0 ? local : local.plus(BigInt(moved) * BigInt(secondNanos)),
      resolved.offset,
      region,
    );
  }

  /** @throws EvaluationError when there is no such zone */
  static inZone(local: LocalDateTime, zone: string): DateTime {
    const found = requireZone(zone);
    return 'offset' in found
      ? new DateTime(local, found.offset, undefined)
      : DateTime.inRegion(local, found.region);
  }

  static ofInstant(nanos: bigint, offset: number, region: string | undefined): DateTime {
    const utc = LocalDateTime.ofNanos(nanos);
    const there = region === undefined ? offset : offsetAt(region, utc.seconds);
    return new DateTime(utc.plus(BigInt(there) * BigInt(secondNanos)), there, region);
  }

  /** Nanoseconds since 1970. */
  get instant(): bigint {
    return this.local.nanos - BigInt(this.offset) * BigInt(secondNanos);
  }

  /** The same instant elsewhere. @throws EvaluationError when there is no such zone */
  toZone(zone: string): DateTime {
    const found = requireZone(zone);
    return 'offset' in found
      ? DateTime.ofInstant(this.instant, found.offset, undefined)
      : DateTime.ofInstant(this.instant, 0, found.region);
  }

  plus(nanos: bigint): DateTime {
    return DateTime.ofInstant(this.instant + nanos, this.offset, this.region);
  }

  plusMonths(months: number): DateTime {
    const local = this.local.plusMonths(months);
    if (this.region === undefined) return new DateTime(local, this.offset, undefined);
    return DateTime.inRegion(local, this.region, this.offset);
  }
}

function requireZone(name: string) {
  const zone = findZone(name);
  if (zone === undefined) throw new EvaluationError(`There is no time zone '${name}'.`);
  return zone;
}

export class DaysDuration {
  private constructor(readonly nanos: bigint) {}

  /** @throws EvaluationError beyond 2^63 seconds */
  static of(nanos: bigint): DaysDuration {
    if (nanos >= maxDuration || nanos < -maxDuration) throw new EvaluationError('A duration is too long.');
    return new DaysDuration(nanos);
  }

  /** Whole seconds, rounded down. */
  get seconds(): bigint {
    const seconds = this.nanos / 1_000_000_000n;
    return this.nanos % 1_000_000_000n < 0n ? seconds - 1n : seconds;
  }

  /** Whole milliseconds towards zero. @throws EvaluationError beyond 2^63 */
  get millis(): bigint {
    const millis = this.nanos / 1_000_000n;
    if (BigInt.asIntN(64, millis) !== millis)
      throw new EvaluationError('A duration is too long for milliseconds.');
    return millis;
  }
}

export class MonthsDuration {
  private constructor(readonly months: number) {}

  /** @throws EvaluationError when the years need more than 32 bits */
  static of(months: number): MonthsDuration {
    const years = Math.trunc(months / 12);
    if (!isInt32(years)) throw new EvaluationError('A duration has too many years.');
    return new MonthsDuration(months);
  }

  /** @throws EvaluationError when years or months need more than 32 bits */
  times(factor: number): MonthsDuration {
    const years = Math.trunc(this.months / 12) * factor;
    const months = (this.months % 12) * factor;
    if (!isInt32(years) || !isInt32(months)) throw new EvaluationError('A duration has too many years.');
    return MonthsDuration.of(years * 12 + months);
  }
}
