import { decideAnswerFate, type Ending } from '../../../src/job/answer-fate';
import type { AnswerFate } from '../../../src/job/job';

type Row = [ending: Ending, answer: 'good' | 'bad', serves: 'until-done' | 'one-command', fate: AnswerFate];

describe('the fate of a paid answer', () => {
  it.each<Row>([
    ['done', 'good', 'until-done', 'spent'],
    ['done', 'good', 'one-command', 'spent'],
    ['done', 'bad', 'until-done', 'spent'],
    ['done', 'bad', 'one-command', 'spent'],
    ['asked', 'good', 'until-done', 'spent'],
    ['asked', 'good', 'one-command', 'spent'],
    ['asked', 'bad', 'until-done', 'bad-and-spent'],
    ['asked', 'bad', 'one-command', 'bad-and-spent'],
    ['postponed', 'good', 'until-done', 'needed'],
    ['postponed', 'good', 'one-command', 'needed'],
    ['postponed', 'bad', 'until-done', 'bad'],
    ['postponed', 'bad', 'one-command', 'bad'],
    ['failed', 'good', 'until-done', 'needed'],
    ['failed', 'good', 'one-command', 'spent'],
    ['failed', 'bad', 'until-done', 'bad'],
    ['failed', 'bad', 'one-command', 'bad-and-spent'],
  ])('of a job that is %s, the answer %s and serving %s, is %s', (ending, answer, serves, fate) => {
    expect(decideAnswerFate(ending, answer === 'bad', serves)).toBe(fate);
  });
});
