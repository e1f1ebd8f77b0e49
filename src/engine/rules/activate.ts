/** Step `activate`: input mappings, then what the element does; each kind of behaviour has its function here. */
import { evaluate, evaluateText, readerOf } from '../data/expressions';
import { applyInputs } from '../data/mappings';
import { localTo } from '../data/variables';
import type { Behaviour, ElementModel, ThrowEffect } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { call } from './call-activity';
import { throwEscalation } from './escalations';
import { createJob } from './jobs';
import { beginCompletion, enter, entered } from './life-cycle';
import { enterBody } from './multi-instance';
import { broadcast } from './signals';
import { openBoundaries, openEventSubProcesses, openTrigger } from './subscriptions';
import { deliver } from './triggers';
import { createUserTask } from './user-tasks';

type Of<K extends Behaviour['kind']> = Extract<Behaviour, { kind: K }>;

/** @throws IncidentError; all is taken back then, and done again when the incident is resolved */
export function activate(turn: Turn, key: string): void {
  const row = turn.state.elements.get(key);
  if (row?.state !== 'ACTIVATING') return;
  const model = turn.model(row);
  if (row.type === 'MULTI_INSTANCE_BODY' && model.multiInstance !== undefined) {
    enterBody(turn, row, model.multiInstance);
  } else {
    applyInputs(turn, row, model.inputs);
    begin(turn, row, model);
  }
  // The instances of a multi-instance have none: they sit on the body.
  if (row.loopCounter === undefined && isResting(turn, key)) openBoundaries(turn, row, model);
}

/** What has passed on already waits for nothing. */
function isResting(turn: Turn, key: string): boolean {
  return turn.state.elements.get(key)?.state === 'ACTIVE';
}

function begin(turn: Turn, row: ElementRow, model: ElementModel): void {
  const { behaviour } = model;
  switch (behaviour.kind) {
    case 'job':
      createJob(turn, entered(turn, row), behaviour);
      return;
    case 'userTask':
      createUserTask(turn, entered(turn, row), behaviour);
      return;
    case 'script':
      return runScript(turn, row, model, behaviour);
    case 'catch':
      return waitForEvent(turn, row, model);
    case 'throw':
      return throwEvent(turn, row, behaviour.effect);
    case 'scope':
      return enterScope(turn, row, model, behaviour);
    case 'call':
      return call(turn, row, behaviour);
    case 'eventBased':
      return waitForEvents(turn, row, model);
    case 'pass':
    case 'start':
    case 'boundary':
    case 'exclusive':
    case 'inclusive':
    case 'parallel':
      entered(turn, row);
      beginCompletion(turn, row.key);
  }
}

function runScript(turn: Turn, row: ElementRow, model: ElementModel, behaviour: Of<'script'>): void {
  const { json } = evaluate(turn, behaviour.expression, readerOf(turn, row.key), 'EXTRACT_VALUE_ERROR');
  const active = entered(turn, row);
  deliver(turn, active, model, new Map([[behaviour.resultVariable, json]]));
  beginCompletion(turn, row.key);
}

function waitForEvent(turn: Turn, row: ElementRow, model: ElementModel): void {
  const active = entered(turn, row);
  if (row.triggered) beginCompletion(turn, row.key);
  else openTrigger(turn, active, model, row.key);
}

function waitForEvents(turn: Turn, row: ElementRow, model: ElementModel): void {
  const active = entered(turn, row);
  for (const { target } of model.outgoing)
    openTrigger(turn, active, turn.element(row.definition, target), row.scope!);
}

/** A scope begins with its none start event, or with the start event that was triggered with it. */
function enterScope(turn: Turn, row: ElementRow, model: ElementModel, behaviour: Of<'scope'>): void {
  const active = entered(turn, row);
  openEventSubProcesses(turn, active, model);
  const [triggered] = turn.state.children.of(row.key);
  if (triggered !== undefined) turn.addStep({ kind: 'activate', element: triggered });
  else if (behaviour.start !== undefined) enter(turn, turn.element(row.definition, behaviour.start), active);
}

function throwEvent(turn: Turn, row: ElementRow, effect: ThrowEffect): void {
  const active = entered(turn, row);
  switch (effect.kind) {
    case 'signal': {
      const name = evaluateText(turn, effect.name, readerOf(turn, row.key));
      beginCompletion(turn, row.key);
      broadcast(turn, name, localTo(turn.state, row.key));
      return;
    }
    case 'escalation': {
      const code = evaluateText(turn, effect.code, readerOf(turn, row.key));
      beginCompletion(turn, row.key);
      throwEscalation(turn, active, code, localTo(turn.state, row.key));
      return;
    }
    case 'error':
      turn.addStep({ kind: 'throwError', element: row.key });
      return;
    case 'link':
    case 'terminate':
      beginCompletion(turn, row.key);
  }
}
