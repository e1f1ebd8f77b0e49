import { answerCharacters, RecordTail } from '../../../../src/engine/storage/record-tail';

const tailOf = (count: number, bounds = { count: 1000, characters: Infinity }, last = 0): RecordTail => {
  const tail = new RecordTail(last, bounds);
  for (let position = last + 1; position <= last + count; position++) tail.push(`record ${position}`);
  return tail;
};

it('gives what comes after a position', () => {
  const tail = tailOf(5, undefined, 10);
  expect(tail.after(13)).toEqual(['record 14', 'record 15']);
  expect(tail.after(15)).toEqual([]);
  expect(tail.after(99)).toEqual([]);
});

it('without records has none, and knows its place', () => {
  const tail = tailOf(0, undefined, 10);
  expect([tail.first, tail.last, tail.after(0)]).toEqual([11, 10, []]);
});

it('keeps the newest ones up to a count', () => {
  const tail = tailOf(5000, { count: 3, characters: Infinity });
  expect([tail.first, tail.last]).toEqual([4998, 5000]);
  expect(tail.after(0)).toEqual(['record 4998', 'record 4999', 'record 5000']);
});

it('keeps the newest ones up to a number of characters', () => {
  expect(tailOf(9, { count: 1000, characters: 20 }).after(0)).toEqual(['record 8', 'record 9']);
});

it('a record that is too long on its own leaves nothing', () => {
  const tail = new RecordTail(0, { count: 10, characters: 5 });
  tail.push('too long');
  expect([tail.first, tail.last, tail.after(0)]).toEqual([2, 1, []]);
});

it('an answer ends where the next record would not fit', () => {
  const tail = new RecordTail(0, { count: 10, characters: Infinity });
  const half = 'x'.repeat(answerCharacters / 2);
  for (const record of [half, half, 'y']) tail.push(record);
  expect(tail.after(0)).toHaveLength(2);
  expect(tail.after(2)).toEqual(['y']);
});

it('an answer holds one record that is longer than an answer', () => {
  const tail = new RecordTail(0, { count: 10, characters: Infinity });
  tail.push('x'.repeat(answerCharacters + 1));
  tail.push('y');
  expect(tail.after(0)).toHaveLength(1);
  expect(tail.after(1)).toEqual(['y']);
});
