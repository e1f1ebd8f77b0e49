import type { IncidentType } from '../state/rows';

/** A step cannot be done: it is taken back, and its element gets an incident that repeats it when it is resolved. */
export class IncidentError extends Error {
  override readonly name = 'IncidentError';
  constructor(
    readonly type: IncidentType,
    message: string,
  ) {
    super(message);
  }
}
