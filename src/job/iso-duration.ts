/**
 * Reads an ISO-8601 duration as the engine and the templates of both families do, that is as Java's `Duration.parse`: `P1D`, `PT1M`, `pt0.5s`, `PT-5S`, `-PT1H`; no months, years, weeks.
 * @returns ms, cut to whole ones; undefined when the text is not such a duration or has no number for it
 */
export function parseIsoDurationMs(text: string): number | undefined {
  const match =
    /^([-+]?)P(?:([-+]?\d+)D)?(T(?:([-+]?\d+)H)?(?:([-+]?\d+)M)?(?:([-+]?\d+)(?:[.,](\d{0,9}))?S)?)?$/i.exec(
      text,
    );
  if (match === null) return undefined;
  const [, sign, days, time, hours, minutes, seconds, fraction] = match;
  if (time?.length === 1 || [days, hours, minutes, seconds].every((part) => part === undefined)) {
    return undefined;
  }
  const fractionMs = Number(`0.${fraction ?? ''}0`) * 1000 * (seconds?.startsWith('-') === true ? -1 : 1);
  const wholeSeconds =
    Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  const ms = Math.trunc((wholeSeconds * 1000 + fractionMs) * (sign === '-' ? -1 : 1)) + 0;
  return Number.isSafeInteger(ms) ? ms : undefined;
}
