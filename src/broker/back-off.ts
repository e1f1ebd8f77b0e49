/**
 * How long to wait before the next try: full jitter over an exponentially growing span. Pure.
 * @param attempt 0 for the first repeat; negative, NaN and huge values are taken as the nearest sensible one
 * @param random  number in [0, 1)
 * @returns ms in [minMs, maxMs]
 */
export function jitteredWaitMs(attempt: number, random: number, minMs: number, maxMs: number): number {
  const exponent = Number.isFinite(attempt) ? Math.min(Math.max(0, attempt), 30) : 30;
  const ceiling = Math.min(maxMs, minMs * 2 ** (exponent + 1));
  return Math.round(minMs + random * (ceiling - minMs));
}
