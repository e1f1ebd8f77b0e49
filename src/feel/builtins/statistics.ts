/** Sums, means and the like over lists of numbers. Any other item makes them null. */
import { Failure } from '../errors';
import {
  addNumbers,
  compareNumbers,
  divideNumbers,
  fromDouble,
  isNum,
  multiplyNumbers,
  numberKey,
  subtractNumbers,
  toDouble,
  type Num,
} from '../values/number';
import { isList, type Value } from '../values/value';
import { varargs, type Builtin } from './define';

/** `empty` is the result for a list without items. */
function statistic(name: string, empty: Value, compute: (numbers: readonly Num[]) => Value): Builtin {
  return varargs(name, ['list'], ([list = null]) => {
    if (!isList(list)) return undefined;
    if (list.length === 0) return empty;
    return list.every(isNum) ? compute(list) : new Failure('Expected a list of numbers');
  });
}

/** From the first number on, whose digits are the ones that are kept. Of at least one. */
function sum(numbers: readonly Num[]): Num {
  return numbers.reduce(addNumbers);
}

function sorted(numbers: readonly Num[]): Num[] {
  return [...numbers].sort(compareNumbers);
}

function median(numbers: readonly Num[]): Num {
  const ordered = sorted(numbers);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle]!;
  return ordered.length % 2 === 1 ? upper : divideNumbers(addNumbers(ordered[middle - 1]!, upper), 2);
}

/** Of the sample: one number has none, and fails the evaluation. */
function standardDeviation(numbers: readonly Num[]): Num {
  const mean = divideNumbers(sum(numbers), numbers.length);
  const squares = numbers.map((n) => {
    const distance = subtractNumbers(n, mean);
    return multiplyNumbers(distance, distance);
  });
  return fromDouble(Math.sqrt(toDouble(divideNumbers(sum(squares), numbers.length - 1))));
}

/** The numbers that occur most often, in order. */
function mode(numbers: readonly Num[]): Num[] {
  const counts = new Map<string, { number: Num; count: number }>();
  for (const number of numbers) {
    const key = numberKey(number);
    counts.set(key, { number: counts.get(key)?.number ?? number, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const most = [...counts.values()].reduce((max, { count }) => Math.max(max, count), 0);
  return sorted([...counts.values()].filter(({ count }) => count === most).map(({ number }) => number));
}

export const statisticsBuiltins = [
  statistic('sum', null, sum),
  statistic('product', null, (numbers) => numbers.reduce(multiplyNumbers)),
  statistic('mean', null, (numbers) => divideNumbers(sum(numbers), numbers.length)),
  statistic('median', null, median),
  statistic('stddev', null, standardDeviation),
  statistic('mode', [], mode),
];
