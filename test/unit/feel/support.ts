/** Helpers of the FEEL tests. */
import { FeelError, evaluateJson } from '../../../src/feel';

/** Fixed surroundings, so that nothing depends on when and where a test runs. */
export const SURROUNDINGS = {
  now: () => Date.UTC(2024, 5, 15, 10, 30),
  random: () => 0.5,
  zone: 'Europe/Berlin',
};

/** The JSON of a result, or the kind of the error. */
export function outcome(expression: string, context?: string): { json: string } | { error: string } {
  try {
    return { json: evaluateJson(expression, context, SURROUNDINGS).json };
  } catch (error) {
    return { error: error instanceof FeelError ? error.kind : `not a FeelError: ${String(error)}` };
  }
}

/** A generator of numbers that gives the same ones for the same seed. @see mulberry32 */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
