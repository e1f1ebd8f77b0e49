/**
 * The life of an element instance:
 *
 *   ACTIVATING --entered()--> ACTIVE --beginCompletion()--> COMPLETING --finish()--> COMPLETED
 *        |                       |                              |
 *        +-----------------------+------- terminate() ----------+---- TERMINATING --> TERMINATED
 *
 * `activate` and `complete` are steps: each is done as a whole, or taken back and an incident (steps.ts). An element
 * instance counts as a child of its scope from the moment a token goes towards it, so no scope looks empty in between.
 */
import { dropLocal } from '../data/variables';
import type { ElementModel, ElementType } from '../model/process';
import type { ElementRow } from '../state/rows';
import { isLive } from '../state/state';
import { recordElement, recordIncident, recordJob, recordTimer, recordUserTask } from '../turn/records';
import type { Turn } from '../turn/turn';

export interface NewElement {
  readonly model: ElementModel;
  /** Differs from the model's for a multi-instance body. */
  readonly type?: ElementType;
  readonly scope: ElementRow;
  readonly loopCounter?: number;
  readonly triggered?: true;
}

/** Creates an element instance. The caller adds what it begins with, then the step `activate`. */
export function createElement(turn: Turn, made: NewElement): ElementRow {
  const { model, type, scope, loopCounter, triggered } = made;
  const row = turn.state.elements.put({
    key: turn.keys.beside(scope.key),
    instance: scope.instance,
    definition: scope.definition,
    elementId: model.id,
    type: type ?? model.type,
    scope: scope.key,
    state: 'ACTIVATING',
    startDate: turn.now,
    endDate: null,
    ...(loopCounter === undefined ? {} : { loopCounter }),
    ...(triggered === undefined ? {} : { triggered }),
  });
  recordElement(turn, row, 'ELEMENT_ACTIVATING');
  forgetOneOfMany(turn, row.instance);
  return row;
}

/** Lets a token into an element: into the body where it is a multi-instance. */
export function enter(turn: Turn, model: ElementModel, scope: ElementRow): ElementRow {
  const type = model.multiInstance === undefined ? model.type : 'MULTI_INSTANCE_BODY';
  const row = createElement(turn, { model, type, scope });
  turn.addStep({ kind: 'activate', element: row.key });
  return row;
}

/** The element rests in its activity from now on, or passes on. */
export function entered(turn: Turn, row: ElementRow): ElementRow {
  const active = turn.state.elements.update(row.key, { state: 'ACTIVE' });
  recordElement(turn, active, 'ELEMENT_ACTIVATED');
  return active;
}

/** The element's activity is done, and nothing can trigger its events any more; its step `complete` follows. */
export function beginCompletion(turn: Turn, key: string): void {
  const row = turn.state.elements.update(key, { state: 'COMPLETING' });
  closeTriggers(turn, key);
  recordElement(turn, row, 'ELEMENT_COMPLETING');
  turn.addStep({ kind: 'complete', element: key });
}

/** The last act of an element instance: all that belonged to it goes. Its scope is left to the caller. */
export function finish(turn: Turn, row: ElementRow, state: 'COMPLETED' | 'TERMINATED'): void {
  const { state: tables } = turn;
  closeTriggers(turn, row.key);
  for (const key of [...tables.incidentsByElement.of(row.key)]) closeIncident(turn, key);
  tables.collections.delete(row.key);
  turn.items.delete(row.key);
  for (const key of [...tables.outputsByBody.of(row.key)]) tables.outputs.delete(key);
  const { tokens: _tokens, loop: _loop, ...rest } = row;
  const ended = tables.elements.put({ ...rest, state, endDate: turn.now });
  recordElement(turn, ended, state === 'COMPLETED' ? 'ELEMENT_COMPLETED' : 'ELEMENT_TERMINATED');
  if (row.scope === null) finishInstance(turn, row, state);
  else dropLocal(tables, row.key);
}

