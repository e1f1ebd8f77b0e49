/**
 * Syntax tree -> text that reads as the same tree. Operands are put in brackets wherever they could be read otherwise.
 * For messages, tests and tools; the evaluation does not need it.
 */
import type { Argument, Iterator, Node, NodeOf, RangeNode } from './syntax';
import { skipName, skipSpacedName } from './tokens';

const reservedFunctions = ['and', 'or', 'date and time', 'years and months duration', 'get or else'];

type TestNode = NodeOf<'testCompare' | 'testRange' | 'testExpression'>;
type OperationNode = NodeOf<
  | 'negation'
  | 'binary'
  | 'comparison'
  | 'notEqual'
  | 'between'
  | 'instanceOf'
  | 'in'
  | 'and'
  | 'or'
  | 'if'
  | 'for'
  | 'some'
  | 'every'
  | 'iteration'
  | 'function'
>;

/** What needs no brackets around it as an operand. */
const atoms: ReadonlySet<Node['kind']> = new Set([
  'null',
  'boolean',
  'string',
  'temporal',
  'list',
  'context',
  'input',
  'reference',
  'call',
  'methodCall',
]);

/** The text of an expression. */
export function print(node: Node): string {
  switch (node.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return `"${node.raw}"`;
    case 'temporal':
      return node.form === '@' ? `@"${node.raw}"` : `${node.form}("${node.raw}")`;
    case 'list':
      return `[${node.items.map(print).join(', ')}]`;
    case 'context':
      return `{${node.entries.map(({ key, value }) => `${printKey(key)}: ${print(value)}`).join(', ')}}`;
    case 'range':
      return printRange(node);
    case 'input':
      return '?';
    case 'reference':
      return node.names.map(printName).join('.');
    case 'path':
      // A key behind a plain variable would become part of the reference.
      return `${node.value.kind === 'reference' ? `(${print(node.value)})` : bracketed(node.value)}.${printName(node.key)}`;
    case 'filter':
      return `${bracketed(node.list)}[${print(node.condition)}]`;
    case 'call':
      return `${printFunctionName(node.name)}(${readsAsLiteral(node) ? `(${printArguments(node.args)})` : printArguments(node.args)})`;
    case 'methodCall':
      return `${[...node.path, node.name].map(printName).join('.')}(${printArguments(node.args)})`;
    case 'testCompare':
    case 'testRange':
    case 'testExpression':
      return printTest(node);
    default:
      return printOperation(node);
  }
}

/** A test behind `in`. */
function printTest(node: TestNode): string {
  switch (node.kind) {
    case 'testCompare':
      return node.operator === '=' ? print(node.operand) : `${node.operator} ${operand(node.operand)}`;
    case 'testRange':
      return printRange(node.range);
    case 'testExpression':
      return print(node.value);
  }
}

/** What joins operands by signs or words, so that something beside it could be taken for one of them. */
function printOperation(node: OperationNode): string {
  switch (node.kind) {
    case 'negation':
      return `-${value(node.value)}`;
    case 'binary':
    case 'comparison':
      return `${operand(node.left)} ${node.operator} ${operand(node.right)}`;
    case 'notEqual':
      return `${operand(node.left)} != ${operand(node.right)}`;
    case 'between':
      return `${beforeWord(node.value)} between ${operand(node.low)} and ${operand(node.high)}`;
    case 'instanceOf':
      return `${beforeWord(node.value)} instance of ${printType(node.type)}`;
    case 'in':
      return printIn(operand(node.value), node.tests);
    case 'and':
    case 'or':
      return `${beforeWord(node.left)} ${node.kind} ${last(node.right)}`;
    case 'if':
      return `if ${bracketed(node.condition)} then ${bracketed(node.then)} else ${last(node.else)}`;
    case 'for':
      return `for ${printIterators(node.iterators)} return ${last(node.body)}`;
    case 'some':
    case 'every':
      return `${node.kind} ${printIterators(node.iterators)} satisfies ${last(node.body)}`;
    case 'iteration':
      return `${operand(node.start)} .. ${operand(node.end)}`;
    case 'function':
      return `function(${node.params.map(printParameter).join(', ')}) ${last(node.body)}`;
  }
}

