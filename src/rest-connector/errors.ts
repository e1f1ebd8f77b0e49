/** Failures as the Java runtime words them: processes match on codes, types and texts. */
import { ConnectorError, inputError, type Cause } from '../errors';
import type { TransportError } from '../http/request';
import { classNames } from '../java/class-names';
import { javaFault } from '../java/fault';

/** A value that cannot be read as the type of its field. */
export function invalidField(path: readonly string[], typeName: string): ConnectorError {
  return inputError(`Json object contains an invalid field: ${path.join(', ')}. It Must be \`${typeName}\``);
}

/** An object whose `type` is missing or unknown. */
export function unknownKind(path: readonly string[]): ConnectorError {
  return inputError(`Json object contains an invalid field: ${path.join(', ')}`);
}

/** An exchange without a complete answer. */
export function fromTransport(error: TransportError): ConnectorError {
  const { phase, timedOut } = error;
  if (phase === 'body' || phase === 'too-large') return readFailure(error.message, error);
  if (phase === 'protocol') return protocolError(error);
  if (timedOut) {
    return new ConnectorError(
      'The request timed out. Please try increasing the read and connection timeouts.',
      { code: '408', cause: 'TIMEOUT', origin: error },
    );
  }
  return new ConnectorError('An error occurred while executing the request, or the connection was aborted', {
    code: '408',
    cause: 'CONNECTION_FAILED',
    origin: error,
  });
}

/** A request that HTTP forbids, or an answer that is not HTTP. */
export function protocolError(origin?: unknown): ConnectorError {
  return new ConnectorError('An error with the HTTP protocol occurred', {
    code: '500',
    cause: 'INVALID_REQUEST',
    origin,
  });
}

/** A success whose body could not be read. */
function readFailure(detail: string, origin: TransportError): ConnectorError {
  const cause: Cause =
    origin.phase === 'too-large' ? 'RESULT_TOO_LARGE' : origin.timedOut ? 'TIMEOUT' : 'CONNECTION_FAILED';
  return new ConnectorError(
    `Error while executing an HTTP request: Failed to read response body: ${detail}`,
    {
      code: '500',
      cause,
      origin,
    },
  );
}

/** Rejects a duration that Java's HTTP client refuses. */
export function negativeDuration(seconds: number): ConnectorError {
  return javaFault(classNames.illegalArgument, `duration must not be negative: ${seconds}`);
}
