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

/** Processes that call one another deeper than this call themselves by mistake; clusters stop at the same depth. */
const maxDepth = 1_000;

type CallBehaviour = Extract<Behaviour, { kind: 'call' }>;

/**
 * Starts the latest version of the called process.
 * @throws IncidentError CALLED_ELEMENT_ERROR when there is none that can be called (resolvable after a deployment), or
 * the calls are nested too deep
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
  if (depthOf(turn, row) >= maxDepth)
    throw new IncidentError(
      'CALLED_ELEMENT_ERROR',
      `Expected calls to be nested at most ${maxDepth} deep, but the call of process '${processId}' is one more. Most likely a process calls itself without end: cancel process instance '${turn.instance(row).rootInstance}'.`,
    );
  const variables = behaviour.propagateAllParentVariables
    ? visibleFrom(turn.state, row.key)
    : localTo(turn.state, row.key);
  const caller = entered(turn, row);
  createInstance(turn, { definition, variables, caller });
}

/** How many processes stand one within the other down to this element, the one at the top included. */
function depthOf(turn: Turn, row: ElementRow): number {
  let depth = 1;
  for (
    let { parentInstance } = turn.instance(row);
    parentInstance !== null;
    { parentInstance } = turn.instance({ instance: parentInstance })
  )
    depth++;
  return depth;
}

/** Step: the called process has completed, its variables come back. */
export function returnFromCall(turn: Turn, row: ElementRow, model: ElementModel, called: string): void {
  const { behaviour } = model;
  if (behaviour.kind !== 'call' || row.state !== 'ACTIVE') return;
  if (model.outputs.length > 0 || behaviour.propagateAllChildVariables)
    deliver(turn, row, model, localTo(turn.state, called));
  beginCompletion(turn, row.key);
}
