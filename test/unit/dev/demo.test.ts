import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readExamples, type Expectation } from '../../../dev/demo/example';
import { answerIn, differences, tokensIn, type Result } from '../../../dev/demo/judge';
import { table } from '../../../dev/demo/table';

const expected: Expectation = { outcome: 'completed', variables: {}, elements: [] };
const completed: Result = { outcome: 'completed', variables: {}, completedElements: ['start', 'end'] };

describe('what differs from the expectation', () => {
  test('nothing, when objects hold more than is asked for', () => {
    const result = { ...completed, variables: { answer: { text: 'hi', status: 200 }, other: 1 } };
    const wish = { ...expected, variables: { answer: { text: 'hi' } }, elements: ['end'] };
    expect(differences(result, wish, true)).toEqual([]);
  });

  test('another outcome, with the reason', () => {
    const result: Result = { outcome: 'incident', variables: {}, message: 'no key' };
    expect(differences(result, expected, true)).toEqual(['expected completed, got incident: no key']);
  });

  test('another value, a list of another length, an element not passed', () => {
    const wish = { ...expected, variables: { a: 1, list: [1] }, elements: ['caught'] };
    const result = { ...completed, variables: { a: 2, list: [1, 2] } };
    expect(differences(result, wish, true)).toEqual([
      'variable a is 2, expected 1',
      'variable list is [1,2], expected [1]',
      'did not pass caught',
    ]);
  });

  test('a message that lacks what it should say', () => {
    const wish: Expectation = { ...expected, outcome: 'incident', message: 'API key' };
    expect(differences({ outcome: 'incident', variables: {}, message: 'x' }, wish, true)).toHaveLength(1);
  });

  test('values are not compared when a real model answers, outcomes are', () => {
    const wish = { ...expected, variables: { a: 1 } };
    expect(differences(completed, wish, false)).toEqual([]);
    expect(differences({ ...completed, outcome: 'unfinished' }, wish, false)).toHaveLength(1);
  });
});

test.each([
  [{ question: '?', answer: { text: 'yes' } }, 'yes'],
  [{ question: '?', kind: 'praise' }, 'praise'],
  [{ question: '?', size: 8 }, 'size=8'],
  [{ question: '?', image: 'A'.repeat(92) }, '(92 characters of base64)'],
  [{ question: '?' }, '(ended at end)'],
])('shows of %j: %s', (variables, shown) => {
  expect(answerIn({ ...completed, variables }, { question: '?' })).toBe(shown);
});

test.each([
  [{ a: { usage: { totalTokens: 3 } }, b: { body: { usage: { total_tokens: 4 } } }, tokens: 5 }, 12],
  [{ a: 'x' }, undefined],
])('tokens of %j: %s', (variables, sum) => expect(tokensIn(variables)).toBe(sum));

test('a table has columns of one width, numbers to the right, no line breaks', () => {
  expect(
    table(
      [
        ['name', 'ms'],
        ['a', '5'],
        ['long\nname here', '1234'],
      ],
      10,
      [1],
    ),
  ).toBe(['name          ms', '----------  ----', 'a              5', 'long na...  1234'].join('\n'));
});

describe('reading examples', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'examples-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(demo: unknown): void {
    writeFileSync(
      join(folder, 'one.bpmn'),
      '<bpmn:definitions id="d"><bpmn:process id="p1" isExecutable="true"/></bpmn:definitions>',
    );
    writeFileSync(join(folder, 'one.demo.json'), JSON.stringify(demo));
  }

  test('finds the process and fills in addresses', () => {
    write({ description: 'd', variables: { url: '${mockUrl}/x', n: 1 }, expect: { outcome: 'completed' } });
    expect(readExamples(folder, { mockUrl: 'http://m' })).toEqual([
      {
        name: 'one',
        bpmnFile: join(folder, 'one.bpmn'),
        processId: 'p1',
        description: 'd',
        variables: { url: 'http://m/x', n: 1 },
        expect: { outcome: 'completed', variables: {}, elements: [] },
      },
    ]);
  });

  test('a misspelt expectation is refused with file and field', () => {
    write({ description: 'd', expect: { outcome: 'complete' } });
    expect(() => readExamples(folder, {})).toThrow(/one\.demo\.json[\s\S]*outcome/);
  });
});
