/**
 * References to secrets in text: finding their names, putting values in, masking values on the way out. Pure.
 *
 * Three notations: `{{secrets.NAME}}`, `<<secrets.NAME>>` and bare `secrets.NAME`. In brackets a name is the shortest
 * run of characters that are not white space; white space around `secrets.NAME` is allowed. A bare name is made of
 * groups of letters and digits joined by single `/`, `.`, `_` or `-`, and needs no word boundary before it: that is how
 * the Java runtime reads it, so `https://secrets.example.com` names a secret.
 * A value that was put in is never searched again: data cannot reach for other secrets.
 */
import { isJsonList, isJsonObject, type Json } from '../json/json';

type SecretValues = ReadonlyMap<string, string>;
interface Bracket {
  readonly open: string;
  readonly close: string;
}
/** A piece of a text: something to search, or a reference found in it. */
type Piece = { readonly text: string } | { readonly reference: string; readonly name: string };

const braces: Bracket = { open: '{{', close: '}}' };
const angles: Bracket = { open: '<<', close: '>>' };
const marker = 'secrets.';
const space = /[ \t\n\v\f\r]/;
const nextSpace = /[ \t\n\v\f\r]/g;
const bareReference = /secrets\.([A-Za-z0-9]+(?:[/._-][A-Za-z0-9]+)*)/g;

/** Names a text refers to in any of the three notations, each once: brackets first, then bare ones. */
export function secretNamesInText(text: string): string[] {
  return namesIn(piecesOf(text, [braces, angles]));
}

/** The text with the values put in; a name without value stays as it is written. */
export function replaceSecretsInText(text: string, values: SecretValues): string {
  return replaceIn(piecesOf(text, [braces, angles]), values, (value) => value);
}

/**
 * Names that the JSON text of a job's variables refers to, by the rule of the Java runtime: braces first, then bare
 * names; keys count as well as values.
 */
export function secretNamesInJson(jsonText: string): string[] {
  return namesIn(piecesOf(jsonText, [braces]));
}

/** The JSON text with the values put in, escaped for a JSON string. */
export function replaceSecretsInJson(jsonText: string, values: SecretValues): string {
  return replaceIn(piecesOf(jsonText, [braces]), values, escapeForJson);
}

/** Hides every occurrence of every value behind `***`; empty values are skipped. */
export function maskText(text: string, values: Iterable<string>): string {
  return hide(text, maskedForms(values));
}

function hide(text: string, forms: readonly string[]): string {
  const ranges: [start: number, end: number][] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      ranges.push([at, at + form.length]);
    }
  }
  if (ranges.length === 0) return text;
  // Values may overlap in the text: whatever one of them covers is hidden, so that no piece of the other stays.
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  let result = '';
  let done = 0;
  for (const [start, end] of ranges) {
    if (start >= done) result += `${text.slice(done, start)}***`;
    done = Math.max(done, end);
  }
  return result + text.slice(done);
}

/** Masks the texts and keys of JSON data at any depth; numbers, booleans and null stay. */
export function maskJson(data: Json, values: Iterable<string>): Json {
  const forms = maskedForms(values);
  if (forms.length === 0) return data;
  const mask = (value: Json): Json => {
    if (typeof value === 'string') return hide(value, forms);
    if (isJsonList(value)) return value.map(mask);
    if (isJsonObject(value)) {
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [hide(key, forms), mask(member)]),
      );
    }
    return value;
  };
  return mask(data);
}

/** A value as it may appear in a message: itself, inside JSON text, inside a URL. Longest first. */
function maskedForms(values: Iterable<string>): string[] {
  const forms = new Set<string>();
  for (const value of values) {
    if (value === '') continue;
    forms.add(value);
    forms.add(escapeForJson(value));
    forms.add(encodeURIComponent(value.toWellFormed()));
  }
  return [...forms].sort((a, b) => b.length - a.length);
}

function escapeForJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function namesIn(pieces: readonly Piece[]): string[] {
  const names = new Set<string>();
  for (const piece of pieces) if ('name' in piece) names.add(piece.name);
  for (const piece of pieces) {
    if ('name' in piece) continue;
    for (const [, name] of piece.text.matchAll(bareReference)) if (name !== undefined) names.add(name);
  }
  return [...names];
}

function replaceIn(pieces: readonly Piece[], values: SecretValues, write: (value: string) => string): string {
  const put = (reference: string, name: string): string => {
    const value = values.get(name);
    return value === undefined ? reference : write(value);
  };
  return pieces
    .map((piece) =>
      'name' in piece ? put(piece.reference, piece.name) : piece.text.replaceAll(bareReference, put),
    )
    .join('');
}

function piecesOf(text: string, brackets: readonly Bracket[]): Piece[] {
  let pieces: Piece[] = [{ text }];
  for (const bracket of brackets) {
    pieces = pieces.flatMap((piece) => ('name' in piece ? [piece] : splitAtBrackets(piece.text, bracket)));
  }
  return pieces;
}

/**
 * Finds references in brackets in linear time; a regular expression with a lazy name would look at the rest of a long
 * text again for every opening bracket.
 */
function splitAtBrackets(text: string, bracket: Bracket): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  let close = -1;
  let blank = -1;
  for (let open = text.indexOf(bracket.open); open >= 0; open = text.indexOf(bracket.open, open)) {
    const nameStart = skipWhiteSpace(text, open + bracket.open.length) + marker.length;
    if (!text.startsWith(marker, nameStart - marker.length)) {
      open++;
      continue;
    }
    if (close < nameStart + 1) close = indexOrEnd(text.indexOf(bracket.close, nameStart + 1), text);
    if (blank < nameStart) {
      nextSpace.lastIndex = nameStart;
      blank = indexOrEnd(nextSpace.exec(text)?.index ?? -1, text);
    }
    const nameEnd = Math.min(close, blank);
    const end = close < blank ? close : skipWhiteSpace(text, blank);
    if (nameEnd === nameStart || !text.startsWith(bracket.close, end)) {
      open++;
      continue;
    }
    const after = end + bracket.close.length;
    pieces.push(
      { text: text.slice(done, open) },
      { reference: text.slice(open, after), name: text.slice(nameStart, nameEnd) },
    );
    done = after;
    open = after;
  }
  pieces.push({ text: text.slice(done) });
  return pieces;
}

function skipWhiteSpace(text: string, from: number): number {
  let position = from;
  while (position < text.length && space.test(text.charAt(position))) position++;
  return position;
}

function indexOrEnd(index: number, text: string): number {
  return index < 0 ? text.length : index;
}
