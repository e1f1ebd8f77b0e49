/** Filters, `for`, `some`, `every` and ranges of numbers to iterate over. */
import type { Compiled } from './call';
import { Failure } from './errors';
import { checkItems } from './limits';
import { fold } from './logic';
import type { Run } from './run';
import type { Scope } from './scope';
import type { Iterator, Node, NodeOf } from './syntax';
import { mentions, sizeOf } from './tree';
import { isContext } from './values/context';
import {
  addNumbers,
  compareNumbers,
  isNum,
  negateNumber,
  subtractNumbers,
  toDouble,
  toInt32,
  type Num,
} from './values/number';
import { isList, typeName, type Value } from './values/value';

type Compile = (node: Node) => Compiled;

function noList(value: Value, run: Run): Failure | null {
  if (value instanceof Failure) return value.fatal ? value : null;
  run.warn('INVALID_TYPE', `Expected list but found ${typeName(value)}`);
  return null;
}

/** `list[condition]`: a number selects, a condition keeps the items for which it is exactly true. */
export function compileFilter(node: NodeOf<'filter'>, compile: Compile): Compiled {
  const list = compile(node.list);
  const condition = compile(node.condition);
  const cost = sizeOf(node.condition);
  const index = literalIndex(node.condition);
  const perItem = ['comparison', 'call', 'methodCall'].includes(node.condition.kind);
  return (scope) => {
    const items = list(scope);
    if (!isList(items)) return noList(items, scope.run);
    if (index !== undefined) return itemAt(items, index);
    if (!perItem) {
      // Anything but a comparison or a call may be a number that does not depend on the items.
      const outside = condition(scope);
      if (isNum(outside)) return itemAt(items, outside);
    }
    return filterItems(items, condition, cost, scope);
  };
}

function literalIndex(node: Node): Num | undefined {
  if (node.kind === 'number') return node.value;
  return node.kind === 'negation' && node.value.kind === 'number'
    ? negateNumber(node.value.value)
    : undefined;
}

/** Counted from 1, or from the end when negative; null when there is none. */
function itemAt(items: readonly Value[], index: Num): Value {
  const at = compareNumbers(index, 0) > 0 ? subtractNumbers(index, 1) : addNumbers(items.length, index);
  const outside = compareNumbers(at, 0) < 0 || compareNumbers(at, items.length) >= 0;
  return outside ? null : items[toInt32(at)]!;
}

/** The item's own entries come before `item`, which comes before the outer scope. */
function itemScope(scope: Scope, item: Value): Scope {
  const inner = scope.with('item', item);
  return isContext(item) ? inner.withContext(item) : inner;
}

function filterItems(items: readonly Value[], condition: Compiled, cost: number, scope: Scope): Value {
  const [head, ...tail] = items;
  if (head === undefined) return [];
  scope.run.spend(cost);
  const first = condition(itemScope(scope, head));
  if (first instanceof Failure) return first.fatal ? first : null;
  // A condition that yields a number for the first item is an index.
  if (isNum(first)) return itemAt(items, first);
  const kept: Value[] = first === true ? [head] : [];
  for (const item of tail) {
    scope.run.spend(cost);
    const met = condition(itemScope(scope, item));
    if (met instanceof Failure) return null;
    // The text "_" marks the items to drop in feel-scala, so it drops itself.
    if (met === true && item !== '_') kept.push(item);
  }
  return kept;
}

interface CompiledIterator {
  readonly name: string;
  readonly list: Compiled;
}

function compileIterators(iterators: readonly Iterator[], compile: Compile): CompiledIterator[] {
  return iterators.map(({ name, list }) => ({ name, list: compile(list) }));
}

/** The lists of all iterators, worked out in the outer scope; what is not a list makes the whole null. */
function listsOf(
  iterators: readonly CompiledIterator[],
  scope: Scope,
): readonly (readonly Value[])[] | Failure | null {
  const values = iterators.map(({ list }) => list(scope));
  for (const value of values) if (!isList(value)) return noList(value, scope.run);
  return values as readonly (readonly Value[])[];
}

/** Scopes for all combinations, the last iterator turning fastest. */
function* combinations(
  iterators: readonly CompiledIterator[],
  lists: readonly (readonly Value[])[],
  scope: Scope,
): Generator<Scope> {
  const at = lists.map(() => 0);
  if (lists.some((list) => list.length === 0)) return;
  for (;;) {
    let inner = scope;
    // Of two iterators of one name the first counts.
    for (let i = iterators.length - 1; i >= 0; i--)
      inner = inner.withVariable(iterators[i]!.name, lists[i]![at[i]!]!);
    yield inner;
    let turning = lists.length - 1;
    while (turning >= 0 && ++at[turning]! === lists[turning]!.length) at[turning--] = 0;
    if (turning < 0) return;
  }
}

export function compileFor(node: NodeOf<'for'>, compile: Compile): Compiled {
  const iterators = compileIterators(node.iterators, compile);
  const body = compile(node.body);
  const cost = sizeOf(node.body) + iterators.length;
  const usesPartial = mentions(node.body, 'partial');
  return (scope) => {
    const lists = listsOf(iterators, scope);
    if (lists === null || lists instanceof Failure) return lists;
    const results: Value[] = [];
    for (const inner of combinations(iterators, lists, scope)) {
      scope.run.spend(usesPartial ? cost + (results.length >>> 3) : cost);
      // The results so far are a copy, since the body may keep them.
      results.push(body(usesPartial ? inner.withVariable('partial', [...results]) : inner));
      checkItems(results.length, scope.run.limits);
    }
    return results;
  };
}

export function compileQuantified(node: NodeOf<'some' | 'every'>, compile: Compile): Compiled {
  const iterators = compileIterators(node.iterators, compile);
  const body = compile(node.body);
  const cost = sizeOf(node.body) + iterators.length;
  const deciding = node.kind === 'some';
  return (scope) => {
    const lists = listsOf(iterators, scope);
    if (lists === null || lists instanceof Failure) return lists;
    const scopes = combinations(iterators, lists, scope);
    const count = lists.reduce((product, list) => product * list.length, 1);
    return fold(
      count,
      () => {
        scope.run.spend(cost);
        return body(scopes.next().value as Scope);
      },
      deciding,
      scope.run,
    );
  };
}

/** `1..3` counts up, `3..1` down, both ends included. */
export function compileIteration(node: NodeOf<'iteration'>, compile: Compile): Compiled {
  const start = compile(node.start);
  const end = compile(node.end);
  return (scope) => {
    const from = start(scope);
    const to = end(scope);
    for (const bound of [from, to]) {
      if (isNum(bound)) continue;
      if (bound instanceof Failure) return bound;
      const message = `Expected number but found ${typeName(bound)}`;
      scope.run.warn('INVALID_TYPE', message);
      return new Failure(message);
    }
    return numbersFrom(from as Num, to as Num, scope.run);
  };
}

function numbersFrom(from: Num, to: Num, run: Run): Value {
  const up = compareNumbers(from, to) < 0;
  const count = Math.floor(Math.abs(toDouble(subtractNumbers(to, from)))) + 1;
  checkItems(count, run.limits);
  run.spend(count);
  const numbers: Value[] = [];
  for (let i = 0; i < count; i++) numbers.push(up ? addNumbers(from, i) : subtractNumbers(from, i));
  return numbers;
}
