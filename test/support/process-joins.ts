/** What comes together in the plain model: branches, instances, called processes, the results of mappings. */
import type { Mapping, Task } from './blocks';
import {
  gone,
  isOver,
  passed,
  seenInside,
  type Armed,
  type Change,
  type Maker,
  type Scope,
  type Tree,
  type Variables,
} from './process-tree';

type Many = Extract<Tree, { at: 'many' }>;

/** The gateway that closes branches: a parallel one waits for all, an inclusive one for those that still can come. */
export function joinBranches({ block, branches }: Extract<Tree, { at: 'fork' }>): Change | undefined {
  if (branches.every(({ at }) => at === 'gone')) return { tree: gone };
  if (branches.every(({ at }) => at === 'passed')) return { tree: passed };
  if (block.kind === 'parallel' || branches.some(isMoving)) return undefined;
  // What is left of a branch waits within it for ever.
  const left = branches.filter((branch) => !isOver(branch));
  return branches.some(({ at }) => at === 'passed') ? { tree: passed, sides: left } : undefined;
}

/** Whether there is an element in it that is active, not only tokens that wait at gateways. */
function isMoving(tree: Tree): boolean {
  if (isOver(tree)) return false;
  if (tree.at === 'line' || tree.at === 'loop') return isMoving(tree.inner);
  return tree.at === 'fork' ? tree.branches.some(isMoving) : true;
}

/** One instance has come to its end, or the next one begins, or all is done. */
export function amongMany(many: Many, seen: Variables, make: Maker): Change | undefined {
  const { block, items, instances, created, completed } = many;
  const multi = block.multi!;
  const done = instances.findIndex(
    (each) => each?.at === 'scope' && each.inner.at === 'passed' && each.incident === undefined,
  );
  if (done >= 0) return oneIsDone(many, done, seen, make);
  if (completed === items.length || completed >= (multi.enough ?? Infinity)) return gathered(many);
  const isRunning = instances.some((each) => each !== undefined);
  if (created === items.length || (multi.sequential && isRunning)) return undefined;
  const vars: Variables = {
    ...(multi.output === 'result' && { r: null }),
    [`i_${block.id}`]: items[created],
    loopCounter: created + 1,
  };
  const of = { kind: 'activity', block, counter: created + 1 } as const;
  const begun: Tree = { at: 'scope', stamp: make.stamp(), vars, of, inner: { at: 'entering' } };
  return { tree: { ...many, created: created + 1, instances: replaced(instances, created, begun) } };
}

function oneIsDone(many: Many, index: number, seen: Variables, make: Maker): Change {
  const scope = many.instances[index] as Scope;
  const { block } = many;
  const made = evaluate(block.outputs, seenInside(scope, seen));
  if (made === undefined) {
    const stuck = { ...scope, ...make.incident('IO_MAPPING_ERROR') };
    return { tree: { ...many, instances: replaced(many.instances, index, stuck) } };
  }
  // Mappings of an instance reach what is local to it, so that they can make its output.
  const { own, others } = parted(made, scope.vars);
  const vars = { ...scope.vars, ...own };
  const output = block.multi!.output === 'result' ? vars['r'] : (index + 1) * 10;
  const tree = {
    ...many,
    completed: many.completed + 1,
    instances: replaced(many.instances, index, undefined),
    outputs: replaced(many.outputs, index, output),
  };
  return { tree, merge: others };
}

function gathered({ block, items, outputs }: Many): Change {
  if (block.multi!.output === undefined) return { tree: passed };
  return { tree: passed, merge: { [`o_${block.id}`]: items.map((_, index) => outputs[index] ?? null) } };
}

function replaced<T>(all: readonly T[], index: number, one: T): readonly T[] {
  return all.map((each, at) => (at === index ? one : each));
}

/** What can be triggered here: nothing of an activity that is done, also when it cannot leave. */
export function armedAt(tree: Tree): readonly Armed[] {
  if (!('armed' in tree)) return [];
  if (tree.at !== 'host') return tree.armed;
  const inside = tree.inner.at === 'scope' ? tree.inner.inner : tree.inner;
  return inside.at === 'passed' ? [] : tree.armed;
}

/** A task is over: what it brings is local to it where output mappings will look at it. */
export function completed({ outputs }: Task, vars: Variables): Change {
  return { tree: passed, ...(outputs.length > 0 ? { local: vars } : { merge: vars }) };
}

/** A called process has ended: what it gives back. */
export function returned(scope: Scope, called: Scope): Change {
  const { block } = scope.of as Extract<Scope['of'], { kind: 'activity' }>;
  if (block.kind !== 'call') return { tree: scope };
  if (block.outputs.length > 0)
    return { tree: { ...scope, vars: { ...scope.vars, ...called.vars }, inner: passed } };
  if (!block.givesAll) return { tree: { ...scope, inner: passed } };
  const { own, others } = parted(called.vars, scope.vars);
  return { tree: { ...scope, vars: { ...scope.vars, ...own }, inner: passed }, merge: others };
}

/** In order, each sees those before it; undefined when one cannot be evaluated. */
export function evaluate(mappings: readonly Mapping[], seen: Variables): Variables | undefined {
  const made: Record<string, unknown> = {};
  for (const { target, source, unless } of mappings) {
    const value = (Object.hasOwn(made, source) ? made[source] : seen[source]) ?? null;
    if (unless !== undefined && value === unless) return undefined;
    made[target] = value;
  }
  return made;
}

/** Those whose names are there already, and the others. */
function parted(vars: Variables, there: Variables): { own: Variables; others: Variables } {
  const has = ([name]: [string, unknown]): boolean => Object.hasOwn(there, name);
  const entries = Object.entries(vars);
  return {
    own: Object.fromEntries(entries.filter(has)),
    others: Object.fromEntries(entries.filter((entry) => !has(entry))),
  };
}
