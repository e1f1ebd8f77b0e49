/** The named character classes of Java's patterns. */
import { CharSet, type Ranges } from './charset';

const range = (...ranges: Ranges): CharSet => CharSet.of(ranges);

const lower = range([0x61, 0x7a]);
const upper = range([0x41, 0x5a]);
export const digit = range([0x30, 0x39]);
const alpha = lower.union(upper);
const alnum = alpha.union(digit);
const punct = range([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]);
export const word = alnum.union(range([0x5f, 0x5f]));
export const space = range([0x09, 0x0d], [0x20, 0x20]);
export const horizontal = range(
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
);
export const vertical = range([0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]);
export const lineEnds = range([0x0a, 0x0a], [0x0d, 0x0d], [0x85, 0x85], [0x2028, 0x2029]);

const posixSets: Readonly<Record<string, CharSet>> = {
  Lower: lower,
  Upper: upper,
  ASCII: range([0, 0x7f]),
  Alpha: alpha,
  Digit: digit,
  Alnum: alnum,
  Punct: punct,
  Graph: alnum.union(punct),
  Print: alnum.union(punct).union(range([0x20, 0x20])),
  Blank: range([0x20, 0x20], [0x09, 0x09]),
  Cntrl: range([0, 0x1f], [0x7f, 0x7f]),
  XDigit: digit.union(range([0x41, 0x46], [0x61, 0x66])),
  Space: space,
};

/** What the same names mean when a pattern asks for Unicode classes; properties of the platform. */
const posixProperties: Readonly<Record<string, string>> = {
  Lower: 'Lowercase',
  Upper: 'Uppercase',
  Alpha: 'Alphabetic',
  Digit: 'Nd',
  Punct: 'P',
  Cntrl: 'Cc',
  Space: 'White_Space',
};

const javaProperties: Readonly<Record<string, string>> = {
  javaLowerCase: 'Lowercase',
  javaUpperCase: 'Uppercase',
  javaAlphabetic: 'Alphabetic',
  javaTitleCase: 'Lt',
  javaDigit: 'Nd',
  javaLetter: 'L',
  javaSpaceChar: 'Z',
};

/** Blocks that patterns name in practice. */
const blocks: Readonly<Record<string, readonly [number, number]>> = {
  basiclatin: [0, 0x7f],
  latin1supplement: [0x80, 0xff],
  latinextendeda: [0x100, 0x17f],
  latinextendedb: [0x180, 0x24f],
  combiningdiacriticalmarks: [0x300, 0x36f],
  greek: [0x370, 0x3ff],
  greekandcoptic: [0x370, 0x3ff],
  cyrillic: [0x400, 0x4ff],
  armenian: [0x530, 0x58f],
  hebrew: [0x590, 0x5ff],
  arabic: [0x600, 0x6ff],
  devanagari: [0x900, 0x97f],
  thai: [0xe00, 0xe7f],
  generalpunctuation: [0x2000, 0x206f],
  hiragana: [0x3040, 0x309f],
  katakana: [0x30a0, 0x30ff],
  cjkunifiedideographs: [0x4e00, 0x9fff],
  hangulsyllables: [0xac00, 0xd7af],
};

const scanned = new Map<string, CharSet | undefined>();

/**
 * The code points with a property of the platform's regular expressions; looked up once.
 * @returns undefined when there is no such property
 */
function scan(property: string): CharSet | undefined {
  if (!scanned.has(property)) scanned.set(property, scanNow(property));
  return scanned.get(property);
}

function scanNow(property: string): CharSet | undefined {
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^\\p{${property}}$`, 'u');
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  const add = (low: number, high: number): void => {
    if (!pattern.test(String.fromCodePoint(low))) return;
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === low - 1) last[1] = high;
    else ranges.push([low, high]);
  };
  for (let code = 0; code < 0x40000; code++) add(code, code);
  // Beyond, whole planes are alike: unassigned, tags, private use.
  add(0x40000, 0xdffff);
  for (let code = 0xe0000; code < 0xe1000; code++) add(code, code);
  add(0xe1000, 0xeffff);
  add(0xf0000, 0xffffd);
  add(0xffffe, 0xfffff);
  add(0x100000, 0x10fffd);
  add(0x10fffe, 0x10ffff);
  return CharSet.of(ranges);
}

/** `greek_and_coptic`, `GREEK` -> the platform's spelling `Greek_And_Coptic`, `Greek`. */
function titled(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function block(name: string): CharSet | undefined {
  const found = blocks[name.toLowerCase().replace(/[\s_-]/g, '')];
  return found && range(found);
}

/**
 * The class that `\p{name}` stands for in Java.
 * @param unicode whether the pattern asked for Unicode classes
 */
export function propertySet(name: string, unicode: boolean): CharSet | undefined {
  const [key, value] = name.split('=', 2) as [string, string | undefined];
  if (value !== undefined) {
    const kind = key.toLowerCase();
    if (kind === 'script' || kind === 'sc') return scan(`Script=${titled(value)}`);
    if (kind === 'general_category' || kind === 'gc') return category(value);
    return kind === 'block' || kind === 'blk' ? block(value) : undefined;
  }
  const posix = posixSets[name];
  if (posix !== undefined) return (unicode ? unicodeClass(name) : undefined) ?? posix;
  if (name in javaProperties) return scan(javaProperties[name]!);
  if (name.startsWith('In')) return block(name.slice(2));
  if (!name.startsWith('Is')) return category(name);
  const bare = name.slice(2);
  return category(bare) ?? binary(bare) ?? scan(`Script=${titled(bare)}`);
}

/** `L`, `Lu`, and Java's `LC` and `L1`. */
function category(name: string): CharSet | undefined {
  if (name === 'LC') return scan('LC');
  if (name === 'L1' || name === 'LD') return name === 'L1' ? range([0, 0xff]) : scan('L')?.union(scan('Nd')!);
  return /^[A-Z][a-z]?$/.test(name) ? scan(`gc=${name}`) : undefined;
}

function binary(name: string): CharSet | undefined {
  const known: Readonly<Record<string, string>> = {
    ALPHABETIC: 'Alphabetic',
    IDEOGRAPHIC: 'Ideographic',
    LETTER: 'L',
    LOWERCASE: 'Lowercase',
    UPPERCASE: 'Uppercase',
    TITLECASE: 'Lt',
    PUNCTUATION: 'P',
    CONTROL: 'Cc',
    WHITE_SPACE: 'White_Space',
    WHITESPACE: 'White_Space',
    DIGIT: 'Nd',
    HEX_DIGIT: 'Hex_Digit',
    ASSIGNED: 'Assigned',
    EMOJI: 'Emoji',
  };
  const property = known[name.toUpperCase()];
  return property === undefined ? undefined : scan(property);
}

function unicodeClass(name: string): CharSet | undefined {
  const property = posixProperties[name];
  if (property !== undefined) return scan(property);
  return name === 'Alnum' ? scan('Alphabetic')?.union(scan('Nd')!) : undefined;
}

/** `\d`, `\s`, `\w` when a pattern asked for Unicode classes. */
export function unicodeShorthand(letter: 'd' | 's' | 'w'): CharSet {
  if (letter === 'd') return scan('Nd') ?? digit;
  if (letter === 's') return scan('White_Space') ?? space;
  return ['Alphabetic', 'M', 'Nd', 'Pc', 'Join_Control'].reduce(
    (set, name) => set.union(scan(name) ?? set),
    word,
  );
}
