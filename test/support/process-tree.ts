/**
 * Where a process instance stands, as a tree along its blocks. A tree is never changed but rewritten, at one place at a
 * time; what that place brings (variables, an error, a path beside) rises from there to where it belongs.
 */
import type {
  ActivityBlock,
  Block,
  Boundary,
  Choice,
  EventSub,
  Flow,
  Line,
  Loop,
  Parallel,
  Race,
  Task,
  Trigger,
  Wait,
} from './blocks';

export type Variables = Readonly<Record<string, unknown>>;

export interface Incident {
  readonly type: string;
  readonly stamp: number;
}

/** An event that something can trigger. */
export interface Armed {
  readonly stamp: number;
  readonly id: string;
  readonly trigger: Trigger;
  /** Of a timer. */
  readonly due?: number;
  /** Of a timer: how often it fires, this time included. */
  readonly left?: number;
}

export interface JobState {
  /** CREATED: a user task, which is no job. */
  readonly state: 'ACTIVATABLE' | 'ACTIVATED' | 'BACKOFF' | 'FAILED' | 'ERROR_THROWN' | 'CREATED';
  readonly retries: number;
  readonly due: number | null;
}

/** Stamps grow in the order of creation. */
export type Tree =
  /** The token has gone on. */
  | { readonly at: 'passed' }
  /** The token has come to an end within. */
  | { readonly at: 'gone' }
  /** The token is about to go in, or cannot. */
  | { readonly at: 'before'; readonly block: Block; readonly stamp: number; readonly incident?: Incident }
  | { readonly at: 'line'; readonly block: Line; readonly index: number; readonly inner: Tree }
  /** Only branches that lead to the gateway that closes it. */
  | { readonly at: 'fork'; readonly block: Parallel | Choice; readonly branches: readonly Tree[] }
  | { readonly at: 'loop'; readonly block: Loop; readonly inner: Tree }
  | {
      readonly at: 'waiting';
      readonly block: Wait | Race | Task;
      readonly stamp: number;
      readonly armed: readonly Armed[];
    }
  /** An activity with its boundary events. */
  | {
      readonly at: 'host';
      readonly block: ActivityBlock;
      readonly stamp: number;
      readonly armed: readonly Armed[];
      readonly inner: Tree;
    }
  /** All instances of a multi-instance; undefined: not yet, or no more. */
  | {
      readonly at: 'many';
      readonly block: ActivityBlock;
      readonly items: readonly unknown[];
      readonly instances: readonly (Tree | undefined)[];
      readonly created: number;
      readonly completed: number;
      readonly outputs: readonly unknown[];
    }
  /** One instance of an activity, an event sub-process, or a process: what has variables of its own. */
  | Scope
  | { readonly at: 'entering' }
  | {
      readonly at: 'job';
      readonly block: Task;
      readonly stamp: number;
      readonly job: JobState;
      readonly incident?: Incident;
    }
  | Field;

export interface Scope {
  readonly at: 'scope';
  readonly stamp: number;
  readonly vars: Variables;
  readonly of:
    | { readonly kind: 'activity'; readonly block: ActivityBlock; readonly counter?: number }
    | { readonly kind: 'eventSub'; readonly eventSub: EventSub }
    /** Sees nothing of what is around it, and lets nothing out by itself. */
    | { readonly kind: 'process'; readonly id: string };
  readonly inner: Tree;
  readonly incident?: Incident;
}

/** All that goes on within a flow. */
export interface Field {
  readonly at: 'field';
  readonly flow: Flow;
  readonly armed: readonly Armed[];
  /** An interrupting event sub-process has ended all else. */
  readonly interrupted: boolean;
  readonly main: Tree;
  /** What goes on beside and leads to ends of its own. */
  readonly sides: readonly Tree[];
  readonly eventSubs: readonly Tree[];
}

export interface Thrown {
  readonly code: string;
  readonly vars: Variables;
  /** Stamp of what throws it. */
  readonly from: number;
}

/** What becomes of a place, and what rises from it. */
export interface Change {
  readonly tree: Tree;
  /** Each goes to the nearest scope that has its name, else to the process. */
  readonly merge?: Variables;
  /** For the nearest scope. */
  readonly local?: Variables;
  readonly error?: Thrown;
  /** Code of an escalation. */
  readonly escalation?: string;
  readonly sides?: readonly Tree[];
  /** Ends all in the nearest field. */
  readonly terminate?: true;
}

export type Rule = (tree: Tree, seen: Variables) => Change | undefined;

/** What making new places takes. */
export interface Maker {
  stamp(): number;
  incident(type: string): { readonly incident: Incident };
  before(block: Block): Tree;
  handler(boundary: Boundary): Change;
  eventSub(eventSub: EventSub, vars: Variables): Tree;
}

export const passed: Tree = { at: 'passed' };
export const gone: Tree = { at: 'gone' };

/** Whether a token is at rest in it for good. */
export function isOver(tree: Tree): boolean {
  return tree.at === 'passed' || tree.at === 'gone';
}

/**
 * Rewrites the first place, innermost and leftmost first, that the rule has something to say of.
 * @param seen all variables that can be seen from around the tree
 */
