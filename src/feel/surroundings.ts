/** Clock, chance and zone of an evaluation. The only place of this folder that reaches the process, and only when nothing is given. */
import type { Surroundings } from './run';

const words = new Uint32Array(2);

/** 53 random bits. */
function chance(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(words);
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

const clock = (): number => new Date().getTime();
let processZone: string | undefined;

/** @param given what the caller fixes; the rest comes from the process */
export function surroundingsOf(given: Partial<Surroundings>): Surroundings {
  return {
    now: given.now ?? clock,
    random: given.random ?? chance,
    zone: given.zone ?? (processZone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone),
  };
}
