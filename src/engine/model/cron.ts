/**
 * Cron with seconds, as Camunda documents it (it is Spring's): `second minute hour day-of-month month day-of-week`, all of
 * which must match, in UTC. Names of months and days, `?`, ranges, steps and lists; `L`, `L-3`, `LW`, `15W` for days of the
 * month, `5L`, `FRIL`, `5#2` for days of the week; `@hourly` and the like for whole expressions.
 * @see https://docs.camunda.io/docs/components/modeler/bpmn/timer-events/
 * @see https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/scheduling/support/CronExpression.html
 */

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

interface Month {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly lastDate: number;
}

/** Whether a day of a month is meant. */
type DayRule = (date: number, weekday: number, month: Month) => boolean;

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const weekdays = 'SUN MON TUE WED THU FRI SAT'.split(' ');
const seconds: Field = { name: 'second', min: 0, max: 59 };
const minutes: Field = { name: 'minute', min: 0, max: 59 };
const hours: Field = { name: 'hour', min: 0, max: 23 };
const dateNames: Field = { name: 'day of the month', min: 1, max: 31 };
const monthPart: Field = { name: 'month', min: 1, max: 12, names: months };
/** Sunday is 0 and 7. */
const weekdayPart: Field = { name: 'day of the week', min: 0, max: 7, names: weekdays };

const macros: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 0 1 1 *'],
  ['@annually', '0 0 0 1 1 *'],
  ['@monthly', '0 0 0 1 * *'],
  ['@weekly', '0 0 0 * * 0'],
  ['@daily', '0 0 0 * * *'],
  ['@midnight', '0 0 0 * * *'],
  ['@hourly', '0 0 * * * *'],
]);

const dayMs = 86_400_000;
/** The 29th of February on a given weekday can be 40 years away, across a century. */
const yearsAhead = 41;

/**
 * @returns the first time after a time, in ms since 1970; undefined when there is none, as for the 31st of February
 * @throws Error when it is not cron
 */
export function parseCron(text: string): (afterMs: number) => number | undefined {
  const whole = text.startsWith('@') ? macros.get(text.toLowerCase()) : text;
  const fields = whole?.split(/\s+/) ?? [];
  const [second = '', minute = '', hour = '', date = '', month = '', weekday = ''] = fields;
  if (fields.length !== 6)
    throw new Error(
      `'${text}' is not cron: six fields are needed (second minute hour day-of-month month day-of-week), ` +
        `or one of ${[...macros.keys()].join(' ')}.`,
    );
  const times = {
    hours: valuesOf(hours, hour),
    minutes: valuesOf(minutes, minute),
    seconds: valuesOf(seconds, second),
  };
  const months = valuesOf(monthPart, month);
  const dates = rulesOf(dateNames, date, dateRule);
  const weekdays = rulesOf(weekdayPart, weekday, weekdayRule);
  const matches: DayRule = (...day) =>
    dates.some((rule) => rule(...day)) && weekdays.some((rule) => rule(...day));

  return (afterMs) => {
    const from = Math.floor(afterMs / 1_000) * 1_000 + 1_000;
    const startOfDay = Math.floor(from / dayMs) * dayMs;
    for (const day of matchingDays(startOfDay, months, matches)) {
      const time = firstTime(times, Math.max(from - day, 0) / 1_000);
      if (time !== undefined) return day + time * 1_000;
    }
    return undefined;
  };
}

/** Days that match, as the ms at which they begin. */
function* matchingDays(from: number, months: readonly number[], matches: DayRule): Generator<number> {
  const start = new Date(from);
  const startYear = start.getUTCFullYear();
  let date = start.getUTCDate();
  for (let at = start.getUTCMonth(); at < (yearsAhead + 1) * 12; at++) {
    const year = startYear + Math.floor(at / 12);
    const month = { year, month: at % 12, lastDate: new Date(Date.UTC(year, (at % 12) + 1, 0)).getUTCDate() };
    if (months.includes(month.month + 1))
      for (; date <= month.lastDate; date++)
        if (matches(date, weekdayOf(month, date), month)) yield Date.UTC(year, month.month, date);
    date = 1;
  }
}

function weekdayOf({ year, month }: Month, date: number): number {
  return new Date(Date.UTC(year, month, date)).getUTCDay();
}

interface Times {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
}

