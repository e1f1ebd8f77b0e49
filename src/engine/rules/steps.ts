/**
 * Carries out the steps of a command, one after the other, until none is left. A step is done as a whole, or it is taken
 * back and becomes an incident that repeats it. A command that needs too many steps goes on in the next turn of the
 * event loop, so that others are heard; one that comes to no rest at all is stopped by banning its instance.
 */
import type { ElementRow, Step } from '../state/rows';
import { isLive } from '../state/state';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';
import { activate } from './activate';
import { returnFromCall } from './call-activity';
import { complete } from './complete';
import { throwErrorOrIncident } from './errors';
import { raiseIncident } from './incidents';
import { correlateKept, startByKept } from './messages';
import { createNextInstances } from './multi-instance';
import { localTo } from '../data/variables';
import { evaluateText, readerOf } from '../data/expressions';

/** Steps of one turn: about 10 ms. */
const stepsPerTurn = 1_000;
/** Steps without a rest in between, after which nobody believes in an end any more. */
const stepsWithoutRest = 1_000_000;

/**
 * @param done steps that the command has needed in earlier turns
 */
export function runSteps(turn: Turn, done = 0): void {
  let count = 0;
  for (let step = turn.takeStep(); step !== undefined; step = turn.takeStep()) {
    if (isBanned(turn, step)) continue;
    if (done + count >= stepsWithoutRest) ban(turn, step);
    else runStep(turn, step);
    if (++count < stepsPerTurn) continue;
    goOnLater(turn, done + count);
    return;
  }
}

function runStep(turn: Turn, step: Step): void {
  const mark = turn.mark();
  try {
    perform(turn, step);
  } catch (error) {
    if (!(error instanceof IncidentError) || !('element' in step)) throw error;
    turn.rollBackTo(mark);
    raiseIncident(turn, { type: error.type, message: error.message, element: step.element, step });
  }
}

function perform(turn: Turn, step: Step): void {
  switch (step.kind) {
    case 'activate':
      return activate(turn, step.element);
    case 'complete':
      return complete(turn, step.element);
    case 'correlate':
      return correlateKept(turn, step.subscription);
    case 'startByMessage':
      return startByKept(turn, step.processId, step.correlationKey);
    default: {
      const row = turn.state.elements.get(step.element);
      if (row === undefined || !isLive(row)) return;
      if (step.kind === 'return') returnFromCall(turn, row, turn.model(row), step.called);
      else if (step.kind === 'nextInstances') createNextInstances(turn, row, turn.model(row));
      else throwFromEnd(turn, row);
    }
  }
}

function throwFromEnd(turn: Turn, row: ElementRow): void {
  const { behaviour } = turn.model(row);
  if (behaviour.kind !== 'throw' || behaviour.effect.kind !== 'error') return;
  const code = evaluateText(turn, behaviour.effect.code, readerOf(turn, row.key));
  throwErrorOrIncident(turn, row, code, localTo(turn.state, row.key));
}

function goOnLater(turn: Turn, done: number): void {
  const steps = turn.takeRest();
  if (steps.length > 0) turn.state.continuations.put({ key: turn.keys.first(), steps, done });
}

function isBanned(turn: Turn, step: Step): boolean {
  const row = 'element' in step ? turn.state.elements.get(step.element) : undefined;
  return row !== undefined && turn.state.instances.get(row.instance)?.banned === true;
}

/** The instance stays as it is until somebody cancels it. */
function ban(turn: Turn, step: Step): void {
  const row = 'element' in step ? turn.state.elements.get(step.element) : undefined;
  if (row !== undefined)
    banInstance(
      turn,
      row.instance,
      `The process took ${stepsWithoutRest.toLocaleString('en')} steps without coming to a wait state, most likely in a loop. It is stopped; cancel it, and give the loop a task, a timer or a condition that ends it.`,
    );
}

/** Leaves an instance alone from now on, with an incident that says why. */
export function banInstance(turn: Turn, instance: string, reason: string): void {
  turn.state.instances.update(instance, { banned: true });
  raiseIncident(turn, { type: 'UNKNOWN', message: reason, element: instance });
}
