/** A TCP server on a free loopback port that answers with bytes of the test's own: what no HTTP server would send. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createHttpExecutor, type HttpExecutor } from '../../src/http/execute';

/** What the client gets after the head of its request: the bytes and the end of the connection, or whatever the function does. */
export type RawAnswer = string | Buffer | ((socket: Socket) => void | Promise<void>);

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Heads of the requests received, as text. */
  readonly heads: readonly string[];
  /** Forgets what was received and answers so from now on. */
  answerWith(answer: RawAnswer): void;
  /** Bytes handed to the network since the last `answerWith`. */
  bytesSent(): number;
  /** Resolves when no connection is open any more: the client has let go. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A server and an executor for all tests of a file; they are there once the tests run. */
export function useRawServer(): { readonly server: RawServer; readonly execute: HttpExecutor } {
  const used = {} as { server: RawServer; execute: HttpExecutor };
  beforeAll(async () => {
    used.server = await startRawServer();
    used.execute = createHttpExecutor({ userAgent: 'test/1' });
  });
  afterAll(async () => {
    used.execute.close();
    await used.server.close();
  });
  return used;
}

export async function startRawServer(): Promise<RawServer> {
  let answer: RawAnswer = '';
  let heads: string[] = [];
  let sent = 0;
  const sockets = new Set<Socket>();

  const server = createServer((socket) => {
    sockets.add(socket);
    let before = 0;
    let text = '';
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sent += socket.bytesWritten - before;
      sockets.delete(socket);
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      heads.push(text.slice(0, end));
      text = '';
      before = socket.bytesWritten;
      if (typeof answer === 'function') void answer(socket);
      else socket.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get heads() {
      return heads;
    },
    answerWith(next) {
      answer = next;
      heads = [];
      sent = 0;
    },
    bytesSent: () => sent,
    async idle() {
      while (sockets.size > 0) await pause(10);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Head of an answer with status 200 and these lines. */
export function head(...lines: string[]): string {
  return ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');
}

/** Sends a beginning and then nothing, and keeps the connection open. */
export const thenSilence =
  (...parts: (string | Buffer)[]): RawAnswer =>
  (socket) => {
    for (const part of parts) socket.write(part);
  };

/** Sends a beginning and then resets the connection. */
export const thenReset =
  (...parts: (string | Buffer)[]): RawAnswer =>
  async (socket) => {
    for (const part of parts) socket.write(part);
    await pause(30);
    socket.resetAndDestroy();
  };

/** Sends a beginning and then a piece again and again until the client lets go, as fast as it reads or with a pause. */
export const thenForever =
  (beginning: string | Buffer, piece: string | Buffer, pauseMs = 0): RawAnswer =>
  async (socket) => {
    socket.write(beginning);
    while (!socket.destroyed) {
      if (pauseMs > 0) await pause(pauseMs);
      if (!socket.write(piece)) await drained(socket);
    }
  };

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
