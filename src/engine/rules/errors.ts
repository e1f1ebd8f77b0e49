/** Errors: thrown by jobs and end events, caught by boundary events and event sub-processes, else an incident. */
import type { Variables } from '../data/variables';
import type { ElementRow } from '../state/rows';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';
import { findCatcher } from './catching';
import { arrive } from './triggers';

/**
 * Throws an error from an element instance, which ends if somebody catches it.
 * @returns undefined when it was caught, else the words of the incident
 */
export function throwError(
  turn: Turn,
  from: ElementRow,
  error: { readonly code: string; readonly message: string; readonly variables: Variables },
): string | undefined {
  const { catcher, passed } = findCatcher(turn, from, 'error', error.code);
  if (catcher === undefined) return uncaught(error, passed);
  arrive(turn, catcher.waiter, catcher.eventId, error.variables);
  return undefined;
}

/** @throws IncidentError UNHANDLED_ERROR_EVENT when nobody catches it */
export function throwErrorOrIncident(turn: Turn, from: ElementRow, code: string, variables: Variables): void {
  const reason = throwError(turn, from, { code, message: '', variables });
  if (reason !== undefined) throw new IncidentError('UNHANDLED_ERROR_EVENT', reason);
}

function uncaught({ code, message }: { code: string; message: string }, passed: readonly string[]): string {
  const available =
    passed.length === 0
      ? 'No error events are available in the scope.'
      : `Available error events are [${passed.join(', ')}]`;
  const saying = message === '' ? '' : ` with message '${message}'`;
  return `Expected to throw an error event with the code '${code}'${saying}, but it was not caught. ${available}`;
}
