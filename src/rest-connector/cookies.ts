/** Cookies within one chain of redirects; nothing is kept beyond it. Pure. */
import type { HeaderLines } from '../http/request';

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly secure: boolean;
}

export class ChainCookies {
  #cookies: Cookie[] = [];

  /** Takes the cookies of an answer; one that is already over is dropped. */
  take(url: URL, headers: HeaderLines): void {
    for (const [name, value] of headers) {
      if (name.toLowerCase() === 'set-cookie') this.#add(url, value);
    }
  }

  /** Value of the `Cookie` header for a URL; undefined when none fits. */
  headerFor(url: URL): string | undefined {
    const fitting = this.#cookies.filter(
      ({ host, path, secure }) =>
        host === url.hostname && isBelow(url.pathname, path) && (!secure || url.protocol === 'https:'),
    );
    return fitting.length === 0 ? undefined : fitting.map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  #add(url: URL, line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    if (at < 1) return;
    const attribute = (wanted: string): string | undefined => {
      const found = attributes.find((text) => text.toLowerCase().split('=', 1)[0] === wanted);
      return found === undefined ? undefined : found.slice(wanted.length + 1);
    };
    const name = pair.slice(0, at);
    const givenPath = attribute('path');
    const path = givenPath?.startsWith('/') === true ? givenPath : defaultPath(url.pathname);
    this.#cookies = this.#cookies.filter(
      (cookie) => cookie.name !== name || cookie.host !== url.hostname || cookie.path !== path,
    );
    if (Number(attribute('max-age') ?? 1) <= 0) return;
    const secure = attribute('secure') !== undefined;
    this.#cookies.push({ name, value: pair.slice(at + 1), host: url.hostname, path, secure });
  }
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 1 ? '/' : path.slice(0, end);
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith('/') ? parent : `${parent}/`);
}
