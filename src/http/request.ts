/** What the worker asks of the HTTP executor and what it gets back. Types and helpers; `execute.ts` does the work. */

/** Header lines in the order they are to be sent; a name may occur several times. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly method: string;
  /** Absolute http(s) URL, sent exactly as it is here. */
  readonly url: string;
  readonly headers: HeaderLines;
  /** Sent with a Content-Length; absent: no body, and no length except for POST, PUT and PATCH (`Content-Length: 0`). */
  readonly body?: Buffer;
  /** ms for the TCP and TLS handshake; 0 = no limit. */
  readonly connectTimeoutMs: number;
  /** ms without a byte from the server (before and within the answer); 0 = no limit. */
  readonly idleTimeoutMs: number;
  /** ms for the whole exchange; 0 = no limit. */
  readonly totalTimeoutMs: number;
  /** Largest answer body accepted, in bytes after decompression. */
  readonly maxBodyBytes: number;
  /** Client certificate and trust, PEM text. */
  readonly tls?: {
    readonly cert?: string;
    readonly key?: string;
    readonly passphrase?: string;
    readonly ca?: string;
  };
  /** Proxy of this request; `undefined`: as the environment says (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); `false`: none. */
  readonly proxy?: HttpProxy | false;
}

export interface HttpProxy {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Text of the status line; "" when the server sent none. */
  readonly reason: string;
  /** As received: order and spelling kept. */
  readonly headers: HeaderLines;
  /** Decompressed; undefined when the answer has no entity (204, 304, answers to HEAD). */
  readonly body: Buffer | undefined;
}

/**
 * Where an exchange broke.
 * - `connect`: no connection (refused, unknown host, connect time-out, TLS)
 * - `headers`: connection broken or time-out before the answer's head was read
 * - `body`: answer broken off, stalled or not decodable
 * - `too-large`: body over `maxBodyBytes`
 * - `protocol`: not HTTP, or a request that HTTP forbids
 * - `aborted`: our own signal
 */
export type TransportPhase = 'connect' | 'headers' | 'body' | 'too-large' | 'protocol' | 'aborted';

/** No complete answer. `timedOut` tells a time-out from a fault; `code` is Node's (`ECONNREFUSED`, ...). `head` is what was read of the answer when its body broke. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  constructor(
    message: string,
    readonly phase: TransportPhase,
    readonly timedOut: boolean,
    readonly code: string | undefined,
    readonly head?: Omit<HttpResponse, 'body'>,
  ) {
    super(message);
  }
}

/** The port to the world: one exchange, no retry, no redirect, no logic. Rejects with TransportError only. */
export type HttpExecute = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** First value of a header, name compared without regard to case. */
export function headerValue(headers: HeaderLines, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([key]) => key.toLowerCase() === wanted)?.[1];
}
