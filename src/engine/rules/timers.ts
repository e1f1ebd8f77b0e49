/** Timers: when one is due, and what follows when it is. */
import { evaluateText, type Reader } from '../data/expressions';
import { noVariables } from '../data/variables';
import type { TimerDefinition } from '../model/process';
import { addDuration, parseCycle, parseDate, parseDuration } from '../model/timer-text';
import type { ElementRow, TimerRow } from '../state/rows';
import { IncidentError } from '../turn/incident';
import { recordTimer } from '../turn/records';
import type { Turn } from '../turn/turn';
import { createInstance } from './instances';
import { arrive } from './triggers';

type Plan = Pick<TimerRow, 'due' | 'repetitions' | 'cycle'>;

/**
 * Arms a timer of an element instance.
 * @param read the variables that its expression sees
 * @throws IncidentError EXTRACT_VALUE_ERROR when the text is not a date, duration or cycle
 */
export function openTimer(
  turn: Turn,
  waiter: ElementRow,
  eventId: string,
  timer: TimerDefinition,
  read: Reader,
): void {
  put(turn, plan(turn, timer, read), {
    elementInstance: waiter.key,
    instance: waiter.instance,
    definition: waiter.definition,
    elementId: eventId,
  });
}

/** Arms the timer of a start event at deployment. @throws IncidentError EXTRACT_VALUE_ERROR */
export function openStartTimer(
  turn: Turn,
  definition: string,
  eventId: string,
  timer: TimerDefinition,
): void {
  put(
    turn,
    plan(turn, timer, () => undefined),
    { elementInstance: null, instance: null, definition, elementId: eventId },
  );
}

/** The time of a timer has come: it fires, and is armed again while it has repetitions. */
export function fireTimer(turn: Turn, timer: TimerRow): void {
  turn.state.timers.delete(timer.key);
  recordTimer(turn, timer, 'TRIGGERED');
  repeat(turn, timer);
  if (timer.elementInstance !== null) {
    const waiter = turn.state.elements.get(timer.elementInstance);
    if (waiter !== undefined) arrive(turn, waiter, timer.elementId, noVariables);
    return;
  }
  const definition = turn.state.definitions.get(timer.definition);
  if (definition === undefined) return;
  const start = { eventId: timer.elementId, variables: noVariables };
  createInstance(turn, { definition, variables: noVariables, start });
}

/** Counted from when it was due, not from when it was noticed: a cycle keeps its pace. */
function repeat(turn: Turn, timer: TimerRow): void {
  if (timer.cycle === null || timer.repetitions === 1) return;
  const due = parseCycle(timer.cycle).next(timer.due);
  if (due === undefined) return;
  const repetitions = timer.repetitions < 0 ? -1 : timer.repetitions - 1;
  put(turn, { due, repetitions, cycle: timer.cycle }, timer);
}

function put(
  turn: Turn,
  planned: Plan,
  of: Pick<TimerRow, 'elementInstance' | 'instance' | 'definition' | 'elementId'>,
): void {
  const { elementInstance, instance, definition, elementId } = of;
  const key = turn.keys.beside(elementInstance ?? definition);
  const row = turn.state.timers.put({ key, elementInstance, instance, definition, elementId, ...planned });
  recordTimer(turn, row, 'CREATED');
}

function plan(turn: Turn, { kind, expression }: TimerDefinition, read: Reader): Plan {
  const text = evaluateText(turn, expression, read);
  try {
    if (kind === 'date') return { due: parseDate(text), repetitions: 1, cycle: null };
    if (kind === 'duration')
      return { due: addDuration(turn.now, parseDuration(text)), repetitions: 1, cycle: null };
    const { first, repetitions, next } = parseCycle(text);
    // A start that is over does not make up for what was missed: the cycle goes on from now, at its pace.
    const due = first !== undefined && first > turn.now ? first : next(turn.now);
    if (due === undefined) throw new Error(`The cycle '${text}' is never due.`);
    return { due, repetitions, cycle: text };
  } catch (error) {
    throw new IncidentError(
      'EXTRACT_VALUE_ERROR',
      `Invalid ${kind} '${text}' of a timer. ${(error as Error).message}`,
    );
  }
}
