/** What the engine's HTTP servers have in common: how they start and stop, and whom they do not serve. */
import type { IncomingMessage, Server } from 'node:http';
import { isIP } from 'node:net';

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
export function isForeignPage({ headers: { origin, host }, socket }: IncomingMessage): boolean {
  if (origin === undefined) return false;
  if (!URL.canParse(origin) || new URL(origin).host !== host) return true;
  // Whoever owns a name can have it lead to this machine; what comes from there would pass for a page of ours.
  return /^(::ffff:)?127\.|^::1$/.test(socket.localAddress ?? '') && !isOwnName(new URL(origin).hostname);
}

/** Names that no other site can have: addresses, `localhost`, names without a dot. */
function isOwnName(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, '')) !== 0 || !name.includes('.') || name.endsWith('.localhost');
}
