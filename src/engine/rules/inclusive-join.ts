/**
 * The joining inclusive gateway: it fires when a token waits on each of its flows, or when nothing that is still on its
 * way in the scope can come to it by a flow without a token. Pure but for reading the state.
 */
import type { ElementModel, ProcessModel } from '../model/process';
import type { Turn } from '../turn/turn';

export function canJoinInclusively(turn: Turn, join: ElementModel, scopeKey: string): boolean {
  const { state } = turn;
  const scope = state.elements.get(scopeKey)!;
  const tokens = scope.tokens ?? {};
  const open = join.incoming.filter(({ id }) => tokens[id] === undefined);
  if (open.length === join.incoming.length) return false;
  if (open.length === 0) return true;
  const process = turn.process(scope.definition);
  const before = reachesBackwards(
    process,
    join.id,
    open.map(({ source }) => source),
  );
  for (const key of state.children.of(scopeKey))
    if (before.has(state.elements.get(key)!.elementId)) return false;
  return !Object.keys(tokens).some((flow) => before.has(process.flows.get(flow)!.target));
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
