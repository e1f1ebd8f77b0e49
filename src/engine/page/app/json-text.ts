/**
 * JSON as text, for display and for sending. It is never read into values on the way: JavaScript's numbers end at 2^53,
 * and people are to see and to send the digits that are there.
 */

const indentation = '  ';
/** Steps further in would be out of sight, and many of them larger than the text itself. */
const deepestStep = 40;

/**
 * Breaks JSON into lines. A text that ends too early is laid out as far as it goes.
 * @param text JSON
 */
export function prettyJson(text: string): string {
  let out = '';
  let depth = 0;
  // Strings, brackets and punctuation, and whatever is between them: numbers, words, the rest of a string that is cut.
  for (const [token] of text.matchAll(
    /"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|\s+|[^"{}[\],:\s]+|"[^]*$/g,
  )) {
    if (token === '{' || token === '[') out += token + lineBreak(++depth);
    else if (token === '}' || token === ']') out += lineBreak(--depth) + token;
    else if (token === ',') out += token + lineBreak(depth);
    else if (token === ':') out += ': ';
    else if (/^[{[]/.test(token)) out += token.replace(/\s+/, '');
    else if (token.trim() !== '') out += token;
  }
  return out;
}

function lineBreak(depth: number): string {
  return `\n${indentation.repeat(Math.min(deepestStep, Math.max(0, depth)))}`;
}

interface Excerpt {
  readonly text: string;
  readonly isCut: boolean;
}

/** The beginning of a long text. */
export function excerpt(text: string, maxLines: number, maxLength: number): Excerpt {
  const lines = text.split('\n');
  const cut = lines.slice(0, maxLines).join('\n').slice(0, maxLength).toWellFormed();
  return { text: cut, isCut: cut.length < text.length };
}

type CheckedVariables =
  | { readonly ok: true; readonly json: string }
  /** Why it cannot be sent: a sentence for the person who typed it. */
  | { readonly ok: false; readonly reason: string };

/** @param typed the text in the box; nothing counts as no variables */
export function checkVariables(typed: string): CheckedVariables {
  const json = typed.trim();
  if (json === '') return { ok: true, json: '{}' };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, reason: `This is not JSON yet. ${(error as Error).message}.` };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ok: true, json };
  return {
    ok: false,
    reason: `Variables are an object, such as {"amount": 12}, but this is ${kindOf(value)}.`,
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}
