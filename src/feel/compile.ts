/** Syntax tree -> a function of the scope. What can be decided once, such as literals and builtins, is decided here. */
import * as arithmetic from './arithmetic';
import { compileCall, compileMethodCall, type Compiled, type CompiledArguments } from './call';
import { compileFilter, compileFor, compileIteration, compileQuantified } from './compile-lists';
import { compileIn, compileTest } from './compile-tests';
import { Failure } from './errors';
import { parse } from './parse';
import { pathOf } from './path';
import { allTrue, anyTrue, compareValues, equalValues, negate } from './logic';
import type { Scope } from './scope';
import type { Argument, Node, NodeOf, RangeNode } from './syntax';
import { unescape } from './tokens';
import { BuiltContext } from './values/context';
import { isPoint, sameKind } from './values/compare';
import { FeelFunction } from './values/function';
import { isNum, negateNumber } from './values/number';
import { Range } from './values/range';
import {
  parseDate,
  parseDateTime,
  parseDurationLiteral,
  parseTemporal,
  parseTime,
} from './values/temporal-parse';
import { typeName, type Value } from './values/value';

const noInput = "No input value: '?' can only be used inside an unary test";

/** Text -> a function that evaluates it. @throws FeelError of kind parse or limit */
export function compileText(text: string): Compiled {
  return compile(parse(text));
}

// eslint-disable-next-line max-lines-per-function -- one case for each kind of node, and each is short
export function compile(node: Node): Compiled {
  switch (node.kind) {
    case 'null':
      return () => null;
    case 'boolean':
    case 'number': {
      const { value } = node;
      return () => value;
    }
    case 'string': {
      const value = unescape(node.raw);
      return () => value;
    }
    case 'temporal':
      return compileTemporal(node);
    case 'list':
      return compileList(node.items.map(compile));
    case 'context':
      return compileContext(node);
    case 'range':
      return compileRange(node);
    case 'input':
      return (scope) => {
        const value = scope.variable('?');
        return value === undefined ? new Failure(noInput, true) : value;
      };
    case 'reference':
      return compileReference(node.names);
    case 'path': {
      const value = compile(node.value);
      const { key } = node;
      return (scope) => {
        const base = value(scope);
        return base instanceof Failure ? base : pathOf(base, key, scope.run);
      };
    }
    case 'filter':
      return compileFilter(node, compile);
    case 'binary':
      return compileBinary(node);
    case 'negation': {
      const operand = compile(node.value);
      return (scope) => {
        const value = operand(scope);
        if (isNum(value)) return negateNumber(value);
        if (value instanceof Failure) return value.fatal ? value : null;
        scope.run.warn('INVALID_TYPE', `Expected number but found ${typeName(value)}`);
        return null;
      };
    }
    case 'comparison': {
      const left = compile(node.left);
      const right = compile(node.right);
      const { operator } = node;
      if (operator === '=') return (scope) => equalValues(left(scope), right(scope), scope.run);
      return (scope) => compareValues(operator, left(scope), right(scope), scope.run);
    }
    case 'notEqual': {
      const left = compile(node.left);
      const right = compile(node.right);
      return (scope) => negate(equalValues(left(scope), right(scope), scope.run), scope.run);
    }
    case 'between': {
      const [value, low, high] = [compile(node.value), compile(node.low), compile(node.high)];
      return (scope) =>
        allTrue(
          [
            (inner) => compareValues('>=', value(inner), low(inner), inner.run),
            (inner) => compareValues('<=', value(inner), high(inner), inner.run),
          ],
          scope,
        );
    }
    case 'instanceOf':
      return compileInstanceOf(node);
    case 'in':
      return compileIn(node, compile);
    case 'testCompare':
    case 'testRange':
    case 'testExpression':
      return compileTest(node, compile);
    case 'and': {
      const operands = [compile(node.left), compile(node.right)];
      return (scope) => allTrue(operands, scope);
    }
    case 'or': {
      const operands = [compile(node.left), compile(node.right)];
      return (scope) => anyTrue(operands, scope);
    }
    case 'if':
      return compileIf(node);
    case 'for':
      return compileFor(node, compile);
    case 'some':
    case 'every':
      return compileQuantified(node, compile);
    case 'iteration':
      return compileIteration(node, compile);
    case 'call':
      return compileCall(node.name, compileArguments(node.named, node.args));
    case 'methodCall':
      return compileMethodCall(
        compileReference(node.path),
        node.name,
        compileArguments(node.named, node.args),
      );
    case 'function':
      return compileFunction(node);
  }
}

function compileArguments(named: boolean, args: readonly Argument[]): CompiledArguments {
  return {
    names: named ? args.map(({ name }) => name ?? '') : undefined,
    values: args.map(({ value }) => compile(value)),
  };
}

function compileTemporal(node: NodeOf<'temporal'>): Compiled {
  const { form, raw } = node;
  switch (form) {
    case 'date':
      return constant(parseDate(raw));
    case 'date and time':
      return constant(parseDateTime(raw));
    case 'time':
      return ({ run }) => parseTime(raw, run.surroundings.now()) ?? null;
    case 'duration':
      return () => parseDurationLiteral(raw) ?? null;
    case '@':
      return ({ run }) => parseTemporal(raw, run.surroundings.now()) ?? null;
  }
}

