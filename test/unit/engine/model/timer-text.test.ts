import { addDuration, parseCycle, parseDate, parseDuration } from '../../../../src/engine/model/timer-text';

const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString().replace(/(\.000)?Z$/, '');

describe('durations', () => {
  it.each([
    ['PT5S', 0, 5_000],
    ['PT0S', 0, 0],
    ['PT0.25S', 0, 250],
    ['PT0,5S', 0, 500],
    ['PT1.5H', 0, 5_400_000],
    ['P1DT2H3M4S', 0, 93_784_000],
    ['P2W', 0, 1_209_600_000],
    ['P1Y2M', 14, 0],
    ['P1Y2M3DT4H', 14, 273_600_000],
    ['P1M', 1, 0],
    ['PT1M', 0, 60_000],
    ['-PT5S', 0, -5_000],
    ['PT-5S', 0, -5_000],
    ['-P1M', -1, 0],
    ['P-1D', 0, -86_400_000],
    ['PT1H-30M', 0, 1_800_000],
    ['pt5s', 0, 5_000],
    [' PT5S ', 0, 5_000],
  ])('%s is %d months and %d ms', (text, months, ms) => {
    expect(parseDuration(text)).toEqual({ months, ms });
  });

  it.each([
    '',
    'P',
    'PT',
    '-P',
    'P1DT',
    '5S',
    'PT5',
    'P5S',
    'PT1S1H',
    'P1.5Y',
    'PT5S later',
    'R/PT5S',
    '2026-01-01',
    'tomorrow',
  ])("'%s' is no duration", (text) => {
    expect(() => parseDuration(text)).toThrow(`'${text}' is not an ISO 8601 duration`);
  });

  it.each(['P99999999999999999999Y', `PT${'9'.repeat(250)}S`])('%s is too long', (text) => {
    expect(() => parseDuration(text)).toThrow('longer than a calendar reaches');
  });

  it('a text of a megabyte is refused at once, and not repeated in the message', () => {
    const before = performance.now();
    expect(() => parseDuration(`P${'1'.repeat(1_000_000)}`)).toThrow(/^'P1{59}\.\.\.' is not/);
    expect(performance.now() - before).toBeLessThan(100);
  });

  it.each([
    ['2026-01-31T10:00:00', 'P1M', '2026-02-28T10:00:00'],
    ['2024-01-31T10:00:00', 'P1M', '2024-02-29T10:00:00'],
    ['2024-02-29T10:00:00', 'P1Y', '2025-02-28T10:00:00'],
    ['2026-03-31T00:00:00', '-P1M', '2026-02-28T00:00:00'],
    ['2026-11-15T00:00:00', 'P3M', '2027-02-15T00:00:00'],
    ['2026-01-31T00:00:00', 'P1M1D', '2026-03-01T00:00:00'],
    ['2026-03-28T12:00:00', 'P1D', '2026-03-29T12:00:00'],
    ['2026-01-01T00:00:00', '-PT1S', '2025-12-31T23:59:59'],
  ])('%s and %s is %s', (from, duration, expected) => {
    expect(iso(addDuration(utc(from), parseDuration(duration)))).toBe(expected);
  });

  it('a sum that no calendar reaches is refused', () => {
    expect(() => addDuration(0, parseDuration('P300000Y'))).toThrow('out of the calendar');
    expect(() => addDuration(0, parseDuration('P1000000000000Y'))).toThrow('out of the calendar');
  });
});

describe('dates', () => {
  it.each([
    ['2026-01-31T09:00:00Z', '2026-01-31T09:00:00'],
    ['2026-01-31T09:00:00z', '2026-01-31T09:00:00'],
    ['2026-01-31T09:00Z', '2026-01-31T09:00:00'],
    ['2026-01-31T09:00:00', '2026-01-31T09:00:00'],
    ['2026-01-31T09:00:00.1234567Z', '2026-01-31T09:00:00.123'],
    ['2026-01-31T09:00:00.5+02:00', '2026-01-31T07:00:00.500'],
    ['2026-01-31T09:00:00-0530', '2026-01-31T14:30:00'],
    ['2026-01-31T09:00:00+02', '2026-01-31T07:00:00'],
    ['2026-01-31T09:00:00+01:00[Europe/Berlin]', '2026-01-31T08:00:00'],
    ['2026-01-31T09:00:00[Europe/Berlin]', '2026-01-31T08:00:00'],
    ['2026-07-31T09:00:00[Europe/Berlin]', '2026-07-31T07:00:00'],
    ['2026-07-31T09:00:00@Europe/Berlin', '2026-07-31T07:00:00'],
    ['2026-01-31T09:00:00[America/Los_Angeles]', '2026-01-31T17:00:00'],
    ['2026-01-31T09:00:00[UTC]', '2026-01-31T09:00:00'],
    // Clocks show 2:30 twice in autumn, and never in spring.
    ['2026-10-25T02:30:00[Europe/Berlin]', '2026-10-25T00:30:00'],
    ['2026-03-29T02:30:00[Europe/Berlin]', '2026-03-29T01:30:00'],
    ['2026-03-29T03:00:00[Europe/Berlin]', '2026-03-29T01:00:00'],
    ['2026-03-29T01:59:59[Europe/Berlin]', '2026-03-29T00:59:59'],
  ])('%s is %s', (text, expected) => {
    expect(iso(parseDate(text))).toBe(expected);
  });

  it.each([
    ['2026-01-31', 'is not an ISO 8601 date with time'],
    ['09:00:00', 'is not an ISO 8601 date with time'],
    ['PT5S', 'is not an ISO 8601 date with time'],
    ['', 'is not an ISO 8601 date with time'],
    ['2026-02-30T00:00:00Z', 'is not a date of the calendar'],
    ['2026-13-01T00:00:00Z', 'is not a date of the calendar'],
    ['2026-00-01T00:00:00Z', 'is not a date of the calendar'],
    ['2026-01-00T00:00:00Z', 'is not a date of the calendar'],
    ['2026-01-01T24:00:00Z', 'has no time of day'],
    ['2026-01-01T10:60:00Z', 'has no time of day'],
    ['2026-01-01T10:00:60Z', 'has no time of day'],
    ['2026-01-01T10:00:00+19:00', 'There is no offset +19:00'],
    ['2026-01-01T10:00:00[Mars/Base]', "There is no time zone 'Mars/Base'"],
    ['+999999999-01-01T00:00:00Z', 'out of the calendar'],
  ])("'%s' is refused: %s", (text, message) => {
    expect(() => parseDate(text)).toThrow(message);
  });
});

