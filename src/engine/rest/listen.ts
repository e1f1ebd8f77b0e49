/** What the engine's HTTP servers have in common: how they start and stop, and whom they do not serve. */
import type { IncomingMessage, Server } from 'node:http';

const loopback = '127.0.0.1';
/** What requests get that are still worked on when the server stops. */
const graceMs = 1000;

/** @throws Error (rejects) when the address cannot be had; says so in a sentence */
export function listen(server: Server, port: number, host = loopback): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'Another process has it; choose another port.' : error.message;
      reject(new Error(`Port ${port} of ${host} cannot be opened. ${reason}`));
    });
    server.listen(port, host, resolve);
  });
}

/** Takes no new connections, and cuts those that are still open after the grace time. */
export function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}

/**
 * Whether a web page of another site asks: a browser says so in `Origin`. Nobody logs in here, so any page that somebody
 * looks at could deploy processes on the machine otherwise.
 */
export function isForeignPage({ headers: { origin, host } }: IncomingMessage): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}
