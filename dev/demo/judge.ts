/** Compares what became of a process with what was expected, and picks what is worth showing. Pure. */
import type { Expectation } from './example';

export interface Result {
  readonly outcome: 'completed' | 'terminated' | 'incident' | 'unfinished';
  readonly variables: Readonly<Record<string, unknown>>;
  /** Undefined where the engine does not tell. */
  readonly completedElements?: readonly string[] | undefined;
  /** The incident's message. */
  readonly message?: string | undefined;
}

/**
 * @param answersAreKnown whether the answers come from the mock; a real model words them as it likes
 * @returns what differs, in words; an empty list when all is as expected
 */
export function differences(result: Result, expected: Expectation, answersAreKnown: boolean): string[] {
  const found: string[] = [];
  if (result.outcome !== expected.outcome) {
    const reason = result.message === undefined ? '' : `: ${result.message}`;
    found.push(`expected ${expected.outcome}, got ${result.outcome}${reason}`);
  }
  if (expected.message !== undefined && !result.message?.includes(expected.message)) {
    found.push(`the message lacks "${expected.message}": ${result.message ?? 'there is none'}`);
  }
  if (!answersAreKnown) return found;
  for (const [name, value] of Object.entries(expected.variables)) {
    if (!holds(result.variables[name], value)) {
      found.push(
        `variable ${name} is ${JSON.stringify(result.variables[name])}, expected ${JSON.stringify(value)}`,
      );
    }
  }
  for (const element of expected.elements) {
    if (result.completedElements && !result.completedElements.includes(element))
      found.push(`did not pass ${element}`);
  }
  return found;
}

/** Objects need to hold what is expected and may hold more; everything else must be equal. */
function holds(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => holds(actual[index], item))
    );
  }
  if (!isFields(expected)) return actual === expected;
  return isFields(actual) && Object.entries(expected).every(([name, value]) => holds(actual[name], value));
}

/** What a person would want to see: the text of an answer, else the first text among the new variables, else all of them. */
export function answerIn(result: Result, given: Readonly<Record<string, unknown>>): string {
  const fresh = Object.entries(result.variables).filter(([name]) => !(name in given));
  const answers = fresh.flatMap(([, value]) =>
    isFields(value) && typeof value['text'] === 'string' ? [value['text']] : [],
  );
  const texts = fresh.flatMap(([, value]) => (typeof value === 'string' ? [value] : []));
  const text = answers.at(-1) ?? texts[0];
  if (text !== undefined) return withoutBase64(text);
  if (fresh.length > 0) return fresh.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
  const last = result.completedElements?.at(-1);
  return last === undefined ? '' : `(ended at ${last})`;
}

function withoutBase64(text: string): string {
  return /^[A-Za-z0-9+/]{60,}=*$/.test(text) ? `(${text.length} characters of base64)` : text;
}

/** All tokens the variables mention: `usage` of an answer, or a number called `tokens`; undefined when none does. */
export function tokensIn(variables: Result['variables']): number | undefined {
  const counts = Object.entries(variables).flatMap(([name, value]) => {
    if (name === 'tokens' && typeof value === 'number') return [value];
    if (!isFields(value)) return [];
    const own = value['usage'];
    const body = value['body'];
    const usage = isFields(own) ? own : isFields(body) ? body['usage'] : undefined;
    const total = isFields(usage) ? (usage['totalTokens'] ?? usage['total_tokens']) : undefined;
    return typeof total === 'number' ? [total] : [];
  });
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