/** In brackets unless it is an atom. */
function bracketed(node: Node): string {
  return atoms.has(node.kind) || isNegative(node) ? print(node) : `(${print(node)})`;
}

/** As `bracketed`; numbers need no brackets beside an operator. */
function operand(node: Node): string {
  return node.kind === 'number' ? node.text : bracketed(node);
}

/** As `operand`; a plain name could become part of a longer one with the word behind it. */
function beforeWord(node: Node): string {
  return node.kind === 'reference' ? `(${print(node)})` : operand(node);
}

/** A number with its own sign: only possible behind a minus or as the list of an iterator, and never in brackets. */
function isNegative(node: Node): boolean {
  return node.kind === 'number' && node.text.startsWith('-');
}

/** As `bracketed`; what begins with a negative number is left as it is. */
function value(node: Node): string {
  return beginsNegative(node) ? print(node) : bracketed(node);
}

function beginsNegative(node: Node): boolean {
  if (node.kind === 'path') return beginsNegative(node.value);
  return node.kind === 'filter' ? beginsNegative(node.list) : isNegative(node);
}

/**
 * The last operand. A test for a boolean, such as `x in true`, means something else anywhere but at the very end, so
 * what ends with one must not be put in brackets.
 */
function last(node: Node): string {
  return endsWithBooleanTest(node) ? print(node) : operand(node);
}

function endsWithBooleanTest(node: Node): boolean {
  switch (node.kind) {
    case 'in':
      return node.tests.length === 1 && endsWithBooleanTest(node.tests[0]!);
    case 'testCompare':
      return node.operator === '=';
    case 'testExpression':
      return endsWithBooleanTest(node.value);
    case 'and':
    case 'or':
      return endsWithBooleanTest(node.right);
    case 'if':
      return endsWithBooleanTest(node.else);
    case 'for':
    case 'some':
    case 'every':
    case 'function':
      return endsWithBooleanTest(node.body);
    default:
      return false;
  }
}

function printIn(value: string, tests: readonly Node[]): string {
  const [only] = tests;
  if (only !== undefined && tests.length === 1 && endsWithBooleanTest(only))
    return `${value} in ${print(only)}`;
  return `${value} in (${tests.map((test) => (test.kind === 'testExpression' ? bracketed(test.value) : print(test))).join(', ')})`;
}

function printRange(range: RangeNode): string {
  const open = range.startClosed ? '[' : '(';
  const close = range.endClosed ? ']' : ')';
  return `${open}${operand(range.start)} .. ${operand(range.end)}${close}`;
}

function printIterators(iterators: readonly Iterator[]): string {
  return iterators
    .map(({ name, list }) => `${printName(name)} in ${list.kind === 'iteration' ? print(list) : value(list)}`)
    .join(', ');
}

function printArguments(args: readonly Argument[]): string {
  return args
    .map(({ name, value }) =>
      name === undefined ? print(value) : `${printParameter(name)}: ${print(value)}`,
    )
    .join(', ');
}

/** `duration("P1D")` is a literal; the call of the function has its text in brackets. */
function readsAsLiteral({ name, named, args }: NodeOf<'call'>): boolean {
  const temporal = ['date', 'time', 'date and time', 'duration'].includes(name);
  return temporal && !named && args.length === 1 && args[0]!.value.kind === 'string';
}

/** A name, in backticks when it could not be read without. */
function printName(name: string): string {
  const plain = skipName(name, 0) === name.length && !/^(?:if|for|some|every)/.test(name);
  return plain || name === 'time offset' ? name : `\`${name}\``;
}

function printParameter(name: string): string {
  return skipSpacedName(name, 0) === name.length ? name : printName(name);
}

function printFunctionName(name: string): string {
  if (reservedFunctions.includes(name)) return name;
  return /^(?:if|for|some|every)/.test(name) ? printName(name) : printParameter(name);
}

/** Types may have dots between their names. */
function printType(type: string): string {
  return /^[a-z ]+$/.test(type) ? type : type.split('.').map(printName).join('.');
}

function printKey(key: string): string {
  if (/^[^"\\`]*$/.test(key)) return `"${key}"`;
  return key.includes('`') ? `"${key}"` : `\`${key}\``;
}