/** Ends an element instance and all within it, called processes included. Its scope is left to the caller. */
export function terminate(turn: Turn, key: string): void {
  const { state } = turn;
  const row = state.elements.get(key);
  if (row === undefined || !isLive(row)) return;
  recordElement(turn, state.elements.update(key, { state: 'TERMINATING' }), 'ELEMENT_TERMINATING');
  for (const child of [...state.children.of(key)]) terminate(turn, child);
  for (const called of [...state.calledBy.of(key)]) terminate(turn, called);
  for (const job of [...state.jobsByElement.of(key)]) cancelJob(turn, job);
  for (const task of [...state.userTasksByElement.of(key)]) cancelUserTask(turn, task);
  finish(turn, state.elements.get(key)!, 'TERMINATED');
}

/** Ends all within a scope, and takes the tokens that wait in it; the scope itself goes on. */
export function clearScope(turn: Turn, scope: ElementRow): void {
  for (const child of [...turn.state.children.of(scope.key)]) terminate(turn, child);
  const { tokens: _tokens, ...rest } = turn.state.elements.get(scope.key)!;
  turn.state.elements.put(rest);
}

/** Removes what an element instance waits for. */
export function closeTriggers(
  turn: Turn,
  elementInstance: string,
  wanted?: (eventId: string) => boolean,
): void {
  const { timers, timersByElement, subscriptions, subscriptionsByElement } = turn.state;
  for (const key of [...timersByElement.of(elementInstance)]) {
    const timer = timers.get(key)!;
    if (wanted !== undefined && !wanted(timer.elementId)) continue;
    timers.delete(key);
    recordTimer(turn, timer, 'CANCELED');
  }
  for (const key of [...subscriptionsByElement.of(elementInstance)])
    if (wanted === undefined || wanted(subscriptions.get(key)!.elementId)) subscriptions.delete(key);
}

/** Nothing starts an event sub-process of this scope any more; its boundary events stay. */
export function closeEventSubProcesses(turn: Turn, scope: ElementRow): void {
  closeTriggers(
    turn,
    scope.key,
    (eventId) => turn.element(scope.definition, eventId).behaviour.kind === 'start',
  );
}

/** Resolves an incident: its cause is gone, or is tried again. */
export function closeIncident(turn: Turn, key: string): void {
  recordIncident(turn, turn.state.incidents.update(key, { state: 'RESOLVED' }), 'RESOLVED');
}

/** Who called the process, or waits for its end to start it by the next message, goes on in a step of its own. */
function finishInstance(turn: Turn, row: ElementRow, state: 'COMPLETED' | 'TERMINATED'): void {
  const instance = turn.state.instances.update(row.key, { state, endDate: turn.now });
  turn.ended.push(row.key);
  if (state === 'COMPLETED' && instance.parentElement !== null)
    turn.addStep({ kind: 'return', element: instance.parentElement, called: row.key });
  if (instance.messageKey !== null)
    turn.addStep({
      kind: 'startByMessage',
      processId: instance.processId,
      correlationKey: instance.messageKey,
    });
}

function cancelJob(turn: Turn, key: string): void {
  if (turn.state.jobs.get(key)!.endTime !== null) return;
  const ended = { state: 'CANCELED', due: null, endTime: turn.now, lastUpdateTime: turn.now } as const;
  recordJob(turn, turn.state.jobs.update(key, ended), 'CANCELED');
}

function cancelUserTask(turn: Turn, key: string): void {
  if (turn.state.userTasks.get(key)!.state !== 'CREATED') return;
  recordUserTask(turn, turn.state.userTasks.update(key, { state: 'CANCELED' }), 'CANCELED');
}

/** An instance that loops for months must not grow for ever: only this many of its ended elements are kept. */
const keptElements = 10_000;
/** The first ones may be alive for long; looking at few of them keeps the search short. */
const searchedElements = 20;

function forgetOneOfMany(turn: Turn, instance: string): void {
  const { elements, elementsByInstance, jobs, jobsByElement, userTasks, userTasksByElement } = turn.state;
  if (elementsByInstance.count(instance) <= keptElements) return;
  let searched = 0;
  for (const key of elementsByInstance.of(instance)) {
    if (++searched > searchedElements) return;
    if (isLive(elements.get(key)!)) continue;
    for (const job of [...jobsByElement.of(key)]) jobs.delete(job);
    for (const task of [...userTasksByElement.of(key)]) userTasks.delete(task);
    elements.delete(key);
    return;
  }
}
