/** What a server says about trying again. */
import { headerValue, type HeaderLines } from '../http/request';
import { maxHintMs, ruleOf } from './policy';

/**
 * Whether the same request may succeed later.
 * `x-should-retry` (`true` or `false`) overrides the status both ways, as OpenAI's own clients read it.
 */
export function isRetryable(status: number, headers: HeaderLines): boolean {
  const word = headerValue(headers, 'x-should-retry')?.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  return ruleOf(status).retryable;
}

/**
 * How long to wait before asking the API again.
 *
 * Read in this order: `retry-after-ms`, `x-ms-retry-after-ms` (ms), `retry-after` (seconds, a fraction allowed, or an
 * HTTP date), and where the table says so (`hintInBudgets`) `x-ratelimit-reset-requests` / `-tokens` of every budget whose remainder is 0. An
 * unreadable or negative value counts as no hint, the next header is asked; a date that has passed means now.
 * @param nowMs current time, ms since 1970
 * @returns ms from 0 to one day, or undefined when the server gave no usable hint
 * @see RFC 9110, 10.2.3
 */
export function retryHintMs(status: number, headers: HeaderLines, nowMs: number): number | undefined {
  const hint =
    milliseconds(headerValue(headers, 'retry-after-ms')) ??
    milliseconds(headerValue(headers, 'x-ms-retry-after-ms')) ??
    retryAfter(headerValue(headers, 'retry-after'), nowMs) ??
    (ruleOf(status).hintInBudgets ? budgetReset(headers) : undefined);
  return hint === undefined ? undefined : Math.min(Math.ceil(hint), maxHintMs);
}

/**
 * The hint in the words of a failure whose headers have none: "Please retry after 12 seconds", "try again in 6m0s".
 * @returns ms from 0 to one day, or undefined when the text names no time
 */
export function hintInWordsMs(text: string): number | undefined {
  const [, amount] =
    /\b(?:retry|try again) (?:after|in) (\d[\d.]*(?: ?[a-z]+)?(?:\d[\d.]*[a-z]+)*)/i.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const short = amount
    .toLowerCase()
    .replace(/ ?milliseconds?/, 'ms')
    .replace(/ ?seconds?/, 's')
    .replace(/ ?minutes?/, 'm')
    .replace(/ ?hours?/, 'h');
  const ms = span(short.replace(/\.$/, ''));
  return ms === undefined ? undefined : Math.min(Math.ceil(ms), maxHintMs);
}

function milliseconds(text: string | undefined): number | undefined {
  return text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text) ? undefined : Number(text);
}

function retryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const seconds = milliseconds(text);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse also reads "-5" and "3 days"; every form of an HTTP date begins with the name of a day.
  const isDate = /^\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/i.test(text);
  // The oldest form ends with the year and means GMT without saying so.
  const zoned = /:\d\d \d{4}\s*$/.test(text) ? `${text.trim()} GMT` : text;
  const date = isDate ? Date.parse(zoned) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** The longest of the budgets that are used up. */
function budgetReset(headers: HeaderLines): number | undefined {
  let longest: number | undefined;
  for (const budget of ['requests', 'tokens']) {
    const remaining = headerValue(headers, `x-ratelimit-remaining-${budget}`)?.trim();
    if (remaining === undefined || !/^0+$/.test(remaining)) continue;
    const reset = span(headerValue(headers, `x-ratelimit-reset-${budget}`));
    // Azure was seen to send -1 and 0 where it counts nothing.
    if (reset !== undefined && reset > 0) longest = Math.max(longest ?? 0, reset);
  }
  return longest;
}

/** OpenAI writes `6m0s`, `1.5s`, `12ms`, Azure plain seconds. @returns ms */
function span(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  const match =
    /^(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(trimmed);
  if (match === null) return undefined;
  const [days, hours, minutes, seconds, ms] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000 + ms!;
}
