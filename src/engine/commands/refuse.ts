/** The words with which commands are refused. */
import { Rejection } from '../api';

export function notFound(verb: string, what: string, key: string): Rejection {
  return new Rejection(
    404,
    'NOT_FOUND',
    `Command '${verb}' rejected with code 'NOT_FOUND': Expected to ${phrase(verb)} ${what} with key '${key}', but no such ${what} was found`,
  );
}

export function invalidState(verb: string, what: string, key: string, state: string): Rejection {
  return new Rejection(
    409,
    'INVALID_STATE',
    `Command '${verb}' rejected with code 'INVALID_STATE': Expected to ${phrase(verb)} ${what} with key '${key}', but it is in state '${state}'`,
  );
}

export function invalidArgument(detail: string): Rejection {
  return new Rejection(400, 'INVALID_ARGUMENT', detail);
}

function phrase(verb: string): string {
  return verb.toLowerCase().replaceAll('_', ' ');
}
