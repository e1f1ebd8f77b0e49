/** Measures of the syntax tree. */
import type { Node } from './syntax';

/** All nodes of a tree, itself included. Without recursion, since chains can be long. */
function* nodesOf(root: Node): Generator<Node> {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    waiting.push(...childrenOf(node));
  }
}

/** Number of nodes: what one evaluation of it costs. */
export function sizeOf(root: Node): number {
  const nodes = nodesOf(root);
  let size = 0;
  while (nodes.next().done === false) size++;
  return size;
}

/** Does a variable of this name occur in it? */
export function mentions(root: Node, name: string): boolean {
  for (const node of nodesOf(root)) {
    if (node.kind === 'reference' && node.names[0] === name) return true;
    if (node.kind === 'methodCall' && node.path[0] === name) return true;
  }
  return false;
}

function childrenOf(node: Node): readonly Node[] {
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
