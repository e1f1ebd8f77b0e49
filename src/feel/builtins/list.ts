/** Lists: selecting, joining and ordering items. Sums and the like are in statistics.ts. */
import { EvaluationError, Failure } from '../errors';
import { checkItems, checkText } from '../limits';
import type { Run } from '../run';
import { equal, equalityKey, identical, isComparable, order } from '../values/compare';
import { FeelFunction } from '../values/function';
import { isNum, isZero, toInt32, type Num } from '../values/number';
import { isList, typeName, type Value } from '../values/value';
import { builtin, varargs } from './define';

const notZero = 'position must be a non-zero number';

/** Counted from 0; negative positions count from the end. */
function indexOf(list: readonly Value[], position: number): number {
  return position > 0 ? position - 1 : list.length + position;
}

/** The items between two indexes, of which those outside the list do not count. */
function slice(list: readonly Value[], from: number, to: number): readonly Value[] {
  return list.slice(Math.max(from, 0), Math.max(to, 0));
}

function sublist([list, start, length]: readonly Value[]): Value | undefined {
  if (list === undefined || !isList(list) || !isNum(start ?? null)) return undefined;
  if (length !== undefined && !isNum(length)) return undefined;
  if (isZero(start as Num)) return new Failure(`start ${notZero}`);
  const from = indexOf(list, toInt32(start as Num));
  // The sum is one of 32 bits.
  return slice(list, from, length === undefined ? list.length : (from + toInt32(length)) | 0);
}

function extreme([list = null]: readonly Value[], sign: 1 | -1): Value | undefined {
  if (!isList(list)) return undefined;
  const [head, ...tail] = list;
  if (head === undefined) return null;
  if (!isComparable(list)) return new Failure('The values cannot be compared');
  return tail.reduce<Value>((best, item) => (order(item, best) * sign > 0 ? item : best), head);
}

/** What decides `all` or `any` wins; else anything that is not a boolean makes it null. */
function quantified([list = null]: readonly Value[], deciding: boolean): Value | undefined {
  if (!isList(list)) return undefined;
  let state: boolean | null = !deciding;
  for (const item of list) {
    if (item === deciding) return deciding;
    if (typeof item !== 'boolean') state = null;
  }
  return state;
}

function flattened(lists: readonly Value[]): Value[] {
  return lists.flatMap((item) => (isList(item) ? item : [item]));
}

function flattenAll(list: readonly Value[], run: Run, into: Value[]): Value[] {
  run.spend(list.length);
  for (const item of list) {
    if (isList(item)) flattenAll(item, run, into);
    else into.push(item);
  }
  checkItems(into.length, run.limits);
  return into;
}

/** First occurrences only, and how often each occurs. Values that equal nothing stay apart. */
function occurrences(list: readonly Value[], run: Run): { value: Value; count: number }[] {
  const byKey = new Map<string, { value: Value; count: number }>();
  const all: { value: Value; count: number }[] = [];
  for (const value of list) {
    const key = equalityKey(value, run);
    const known = key === undefined ? undefined : byKey.get(key);
    if (known !== undefined) {
      known.count++;
      continue;
    }
    const first = { value, count: 1 };
    all.push(first);
    if (key !== undefined) byKey.set(key, first);
  }
  return all;
}

function distinct(list: readonly Value[], run: Run): Value {
  return occurrences(list, run).map(({ value }) => value);
}

function insertBefore([list, position, item = null]: readonly Value[], run: Run): Value | undefined {
  if (list === undefined || !isList(list) || !isNum(position ?? null)) return undefined;
  const at = toInt32(position as Num);
  if (isZero(position as Num)) return new Failure(notZero);
  const index = Math.max(indexOf(list, at), 0);
  checkItems(list.length + 1, run.limits);
  return [...list.slice(0, index), item, ...list.slice(index)];
}

function remove([list, position]: readonly Value[]): Value | undefined {
  if (list === undefined || !isList(list) || !isNum(position ?? null)) return undefined;
  const at = toInt32(position as Num);
  if (isZero(position as Num)) return new Failure(notZero);
  return [...slice(list, 0, indexOf(list, at)), ...slice(list, indexOf(list, (at + 1) | 0), list.length)];
}

function partition([list, size]: readonly Value[]): Value | undefined {
  if (list === undefined || !isList(list) || !isNum(size ?? null)) return undefined;
  const length = toInt32(size as Num);
  if (length < 1) return new Failure('The size must be at least 1');
  const parts: Value[] = [];
  for (let at = 0; at < list.length; at += length) parts.push(list.slice(at, at + length));
  return parts;
}

