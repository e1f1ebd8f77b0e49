/** Durations of the configuration. Pure. */
import { parseIsoDurationMs } from './job/iso-duration';

/**
 * Parses a duration: ISO-8601 as Java's `Duration` reads it (`PT30S`, `P1DT2H`, `PT0.5S`), or a plain number of
 * milliseconds.
 * @returns ms >= 0, or undefined when the text is neither
 */
export function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed);
  const ms = parseIsoDurationMs(trimmed);
  return ms === undefined || ms < 0 ? undefined : ms;
}

/** A duration in ms as people read it: `250 ms`, `30 s`, `5 min`. */
export function formatDuration(ms: number): string {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000} min`;
  if (ms % 1000 === 0 && ms > 0) return `${ms / 1000} s`;
  return `${ms} ms`;
}
