/** `in` and the tests behind it. The value before `in` is a variable of the scope, as it is in feel-scala. */
import type { Compiled } from './call';
import { Failure } from './errors';
import { anyTrue, compareValues, equalValues, holds } from './logic';
import type { Run } from './run';
import type { Scope } from './scope';
import type { Node, NodeOf } from './syntax';
import { identical, isComparable, order, sameKind } from './values/compare';
import { isList, typeName, type Value } from './values/value';

type Compile = (node: Node) => Compiled;

/** Where the value before `in` is kept, unless a variable names another place. */
const defaultInput = 'cellInput';
const inputVariable = 'inputVariableName';

function inputName(scope: Scope): string {
  const name = scope.variable(inputVariable);
  return typeof name === 'string' ? name : defaultInput;
}

/** null, with a warning, outside `in`. */
function inputValue(scope: Scope): Value {
  const value = scope.variable(inputName(scope));
  if (value !== undefined) return value;
  scope.run.warn('NO_VARIABLE_FOUND', 'No input value found.');
  return null;
}

export function compileIn(node: NodeOf<'in'>, compile: Compile): Compiled {
  const operand = compile(node.value);
  const tests = node.tests.map(compile);
  const [only] = tests;
  return (outer) => {
    const value = operand(outer);
    if (value instanceof Failure) return value;
    const scope = outer.with(inputName(outer), value);
    return tests.length === 1 && only !== undefined ? only(scope) : anyTrue(tests, scope);
  };
}

export function compileTest(
  node: NodeOf<'testCompare' | 'testRange' | 'testExpression'>,
  compile: Compile,
): Compiled {
  switch (node.kind) {
    case 'testCompare': {
      const operand = compile(node.operand);
      const { operator } = node;
      return (scope) => compareValues(operator, inputValue(scope), operand(scope), scope.run);
    }
    case 'testRange':
      return compileRangeTest(node, compile);
    case 'testExpression': {
      const test = compile(node.value);
      return (scope) => testExpression(test, scope);
    }
  }
}

function compileRangeTest(node: NodeOf<'testRange'>, compile: Compile): Compiled {
  const start = compile(node.range.start);
  const end = compile(node.range.end);
  const above = node.range.startClosed ? '>=' : '>';
  const below = node.range.endClosed ? '<=' : '<';
  return (scope) => {
    const low = start(scope);
    const high = end(scope);
    const value = inputValue(scope);
    if (![value, low, high].every((one) => isComparable(one) && sameKind(one, value))) {
      scope.run.warn(
        'NOT_COMPARABLE',
        `Can't compare ${typeName(value)} with ${typeName(low)} and ${typeName(high)}`,
      );
      return null;
    }
    return holds(above, order(value, low)) && holds(below, order(value, high));
  };
}

/** True when the expression is true, equals the value, or is a list that holds it. */
function testExpression(test: Compiled, scope: Scope): Value {
  const value = inputValue(scope);
  if (value instanceof Failure) return value;
  const result = test(scope);
  if (result instanceof Failure && result.fatal) {
    // Only now is the value known as `?`.
    const again = test(scope.with('?', value));
    return typeof again === 'boolean' ? again : null;
  }
  if (result === true) return true;
  if (isList(result) && holdsValue(result, value, scope.run)) return true;
  const same = equalValues(value, result, scope.run);
  if (same === true) return true;
  if (result === false || isList(result)) return false;
  return same === null ? null : false;
}

function holdsValue(list: readonly Value[], value: Value, run: Run): boolean {
  run.spend(list.length >>> 2);
  return list.some((item) => identical(item, value, run));
}
