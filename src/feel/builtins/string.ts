/** Texts: parts, case, patterns, encodings. Positions and lengths count UTF-16 units. */
import { EvaluationError, Failure } from '../errors';

import { compilePattern, type Pattern } from '../regex/pattern';
import { allMatches, isMatch, replaceAll, splitAt } from '../regex/use';
import type { Run } from '../run';
import { decodeBase64, encodeBase64 } from '../values/base64';
import { isNum, toInt32 } from '../values/number';
import { uuidVersion7 } from '../values/uuid';
import type { Value } from '../values/value';
import { builtin, type Builtin } from './define';

/** @throws EvaluationError outside the text */
function substring([text, start, length]: readonly Value[]): Value | undefined {
  if (typeof text !== 'string' || start === undefined || !isNum(start)) return undefined;
  if (length !== undefined && !isNum(length)) return undefined;
  const position = toInt32(start);
  const from = position > 0 ? position - 1 : text.length + position;
  const to = length === undefined ? text.length : Math.min((from + toInt32(length)) | 0, text.length);
  if (from < 0 || to < from)
    throw new EvaluationError(
      `substring: the position ${position} is outside a text of ${text.length} characters.`,
    );
  return text.slice(from, to);
}

/** An implementation that takes only texts. */
function ofTexts(
  name: string,
  params: readonly string[],
  compute: (texts: readonly string[], run: Run) => Value,
): Builtin {
  return builtin(name, params, (args, run) =>
    args.every((arg) => typeof arg === 'string') ? compute(args, run) : undefined,
  );
}

const stringMatchParams = ['string', 'match'];

function ofTwo(name: string, compute: (text: string, match: string) => Value): Builtin {
  return ofTexts(name, stringMatchParams, ([text = '', match = '']) => compute(text, match));
}

/** A function of a pattern; an invalid one makes it null. */
function withPattern(pattern: string, flags: string, use: (compiled: Pattern) => Value): Value {
  const compiled = compilePattern(pattern, flags);
  return compiled === undefined ? new Failure('The pattern is invalid') : use(compiled);
}

function matches([input = '', pattern = '', flags = '']: readonly string[], run: Run): Value {
  return withPattern(pattern, flags, (compiled) => isMatch(compiled, input, run));
}

function replace(
  [input = '', pattern = '', replacement = '', flags = '']: readonly string[],
  run: Run,
): Value {
  return withPattern(pattern, flags, (compiled) => {
    const result = replaceAll(compiled, input, replacement, run);
    return result ?? new Failure('The replacement is invalid');
  });
}

/** Java's trim: everything up to the space. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

const blankPattern = /[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

/** What Java calls white space: no no-break spaces, but some control characters. */
function isBlank(text: string): boolean {
  return Array.from(text).every((character) => {
    const code = character.charCodeAt(0);
    return (code >= 0x1c && code <= 0x1f) || blankPattern.test(character);
  });
}

export const stringBuiltins = [
  builtin('substring', ['string', 'start position'], substring),
  builtin('substring', ['string', 'start position', 'length'], substring),
  ofTexts('string length', ['string'], ([text = '']) => text.length),
  ofTexts('upper case', ['string'], ([text = '']) => text.toUpperCase()),
  ofTexts('lower case', ['string'], ([text = '']) => text.toLowerCase()),
  ofTwo('substring before', (text, match) => text.slice(0, Math.max(text.indexOf(match), 0))),
  ofTwo('substring after', (text, match) =>
    text.includes(match) ? text.slice(text.indexOf(match) + match.length) : '',
  ),
  ofTwo('contains', (text, match) => text.includes(match)),
  ofTwo('starts with', (text, match) => text.startsWith(match)),
  ofTwo('ends with', (text, match) => text.endsWith(match)),
  ofTexts('replace', ['input', 'pattern', 'replacement'], replace),
  ofTexts('replace', ['input', 'pattern', 'replacement', 'flags'], replace),
  ofTexts('matches', ['input', 'pattern'], matches),
  ofTexts('matches', ['input', 'pattern', 'flags'], matches),
  ofTexts('split', ['string', 'delimiter'], ([text = '', delimiter = ''], run) =>
    withPattern(delimiter, '', (compiled) => splitAt(compiled, text, run)),
  ),
  ofTexts('extract', ['input', 'pattern'], ([input = '', pattern = ''], run) =>
    withPattern(pattern, '', (compiled) => allMatches(compiled, input, run)),
  ),
  ofTexts('trim', ['string'], ([text = '']) => trim(text)),
  ofTexts('is blank', ['string'], ([text = '']) => isBlank(text)),
  ofTexts('to base64', ['value'], ([value = '']) => encodeBase64(value)),
  ofTexts(
    'from base64',
    ['value'],
    ([value = '']) => decodeBase64(value) ?? new Failure('The text is not Base64'),
  ),
  builtin('uuid', [], (_, run) => uuidVersion7(run.surroundings)),
];