describe('cycles', () => {
  it.each([
    ['R/PT5S', -1],
    ['R-1/PT5S', -1],
    ['R3/PT5S', 3],
    ['r3/pt5s', 3],
  ])('%s repeats %d times, the next from the time given', (text, repetitions) => {
    const cycle = parseCycle(text);
    expect(cycle).toMatchObject({ repetitions });
    expect(cycle).not.toHaveProperty('first');
    expect(cycle.next(1_000)).toBe(6_000);
  });

  it.each([
    ['2025-12-31T00:00:00', '2026-01-31T10:00:00'],
    ['2026-01-31T10:00:00', '2026-02-28T10:00:00'],
    ['2026-02-28T10:00:00', '2026-03-31T10:00:00'],
    ['2026-03-30T10:00:00', '2026-03-31T10:00:00'],
    ['3026-01-30T10:00:00', '3026-01-31T10:00:00'],
  ])('with a start date the next after %s is %s: counted from the start', (after, expected) => {
    const cycle = parseCycle('R3/2026-01-31T10:00:00Z/P1M');
    expect(cycle).toMatchObject({ repetitions: 3, first: utc('2026-01-31T10:00:00') });
    expect(iso(cycle.next(utc(after)))).toBe(expected);
  });

  it('a start long ago is no work: the next of a short interval comes at once', () => {
    const cycle = parseCycle('R/1970-01-01T00:00:00Z/PT1S');
    expect(cycle.next(utc('2026-01-01T00:00:00') + 400)).toBe(utc('2026-01-01T00:00:01'));
  });

  it.each([
    ['R0/PT5S', 'never fires'],
    ['R/PT0S', 'must be longer than nothing'],
    ['R/-PT5S', 'must be longer than nothing'],
    ['R/PT0.0001S', 'must be longer than nothing'],
    ['R/P1M-1D', 'must be longer than nothing'],
    ['R/', "'' is not an ISO 8601 duration"],
    ['R3/2026-01-01T00:00:00Z', 'is not an ISO 8601 duration'],
    ['R3/PT1H/2026-01-01T00:00:00Z', 'no end date'],
    ['R3/2026-01-01T00:00:00Z/PT1H/PT1H', 'no end date'],
    ['R3/2026-01-01/PT1H', 'is not an ISO 8601 date with time'],
    ['R--1/PT1H', 'must begin with R'],
    ['PT5S', 'is neither a cycle'],
    ['', 'is neither a cycle'],
    ['hourly', 'is neither a cycle'],
    [`R/PT${'1'.repeat(300)}S`, 'is too long'],
  ])("'%s' is refused: %s", (text, message) => {
    expect(() => parseCycle(text)).toThrow(message);
  });
});

