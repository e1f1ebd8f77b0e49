/** The syntax tree: what the parser yields, the printer writes and the compiler turns into a function. */
import type { Num } from './values/number';

export type BinaryOperator = '+' | '-' | '*' | '/' | '**';
export type ComparisonOperator = '=' | '<' | '<=' | '>' | '>=';
export type TemporalForm = '@' | 'date' | 'time' | 'date and time' | 'duration';

export interface Iterator {
  readonly name: string;
  readonly list: Node;
}

export interface Argument {
  /** Absent in a positional call. */
  readonly name?: string;
  readonly value: Node;
}

export interface Entry {
  readonly key: string;
  readonly value: Node;
}

export interface RangeNode {
  readonly kind: 'range';
  readonly start: Node;
  readonly startClosed: boolean;
  readonly end: Node;
  readonly endClosed: boolean;
}

export type Node =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** `text` is the literal without its sign. */
  | { readonly kind: 'number'; readonly text: string; readonly value: Num }
  /** `raw` is the text between the quotes. */
  | { readonly kind: 'string'; readonly raw: string }
  | { readonly kind: 'temporal'; readonly form: TemporalForm; readonly raw: string }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'context'; readonly entries: readonly Entry[] }
  | RangeNode
  /** `?` */
  | { readonly kind: 'input' }
  /** A variable and the keys that follow it. */
  | { readonly kind: 'reference'; readonly names: readonly string[] }
  | { readonly kind: 'path'; readonly value: Node; readonly key: string }
  | { readonly kind: 'filter'; readonly list: Node; readonly condition: Node }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'negation'; readonly value: Node }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Node;
      readonly right: Node;
    }
  /** `!=` */
  | { readonly kind: 'notEqual'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'between'; readonly value: Node; readonly low: Node; readonly high: Node }
  | { readonly kind: 'instanceOf'; readonly value: Node; readonly type: string }
  | { readonly kind: 'in'; readonly value: Node; readonly tests: readonly Node[] }
  /** A test of the value before `in`: compared with an operator. */
  | { readonly kind: 'testCompare'; readonly operator: ComparisonOperator; readonly operand: Node }
  | { readonly kind: 'testRange'; readonly range: RangeNode }
  | { readonly kind: 'testExpression'; readonly value: Node }
  | { readonly kind: 'and'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'if'; readonly condition: Node; readonly then: Node; readonly else: Node }
  | { readonly kind: 'for'; readonly iterators: readonly Iterator[]; readonly body: Node }
  | { readonly kind: 'some' | 'every'; readonly iterators: readonly Iterator[]; readonly body: Node }
  /** `1..3` behind `in` of an iterator. */
  | { readonly kind: 'iteration'; readonly start: Node; readonly end: Node }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly named: boolean;
      readonly args: readonly Argument[];
    }
  /** A call of a function that is an entry of a context. */
  | {
      readonly kind: 'methodCall';
      readonly path: readonly string[];
      readonly name: string;
      readonly named: boolean;
      readonly args: readonly Argument[];
    }
  | { readonly kind: 'function'; readonly params: readonly string[]; readonly body: Node };

export type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>;