/** @throws FeelError only when feel-scala does not recover from it */
function sort([list, precedes]: readonly Value[], run: Run): Value | undefined {
  if (list === undefined || !isList(list) || !(precedes instanceof FeelFunction)) return undefined;
  if (precedes.params.length !== 2) return new Failure('The function must have two parameters');
  const isBefore = (x: Value, y: Value): boolean => {
    run.spend(2);
    const result = precedes.invoke([x, y], run);
    if (typeof result === 'boolean') return result;
    throw new EvaluationError(`Failed to sort the list: expected boolean but found ${typeName(result)}`);
  };
  try {
    return [...list].sort((x, y) => (isBefore(x, y) ? -1 : isBefore(y, x) ? 1 : 0));
  } catch (error) {
    if (error instanceof EvaluationError) return new Failure(error.message);
    throw error;
  }
}

/** Nulls are skipped; other values than texts are refused. A null delimiter means no delimiter. */
function join(
  [list, delimiter = null, prefix = null, suffix = null]: readonly Value[],
  run: Run,
): Value | undefined {
  if (list === undefined || !isList(list)) return undefined;
  for (const part of [delimiter, prefix, suffix])
    if (part !== null && typeof part !== 'string') return undefined;
  if ((prefix === null) !== (suffix === null)) return undefined;
  const texts = list.filter((item) => item !== null);
  if (!texts.every((item) => typeof item === 'string')) return new Failure('Expected a list of strings');
  const between = (delimiter as string | null) ?? '';
  checkText(
    texts.reduce((length, item) => length + item.length + between.length, 0),
    run.limits,
  );
  return `${(prefix as string | null) ?? ''}${texts.join(between)}${(suffix as string | null) ?? ''}`;
}

/** An implementation that takes one list. */
function ofList(act: (list: readonly Value[], run: Run) => Value) {
  return ([list = null]: readonly Value[], run: Run): Value | undefined =>
    isList(list) ? act(list, run) : undefined;
}

export const listBuiltins = [
  builtin('list contains', ['list', 'element'], ([list = null, element = null], run) =>
    isList(list) ? list.some((item) => identical(item, element, run)) : undefined,
  ),
  builtin(
    'count',
    ['list'],
    ofList((list) => list.length),
  ),
  varargs('min', ['list'], (args) => extreme(args, -1)),
  varargs('max', ['list'], (args) => extreme(args, 1)),
  varargs('and', ['list'], (args) => quantified(args, false)),
  varargs('all', ['list'], (args) => quantified(args, false)),
  varargs('or', ['list'], (args) => quantified(args, true)),
  varargs('any', ['list'], (args) => quantified(args, true)),
  builtin('sublist', ['list', 'start'], sublist),
  builtin('sublist', ['list', 'start', 'length'], sublist),
  varargs('append', ['list', 'items'], ([list = null, items = null], run) => {
    if (!isList(list) || !isList(items)) return undefined;
    checkItems(list.length + items.length, run.limits);
    return [...list, ...items];
  }),
  varargs(
    'concatenate',
    ['lists'],
    ofList((lists, run) => {
      const all = flattened(lists);
      checkItems(all.length, run.limits);
      return all;
    }),
  ),
  builtin('insert before', ['list', 'position', 'newItem'], insertBefore),
  builtin('remove', ['list', 'position'], remove),
  builtin(
    'reverse',
    ['list'],
    ofList((list) => [...list].reverse()),
  ),
  builtin('index of', ['list', 'match'], ([list = null, match = null], run) =>
    isList(list) ? list.flatMap((item, i) => (equal(item, match, run) === true ? [i + 1] : [])) : undefined,
  ),
  varargs(
    'union',
    ['lists'],
    ofList((lists, run) => distinct(flattened(lists), run)),
  ),
  builtin('distinct values', ['list'], ofList(distinct)),
  builtin(
    'duplicate values',
    ['list'],
    ofList((list, run) =>
      occurrences(list, run)
        .filter(({ count }) => count > 1)
        .map(({ value }) => value),
    ),
  ),
  builtin(
    'flatten',
    ['list'],
    ofList((list, run) => flattenAll(list, run, [])),
  ),
  builtin('sort', ['list', 'precedes'], sort),
  builtin('string join', ['list'], join),
  builtin('string join', ['list', 'delimiter'], join),
  builtin('string join', ['list', 'delimiter', 'prefix', 'suffix'], join),
  builtin(
    'is empty',
    ['list'],
    ofList((list) => list.length === 0),
  ),
  builtin('partition', ['list', 'size'], partition),
];