describe('cron', () => {
  // 2026-01-01 is a Thursday.
  it.each([
    ['0 0 9 * * MON-FRI', '2026-01-01T00:00:00', '2026-01-01T09:00:00'],
    ['0 0 9 * * MON-FRI', '2026-01-02T09:00:00', '2026-01-05T09:00:00'],
    ['0 0 9 * * 1-5', '2026-01-02T09:00:00', '2026-01-05T09:00:00'],
    ['*/10 * * * * *', '2026-01-01T00:00:09.999', '2026-01-01T00:00:10'],
    ['*/10 * * * * *', '2026-01-01T00:00:10', '2026-01-01T00:00:20'],
    ['5/20 * * * * *', '2026-01-01T00:00:45', '2026-01-01T00:01:05'],
    ['0 0/15 8-10 * * *', '2026-01-01T10:50:00', '2026-01-02T08:00:00'],
    ['0 0 6,19 * * *', '2026-01-01T06:00:00', '2026-01-01T19:00:00'],
    ['59 59 23 31 12 ?', '2026-01-01T00:00:00', '2026-12-31T23:59:59'],
    ['59 59 23 31 DEC ?', '2026-12-31T23:59:59', '2027-12-31T23:59:59'],
    ['0 0 0 ? * sun', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    ['0 0 0 * * 7', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    ['0 0 0 * * 0', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    ['0 0 0 * * SAT-SUN', '2026-01-03T00:00:00', '2026-01-04T00:00:00'],
    ['0 0 0 * * SUN-MON', '2026-01-04T00:00:00', '2026-01-05T00:00:00'],
    ['0 0 0 * * 7-1', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    // Day of the month and day of the week must both match.
    ['0 0 0 13 * FRI', '2026-01-01T00:00:00', '2026-02-13T00:00:00'],
    ['0 0 0 29 FEB ?', '2026-01-01T00:00:00', '2028-02-29T00:00:00'],
    ['0 0 0 29 FEB MON', '2072-03-01T00:00:00', '2112-02-29T00:00:00'],
    ['0 0 0 L * *', '2026-02-01T00:00:00', '2026-02-28T00:00:00'],
    ['0 0 0 L-3 * *', '2026-02-01T00:00:00', '2026-02-25T00:00:00'],
    ['0 0 0 LW * *', '2026-01-01T00:00:00', '2026-01-30T00:00:00'],
    ['0 0 0 1W * *', '2026-08-01T00:00:00', '2026-08-03T00:00:00'],
    ['0 0 0 15W * *', '2026-08-01T00:00:00', '2026-08-14T00:00:00'],
    ['0 0 0 31W * *', '2026-02-01T00:00:00', '2026-03-31T00:00:00'],
    ['0 0 0 31W * *', '2026-05-01T00:00:00', '2026-05-29T00:00:00'],
    ['0 0 0 1,L * *', '2026-01-02T00:00:00', '2026-01-31T00:00:00'],
    ['0 0 0 ? * 5L', '2026-01-01T00:00:00', '2026-01-30T00:00:00'],
    ['0 0 0 ? * FRIL', '2026-01-31T00:00:00', '2026-02-27T00:00:00'],
    ['0 0 0 ? * 5#2', '2026-01-01T00:00:00', '2026-01-09T00:00:00'],
    ['0 0 0 ? * MON#1', '2026-01-01T00:00:00', '2026-01-05T00:00:00'],
    ['@hourly', '2026-01-01T00:00:00', '2026-01-01T01:00:00'],
    ['@daily', '2026-01-01T00:00:00', '2026-01-02T00:00:00'],
    ['@midnight', '2026-01-01T00:00:00', '2026-01-02T00:00:00'],
    ['@weekly', '2026-01-01T00:00:00', '2026-01-04T00:00:00'],
    ['@monthly', '2026-01-01T00:00:00', '2026-02-01T00:00:00'],
    ['@yearly', '2026-01-01T00:00:00', '2027-01-01T00:00:00'],
    ['@annually', '2026-01-01T00:00:00', '2027-01-01T00:00:00'],
  ])('%s after %s is %s', (text, after, expected) => {
    const cycle = parseCycle(text);
    expect(cycle.repetitions).toBe(-1);
    expect(iso(cycle.next(utc(after)))).toBe(expected);
  });

  it('a day that never comes has no next time', () => {
    expect(parseCycle('0 0 0 31 2 *').next(0)).toBeUndefined();
  });

  it.each([
    ['0 9 * * MON', 'six fields are needed'],
    ['0 0 9 * * MON 2026', 'six fields are needed'],
    ['@reboot', 'six fields are needed'],
    ['60 * * * * *', "'60' is not a second of cron"],
    ['* 60 * * * *', "'60' is not a minute of cron"],
    ['0 0 24 * * *', "'24' is not a hour of cron"],
    ['0 0 0 32 * *', "'32' is not a day of the month of cron"],
    ['0 0 0 0 * *', "'0' is not a day of the month of cron"],
    ['0 0 0 * 13 *', "'13' is not a month of cron"],
    ['0 0 0 * * 8', "'8' is not a day of the week of cron"],
    ['0 0 0 * * FUN', "'FUN' is not a day of the week of cron"],
    ['0 0 9-8 * * *', "'9-8' is not a hour of cron"],
    ['0 0 */0 * * *', "'*/0' is not a hour of cron"],
    ['0 ? 0 * * *', "'?' is not a minute of cron"],
    ['0 0 0 * * 5#6', "'5#6' is not a day of the week of cron"],
    ['0 1, 0 * * *', "'' is not a minute of cron"],
    ['0 1-2-3 0 * * *', "'1-2-3' is not a minute of cron"],
  ])('%s is refused: %s', (text, message) => {
    expect(() => parseCycle(text)).toThrow(message);
  });
});
