/** Tokens on their way: along the flows that leave an element, into joins, and the end of a scope that has none left. */
import type { ElementModel, SequenceFlow } from '../model/process';
import type { ElementRow } from '../state/rows';
import { recordFlow } from '../turn/records';
import type { Turn } from '../turn/turn';
import { nextInclusiveJoin } from './inclusive-join';
import { beginCompletion, enter } from './life-cycle';
import { changeTokens, tokensOn } from './tokens';

/** Sends a token along each of the flows, then lets the scope go on. */
export function takeFlows(turn: Turn, from: ElementRow, flows: readonly SequenceFlow[]): void {
  const scope = turn.scopeOf(from)!;
  for (const flow of flows) {
    recordFlow(turn, scope, flow.id);
    const target = turn.element(scope.definition, flow.target);
    if (!isJoin(target)) enter(turn, target, scope);
    else arriveAtJoin(turn, target, flow, scope.key);
  }
  scopeGoesOn(turn, scope.key);
}

/** After something within a scope has ended: joins that nothing can reach any more fire; an empty scope completes. */
export function scopeGoesOn(turn: Turn, scopeKey: string): void {
  const scope = turn.state.elements.get(scopeKey);
  if (scope === undefined || scope.state !== 'ACTIVE' || scope.loop !== undefined) return;
  if (scope.tokens !== undefined) fireInclusiveJoins(turn, scopeKey);
  const { tokens } = turn.state.elements.get(scopeKey)!;
  if (tokens === undefined && turn.state.children.count(scopeKey) === 0) beginCompletion(turn, scopeKey);
}

function isJoin({ behaviour, incoming }: ElementModel): boolean {
  return incoming.length > 1 && (behaviour.kind === 'parallel' || behaviour.kind === 'inclusive');
}

/** A parallel join fires with one token of each incoming flow; tokens beyond that wait for the next round. */
function arriveAtJoin(turn: Turn, join: ElementModel, flow: SequenceFlow, scopeKey: string): void {
  const scope = changeTokens(turn, scopeKey, [flow.id], 1);
  if (join.behaviour.kind === 'parallel' && join.incoming.every(({ id }) => tokensOn(scope, id) > 0))
    fire(turn, join, scopeKey);
}

function fireInclusiveJoins(turn: Turn, scopeKey: string): void {
  for (;;) {
    const join = nextInclusiveJoin(turn, turn.state.elements.get(scopeKey)!);
    if (join === undefined) return;
    fire(turn, join, scopeKey);
  }
}

/** Takes one token of each flow that has any, and enters the gateway. */
function fire(turn: Turn, join: ElementModel, scopeKey: string): void {
  const scope = turn.state.elements.get(scopeKey)!;
  const taken = join.incoming.flatMap(({ id }) => (tokensOn(scope, id) > 0 ? [id] : []));
  enter(turn, join, changeTokens(turn, scopeKey, taken, -1));
}
