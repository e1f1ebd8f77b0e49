/** Measures of the syntax tree. */
import type { Node } from './syntax';

/** Number of nodes: what one evaluation of it costs. */
export function sizeOf(node: Node): number {
  return childrenOf(node).reduce((size, child) => size + sizeOf(child), 1);
}

/** Does a variable of this name occur in it? */
export function mentions(node: Node, name: string): boolean {
  if (node.kind === 'reference') return node.names[0] === name;
  if (node.kind === 'methodCall' && node.path[0] === name) return true;
  return childrenOf(node).some((child) => mentions(child, name));
}

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'null':
    case 'boolean':
    case 'number':
    case 'string':
    case 'temporal':
    case 'input':
    case 'reference':
      return [];
    case 'list':
      return node.items;
    case 'context':
      return node.entries.map(({ value }) => value);
    case 'range':
    case 'iteration':
      return [node.start, node.end];
    case 'path':
    case 'negation':
    case 'instanceOf':
    case 'testExpression':
      return [node.value];
    case 'filter':
      return [node.list, node.condition];
    case 'binary':
    case 'comparison':
    case 'notEqual':
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'between':
      return [node.value, node.low, node.high];
    case 'in':
      return [node.value, ...node.tests];
    case 'testCompare':
      return [node.operand];
    case 'testRange':
      return [node.range];
    case 'if':
      return [node.condition, node.then, node.else];
    case 'for':
    case 'some':
    case 'every':
      return [...node.iterators.map(({ list }) => list), node.body];
    case 'call':
    case 'methodCall':
      return node.args.map(({ value }) => value);
    case 'function':
      return [node.body];
  }
}
