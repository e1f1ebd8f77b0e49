/** Whether a place in a text is what an assertion of a pattern asks for. */
import { lineEnds, word } from './properties';
import type { Assertion } from './syntax';

function isLineEnd(text: string, at: number): boolean {
  return at < text.length && lineEnds.has(text.charCodeAt(at));
}

/** Between carriage return and line feed no line begins or ends. */
function splitsLineEnd(text: string, at: number): boolean {
  return text[at] === '\n' && text[at - 1] === '\r';
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && word.has(text.charCodeAt(at));
}

/** @param lastEnd where the match before ended, 0 before the first one */
export function holdsAt(assertion: Assertion, text: string, at: number, lastEnd: number): boolean {
  const { length } = text;
  switch (assertion) {
    case 'textStart':
      return at === 0;
    case 'searchStart':
      return at === lastEnd;
    case 'textEnd':
      return at === length;
    case 'lineStart':
      // Not at the end of the text, not even of an empty one.
      return at < length && (at === 0 || (isLineEnd(text, at - 1) && !splitsLineEnd(text, at)));
    case 'lineEnd':
      return at === length || (isLineEnd(text, at) && !splitsLineEnd(text, at));
    case 'lastLineEnd':
      if (at === length) return true;
      if (splitsLineEnd(text, at) || !isLineEnd(text, at)) return false;
      return at === length - 1 || (at === length - 2 && splitsLineEnd(text, at + 1));
    case 'wordBoundary':
      return isWord(text, at - 1) !== isWord(text, at);
    case 'noWordBoundary':
      return isWord(text, at - 1) === isWord(text, at);
  }
}
