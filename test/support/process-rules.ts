/** How a process instance goes on by itself until it rests: the rules of process-model.ts, one place at a time. */
import {
  canArrive,
  type ActivityBlock,
  type Block,
  type Choice,
  type EventSub,
  type Flow,
  type Line,
  type Parallel,
  type Task,
  type Trigger,
} from './blocks';
import { calledBy } from './blocks-bpmn';
import { amongMany, completed, evaluate, joinBranches, returned } from './process-joins';
import {
  gone,
  interrupted,
  isOver,
  passed,
  seenInside,
  type Armed,
  type Change,
  type Incident,
  type Maker,
  type Rule,
  type Scope,
  type Tree,
  type Variables,
} from './process-tree';

type At<K extends Tree['at']> = Extract<Tree, { at: K }>;

/** The rules at one time. */
export class Rules implements Maker {
  #stamp = 0;
  now = 0;

  stamp(): number {
    return ++this.#stamp;
  }

  before(block: Block): Tree {
    return { at: 'before', block, stamp: this.stamp() };
  }

  handler({ handler, rejoins }: ActivityBlock['boundaries'][number]): Change {
    return rejoins ? this.#take(handler) : { tree: gone, sides: [this.before(handler)] };
  }

  /** What leads only to ends of its own goes on beside: nobody has to wait for it. */
  #take(line: Line): Change {
    const begun = this.before(line);
    return canArrive(line) ? { tree: begun } : { tree: gone, sides: [begun] };
  }

  eventSub(eventSub: EventSub, vars: Variables): Tree {
    const flow = { line: eventSub.body, eventSubs: [] };
    return {
      at: 'scope',
      stamp: this.stamp(),
      vars,
      of: { kind: 'eventSub', eventSub },
      inner: this.field(flow),
    };
  }

  process(id: string, flow: Flow, vars: Variables): Scope {
    return { at: 'scope', stamp: this.stamp(), vars, of: { kind: 'process', id }, inner: this.field(flow) };
  }

  field(flow: Flow): Tree {
    const armed = flow.eventSubs.flatMap(({ id, trigger }) => this.#arm(id, trigger));
    const main = this.before(flow.line);
    return { at: 'field', flow, armed, interrupted: false, main, sides: [], eventSubs: [] };
  }

  incident(type: string): { incident: Incident } {
    return { incident: { type, stamp: this.stamp() } };
  }

  /** What happens by itself. */
  readonly goOn: Rule = (tree, seen) => {
    switch (tree.at) {
      case 'before':
        return tree.incident === undefined ? this.#enter(tree, seen) : undefined;
      case 'line':
        return this.#alongLine(tree);
      case 'fork':
        return joinBranches(tree);
      case 'loop':
        return this.#round(tree, seen);
      case 'host':
        return tree.inner.at === 'passed' ? { tree: passed } : undefined;
      case 'many':
        return amongMany(tree, seen, this);
      case 'scope':
        return tree.incident === undefined ? this.#throughScope(tree, seen) : undefined;
      case 'field': {
        const all = [tree.main, ...tree.sides, ...tree.eventSubs];
        return all.every(isOver) ? { tree: passed } : undefined;
      }
      default:
        return undefined;
    }
  };

  /** The rule that triggers an armed event. */
  trigger(stamp: number, vars: Variables): Rule {
    return (tree) => {
      const armed = 'armed' in tree ? tree.armed.find((each) => each.stamp === stamp) : undefined;
      if (armed === undefined) return undefined;
      if (tree.at === 'waiting') {
        const { block } = tree;
        if (block.kind === 'task') return completed(block, vars);
        const line = block.kind === 'race' ? block.events.find(({ id }) => id === armed.id)!.line : undefined;
        return { ...(line === undefined ? { tree: passed } : this.#take(line)), merge: vars };
      }
      if (tree.at === 'host') return this.#boundary(tree, armed, vars);
      return tree.at === 'field' ? this.#eventSub(tree, armed, vars) : undefined;
    };
  }

  #boundary(host: At<'host'>, armed: Armed, vars: Variables): Change {
    const boundary = host.block.boundaries.find(({ id }) => id === armed.id)!;
    const handled = { ...this.handler(boundary), merge: vars };
    return boundary.interrupting
      ? handled
      : { ...handled, tree: { ...host, armed: this.#again(host.armed, armed) } };
  }

  #eventSub(field: At<'field'>, armed: Armed, vars: Variables): Change {
    const eventSub = field.flow.eventSubs.find(({ id }) => id === armed.id)!;
    const begun = this.eventSub(eventSub, vars);
    if (eventSub.interrupting) return { tree: interrupted(field, begun) };
    return {
      tree: { ...field, armed: this.#again(field.armed, armed), eventSubs: [...field.eventSubs, begun] },
    };
  }

  /** What is armed after one of it has been triggered without interrupting. */
  #again(all: readonly Armed[], one: Armed): readonly Armed[] {
    if (one.trigger.kind !== 'timer') return all;
    const rest = all.filter((each) => each !== one);
    const left = one.left! - 1;
    return left === 0
      ? rest
      : [...rest, { ...one, left, stamp: this.stamp(), due: one.due! + one.trigger.ms }];
  }

  #arm(id: string, trigger: Trigger): Armed[] {
    if (trigger.kind === 'error' || trigger.kind === 'escalation') return [];
    const armed = { stamp: this.stamp(), id, trigger };
    return [trigger.kind === 'timer' ? { ...armed, due: this.now + trigger.ms, left: trigger.times } : armed];
  }

  #enter(place: At<'before'>, seen: Variables): Change {
    const { block, stamp } = place;
    switch (block.kind) {
      case 'pass':
        return { tree: passed };
      case 'line':
        return { tree: { at: 'line', block, index: 0, inner: this.before(block.blocks[0]!) } };
      case 'parallel':
        return this.#fork(block, block.lines);
      case 'exclusive':
      case 'inclusive':
        return this.#choose(place, block, seen);
      case 'loop':
        return { tree: { at: 'loop', block, inner: this.before(block.line) } };
      case 'wait':
        return { tree: { at: 'waiting', block, stamp, armed: this.#arm(block.id, block.trigger) } };
      case 'race': {
        const armed = block.events.flatMap(({ id, trigger }) => this.#arm(id, trigger));
        return { tree: { at: 'waiting', block, stamp, armed } };
      }
      case 'end':
        if (block.effect === 'terminate') return { tree: gone, terminate: true };
        if (block.effect === 'none') return { tree: gone };
        if (block.effect === 'escalation') return { tree: gone, escalation: block.code };
        return { tree: place, error: { code: block.code, vars: {}, from: stamp } };
      default:
        return this.#enterActivity(place, block, seen);
    }
  }

  /** Branches that lead nowhere go on beside, and nobody waits for them. */
  #fork(block: Parallel | Choice, lines: readonly Line[]): Change {
    const begun = lines.map((line) => [line, this.before(line)] as const);
    const branches = begun.filter(([line]) => canArrive(line)).map(([, tree]) => tree);
    const sides = begun.filter(([line]) => !canArrive(line)).map(([, tree]) => tree);
    return { tree: branches.length === 0 ? gone : { at: 'fork', block, branches }, sides };
  }

  #choose(place: At<'before'>, block: Choice, seen: Variables): Change {
    const taken = block.branches.filter(({ test }) => seen[test.name] === test.value).map(({ line }) => line);
    if (taken.length === 0 && block.otherwise !== undefined) taken.push(block.otherwise);
    const [first] = taken;
    if (first === undefined) return { tree: { ...place, ...this.incident('CONDITION_ERROR') } };
    return block.kind === 'exclusive' ? this.#take(first) : this.#fork(block, taken);
  }

  #enterActivity(place: At<'before'>, block: ActivityBlock, seen: Variables): Change {
    const { stamp } = place;
    if (block.multi !== undefined) {
      const items = typeof block.multi.items === 'string' ? seen[block.multi.items] : block.multi.items;
      if (!Array.isArray(items)) return { tree: { ...place, ...this.incident('EXTRACT_VALUE_ERROR') } };
      const none = items.map(() => undefined);
      const inner: Tree = {
        at: 'many',
        block,
        items,
        instances: none,
        created: 0,
        completed: 0,
        outputs: none,
      };
      const armed = items.length === 0 ? [] : this.#armBoundaries(block);
      return { tree: { at: 'host', block, stamp, armed, inner } };
    }
    const inner = this.#begin(
      { at: 'scope', stamp, vars: {}, of: { kind: 'activity', block }, inner: passed },
      seen,
    );
    if (inner === undefined) return { tree: { ...place, ...this.incident('IO_MAPPING_ERROR') } };
    return { tree: { at: 'host', block, stamp, armed: this.#armBoundaries(block), inner } };
  }

  #armBoundaries({ boundaries }: ActivityBlock): Armed[] {
    return boundaries.flatMap(({ id, trigger }) => this.#arm(id, trigger));
  }

  /** Input mappings, then what the activity does; undefined when a mapping cannot be evaluated. */
  #begin(scope: Scope, seen: Variables): Scope | undefined {
    const block = (scope.of as Extract<Scope['of'], { kind: 'activity' }>).block;
    const made = evaluate(block.inputs, seenInside(scope, seen));
    if (made === undefined) return undefined;
    const entered = { ...scope, vars: { ...scope.vars, ...made } };
    return { ...entered, inner: this.#inside(block, entered, seen) };
  }

  #inside(block: ActivityBlock, scope: Scope, seen: Variables): Tree {
    if (block.kind === 'task') return this.#job(block);
    if (block.kind === 'sub') return this.field(block.flow);
    const visible = seenInside(scope, seen);
    return this.process(calledBy(block), block.flow, block.takesAll ? visible : scope.vars);
  }

  #job(block: Task): Tree {
    if (block.flavour === 'receive')
      return { at: 'waiting', block, stamp: this.stamp(), armed: this.#arm(block.id, { kind: 'message' }) };
    const state = block.flavour === 'user' ? 'CREATED' : 'ACTIVATABLE';
    return { at: 'job', block, stamp: this.stamp(), job: { state, retries: 3, due: null } };
  }

  #alongLine({ block, index, inner }: At<'line'>): Change | undefined {
    if (inner.at === 'gone') return { tree: gone };
    if (inner.at !== 'passed') return undefined;
    const next = block.blocks[index + 1];
    return {
      tree: next === undefined ? passed : { at: 'line', block, index: index + 1, inner: this.before(next) },
    };
  }

  #round({ block, inner }: At<'loop'>, seen: Variables): Change | undefined {
    if (inner.at === 'gone') return { tree: gone };
    if (inner.at !== 'passed') return undefined;
    const name = `n_${block.id}`;
    const count = ((seen[name] ?? 0) as number) + 1;
    const tree: Tree = count < block.rounds ? { at: 'loop', block, inner: this.before(block.line) } : passed;
    return { tree, merge: { [name]: count } };
  }

  #throughScope(scope: Scope, seen: Variables): Change | undefined {
    const { of, inner } = scope;
    if (of.kind !== 'activity')
      return inner.at === 'passed' && of.kind === 'eventSub' ? { tree: passed } : undefined;
    if (inner.at === 'entering') {
      const begun = this.#begin(scope, seen);
      return { tree: begun ?? { ...scope, ...this.incident('IO_MAPPING_ERROR') } };
    }
    if (inner.at === 'scope' && inner.inner.at === 'passed') return returned(scope, inner);
    if (inner.at !== 'passed' || of.counter !== undefined) return undefined;
    const made = evaluate(of.block.outputs, seenInside(scope, seen));
    if (made === undefined) return { tree: { ...scope, ...this.incident('IO_MAPPING_ERROR') } };
    return { tree: passed, merge: made };
  }
}
