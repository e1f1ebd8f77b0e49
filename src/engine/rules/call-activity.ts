/** Call activities: a process of its own, with variables that go in and come back. */
import { evaluateText, readerOf } from '../data/expressions';
import { localTo, visibleFrom } from '../data/variables';
import type { Behaviour, ElementModel } from '../model/process';
import type { ElementRow } from '../state/rows';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';
import { createInstance } from './instances';
import { beginCompletion, entered } from './life-cycle';
import { deliver } from './triggers';

type CallBehaviour = Extract<Behaviour, { kind: 'call' }>;

/**
 * Starts the latest version of the called process.
 * @throws IncidentError CALLED_ELEMENT_ERROR when there is none that can be called; resolvable after a deployment
 */
export function call(turn: Turn, row: ElementRow, behaviour: CallBehaviour): void {
  const processId = evaluateText(turn, behaviour.processId, readerOf(turn, row.key));
  const definition = turn.state.latest(processId);
  if (definition === undefined)
    throw new IncidentError(
      'CALLED_ELEMENT_ERROR',
      `Expected process with BPMN process id '${processId}' to be deployed, but not found.`,
    );
  const root = turn.element(definition.key, processId).behaviour;
  if (root.kind === 'scope' && root.start === undefined)
    throw new IncidentError(
      'CALLED_ELEMENT_ERROR',
      `Expected process with BPMN process id '${processId}' to have a none start event, but not found.`,
    );
  const variables = behaviour.propagateAllParentVariables
    ? visibleFrom(turn.state, row.key)
    : localTo(turn.state, row.key);
  const caller = entered(turn, row);
  createInstance(turn, { definition, variables, caller });
}

/** Step: the called process has completed, its variables come back. */
export function returnFromCall(turn: Turn, row: ElementRow, model: ElementModel, called: string): void {
  const { behaviour } = model;
  if (behaviour.kind !== 'call' || row.state !== 'ACTIVE') return;
  if (model.outputs.length > 0 || behaviour.propagateAllChildVariables)
    deliver(turn, row, model, localTo(turn.state, called));
  beginCompletion(turn, row.key);
}