/** The first time of day from a second of the day on, in seconds. */
function firstTime({ hours, minutes, seconds }: Times, from: number): number | undefined {
  for (const hour of hours) {
    if ((hour + 1) * 3600 <= from) continue;
    for (const minute of minutes) {
      const start = hour * 3600 + minute * 60;
      if (start + 60 <= from) continue;
      const second = seconds.find((value) => start + value >= from);
      if (second !== undefined) return start + second;
    }
  }
  return undefined;
}

/** All values of a field, in order. */
function valuesOf(field: Field, text: string): readonly number[] {
  const values = text.split(',').flatMap((part) => partOf(field, part));
  return [...new Set(values)].sort((a, b) => a - b);
}

/** One part of a list: a value, a range, a step. */
function partOf(field: Field, part: string): readonly number[] {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,3}$/.test(step))) throw wrong(field, part);
  const [low, high] = boundsOf(field, part, range, step !== undefined);
  const values: number[] = [];
  for (let value = low; value <= high; value += Number(step ?? 1)) values.push(value);
  return values;
}

function boundsOf(field: Field, part: string, range: string, stepped: boolean): readonly [number, number] {
  if (range === '*' || (range === '?' && (field === dateNames || field === weekdayPart)))
    return [field.min, field === weekdayPart ? 6 : field.max];
  const [from = '', to, ...more] = range.split('-');
  if (more.length > 0) throw wrong(field, part);
  let low = valueOf(field, from, part);
  let high = to === undefined ? (stepped ? field.max : low) : valueOf(field, to, part);
  // Sunday begins a range as 0 and ends it as 7.
  if (field === weekdayPart && to !== undefined && low > high) [low, high] = [low % 7, high === 0 ? 7 : high];
  if (low > high) throw wrong(field, part);
  return [low, high];
}

function valueOf(field: Field, text: string, part: string): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return field === weekdayPart ? named : named + field.min;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (value >= field.min && value <= field.max) return value;
  throw wrong(field, part);
}

function wrong(field: Field, part: string): Error {
  return new Error(`'${part}' is not a ${field.name} of cron.`);
}

function rulesOf(
  field: Field,
  text: string,
  special: (part: string) => DayRule | undefined,
): readonly DayRule[] {
  return text.split(',').map((part) => {
    const rule = special(part.toUpperCase());
    if (rule !== undefined) return rule;
    const values = new Set(partOf(field, part));
    return field === dateNames
      ? (date) => values.has(date)
      : (_date, weekday) => values.has(weekday) || (weekday === 0 && values.has(7));
  });
}

/** `L`, `L-3`, `LW`, `15W` */
function dateRule(part: string): DayRule | undefined {
  if (part === 'L') return (date, _weekday, { lastDate }) => date === lastDate;
  if (part === 'LW') return (date, _weekday, month) => date === nearestWorkday(month, month.lastDate);
  const before = /^L-(\d{1,2})$/.exec(part)?.[1];
  if (before !== undefined) return (date, _weekday, { lastDate }) => date === lastDate - Number(before);
  const near = /^(\d{1,2})W$/.exec(part)?.[1];
  if (near === undefined) return undefined;
  const wanted = valueOf(dateNames, near, part);
  return (date, _weekday, month) => wanted <= month.lastDate && date === nearestWorkday(month, wanted);
}

/** Monday to Friday, within the month. */
function nearestWorkday(month: Month, date: number): number {
  const weekday = weekdayOf(month, date);
  if (weekday === 6) return date > 1 ? date - 1 : date + 2;
  if (weekday === 0) return date < month.lastDate ? date + 1 : date - 2;
  return date;
}

/** `5L`, `FRIL`, `5#2`, `FRI#2` */
function weekdayRule(part: string): DayRule | undefined {
  const last = /^(\d|[A-Z]{3})L$/.exec(part)?.[1];
  if (last !== undefined) {
    const wanted = valueOf(weekdayPart, last, part) % 7;
    return (date, weekday, { lastDate }) => weekday === wanted && date > lastDate - 7;
  }
  const [, name, nth] = /^(\d|[A-Z]{3})#([1-5])$/.exec(part) ?? [];
  if (name === undefined) return undefined;
  const wanted = valueOf(weekdayPart, name, part) % 7;
  return (date, weekday) => weekday === wanted && Math.ceil(date / 7) === Number(nth);
}
