/** Proxies under the Java runtime's names: `CONNECTOR_HTTP_PROXY_*`, `CONNECTOR_HTTPS_PROXY_*`. Pure. */
import { inputError } from '../errors';
import type { HttpProxy } from '../http/request';
import { splitUri } from '../java/uri';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxySettings {
  readonly http: ProxyChoice;
  readonly https: ProxyChoice;
  /** Hosts that are called directly. */
  readonly direct: (host: string) => boolean;
}

/** A proxy, none configured, or one that cannot be used. */
type ProxyChoice = { readonly proxy: HttpProxy } | { readonly fault: string } | undefined;

/** Reads the settings; a wrong port fails every job of its scheme, as officially. */
export function readProxies(environment: Environment): ProxySettings {
  const patterns = (environment['CONNECTOR_HTTP_NON_PROXY_HOSTS'] ?? '')
    .split('|')
    .map((pattern) => pattern.trim().toLowerCase())
    .filter((pattern) => pattern !== '')
    .map(hostMatcher);
  return {
    http: readProxy(environment, 'CONNECTOR_HTTP_PROXY_'),
    https: readProxy(environment, 'CONNECTOR_HTTPS_PROXY_'),
    direct: (host) => patterns.some((matches) => matches(host.toLowerCase())),
  };
}

/**
 * The proxy of one request.
 * @returns false: none; undefined: nothing configured here
 * @throws ConnectorError (no retry) when the configured one cannot be used
 */
export function proxyFor(url: string, settings: ProxySettings): HttpProxy | false | undefined {
  const { scheme, authority } = splitUri(url);
  const choice = scheme.toLowerCase() === 'https' ? settings.https : settings.http;
  if (choice === undefined) return undefined;
  const host = authority.replace(/^[^@]*@/, '').replace(/:\d*$/, '');
  if (settings.direct(host)) return false;
  if ('fault' in choice) throw inputError(choice.fault);
  return choice.proxy;
}

function readProxy(environment: Environment, prefix: string): ProxyChoice {
  const host = environment[`${prefix}HOST`]?.trim() ?? '';
  const portText = environment[`${prefix}PORT`]?.trim() ?? '';
  if (host === '' || portText === '') return undefined;
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535) {
    return { fault: `Invalid proxy port: ${prefix}PORT is ${portText}, expected a number from 1 to 65535` };
  }
  const scheme = environment[`${prefix}SCHEME`]?.trim().toLowerCase() === 'https' ? 'https' : 'http';
  const user = environment[`${prefix}USER`] ?? '';
  const password = environment[`${prefix}PASSWORD`] ?? '';
  const credentials = user.trim() === '' || password === '' ? {} : { user, password };
  return { proxy: { scheme, host, port, ...credentials } };
}

/** `*` stands for any characters, a dot for itself; the whole host has to match. */
function hostMatcher(pattern: string): (host: string) => boolean {
  const pieces = pattern.split('*');
  return (host) => {
    const [first = '', ...rest] = pieces;
    const last = rest.pop();
    if (last === undefined) return host === first;
    if (!host.startsWith(first)) return false;
    let position = first.length;
    for (const piece of rest) {
      const at = host.indexOf(piece, position);
      if (at < 0) return false;
      position = at + piece.length;
    }
    return host.length - last.length >= position && host.endsWith(last);
  };
}
