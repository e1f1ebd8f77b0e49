/** Publishing and correlating messages. */
import { Rejection, type MessageRequest } from '../api';
import { readVariables } from '../data/variables';
import { correlate } from '../rules/messages';
import { messageGroup } from '../state/state';
import type { Turn } from '../turn/turn';
import { invalidArgument } from './refuse';

/** @returns the message's key */
export function publishMessage(turn: Turn, request: MessageRequest): string {
  const { name, correlationKey, messageId, timeToLiveMs } = request;
  if (name === '') throw invalidArgument('No name provided.');
  refuseDouble(turn, request);
  const key = turn.keys.first();
  recordMessage(turn, key, request);
  const { processIds } = correlate(turn, {
    name,
    correlationKey,
    variables: readVariables(request.variables),
  });
  if (timeToLiveMs > 0)
    turn.state.messages.put({
      key,
      name,
      correlationKey,
      messageId,
      variables: request.variables,
      due: turn.now + timeToLiveMs,
      correlated: processIds,
    });
  return key;
}

/** Brings a message to one that waits for it now, or refuses it. */
export function correlateMessage(
  turn: Turn,
  request: { name: string; correlationKey: string; variables: string },
): { key: string; instance: string } {
  if (request.name === '') throw invalidArgument('No name provided.');
  const key = turn.keys.first();
  recordMessage(turn, key, { ...request, messageId: '', timeToLiveMs: -1 });
  const { instance } = correlate(turn, { ...request, variables: readVariables(request.variables) });
  if (instance === undefined)
    throw new Rejection(
      404,
      'NOT_FOUND',
      `Command 'CORRELATE' rejected with code 'NOT_FOUND': Expected to find subscription for message with name '${request.name}' and correlation key '${request.correlationKey}', but none was found.`,
    );
  return { key, instance };
}

/** The time of a message is over. */
export function expireMessage(turn: Turn, key: string): void {
  turn.state.messages.delete(key);
}

/** The same name, key and id may not be published again while the first one is kept. */
function refuseDouble(turn: Turn, { name, correlationKey, messageId }: MessageRequest): void {
  if (messageId === '') return;
  for (const key of turn.state.messagesByName.of(messageGroup(name, correlationKey))) {
    const message = turn.state.messages.get(key)!;
    if (message.messageId === messageId && message.due > turn.now)
      throw new Rejection(
        409,
        'ALREADY_EXISTS',
        `Expected to publish a new message with id '${messageId}', but a message with that id was already published`,
      );
  }
}

function recordMessage(turn: Turn, key: string, request: MessageRequest): void {
  turn.record({
    valueType: 'MESSAGE',
    intent: 'PUBLISHED',
    key,
    value: {
      name: request.name,
      correlationKey: request.correlationKey,
      messageId: request.messageId,
      timeToLive: request.timeToLiveMs,
      tenantId: '<default>',
    },
    raw: { variables: request.variables },
  });
}
