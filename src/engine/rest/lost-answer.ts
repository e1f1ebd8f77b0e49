/**
 * Finds out that a client did not get its answer. It may close the connection before all is written; or reset it just
 * after, which its system does when it closes a connection on which something has come that nobody has read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A reset that comes later is about something else. */
const watchMs = 1000;

interface Watched {
  readonly socket: Socket;
  /** What the client had sent when its answer was written. If it speaks again, it has read the answer. */
  readonly bytesHeard: number;
  readonly lost: () => void;
}

export class AnswerWatch {
  /** Answers written a moment ago. */
  readonly #recent = new Set<Watched>();

  /** To be called for each new connection. */
  connected(socket: Socket): void {
    socket.once('error', () => {
      for (const { socket: other, bytesHeard, lost } of this.#recent)
        if (other === socket && socket.bytesRead === bytesHeard) lost();
    });
  }

  /** @param lost called when the client does not get the answer, at whatever stage it is */
  watch({ socket }: IncomingMessage, response: ServerResponse, lost: () => void): void {
    // Not `writableFinished`: it is true for what was written to a connection that had ended before.
    let written = false;
    response.once('finish', () => {
      written = true;
      const watched = { socket, bytesHeard: socket.bytesRead, lost };
      this.#recent.add(watched);
      setTimeout(() => this.#recent.delete(watched), watchMs).unref();
    });
    response.once('close', () => {
      if (!written) lost();
    });
  }
}
