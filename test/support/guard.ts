/**
 * A guard ends in a sentence: what is wrong, and what to do about it.
 * @param faults nothing happens when there are none
 * @param remedy what to do, as a whole sentence
 */
export function guard(what: string, faults: readonly string[], remedy: string): void {
  if (faults.length > 0) throw new Error(`${what}: ${faults.join(', ')}. ${remedy}`);
}

/**
 * A guard with a sentence for each fault: what is wrong there, and what to do about it.
 * @param faults nothing happens when there are none
 */
export function guardEach<T>(faults: readonly T[], sentence: (fault: T) => string): void {
  if (faults.length > 0) throw new Error(faults.map(sentence).join('\n'));
}

/** A guard whose faults are whole sentences already. */
export function guardSentences(faults: readonly string[]): void {
  guardEach(faults, (fault) => fault);
}
