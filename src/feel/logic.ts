/** Three-valued logic and comparison of any two values, with their warnings. */
import type { Compiled } from './call';
import { Failure } from './errors';
import type { Run } from './run';
import type { Scope } from './scope';
import type { ComparisonOperator } from './syntax';
import { equal, isComparable, order, sameKind } from './values/compare';
import { typeName, type Value } from './values/value';

function notComparable(x: Value, y: Value, run: Run): null {
  run.warn('NOT_COMPARABLE', `Can't compare ${typeName(x)} with ${typeName(y)}`);
  return null;
}

export function equalValues(x: Value, y: Value, run: Run): Value {
  if (x instanceof Failure) return x;
  if (y instanceof Failure) return y;
  return equal(x, y, run) ?? notComparable(x, y, run);
}

/** @throws EvaluationError when both are lists that could be ordered by their kind */
export function compareValues(operator: ComparisonOperator, x: Value, y: Value, run: Run): Value {
  if (operator === '=') return equalValues(x, y, run);
  if (typeof x === 'number' && typeof y === 'number') return holds(operator, x - y);
  if (x instanceof Failure) return x;
  if (y instanceof Failure) return y;
  if (!isComparable(x) || !isComparable(y) || !sameKind(x, y)) return notComparable(x, y, run);
  return holds(operator, order(x, y));
}

/** What an order of two values says about `<`, `<=`, `>` and `>=`. */
export function holds(operator: ComparisonOperator, sign: number): boolean {
  switch (operator) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    case '>=':
      return sign >= 0;
    case '=':
      return sign === 0;
  }
}

/** What is not a boolean becomes null, with a warning; fatal failures pass. */
function booleanOrNull(value: Value, run: Run): boolean | null | Failure {
  if (typeof value === 'boolean') return value;
  if (value instanceof Failure) return value.fatal ? value : null;
  run.warn('INVALID_TYPE', `Expected boolean but found ${typeName(value)}`);
  return null;
}

/** false wins over null, null over true. */
export function allTrue(operands: readonly Compiled[], scope: Scope): Value {
  return fold(operands.length, (i) => operands[i]!(scope), false, scope.run);
}

/** true wins over null, null over false. */
export function anyTrue(operands: readonly Compiled[], scope: Scope): Value {
  return fold(operands.length, (i) => operands[i]!(scope), true, scope.run);
}

/** Looks at operand after operand until one is the deciding value. */
export function fold(count: number, operand: (i: number) => Value, deciding: boolean, run: Run): Value {
  let state: boolean | null = !deciding;
  for (let i = 0; i < count; i++) {
    const value = operand(i);
    if (state !== null) {
      const next: boolean | null | Failure = booleanOrNull(value, run);
      if (next instanceof Failure) return next;
      state = next;
    } else if (value instanceof Failure && value.fatal) {
      return value;
    } else if (value === deciding) {
      state = deciding;
    }
    if (state === deciding) return deciding;
  }
  return state;
}

/** `!=` is `=` turned round. */
export function negate(value: Value, run: Run): Value {
  const known = booleanOrNull(value, run);
  return typeof known === 'boolean' ? !known : known;
}
