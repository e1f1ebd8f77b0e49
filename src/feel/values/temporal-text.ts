/** Dates, times and durations -> text: as FEEL shows them in `string`, and as the runtime writes them in JSON. */
import { DateTime, DaysDuration, LocalDate, LocalDateTime, LocalTime, ZonedTime } from './temporal';
import type { Temporal } from './value';
import { offsetText } from './zones';

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** `plus`: years beyond four digits get a sign. */
function dateText(date: LocalDate, plus: boolean): string {
  const size = String(Math.abs(date.year)).padStart(4, '0');
  const sign = date.year < 0 ? '-' : date.year > 9999 && plus ? '+' : '';
  return `${sign}${size}-${two(date.month)}-${two(date.day)}`;
}

/** Seconds always, fraction without zeros at the end. */
function timeText(time: LocalTime): string {
  const fraction = time.nano === 0 ? '' : `.${String(time.nano).padStart(9, '0').replace(/0+$/, '')}`;
  return `${two(time.hour)}:${two(time.minute)}:${two(time.second)}${fraction}`;
}

/** As java.time shows it: seconds only where needed, fraction in groups of three digits. */
function shortTimeText(time: LocalTime): string {
  const minutes = `${two(time.hour)}:${two(time.minute)}`;
  if (time.second === 0 && time.nano === 0) return minutes;
  if (time.nano === 0) return `${minutes}:${two(time.second)}`;
  const fraction = String(time.nano)
    .padStart(9, '0')
    .replace(/(000){1,2}$/, '');
  return `${minutes}:${two(time.second)}.${fraction}`;
}

/** As `string` shows it. */
export function temporalText(value: Temporal): string {
  if (value instanceof LocalDate) return dateText(value, true);
  if (value instanceof LocalTime) return timeText(value);
  if (value instanceof ZonedTime)
    return (
      timeText(value.time) + (value.region === undefined ? offsetText(value.offset) : `@${value.region}`)
    );
  if (value instanceof LocalDateTime) return localText(value, false);
  if (value instanceof DateTime)
    return (
      localText(value.local, false) +
      (value.region === undefined ? offsetText(value.offset) : `@${value.region}`)
    );
  return value instanceof DaysDuration ? daysText(value) : monthsText(value.months, 'P0Y', '-');
}

function localText(value: LocalDateTime, plus: boolean): string {
  return `${dateText(value.date, plus)}T${timeText(value.time)}`;
}

function daysText(value: DaysDuration): string {
  const seconds = value.seconds;
  const parts = [seconds / 86_400n, (seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n];
  if (parts.every((part) => part === 0n)) return 'P0D';
  const negative = parts.every((part) => part <= 0n);
  const [day, hour, minute, second] = parts.map((part, i) => {
    const size = negative ? -part : part;
    return size === 0n ? '' : `${size}${'DHMS'[i]}`;
  });
  const time = `${hour}${minute}${second}`;
  return `${negative ? '-' : ''}P${day}${time && `T${time}`}`;
}

/** `sign` comes before the whole, or before each part when it is empty. */
function monthsText(months: number, zero: string, sign: '-' | ''): string {
  if (months === 0) return zero;
  const size = sign === '-' ? Math.abs(months) : months;
  const years = Math.trunc(size / 12);
  const rest = size % 12;
  return `${months < 0 ? sign : ''}P${years === 0 ? '' : `${years}Y`}${rest === 0 ? '' : `${rest}M`}`;
}

/** Java's text of a days-time duration: hours, minutes and seconds, each with its sign. */
function javaDaysText(nanos: bigint): string {
  if (nanos === 0n) return 'PT0S';
  const seconds = nanos / 1_000_000_000n;
  const fraction = nanos % 1_000_000_000n;
  const hours = seconds / 3600n;
  const minutes = (seconds / 60n) % 60n;
  const rest = seconds % 60n;
  const start = `PT${hours === 0n ? '' : `${hours}H`}${minutes === 0n ? '' : `${minutes}M`}`;
  if (rest === 0n && fraction === 0n) return start;
  if (fraction === 0n) return `${start}${rest}S`;
  const size = fraction < 0n ? -fraction : fraction;
  const digits = size.toString().padStart(9, '0').replace(/0+$/, '');
  return `${start}${nanos < 0n && rest === 0n ? '-0' : rest}.${digits}S`;
}

/** As the runtime writes it in JSON: a region is lost. */
export function temporalJson(value: Temporal): string {
  if (value instanceof LocalDate) return dateText(value, true);
  if (value instanceof LocalTime) return timeText(value);
  if (value instanceof ZonedTime) return shortTimeText(value.time) + offsetText(value.offset);
  if (value instanceof LocalDateTime) return localText(value, true);
  if (value instanceof DateTime) return localText(value.local, true) + offsetText(value.offset);
  return value instanceof DaysDuration ? javaDaysText(value.nanos) : monthsText(value.months, 'P0D', '');
}

/** As `to json` writes it: the region of a date and time is in brackets, that of a time is lost. */
export function temporalToJson(value: Temporal): string {
  if (value instanceof ZonedTime) return timeText(value.time) + offsetText(value.offset);
  if (value instanceof DateTime)
    return temporalJson(value) + (value.region === undefined ? '' : `[${value.region}]`);
  return temporalJson(value);
}
