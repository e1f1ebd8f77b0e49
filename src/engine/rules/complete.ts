/** Step `complete`: output mappings, the choice of flows, the end of the element instance, and what follows from it. */
import { applyOutputs } from '../data/mappings';
import { localTo, merge, setAllLocal } from '../data/variables';
import type { ElementModel } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { flowsToTake } from './gateways';
import { clearScope, enter, finish } from './life-cycle';
import { afterInstance, countCompleted, keepOutput, propagateOutputs } from './multi-instance';
import { scopeGoesOn, takeFlows } from './sequence-flows';

/** @throws IncidentError; all is taken back then, and done again when the incident is resolved */
export function complete(turn: Turn, key: string): void {
  const row = turn.state.elements.get(key);
  if (row?.state !== 'COMPLETING') return;
  const model = turn.model(row);
  if (row.type === 'MULTI_INSTANCE_BODY') return completeBody(turn, row, model);
  mapOutputs(turn, row, model);
  if (row.loopCounter !== undefined && model.multiInstance !== undefined) {
    keepOutput(turn, row, model.multiInstance);
    const isEnough = countCompleted(turn, row, model.multiInstance);
    finish(turn, row, 'COMPLETED');
    return afterInstance(turn, row.scope!, model, isEnough);
  }
  leave(turn, row, model);
}

function completeBody(turn: Turn, row: ElementRow, model: ElementModel): void {
  propagateOutputs(turn, row);
  leave(turn, row, model);
}

function leave(turn: Turn, row: ElementRow, model: ElementModel): void {
  const flows = flowsToTake(turn, row, model);
  finish(turn, turn.state.elements.get(row.key)!, 'COMPLETED');
  const scope = turn.scopeOf(row);
  if (scope === undefined) return;
  const { behaviour } = model;
  if (behaviour.kind !== 'throw') return takeFlows(turn, row, flows);
  if (behaviour.effect.kind === 'terminate') {
    clearScope(turn, scope);
    return scopeGoesOn(turn, scope.key);
  }
  if (behaviour.effect.kind === 'link') {
    enter(turn, turn.element(row.definition, behaviour.effect.target), scope);
    return;
  }
  takeFlows(turn, row, flows);
}

/**
 * Without output mappings most results were merged when they came (triggers.ts). What a triggered event brought is
 * local to it until now: it leaves a start event into its scope, a message, signal or timer goes to the nearest scope that has the
 * name; what an error or an escalation brought leaves by an output mapping only.
 */
function mapOutputs(turn: Turn, row: ElementRow, model: ElementModel): void {
  if (model.outputs.length > 0) return applyOutputs(turn, row, model.outputs);
  if (!row.triggered) return;
  const { behaviour } = model;
  const scope = turn.scopeOf(row)!;
  const brought = localTo(turn.state, row.key);
  if (behaviour.kind === 'start') setAllLocal(turn, scope, brought);
  else if (behaviour.kind === 'catch') merge(turn, scope, brought);
  else if (behaviour.kind === 'boundary' && !isThrown(behaviour.trigger.kind)) merge(turn, scope, brought);
}

function isThrown(kind: string): boolean {
  return kind === 'error' || kind === 'escalation';
}
