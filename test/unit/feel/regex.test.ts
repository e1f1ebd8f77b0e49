/** Patterns as java.util.regex understands them; every result was checked against Java. */
import { outcome } from './support';

const ROWS: readonly (readonly [
  text: string,
  pattern: string,
  flags: string,
  matches: readonly string[] | null,
])[] = [
  ['abc', 'b', '', ['b']],
  ['a😀b', 'x?', '', ['', '', '', '', '']],
  ['a😀b', '.', '', ['a', '😀', 'b']],
  ['a b', '\\h', '', [' ']],
  ['aaa', 'a++', '', ['aaa']],
  ['aaab', 'a++a', '', []],
  ['aab', '(?>a+)b', '', ['aab']],
  ['abcd', '[a-z&&[^b]]', '', ['a', 'c', 'd']],
  ['abcd', '[a-d&&[ab]]', '', ['a', 'b']],
  ['a]b', '[]a]', '', ['a', ']']],
  ['a-b', '[a-]', '', ['a', '-']],
  ['foo', '(o)\\1', '', ['oo']],
  ['foofoo', '(?<x>foo)\\k<x>', '', ['foofoo']],
  ['price: 10', '(?<=: )\\d+', '', ['10']],
  ['a1b', '[a-z](?=\\d)', '', ['a']],
  ['a1b', '[a-z](?!\\d)', '', ['b']],
  ['xab', '(?<!x)[ab]', '', ['b']],
  ['a.b', '\\Q.\\E', '', ['.']],
  ['line\n', 'e$', '', ['e']],
  ['a\nb', '^b', '', []],
  ['a\nb', '^b', 'm', ['b']],
  ['a\r\nb', '\\R', '', ['\r\n']],
  ['aBc', 'b', 'i', ['B']],
  ['Äa', 'ä', 'i', []],
  ['Äa', '(?iu)ä', '', ['Ä']],
  ['ab', '(?x) a # first\n b', '', ['ab']],
  ['abc', 'a b', 'x', ['ab']],
  ['aAbB', '(?i:a)b', '', ['Ab']],
  ['x!', '\\p{Punct}', '', ['!']],
  ['aÄ1', '\\p{L}', '', ['a', 'Ä']],
  ['aЖ', '\\p{IsCyrillic}', '', ['Ж']],
  ['aЖ', '\\p{InCyrillic}', '', ['Ж']],
  ['Aa', '\\p{Lu}', '', ['A']],
  ['aé', '\\w', '', ['a']],
  ['aé', '(?U)\\w', '', ['a', 'é']],
  ['abab', '(?:ab){2}', '', ['abab']],
  ['aaaa', 'a{2,3}?', '', ['aa', 'aa']],
  ['a\tb', '\\t|\\x62', '', ['\t', 'b']],
  ['A', '\\u0041', '', ['A']],
  ['aaa', '(a*)*', '', ['aaa', '']],
  ['abcde', '(a|ab)(c|bcd)(d*)', '', ['abcd']],
  ['abc', '[a-z', '', null],
  ['abc', '*', '', null],
  ['abc', 'a{2,1}', '', null],
  ['abc', '(', '', null],
  ['abc', ')', '', null],
  ['abc', '\\y', '', null],
  ['abc', '(?<=(ab)*)c', '', null],
  ['abc', '\\p{Nope}', '', null],
];

test.each(ROWS)('in %j the pattern %j with flags %j finds %j', (text, pattern, flags, matches) => {
  const context = JSON.stringify({
    text,
    pattern,
    inline: flags === '' ? pattern : `(?${flags})${pattern}`,
    flags,
  });
  expect(outcome('extract(text, inline)', context)).toEqual({ json: JSON.stringify(matches) });
  const found = matches === null ? 'null' : String(matches.length > 0);
  expect(outcome('matches(text, pattern, flags)', context)).toEqual({ json: found });
});

describe('replacements', () => {
  test.each([
    ['abc', '(b)', '[$1]', '"a[b]c"'],
    ['abc', '(b)', '$12', '"ab2c"'],
    ['abc', '(?<n>b)', '<${n}>', '"a<b>c"'],
    ['abc', 'b', '$0$0', '"abbc"'],
    ['abc', 'b', '\\$', '"a$c"'],
    ['abc', '(x)?b', '[$1]', '"a[]c"'],
    ['abc', 'b', '$9', 'null'],
    ['abc', 'b', '${x}', 'null'],
    ['abc', 'b', '$', 'null'],
    ['abc', 'x', '$', '"abc"'],
    ['ab', '', '-', '"-a-b-"'],
  ])('in %s the pattern %s is replaced by %s: %s', (text, pattern, replacement, json) => {
    expect(outcome('replace(t, p, r)', JSON.stringify({ t: text, p: pattern, r: replacement }))).toEqual({
      json,
    });
  });
});

describe('splitting', () => {
  test.each([
    ['a,b,,c,,', ',', '["a","b","","c","",""]'],
    ['', ',', '[""]'],
    ['abc', '', '["a","b","c",""]'],
    ['a1b2', '(\\d)', '["a","b",""]'],
    [',a', ',', '["","a"]'],
  ])('%j by %j', (text, pattern, json) => {
    expect(outcome('split(t, p)', JSON.stringify({ t: text, p: pattern }))).toEqual({ json });
  });
});