function constant(value: Value | undefined): Compiled {
  const known = value ?? null;
  return () => known;
}

function compileList(items: readonly Compiled[]): Compiled {
  return (scope) => {
    const list: Value[] = [];
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!(scope);
      if (item instanceof Failure) return suppressed(item);
      list.push(item);
    }
    return list;
  };
}

/** Inside a list or context a fatal failure is an ordinary one. */
function suppressed(failure: Failure): Failure {
  return failure.fatal ? new Failure(failure.message) : failure;
}

function compileContext(node: NodeOf<'context'>): Compiled {
  const entries = node.entries.map(({ key, value }) => ({ key, value: compile(value) }));
  return (outer) => {
    const variables = new Map<string, Value>();
    let functions: Map<string, readonly FeelFunction[]> | undefined;
    let scope = outer;
    for (const { key, value: evaluate } of entries) {
      const value = evaluate(scope);
      if (value instanceof Failure) return suppressed(value);
      if (value instanceof FeelFunction) {
        // Of two functions of one name and length the first counts.
        functions = new Map(functions).set(key, [...(functions?.get(key) ?? []), value]);
        scope = scope.withFunctions(functions);
      } else {
        variables.set(key, value);
        scope = scope.withVariable(key, value);
      }
    }
    return new BuiltContext(variables, functions, true);
  };
}

function compileRange(node: RangeNode): Compiled {
  const start = compile(node.start);
  const end = compile(node.end);
  const { startClosed, endClosed } = node;
  return (scope) => {
    const low = start(scope);
    const high = end(scope);
    if (low instanceof Failure) return low;
    if (high instanceof Failure) return high;
    if (isPoint(low) && sameKind(low, high))
      return new Range({ value: low, closed: startClosed }, { value: high, closed: endClosed });
    const message = `Invalid range from ${typeName(low)} to ${typeName(high)}`;
    scope.run.warn('INVALID_TYPE', message);
    return new Failure(message);
  };
}

function compileReference(names: readonly string[]): Compiled {
  const [first = '', ...keys] = names;
  return (scope) => {
    let value = scope.variable(first);
    if (value === undefined || value instanceof Failure) {
      scope.run.warn('NO_VARIABLE_FOUND', `No variable found with name '${first}'`);
      return null;
    }
    // Behind a missing variable nothing is looked up; behind a null everything is.
    for (let i = 0; i < keys.length; i++) {
      value = pathOf(value, keys[i]!, scope.run);
      if (value instanceof Failure) return value;
    }
    return value;
  };
}

function compileBinary(node: NodeOf<'binary'>): Compiled {
  const left = compile(node.left);
  const right = compile(node.right);
  switch (node.operator) {
    case '+':
      return (scope) => arithmetic.add(left(scope), right(scope), scope.run);
    case '-':
      return (scope) => arithmetic.subtract(left(scope), right(scope), scope.run);
    case '*':
      return (scope) => arithmetic.multiply(left(scope), right(scope), scope.run);
    case '/':
      return (scope) => arithmetic.divide(left(scope), right(scope), scope.run);
    case '**':
      return (scope) => arithmetic.raise(left(scope), right(scope), scope.run);
  }
}

const typeAliases: Readonly<Record<string, string>> = {
  'date time': 'date and time',
  'year-month-duration': 'years and months duration',
  'day-time-duration': 'days and time duration',
};

function compileInstanceOf(node: NodeOf<'instanceOf'>): Compiled {
  const operand = compile(node.value);
  const type = typeAliases[node.type] ?? node.type;
  return (scope) => {
    const value = operand(scope);
    if (value instanceof Failure) return value;
    return type === 'Any' ? value !== null : typeName(value) === type;
  };
}

/** A chain of `else if` is one function with a loop. */
function compileIf(first: NodeOf<'if'>): Compiled {
  const branches: { condition: Compiled; then: Compiled }[] = [];
  let node: Node = first;
  for (; node.kind === 'if'; node = node.else)
    branches.push({ condition: compile(node.condition), then: compile(node.then) });
  const otherwise = compile(node);
  return (scope) => {
    for (const { condition, then } of branches) {
      const met = condition(scope);
      if (met === true) return then(scope);
      if (met instanceof Failure && met.fatal) return met;
      if (met !== false && !(met instanceof Failure))
        scope.run.warn('INVALID_TYPE', `Expected boolean but found ${typeName(met)}`);
    }
    return otherwise(scope);
  };
}

function compileFunction(node: NodeOf<'function'>): Compiled {
  const body = compile(node.body);
  const { params } = node;
  return (outer: Scope) =>
    new FeelFunction(params, (args, run) =>
      run.deeper(() => {
        let scope = outer;
        params.forEach((param, i) => (scope = scope.withVariable(param, args[i] ?? null)));
        return body(scope);
      }),
    );
}
