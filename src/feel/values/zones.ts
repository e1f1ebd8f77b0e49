/** Time zones by Java's names, with the rules of the platform. Offsets in seconds, instants in seconds since 1970. */

/** A fixed offset, or a region whose offset depends on the instant. */
export type Zone = { readonly offset: number } | { readonly region: string };

const maxOffset = 18 * 3600;
/** Java's regions without a slash; the platform knows others, and takes all of them in any case. */
const shortRegions = new Set(
  (
    'CET CST6CDT Cuba EET EST5EDT Egypt Eire GB GB-Eire GMT0 Greenwich Hongkong Iceland Iran Israel Jamaica Japan ' +
    'Kwajalein Libya MET MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROK Singapore Turkey UCT Universal ' +
    'W-SU WET Zulu'
  ).split(' '),
);
/** A word of a region's name: one capital, or a known exception; so a name in the wrong case is not a region. */
const regionWord =
  '(?:[A-Z]?[a-z]+|ACT|NSW|LHI|McMurdo|DumontDUrville|ComodRivadavia|BajaNorte|BajaSur|DeNoronha|EasterIsland)';
const regionPattern = new RegExp(
  '^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)' +
    `(?:/${regionWord}(?:[_-]${regionWord})*)+$|^Etc/(?:GMT(?:[+-]?\\d+)?|UTC|UCT|Universal|Zulu|Greenwich)$`,
);
/** Names that stand for no offset at all, or with an offset behind them for that one. */
const prefixes = ['UTC', 'GMT', 'UT'];

/** Seconds of `Z`, `+2`, `+02`, `+0200`, `+02:00`, `+02:00:00`; undefined when it is none of these. */
export function parseOffset(text: string): number | undefined {
  if (text === 'Z') return 0;
  const match =
    /^([+-])(\d)$/.exec(text) ??
    /^([+-])(\d{2})(?::?(\d{2}))?$/.exec(text) ??
    /^([+-])(\d{2})(:?)(\d{2})\3(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [hours, minutes, seconds] =
    match.length > 4 ? [match[2], match[4], match[5]] : [match[2], match[3] ?? '0', '0'];
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (total > maxOffset) return undefined;
  return match[1] === '-' && total !== 0 ? -total : total;
}

/** `Z`, `+02:00` or `+02:00:30`. */
export function offsetText(offset: number): string {
  if (offset === 0) return 'Z';
  const size = Math.abs(offset);
  const two = (n: number) => String(n).padStart(2, '0');
  const seconds = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${seconds}`;
}

/** The zone that Java finds by this name; undefined when there is none. */
export function findZone(name: string): Zone | undefined {
  const offset = parseOffset(name);
  if (offset !== undefined) return { offset };
  for (const prefix of prefixes) {
    if (name === prefix) return { region: prefix };
    if (!name.startsWith(prefix) || !/^[+-]/.test(name.slice(prefix.length))) continue;
    const behind = parseOffset(name.slice(prefix.length));
    if (behind === undefined) return undefined;
    return { region: behind === 0 ? prefix : prefix + offsetText(behind) };
  }
  return isRegion(name) ? { region: name } : undefined;
}

function isRegion(name: string): boolean {
  if (!regionPattern.test(name)) return shortRegions.has(name);
  // The platform ignores case, Java does not.
  const format = formatOf(name);
  if (format === undefined) return false;
  const canonical = format.resolvedOptions().timeZone;
  return canonical.toLowerCase() !== name.toLowerCase() || canonical === name;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();
const maxFormats = 600;

function formatOf(region: string): Intl.DateTimeFormat | undefined {
  if (formats.has(region)) return formats.get(region);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: region, timeZoneName: 'longOffset' });
  } catch {
    format = undefined;
  }
  if (formats.size < maxFormats) formats.set(region, format);
  return format;
}

const days400Years = 146_097;
const cycle = days400Years * 86_400;
/** The platform's dates end here; the rules repeat every 400 years, weekdays included. */
const lastInstant = 8.64e12 - cycle;

/** The offset of a region at an instant. */
export function offsetAt(region: string, instant: number): number {
  const prefix = prefixes.find((name) => region.startsWith(name));
  if (prefix !== undefined) {
    const fixed = region === prefix ? 0 : parseOffset(region.slice(prefix.length));
    if (fixed !== undefined) return fixed;
  }
  let known = instant;
  if (known > lastInstant) known -= Math.ceil((known - lastInstant) / cycle) * cycle;
  if (known < -lastInstant) known = -lastInstant;
  const text = formatOf(region)
    ?.formatToParts(known * 1000)
    .find((part) => part.type === 'timeZoneName')?.value;
  return text === undefined || text === 'GMT' ? 0 : (parseOffset(text.slice(3)) ?? 0);
}

/**
 * The offset that a wall clock shows: moved forward in a gap; in an overlap the preferred offset, else the earlier one.
 * @param local seconds of the wall clock, as if it were UTC
 */
export function resolveLocal(
  region: string,
  local: number,
  preferred?: number,
): { local: number; offset: number } {
  const before = offsetAt(region, local - 86_400);
  const after = offsetAt(region, local + 86_400);
  const valid = [before, after].filter((offset) => offsetAt(region, local - offset) === offset);
  if (valid.length === 0) return { local: local + after - before, offset: after };
  if (preferred !== undefined && valid.includes(preferred)) return { local, offset: preferred };
  return { local, offset: valid[0]! };
}

/** The offset without daylight saving time in the year before an instant. */
export function standardOffset(region: string, instant: number): number {
  let least = Infinity;
  for (let day = 0; day < 365; day += 14) least = Math.min(least, offsetAt(region, instant - day * 86_400));
  return least;
}
