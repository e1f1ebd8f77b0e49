/**
 * Messages: subscriptions, correlation, and the buffer of those that are kept. A message goes once to each process id:
 * to one that waits for it, else to a start event; what nobody took waits until its time is over, first in, first out.
 */
import { evaluateKey, evaluateText, type Reader } from '../data/expressions';
import { readVariables, type Variables } from '../data/variables';
import type { CatchTrigger } from '../model/process';
import type { ElementRow, MessageRow, SubscriptionRow } from '../state/rows';
import { messageGroup, subscriptionGroup } from '../state/state';
import type { Turn } from '../turn/turn';
import { createInstance } from './instances';
import { arrive } from './triggers';

type MessageTrigger = Extract<CatchTrigger, { kind: 'message' }>;

export interface ArrivingMessage {
  readonly name: string;
  readonly correlationKey: string;
  readonly variables: Variables;
}

/**
 * Lets an element instance wait for a message.
 * @throws IncidentError EXTRACT_VALUE_ERROR when name or key have no text
 */
export function openMessage(
  turn: Turn,
  waiter: ElementRow,
  eventId: string,
  trigger: MessageTrigger,
  read: Reader,
): void {
  const name = evaluateText(turn, trigger.name, read);
  const correlationKey =
    trigger.correlationKey === undefined ? '' : evaluateKey(turn, trigger.correlationKey, read);
  const { key } = turn.state.subscriptions.put({
    key: turn.keys.beside(waiter.key),
    kind: 'message',
    name,
    correlationKey,
    elementInstance: waiter.key,
    instance: waiter.instance,
    definition: waiter.definition,
    processId: turn.instance(waiter).processId,
    elementId: eventId,
  });
  if (turn.state.messagesByName.count(messageGroup(name, correlationKey)) > 0)
    turn.addStep({ kind: 'correlate', subscription: key });
}

/** Step: gives a new subscription the first message that was kept for it; one that does not interrupt gets them all. */
export function correlateKept(turn: Turn, subscriptionKey: string): void {
  for (;;) {
    const subscription = turn.state.subscriptions.get(subscriptionKey);
    if (subscription === undefined) return;
    const { name, correlationKey, processId } = subscription;
    const message = firstKept(turn, name, correlationKey ?? '', processId);
    if (message === undefined) return;
    noteCorrelated(turn, message, processId);
    handOver(turn, subscription, readVariables(message.variables));
  }
}

/** Step: starts a process with the oldest message that was kept for any of its start events, if none has by now. */
export function startByKept(turn: Turn, processId: string, correlationKey: string): void {
  const definition = turn.state.latest(processId);
  if (
    definition === undefined ||
    turn.state.startedByMessage.count(messageGroup(processId, correlationKey)) > 0
  )
    return;
  let oldest: { readonly subscription: SubscriptionRow; readonly message: MessageRow } | undefined;
  for (const key of turn.state.startSubscriptions.of(processId)) {
    const subscription = turn.state.subscriptions.get(key)!;
    if (subscription.kind !== 'message') continue;
    const message = firstKept(turn, subscription.name, correlationKey, processId);
    if (message !== undefined && (oldest === undefined || isBefore(message, oldest.message)))
      oldest = { subscription, message };
  }
  if (oldest === undefined) return;
  const { subscription, message } = oldest;
  noteCorrelated(turn, message, processId);
  start(turn, subscription, { ...message, variables: readVariables(message.variables) });
}

/** Keys grow in the order of creation. */
function isBefore(a: MessageRow, b: MessageRow): boolean {
  return BigInt(a.key) < BigInt(b.key);
}

/**
 * Brings a message to those that wait for it.
 * @returns the process ids it went to, and the key of the first instance that got it
 */
export function correlate(
  turn: Turn,
  message: ArrivingMessage,
): { readonly processIds: readonly string[]; readonly instance?: string } {
  const reached = new Map<string, string>();
  for (const subscription of waiting(turn, message)) {
    // What the message has ended on its way waits no more.
    const isOpen = turn.state.subscriptions.get(subscription.key) !== undefined;
    if (!isOpen || reached.has(subscription.processId)) continue;
    reached.set(subscription.processId, subscription.instance!);
    handOver(turn, subscription, message.variables);
  }
  for (const subscription of starting(turn, message)) {
    if (reached.has(subscription.processId)) continue;
    reached.set(subscription.processId, start(turn, subscription, message));
  }
  const [instance] = reached.values();
  return { processIds: [...reached.keys()], ...(instance === undefined ? {} : { instance }) };
}

function waiting(turn: Turn, { name, correlationKey }: ArrivingMessage): SubscriptionRow[] {
  const group = subscriptionGroup({ kind: 'message', name, correlationKey, elementInstance: 'any' });
  return [...turn.state.subscriptionsByName.of(group)].map((key) => turn.state.subscriptions.get(key)!);
}

/** Start events, without those whose process runs for the same key already. */
function starting(turn: Turn, { name, correlationKey }: ArrivingMessage): SubscriptionRow[] {
  const { state } = turn;
  const group = subscriptionGroup({ kind: 'message', name, correlationKey: null, elementInstance: null });
  return [...state.subscriptionsByName.of(group)]
    .map((key) => state.subscriptions.get(key)!)
    .filter(
      ({ processId }) =>
        correlationKey === '' || state.startedByMessage.count(messageGroup(processId, correlationKey)) === 0,
    );
}

/** One that interrupts goes with what it waits for; one that does not stays open. */
function handOver(turn: Turn, subscription: SubscriptionRow, variables: Variables): void {
  const waiter = turn.state.elements.get(subscription.elementInstance!);
  if (waiter !== undefined) arrive(turn, waiter, subscription.elementId, variables);
}

function start(turn: Turn, subscription: SubscriptionRow, message: ArrivingMessage): string {
  const { key } = createInstance(turn, {
    definition: turn.state.definitions.get(subscription.definition)!,
    variables: new Map(),
    start: { eventId: subscription.elementId, variables: message.variables },
    ...(message.correlationKey === '' ? {} : { messageKey: message.correlationKey }),
  });
  return key;
}

function firstKept(
  turn: Turn,
  name: string,
  correlationKey: string,
  processId: string,
): MessageRow | undefined {
  for (const key of turn.state.messagesByName.of(messageGroup(name, correlationKey))) {
    const message = turn.state.messages.get(key)!;
    if (message.due > turn.now && !message.correlated.includes(processId)) return message;
  }
  return undefined;
}

function noteCorrelated(turn: Turn, message: MessageRow, processId: string): void {
  turn.state.messages.update(message.key, { correlated: [...message.correlated, processId] });
}
