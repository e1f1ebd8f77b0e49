/** A real HTTP server on a free loopback port that answers by a script and can break in every way a network does. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface ReceivedRequest {
  readonly method: string;
  /** As on the request line. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** ms since 1970, when the whole request was read. */
  readonly at: number;
  /** Number of the connection it came on, from 1. */
  readonly connection: number;
}

/**
 * - `reset`: the connection is reset instead of an answer
 * - `drop`: it is closed instead of an answer
 * - `silent`: never an answer
 * - `stall`: head and given body, then nothing
 * - `truncated`: head and given body, then the connection is closed
 */
export type Fault = 'reset' | 'drop' | 'silent' | 'stall' | 'truncated';

export interface Answer {
  readonly status?: number;
  readonly reason?: string;
  /** Sent in this order and spelling; `Content-Length` is added unless it or `Transfer-Encoding` is there. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
  readonly gzip?: boolean;
  readonly delayMs?: number;
  /** Sends the body byte by byte with this pause. */
  readonly dripMs?: number;
  readonly fault?: Fault;
  /** Closes the connection after the answer without a word of it. */
  readonly closesAfter?: boolean;
}

export type Script =
  readonly Answer[] | ((request: ReceivedRequest, index: number) => Answer | Promise<Answer>);

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** Open connections. */
  connections(): number;
  /** Forgets the requests seen and answers by another script. */
  restart(script: Script): void;
  close(): Promise<void>;
}

/**
 * Starts the server.
 * @param script a list, its last answer repeated, or a function of the request and its number from 0
 * @param tls    PEM texts: serves https
 */
export async function startHttpServer(
  script: Script = [{}],
  tls?: { readonly key: string; readonly cert: string; readonly ca?: string; readonly requestCert?: boolean },
): Promise<HttpServer> {
  let current = script;
  let requests: ReceivedRequest[] = [];
  let connectionCount = 0;
  const sockets = new Map<Socket, number>();

  const onRequest = (incoming: http.IncomingMessage, response: http.ServerResponse): void => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => undefined);
    incoming.on('end', () => {
      const request: ReceivedRequest = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: pairs(incoming.rawHeaders),
        body: Buffer.concat(chunks),
        at: Date.now(),
        connection: sockets.get(incoming.socket) ?? 0,
      };
      const index = requests.push(request) - 1;
      const answer =
        typeof current === 'function'
          ? current(request, index)
          : (current[Math.min(index, current.length - 1)] ?? {});
      void Promise.resolve(answer).then((ready) => send(ready, request.method, response));
    });
  };
  const server =
    tls === undefined
      ? http.createServer({ keepAliveTimeout: 60_000 }, onRequest)
      : https.createServer({ ...tls, rejectUnauthorized: true, keepAliveTimeout: 60_000 }, onRequest);
  server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.set(socket, ++connectionCount);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    get requests() {
      return requests;
    },
    connections: () => sockets.size,
    restart(next) {
      current = next;
      requests = [];
    },
    close: async () => {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function send(answer: Answer, method: string, response: http.ServerResponse): Promise<void> {
  const socket = response.socket;
  if (answer.delayMs !== undefined) await pause(answer.delayMs);
  if (socket === null || socket.destroyed || answer.fault === 'silent') return;
  if (answer.fault === 'reset') return void socket.resetAndDestroy();
  if (answer.fault === 'drop') return void socket.destroy();

  const plain = Buffer.from(answer.body ?? '');
  const body = answer.gzip === true ? gzipSync(plain) : plain;
  const headers: [string, string][] = (answer.headers ?? []).map(([name, value]) => [name, value]);
  if (answer.gzip === true) headers.push(['Content-Encoding', 'gzip']);
  const status = answer.status ?? 200;
  const hasEntity = status !== 204 && status !== 304;
  if (hasEntity && !headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))) {
    headers.push(['Content-Length', String(body.length)]);
  }
  // Nothing is added to what the script says.
  response.sendDate = false;
  response.removeHeader('connection');
  response.strictContentLength = false;
  response.writeHead(status, answer.reason ?? http.STATUS_CODES[status] ?? '', headers.flat());
  response.flushHeaders();
  if (method !== 'HEAD' && hasEntity) {
    if (answer.dripMs !== undefined) {
      for (const byte of body) {
        response.write(Buffer.from([byte]));
        await pause(answer.dripMs);
      }
    } else if (body.length > 0) response.write(body);
  }
  if (answer.fault === 'stall') return;
  if (answer.fault === 'truncated') {
    // The bytes written must leave before the connection goes.
    await pause(20);
    return void socket.destroy();
  }
  response.end(() => {
    if (answer.closesAfter === true) socket.end();
  });
}

function pairs(raw: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2)
    result.push([raw[index] ?? '', raw[index + 1] ?? '']);
  return result;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
