/**
 * A guard ends in a sentence: what is wrong, and what to do about it.
 * @param faults nothing happens when there are none
 * @param remedy what to do, as a whole sentence
 */
export function guard(what: string, faults: readonly string[], remedy: string): void {
  if (faults.length > 0) throw new Error(`${what}: ${faults.join(', ')}. ${remedy}`);
}
