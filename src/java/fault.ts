/** Faults that the Java runtime does not expect. */
import { ConnectorError } from '../errors';

/** A fault named after the exception that the Java runtime throws there; costs one retry. */
export function javaFault(type: string, message: string): ConnectorError {
  return new ConnectorError(message, { type, cause: 'INVALID_INPUT' });
}
