/**
 * The texts of timers: durations, dates and cycles as ISO 8601 writes them, and cron. All times are ms since 1970.
 * Every parser throws an Error whose message is one sentence about the text.
 */
import { parseCron } from './cron';
import { inReach, parseDate } from './date-text';

export { parseDate } from './date-text';

/** Longer texts are not read: no timer needs them, and nobody should wait for one. */
const maxLength = 300;

/** Months are as long as the calendar has them, so they stay apart. Both are negative in a negative duration. */
export interface Duration {
  readonly months: number;
  readonly ms: number;
}

/** A timer that fires again and again. */
export interface Cycle {
  /** -1: without end. */
  readonly repetitions: number;
  /** Of a cycle with a start date: that date, also when it has passed. */
  readonly first?: number;
  /**
   * The first time after this one; undefined when there is none. With a start date it is one of that date plus a
   * multiple of the interval, and never before that date.
   */
  readonly next: (afterMs: number) => number | undefined;
}

const whole = '([+-]?\\d+)';
const number = '([+-]?\\d+(?:[.,]\\d+)?)';
const durationPattern = new RegExp(
  `^([+-]?)P(?:${whole}Y)?(?:${whole}M)?(?:${number}W)?(?:${number}D)?` +
    `(?:T(?=[\\d+-])(?:${number}H)?(?:${number}M)?(?:${number}S)?)?$`,
  'i',
);
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Reads `PT5S`, `P1Y2M3DT4H5M6.5S`, `P2W`, `-PT1H`, `PT-1H`. Fractions from weeks on, to the millisecond.
 * @throws Error when the text is not a duration
 */
export function parseDuration(text: string): Duration {
  const match = text.length > maxLength ? null : durationPattern.exec(text.trim());
  if (match === null || /P$/i.test(text.trim()))
    throw new Error(`'${shortened(text)}' is not an ISO 8601 duration such as PT15M or P1DT12H.`);
  const [, sign, years, months, weeks, days, hours, minutes, seconds] = match;
  const direction = sign === '-' ? -1 : 1;
  const ms =
    amount(weeks) * 7 * day +
    amount(days) * day +
    amount(hours) * hour +
    amount(minutes) * minute +
    amount(seconds) * second;
  // `+ 0` makes a zero of a negative one.
  const duration = {
    months: direction * (amount(years) * 12 + amount(months)) + 0,
    ms: direction * Math.round(ms) + 0,
  };
  if (!Number.isSafeInteger(duration.months) || !Number.isSafeInteger(duration.ms))
    throw new Error(`The duration '${shortened(text)}' is longer than a calendar reaches.`);
  return duration;
}

function amount(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(digits.replace(',', '.'));
}

/**
 * Months first, by the calendar of UTC: a day that the month does not have becomes its last one.
 * @throws Error when the result is out of the calendar's reach
 */
export function addDuration(fromMs: number, { months, ms }: Duration): number {
  return inReach(addMonths(fromMs, months) + ms);
}

function addMonths(fromMs: number, months: number): number {
  if (months === 0) return fromMs;
  const date = new Date(fromMs);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(date);
  lastDay.setUTCMonth(lastDay.getUTCMonth() + 1, 0);
  return date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
}

/**
 * Reads `R/PT5S` (without end), `R3/PT5S`, `R3/2026-01-01T00:00:00Z/PT1H` and cron such as `0 0 9 * * MON-FRI`.
 * @throws Error when the text is not a cycle
 */
export function parseCycle(text: string): Cycle {
  const cycle = text.trim();
  if (cycle.length > maxLength) throw new Error(`The cycle '${shortened(text)}' is too long.`);
  if (!/^R[-\d]*\//i.test(cycle)) {
    if (cycle.startsWith('@') || /^\S+\s+\S/.test(cycle)) return { repetitions: -1, next: parseCron(cycle) };
    throw new Error(`'${cycle}' is neither a cycle such as R3/PT1H nor cron such as 0 0 9 * * MON-FRI.`);
  }
  const [repeat = '', ...parts] = cycle.split('/');
  const [interval = '', start, ...more] = parts.reverse();
  if (more.length > 0 || (start !== undefined && /^P/i.test(start)))
    throw new Error(`The cycle '${cycle}' must be Rn/duration or Rn/date/duration; no end date is possible.`);
  return repeating(cycle, repetitionsOf(cycle, repeat.slice(1)), parseDuration(interval), start);
}

function repetitionsOf(cycle: string, digits: string): number {
  if (digits === '' || digits === '-1') return -1;
  const repetitions = Number(digits);
  if (!/^\d+$/.test(digits) || !Number.isSafeInteger(repetitions))
    throw new Error(`The cycle '${cycle}' must begin with R or R and the number of repetitions.`);
  if (repetitions === 0) throw new Error(`The cycle '${cycle}' never fires: R0 means no repetition at all.`);
  return repetitions;
}

function repeating(cycle: string, repetitions: number, interval: Duration, start: string | undefined): Cycle {
  const { months, ms } = interval;
  if (months < 0 || ms < 0 || months + ms === 0)
    throw new Error(`The interval of the cycle '${cycle}' must be longer than nothing.`);
  if (start === undefined) return { repetitions, next: (afterMs) => addDuration(afterMs, interval) };
  const first = parseDate(start);
  const at = (times: number): number => addDuration(first, { months: months * times, ms: ms * times });
  return {
    repetitions,
    first,
    next: (afterMs) => {
      if (afterMs < first) return first;
      // No interval is longer than this, so the guess is never beyond; few steps are left from there.
      const longest = months * 31 * day + ms;
      let times = Math.floor((afterMs - first) / longest);
      while (at(times) <= afterMs) times++;
      return at(times);
    },
  };
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}
