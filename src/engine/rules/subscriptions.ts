/** Opens what an element instance waits for. */
import { readerOf } from '../data/expressions';
import type { ElementModel } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { openMessage } from './messages';
import { openSignal } from './signals';
import { openTimer } from './timers';

/**
 * Lets an element instance wait for an event. Errors and escalations are not waited for: they look for their catcher.
 * @param seenFrom key of the scope whose variables name, key and time are evaluated with
 * @throws IncidentError
 */
export function openTrigger(turn: Turn, waiter: ElementRow, event: ElementModel, seenFrom: string): void {
  const { behaviour } = event;
  if (behaviour.kind !== 'catch' && behaviour.kind !== 'boundary' && behaviour.kind !== 'start') return;
  const { trigger } = behaviour;
  const read = readerOf(turn, seenFrom);
  switch (trigger?.kind) {
    case 'message':
      return openMessage(turn, waiter, event.id, trigger, read);
    case 'timer':
      return openTimer(turn, waiter, event.id, trigger.timer, read);
    case 'signal':
      return openSignal(turn, waiter, event.id, trigger.name, read);
    case 'error':
    case 'escalation':
    case undefined:
  }
}

/** The boundary events of an activity; evaluated in the scope around it. @throws IncidentError */
export function openBoundaries(turn: Turn, host: ElementRow, model: ElementModel): void {
  for (const id of model.boundaries) openTrigger(turn, host, turn.element(host.definition, id), host.scope!);
}

/** The event sub-processes of a scope that has been entered. @throws IncidentError */
export function openEventSubProcesses(turn: Turn, scope: ElementRow, model: ElementModel): void {
  if (model.behaviour.kind !== 'scope') return;
  for (const id of model.behaviour.eventSubProcesses) {
    const { behaviour } = turn.element(scope.definition, id);
    if (behaviour.kind !== 'scope') continue;
    for (const start of behaviour.triggeredStarts)
      openTrigger(turn, scope, turn.element(scope.definition, start), scope.key);
  }
}
