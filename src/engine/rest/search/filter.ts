/**
 * Filters of a search: each member names a field and says what it must be, a value or operators on it; all must hold.
 * `$or` holds when one of its filters does. A field that is not known is refused: ignoring it would find too much.
 */
import { isJsonList, isJsonObject, JsonNumber, type Json, type JsonObject } from '../../../json/json';
import type { Row } from '../../state/table';
import { invalid } from '../body';
import { compareKeys, keyFromText } from '../keys';
import { matchesWildcard } from '../wildcard';
import { own, type Entity, type SearchFieldKind, type View } from './fields';

export type Test<R> = (row: R, view: View) => boolean;
type Value = string | number | boolean;
/** Says it of all values that a field has: none, one, or several. */
type ValuesTest = (values: readonly Value[]) => boolean;

/** @throws Rejection when it names an unknown field or operator, or a value that does not fit the field */
export function compileFilter<R extends Row>(filter: JsonObject, entity: Entity<R>): Test<R> {
  const tests: Test<R>[] = [];
  for (const [name, operand] of Object.entries(filter)) {
    if (operand === null) continue;
    if (name === '$or') tests.push(anyOf(operand, entity));
    else tests.push(memberTest(name, operand, entity));
  }
  return (row, view) => tests.every((test) => test(row, view));
}

function anyOf<R extends Row>(operand: Json, entity: Entity<R>): Test<R> {
  const filters = listOf(operand, '$or').map((filter) => {
    if (!isJsonObject(filter)) throw invalid('Each member of $or must be an object.');
    return compileFilter(filter, entity);
  });
  return (row, view) => filters.some((test) => test(row, view));
}

function memberTest<R extends Row>(name: string, operand: Json, entity: Entity<R>): Test<R> {
  const scopeOf = own(entity.variables ?? {}, name);
  if (scopeOf !== undefined) return variablesTest(name, operand, scopeOf);
  const field = own(entity.fields, name);
  if (field === undefined || field.only === 'answer')
    throw invalid(`The local engine cannot filter by '${name}': a ${entity.label} has no such field.`);
  const test = compileCondition(name, field.kind, operand);
  return (row, view) => {
    const value = field.of(row, view);
    return test(value === null ? [] : Array.isArray(value) ? (value as Value[]) : [value as Value]);
  };
}

/** `[{name, value}, ...]`: each names a variable, whose JSON text must fit. */
function variablesTest<R extends Row>(name: string, operand: Json, scopeOf: (row: R) => string): Test<R> {
  const tests = listOf(operand, name).map((condition): Test<R> => {
    const variable = isJsonObject(condition) ? condition['name'] : undefined;
    const expected = isJsonObject(condition) ? condition['value'] : undefined;
    if (typeof variable !== 'string' || expected === undefined)
      throw invalid(`Each member of ${name} needs a name and a value.`);
    const test = compileCondition(name, 'text', expected);
    return (row, { state }) => {
      const value = state.localVariable(scopeOf(row), variable)?.value;
      return value !== undefined && test([value]);
    };
  });
  return (row, view) => tests.every((test) => test(row, view));
}

function compileCondition(name: string, kind: SearchFieldKind, operand: Json): ValuesTest {
  if (isJsonList(operand)) {
    const all = operand.map((item) => readValue(name, kind, item));
    return (values) => all.every((item) => values.includes(item));
  }
  if (!isJsonObject(operand)) {
    const expected = readValue(name, kind, operand);
    return (values) => values.includes(expected);
  }
  const tests = Object.entries(operand)
    .filter(([, value]) => value !== null)
    .map(([operator, value]) => operatorTest(name, kind, operator, value));
  return (values) => tests.every((test) => test(values));
}

function operatorTest(name: string, kind: SearchFieldKind, operator: string, operand: Json): ValuesTest {
  const one = (): Value => readValue(name, kind, operand);
  const several = (): ReadonlySet<Value> =>
    new Set(listOf(operand, operator).map((item) => readValue(name, kind, item)));
  const ordered = (fits: (order: number) => boolean): ValuesTest => {
    const bound = one();
    return (values) => values.some((value) => fits(compareValues(kind, value, bound)));
  };
  switch (operator) {
    case '$eq': {
      const expected = one();
      return (values) => values.includes(expected);
    }
    case '$neq': {
      const unwanted = one();
      return (values) => !values.includes(unwanted);
    }
    case '$exists':
      if (typeof operand !== 'boolean') throw invalid('$exists must be true or false.');
      return (values) => values.length > 0 === operand;
    case '$in': {
      const allowed = several();
      return (values) => values.some((value) => allowed.has(value));
    }
    case '$notIn': {
      const unwanted = several();
      return (values) => !values.some((value) => unwanted.has(value));
    }
    case '$gt':
      return ordered((order) => order > 0);
    case '$gte':
      return ordered((order) => order >= 0);
    case '$lt':
      return ordered((order) => order < 0);
    case '$lte':
      return ordered((order) => order <= 0);
    case '$like': {
      const pattern = String(readValue(name, 'text', operand));
      return (values) => values.some((value) => matchesWildcard(pattern, String(value)));
    }
    default:
      throw invalid(`The local engine does not know the operator '${operator}' of ${name}.`);
  }
}

/** Which of two values of a field comes first. */
export function compareValues(kind: SearchFieldKind, a: Value, b: Value): number {
  if (kind === 'key') return compareKeys(String(a), String(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A value that a client compares a field with. */
function readValue(name: string, kind: SearchFieldKind, value: Json): Value {
  const scalar = value instanceof JsonNumber ? value.text : value;
  if (scalar === null || typeof scalar === 'object') throw invalid(`A value for ${name} must not be that.`);
  switch (kind) {
    case 'key':
      return keyFromText(String(scalar), name);
    case 'text':
      return String(scalar);
    case 'number': {
      const number = typeof scalar === 'boolean' || scalar === '' ? NaN : Number(scalar);
      if (!Number.isFinite(number)) throw invalid(`A value for ${name} must be a number.`);
      return number;
    }
    case 'date': {
      const time = typeof scalar === 'string' ? Date.parse(scalar) : NaN;
      if (Number.isNaN(time)) throw invalid(`A value for ${name} must be a date and time in ISO notation.`);
      return time;
    }
    case 'flag':
      if (scalar !== true && scalar !== false) throw invalid(`A value for ${name} must be true or false.`);
      return scalar;
  }
}

function listOf(operand: Json, name: string): readonly Json[] {
  if (!isJsonList(operand)) throw invalid(`${name} must be a list.`);
  return operand;
}
