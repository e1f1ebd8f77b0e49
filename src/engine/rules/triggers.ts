/**
 * What happens when something that was waited for arrives: a message, a signal, a timer, an error, an escalation.
 * Who waits is an element instance: the catching event itself, an event-based gateway in front of it, the activity that a
 * boundary event is attached to, or the scope of an event sub-process.
 */
import { merge, setAllLocal, type Variables } from '../data/variables';
import type { ElementModel } from '../model/process';
import type { ElementRow } from '../state/rows';
import { recordElement, recordFlow } from '../turn/records';
import type { Turn } from '../turn/turn';
import { createTriggeredStart } from './instances';
import {
  beginCompletion,
  clearScope,
  closeEventSubProcesses,
  createElement,
  finish,
  terminate,
} from './life-cycle';

/** @param eventId the catching event's element id */
export function arrive(turn: Turn, waiter: ElementRow, eventId: string, variables: Variables): void {
  if (turn.instance(waiter).banned) return;
  const event = turn.element(waiter.definition, eventId);
  switch (event.behaviour.kind) {
    case 'boundary':
      return arriveAtBoundary(turn, waiter, event, event.behaviour.interrupting, variables);
    case 'start':
      return startEventSubProcess(turn, waiter, event, event.behaviour.interrupting, variables);
    default:
      if (waiter.elementId === eventId) return arriveAtEvent(turn, waiter, event, variables);
      return chooseEvent(turn, waiter, event, variables);
  }
}

/**
 * Hands what a command or an event brings to the element that waited for it: local where output mappings will look at
 * it, else merged from the element upwards, where names that its input mappings made stay.
 */
export function deliver(turn: Turn, row: ElementRow, model: ElementModel, variables: Variables): void {
  if (model.outputs.length > 0) setAllLocal(turn, row, variables);
  else merge(turn, row, variables);
}

function arriveAtEvent(turn: Turn, row: ElementRow, event: ElementModel, variables: Variables): void {
  deliver(turn, row, event, variables);
  beginCompletion(turn, row.key);
}

/** The first event behind an event-based gateway closes the others. */
function chooseEvent(turn: Turn, gateway: ElementRow, event: ElementModel, variables: Variables): void {
  const scope = turn.scopeOf(gateway)!;
  recordElement(turn, gateway, 'ELEMENT_COMPLETING');
  finish(turn, gateway, 'COMPLETED');
  const flow = turn.model(gateway).outgoing.find(({ target }) => target === event.id);
  if (flow !== undefined) recordFlow(turn, scope, flow.id);
  enterTriggered(turn, event, scope, variables);
}

function arriveAtBoundary(
  turn: Turn,
  host: ElementRow,
  event: ElementModel,
  interrupting: boolean,
  variables: Variables,
): void {
  const scope = turn.scopeOf(host)!;
  enterTriggered(turn, event, scope, variables);
  // The event is there before its activity goes, so that the scope does not look empty.
  if (interrupting) terminate(turn, host.key);
}

/** In the scope that holds the event sub-process; an interrupting one ends all else there, once. */
function startEventSubProcess(
  turn: Turn,
  scope: ElementRow,
  start: ElementModel,
  interrupting: boolean,
  variables: Variables,
): void {
  if (scope.state !== 'ACTIVE') return;
  const model = turn.element(scope.definition, start.scope!);
  if (interrupting) {
    clearScope(turn, scope);
    closeEventSubProcesses(turn, scope);
    turn.state.elements.update(scope.key, { interrupted: true });
  }
  const row = createElement(turn, { model, scope });
  createTriggeredStart(turn, row, start.id, variables);
  turn.addStep({ kind: 'activate', element: row.key });
}

/** An event that waits for nothing any more: its variables are local, and leave it when it completes. */
function enterTriggered(
  turn: Turn,
  event: ElementModel,
  scope: ElementRow,
  variables: Variables,
): ElementRow {
  const row = createElement(turn, { model: event, scope, triggered: true });
  setAllLocal(turn, row, variables);
  turn.addStep({ kind: 'activate', element: row.key });
  return row;
}