export function rewrite(tree: Tree, seen: Variables, rule: Rule, make: Maker): Change | undefined {
  const inside = seenInside(tree, seen);
  for (const [index, child] of childrenOf(tree).entries()) {
    const change = child && rewrite(child, inside, rule, make);
    if (change !== undefined) return rise(tree, index, change, make);
  }
  return rule(tree, seen);
}

export function seenInside(tree: Tree, seen: Variables): Variables {
  if (tree.at !== 'scope') return seen;
  return tree.of.kind === 'process' ? tree.vars : { ...seen, ...tree.vars };
}

export function childrenOf(tree: Tree): readonly (Tree | undefined)[] {
  switch (tree.at) {
    case 'line':
    case 'loop':
    case 'host':
    case 'scope':
      return [tree.inner];
    case 'fork':
      return tree.branches;
    case 'many':
      return tree.instances;
    case 'field':
      return [tree.main, ...tree.sides, ...tree.eventSubs];
    default:
      return [];
  }
}

function withChild(tree: Tree, index: number, child: Tree): Tree {
  const put = <T>(all: readonly T[], at: number): readonly (T | Tree)[] =>
    all.map((old, place) => (place === at ? child : old));
  switch (tree.at) {
    case 'line':
    case 'loop':
    case 'host':
    case 'scope':
      return { ...tree, inner: child };
    case 'fork':
      return { ...tree, branches: put(tree.branches, index) };
    case 'many':
      return { ...tree, instances: put(tree.instances, index) };
    case 'field': {
      if (index === 0) return { ...tree, main: child };
      const side = index - 1;
      if (side < tree.sides.length) return { ...tree, sides: put(tree.sides, side) };
      return { ...tree, eventSubs: put(tree.eventSubs, side - tree.sides.length) };
    }
    default:
      return tree;
  }
}

/** A change of a child goes through its parent. */
function rise(parent: Tree, index: number, change: Change, make: Maker): Change {
  if (change.error !== undefined) return catchError(parent, index, change, change.error, make);
  if (change.escalation !== undefined) return escalate(parent, index, change, change.escalation, make);
  const { tree: child, merge, local, sides = [], terminate } = change;
  const tree = withChild(parent, index, child);
  if (tree.at === 'scope') return intoScope(tree, merge, local);
  if (tree.at !== 'field') return { ...change, tree };
  const left = terminate ? { ...tree, main: gone, sides: [], eventSubs: [] } : tree;
  return {
    tree: { ...left, sides: [...left.sides, ...sides] },
    ...(merge !== undefined && { merge }),
    ...(local !== undefined && { local }),
  };
}

function intoScope(scope: Scope, merge: Variables = {}, local: Variables = {}): Change {
  const stays = (name: string): boolean => scope.of.kind === 'process' || Object.hasOwn(scope.vars, name);
  const entries = Object.entries(merge);
  const vars = {
    ...scope.vars,
    ...Object.fromEntries(entries.filter(([name]) => stays(name))),
    ...local,
  };
  return {
    tree: { ...scope, vars },
    merge: Object.fromEntries(entries.filter(([name]) => !stays(name))),
  };
}

function catchError(parent: Tree, index: number, change: Change, error: Thrown, make: Maker): Change {
  const catcher = catcherIn(parent, index, 'error', error.code);
  if (catcher === undefined) return { ...change, tree: parent };
  return 'handler' in catcher
    ? make.handler(catcher)
    : { tree: interrupted(parent as Field, make.eventSub(catcher, error.vars)) };
}

/** The thrower has gone on already, and all around it goes on too unless the catcher interrupts. */
function escalate(parent: Tree, index: number, change: Change, code: string, make: Maker): Change {
  const { escalation: _escalation, ...rest } = change;
  const catcher = catcherIn(parent, index, 'escalation', code);
  const risen = rise(parent, index, rest, make);
  if (catcher === undefined) return { ...risen, escalation: code };
  if ('handler' in catcher) {
    const handled = make.handler(catcher);
    return catcher.interrupting ? handled : { ...handled, tree: risen.tree };
  }
  const begun = make.eventSub(catcher, {});
  const field = risen.tree as Field;
  return {
    tree: catcher.interrupting
      ? interrupted(field, begun)
      : { ...field, eventSubs: [...field.eventSubs, begun] },
  };
}

/** Boundary events of an activity, event sub-processes of a field; the exact code before the catch-all. */
function catcherIn(
  parent: Tree,
  index: number,
  kind: 'error' | 'escalation',
  code: string,
): Boundary | EventSub | undefined {
  const choose = <T extends { trigger: Trigger }>(all: readonly T[]): T | undefined => {
    const withCode = (wanted: string | undefined): T | undefined =>
      all.find(({ trigger }) => trigger.kind === kind && trigger.code === wanted);
    return withCode(code) ?? withCode(undefined);
  };
  if (parent.at === 'host') return choose(parent.block.boundaries);
  if (parent.at !== 'field' || parent.interrupted) return undefined;
  const from = childrenOf(parent)[index];
  const inside = from?.at === 'scope' && from.of.kind === 'eventSub' ? from.of.eventSub.id : undefined;
  return choose(parent.flow.eventSubs.filter(({ id }) => id !== inside));
}

export function interrupted(field: Field, eventSub: Tree): Field {
  return { ...field, armed: [], interrupted: true, main: gone, sides: [], eventSubs: [eventSub] };
}
