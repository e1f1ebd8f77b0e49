/** The clock and the calendar. */
import type { Run } from '../run';
import { DateTime, LocalDate, LocalDateTime, monthLength } from '../values/temporal';
import { findZone } from '../values/zones';
import type { Value } from '../values/value';
import { builtin, type Builtin } from './define';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

function now(run: Run): DateTime {
  const instant = BigInt(Math.trunc(run.surroundings.now())) * 1_000_000n;
  const zone = findZone(run.surroundings.zone) ?? { offset: 0 };
  return 'region' in zone
    ? DateTime.ofInstant(instant, 0, zone.region)
    : DateTime.ofInstant(instant, zone.offset, undefined);
}

function dateOf(value: Value | undefined): LocalDate | undefined {
  if (value instanceof LocalDate) return value;
  if (value instanceof LocalDateTime) return value.date;
  return value instanceof DateTime ? value.local.date : undefined;
}

function ofDate(name: string, compute: (date: LocalDate) => Value): Builtin {
  return builtin(name, ['date'], ([value]) => {
    const date = dateOf(value);
    return date === undefined ? undefined : compute(date);
  });
}

/** Weeks begin on Monday; the first one has the year's first Thursday. */
function weekOfYear(date: LocalDate): number {
  const thursday = LocalDate.ofEpochDay(date.epochDay + 4 - date.weekday);
  return Math.floor((thursday.dayOfYear - 1) / 7) + 1;
}

export const temporalBuiltins = [
  builtin('now', [], (_, run) => now(run)),
  builtin('today', [], (_, run) => now(run).local.date),
  ofDate('day of year', (date) => date.dayOfYear),
  ofDate('day of week', (date) => weekdays[date.weekday - 1]!),
  ofDate('month of year', (date) => months[date.month - 1]!),
  ofDate('week of year', weekOfYear),
  ofDate(
    'last day of month',
    (date) => new LocalDate(date.year, date.month, monthLength(date.year, date.month)),
  ),
];
