/** Dates with time of day, as ISO 8601 and FEEL write them, to ms since 1970. */

const dateTime =
  /^([+-]\d{4,9}|\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d(?::\d\d)?)?)?(?:\[([\w/+:-]+)\]|@([\w/+:-]+))?$/i;
/** What a `Date` can hold. */
const maxTime = 8.64e15;
const maxLength = 100;

/**
 * Reads `2026-01-01T09:00:00Z`, `...+01:00`, `...+01:00[Europe/Berlin]`, `...[Europe/Berlin]`, `...@Europe/Berlin`; seconds
 * may be left out, digits below the millisecond are dropped. Without offset and zone it is UTC: the engine has no zone.
 * @throws Error when the text is not such a date
 */
export function parseDate(text: string): number {
  const match = text.length > maxLength ? null : dateTime.exec(text.trim());
  if (match === null)
    throw new Error(
      `'${text.slice(0, maxLength)}' is not an ISO 8601 date with time such as 2026-01-31T09:00:00Z.`,
    );
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset, region, feelRegion] = match;
  const zone = region ?? feelRegion;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw new Error(`'${text}' has no time of day.`);
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  local.setUTCHours(Number(hour), Number(minute), Number(second), ms);
  const asUtc = inReach(local.getTime());
  if (local.getUTCMonth() !== Number(month) - 1 || local.getUTCDate() !== Number(day))
    throw new Error(`'${text}' is not a date of the calendar.`);
  if (offset !== undefined) return inReach(asUtc - offsetMs(offset));
  return inReach(zone === undefined ? asUtc : fromRegion(asUtc, zone));
}

/** @throws Error when the time is beyond the calendar */
export function inReach(ms: number): number {
  if (Math.abs(ms) <= maxTime) return ms;
  throw new Error('The time is out of the calendar’s reach.');
}

function offsetMs(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] =
    offset.slice(1).replaceAll(':', '').match(/\d\d/g)?.map(Number) ?? [];
  if (hours > 18 || minutes > 59 || seconds > 59) throw new Error(`There is no offset ${offset}.`);
  const size = ((hours * 60 + minutes) * 60 + seconds) * 1_000;
  return offset.startsWith('-') ? -size : size;
}

/**
 * The instant at which clocks of the region show this time. One they skip counts as if they had not been put forward;
 * of one they show twice it is the first.
 */
function fromRegion(local: number, region: string): number {
  const zone = zoneFormat(region);
  const day = 86_400_000;
  // The offsets before and after any change that is near.
  const before = local - offsetAt(zone, local - day);
  const after = local - offsetAt(zone, local + day);
  const shows = (instant: number): boolean => instant + offsetAt(zone, instant) === local;
  return shows(before) || !shows(after) ? before : after;
}

function zoneFormat(region: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: region,
      calendar: 'iso8601',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new Error(`There is no time zone '${region}'.`);
  }
}

/** How far the zone's clocks are before UTC at an instant, in ms. */
function offsetAt(zone: Intl.DateTimeFormat, instant: number): number {
  const whole = Math.floor(inReach(instant) / 1_000) * 1_000;
  const parts = new Map(zone.formatToParts(whole).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era')?.startsWith('B') ? 1 - number('year') : number('year');
  const shown = new Date(0);
  shown.setUTCFullYear(year, number('month') - 1, number('day'));
  shown.setUTCHours(number('hour'), number('minute'), number('second'));
  return shown.getTime() - whole;
}
