/** Holds comments, messages and pages to plain English: each phrase below has a form that is read without stopping. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { guardSentences } from '../support/guard';

interface Phrase {
  /** A space stands for any white space, line breaks within a comment too. */
  readonly pattern: string;
  readonly plain: string;
  /** Where the phrase is refused; everywhere when absent. */
  readonly within?: RegExp;
}

/** "There is no X", "is no longer", "is no good" and the like are fine. */
const phrases: readonly Phrase[] = [
  {
    pattern:
      '(?<!\\bthere )\\b(?:is|are|was|were|be) no (?!longer\\b|good\\b|more\\b|one\\b|less\\b|matter\\b)',
    plain: 'is not, is not a',
  },
  {
    pattern: '(?<!\\bthere )\\b(?:is|are|was|were|be) none(?! of (?:these|those|them)\\b)\\b',
    plain: 'is not a ..., naming what it is not',
  },
  { pattern: '\\bat the (?:most|least)\\b', plain: 'at most, at least, before the number' },
  { pattern: '\\ball the same\\b', plain: 'anyway' },
  { pattern: '\\banew\\b', plain: 'again' },
  { pattern: '\\bof no use\\b', plain: 'cannot be used' },
  { pattern: '\\btells? of\\b', plain: 'describes, reports' },
  {
    pattern: '\\b(?:pure|everything|nothing|all|same \\w+|none|any \\w+|no \\w+) but for\\b',
    plain: 'except for, apart from',
  },
  { pattern: '\\blately\\b', plain: 'recently, recent' },
  { pattern: '\\bfor so long\\b', plain: 'for that long' },
  {
    pattern: '\\bso many (?:ms|seconds|bytes|characters|jobs|times|instances)\\b',
    plain: 'this many, or the name of the number',
  },
  { pattern: '\\bat last\\b', plain: 'last, finally' },
  { pattern: '\\bdearer\\b', plain: 'costs more' },
  { pattern: '\\blook(?:s|ed|ing)? after\\b', plain: 'poll, watch' },
  { pattern: '\\b(?:is|are|was|were) not told\\b', plain: 'not reported' },
  { pattern: '\\bas well when\\b', plain: 'also ... when' },
  {
    pattern:
      '\\b(?:stands?|stood) (?:in(?! for\\b)|at|on|before|behind|between|beside|among|anywhere|twice|there)\\b',
    plain: 'is in, is at, comes before, follows',
  },
  { pattern: '\\bwhat stands\\b', plain: 'the text in ..., what is in ...' },
  {
    pattern: '\\bPure\\.',
    plain: 'nothing: the rooms without I/O are pure',
    within: /^src\/(?:feel|json|limits|java|fields|job|operations|retry|typed)\//,
  },
];

const files = execFileSync(
  'git',
  [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    'src',
    'dev',
    'docs',
    'README.md',
    'CONTRIBUTING.md',
  ],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => /\.(?:ts|mjs|md|css|html)$/.test(file));

test('comments, messages and pages are in plain English', () => {
  const faults = files.flatMap((file) => faultsOf(file, readFileSync(file, 'utf8')));
  guardSentences(faults);
});

test('a phrase is found across the lines of a comment', () => {
  expect(faultsOf('src/a.ts', '/**\n * Bytes at\n * the most.\n */\n')).toEqual([
    'src/a.ts:2: "at the most": write plainly: at most, at least, before the number.',
  ]);
});

test.each([
  'There is no other, and there was none before.',
  'It is no longer here. It is no good. It is no more than a guess.',
  'Undefined when it is none of these.',
  '`*` stands for any text; the clock stands still; a list stands in for the model.',
  'Nothing is left as it stands.',
])('%s is left alone', (sentence) => {
  expect(faultsOf('src/a.ts', sentence)).toEqual([]);
});

function faultsOf(file: string, text: string): string[] {
  const flat = flatten(text);
  return phrases.flatMap(({ pattern, plain, within }) => {
    if (within !== undefined && !within.test(file)) return [];
    const found = flat.matchAll(
      new RegExp(pattern.replaceAll(' ', ' +'), pattern.includes('Pure') ? 'g' : 'gi'),
    );
    return [...found].flatMap((match) => {
      const phrase = match[0].replace(/ +/g, ' ');
      const line = text.slice(0, match.index).split('\n').length;
      return [`${file}:${line}: "${phrase}": write plainly: ${plain}.`];
    });
  });
}

/** One line of the same length: line breaks and the marks of comments become spaces. */
function flatten(text: string): string {
  return text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)?[ \t]*/g, (gap) => ' '.repeat(gap.length));
}
