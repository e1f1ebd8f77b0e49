/**
 * Whether a pattern fits a whole text: `*` stands for any text, `?` for one character, a backslash takes a special
 * character as it is. Goes back to the last `*` only, so its time is bounded by the product of both lengths.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const parts = patternParts(pattern);
  let at = 0;
  let position = 0;
  let star = -1;
  let starPosition = 0;
  while (position < text.length) {
    const part = parts[at];
    if (part === anyText) {
      star = at++;
      starPosition = position;
    } else if (part === anyCharacter || part === text[position]) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++starPosition;
    } else return false;
  }
  while (parts[at] === anyText) at++;
  return at === parts.length;
}

const anyText = Symbol('*');
const anyCharacter = Symbol('?');

function patternParts(pattern: string): readonly (string | symbol)[] {
  const parts: (string | symbol)[] = [];
  for (let position = 0; position < pattern.length; position++) {
    const character = pattern[position]!;
    if (character === '\\' && position + 1 < pattern.length) parts.push(pattern[++position]!);
    else parts.push(character === '*' ? anyText : character === '?' ? anyCharacter : character);
  }
  return parts;
}
