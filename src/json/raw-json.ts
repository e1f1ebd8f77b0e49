/**
 * Cuts JSON text into the texts of its members without reading them. Process variables pass through the worker as
 * the text that the broker wrote, so that no number loses a digit and nothing is parsed that nobody looks at.
 */
import { endOfString, skipSpace } from './scan';
import { knownJson, type JsonText } from './text';

/**
 * The members of an object, as raw JSON text by name.
 * @throws SyntaxError when the text is not an object
 */
export function objectMembers(text: string): Map<string, JsonText> {
  const members = new Map<string, JsonText>();
  let name: string | undefined;
  for (const part of parts(text, '{', '}')) {
    if (name === undefined) name = JSON.parse(part) as string;
    else {
      members.set(name, part);
      name = undefined;
    }
  }
  return members;
}

/**
 * The elements of a list, as raw JSON texts.
 * @throws SyntaxError when the text is not a list
 */
export function listElements(text: string): JsonText[] {
  return [...parts(text, '[', ']')];
}

function* parts(text: string, open: string, close: string): Generator<JsonText> {
  let position = skipSpace(text, 0);
  if (text[position] !== open) throw new SyntaxError(`Expected ${open} at position ${position}`);
  position = skipSpace(text, position + 1);
  while (text[position] !== close) {
    const end = endOfValue(text, position);
    yield knownJson(text.slice(position, end));
    position = skipSpace(text, end);
    const separator = text[position];
    if (separator === ',' || separator === ':') position = skipSpace(text, position + 1);
    else if (separator !== close) throw new SyntaxError(`Unexpected text at position ${position}`);
  }
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let position = start; position < text.length; position++) {
    switch (text.charCodeAt(position)) {
      case 0x22:
        position = behindString(text, position) - 1;
        if (depth === 0) return position + 1;
        break;
      case 0x7b:
      case 0x5b:
        depth++;
        break;
      case 0x7d:
      case 0x5d:
        if (depth === 0) return position;
        if (--depth === 0) return position + 1;
        break;
      case 0x2c:
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        if (depth === 0) return position;
    }
  }
  throw new SyntaxError('Unexpected end of JSON text');
}

/**
 * Position behind the closing quotes.
 * @param start position of the opening ones
 * @throws SyntaxError when there are none
 */
export function behindString(text: string, start: number): number {
  const end = endOfString(text, start);
  if (end < 0) throw new SyntaxError('Text without closing quotes');
  return end + 1;
}
