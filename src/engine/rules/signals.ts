/** Signals: each reaches all that wait for it, and every start event of a latest version. */
import { evaluateText, type Reader } from '../data/expressions';
import type { Variables } from '../data/variables';
import type { Expression } from '../model/process';
import type { ElementRow } from '../state/rows';
import { subscriptionGroup } from '../state/state';
import type { Turn } from '../turn/turn';
import { createInstance } from './instances';
import { arrive } from './triggers';

/** Lets an element instance wait for a signal. @throws IncidentError EXTRACT_VALUE_ERROR when the name is not a text */
export function openSignal(
  turn: Turn,
  waiter: ElementRow,
  eventId: string,
  name: Expression,
  read: Reader,
): void {
  turn.state.subscriptions.put({
    key: turn.keys.beside(waiter.key),
    kind: 'signal',
    name: evaluateText(turn, name, read),
    correlationKey: null,
    elementInstance: waiter.key,
    instance: waiter.instance,
    definition: waiter.definition,
    processId: turn.instance(waiter).processId,
    elementId: eventId,
  });
}

/** @returns the signal's key */
export function broadcast(turn: Turn, name: string, variables: Variables): string {
  const { state } = turn;
  const key = turn.keys.first();
  turn.record({
    valueType: 'SIGNAL',
    intent: 'BROADCASTED',
    key,
    value: { signalName: name, tenantId: '<default>' },
  });
  const group = subscriptionGroup({ kind: 'signal', name, correlationKey: null, elementInstance: null });
  for (const subscriptionKey of [...state.subscriptionsByName.of(group)]) {
    // What an earlier one of them has ended waits no more.
    const subscription = state.subscriptions.get(subscriptionKey);
    if (subscription === undefined) continue;
    if (subscription.elementInstance === null) {
      const definition = state.definitions.get(subscription.definition)!;
      const start = { eventId: subscription.elementId, variables };
      createInstance(turn, { definition, variables: new Map(), start });
    } else {
      const waiter = state.elements.get(subscription.elementInstance);
      if (waiter !== undefined) arrive(turn, waiter, subscription.elementId, variables);
    }
  }
  return key;
}
