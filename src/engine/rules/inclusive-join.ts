/**
 * The joining inclusive gateway: it fires when a token waits on each of its flows, or when no element that is active in
 * the scope leads to it by a flow without a token. A token that waits at a parallel gateway may wait for ever, so nobody
 * waits for it; one that waits at another inclusive gateway will go on, so that gateway comes first. It only reads
 * the state.
 */
import type { ElementModel, ProcessModel } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { tokensOn } from './tokens';

interface ReadyJoin {
  readonly join: ElementModel;
  /** Ids of all elements that lead to one of its flows without a token. */
  readonly before: ReadonlySet<string>;
}

/** The inclusive gateway of a scope that is to fire next. */
export function nextInclusiveJoin(turn: Turn, scope: ElementRow): ElementModel | undefined {
  const ready: ReadyJoin[] = [];
  for (const join of waitedAt(turn, scope)) {
    const before = leadingTo(turn.process(scope.definition), join, scope);
    if (!isAwaited(turn, scope, before)) ready.push({ join, before });
  }
  const isFirst = ({ join, before }: ReadyJoin): boolean =>
    !ready.some((other) => other.join !== join && before.has(other.join.id));
  // In a loop each of them may come before the other: then any of them is the first.
  return (ready.find(isFirst) ?? ready[0])?.join;
}

/** Inclusive gateways at which a token waits. */
function waitedAt(turn: Turn, scope: ElementRow): Set<ElementModel> {
  const joins = new Set<ElementModel>();
  const { flows, elements } = turn.process(scope.definition);
  for (const flow of Object.keys(scope.tokens ?? {})) {
    const join = elements.get(flows.get(flow)!.target)!;
    if (join.behaviour.kind === 'inclusive') joins.add(join);
  }
  return joins;
}

function leadingTo(process: ProcessModel, join: ElementModel, scope: ElementRow): Set<string> {
  const open = join.incoming.filter(({ id }) => tokensOn(scope, id) === 0);
  return reachesBackwards(
    process,
    join.id,
    open.map(({ source }) => source),
  );
}

function isAwaited({ state }: Turn, scope: ElementRow, before: ReadonlySet<string>): boolean {
  for (const key of state.children.of(scope.key))
    if (before.has(state.elements.get(key)!.elementId)) return true;
  return false;
}

/** All elements from which a token can come to one of the given elements without passing the join itself. */
function reachesBackwards(process: ProcessModel, join: string, from: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const queue = [...from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === join || reached.has(id)) continue;
    reached.add(id);
    const element = process.elements.get(id);
    if (element === undefined) continue;
    for (const { source } of element.incoming) queue.push(source);
    if (element.behaviour.kind === 'boundary') queue.push(element.behaviour.attachedTo);
    for (const thrower of linkThrowers(process, id)) queue.push(thrower);
  }
  return reached;
}

function linkThrowers(process: ProcessModel, target: string): string[] {
  const throwers: string[] = [];
  for (const { id, behaviour } of process.elements.values())
    if (behaviour.kind === 'throw' && behaviour.effect.kind === 'link' && behaviour.effect.target === target)
      throwers.push(id);
  return throwers;
}
