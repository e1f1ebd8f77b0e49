/** What the page shows, as the address says it behind the `#`: links to it can be kept and sent. */

export type PageRoute =
  | { readonly kind: 'home' }
  /** Without a version: the latest. */
  | { readonly kind: 'process'; readonly processId: string; readonly version?: number }
  | { readonly kind: 'instance'; readonly key: string };

/** @param hash as in `location.hash`; whatever cannot be read is home */
export function parseRoute(hash: string): PageRoute {
  const [kind, name, version] = hash.replace(/^#?\/?/, '').split('/');
  if (kind === 'instance' && name !== undefined && /^\d{1,19}$/.test(name)) return { kind, key: name };
  if (kind === 'process' && name !== undefined && name !== '') {
    const processId = decode(name);
    if (processId === undefined) return { kind: 'home' };
    return version !== undefined && /^\d{1,9}$/.test(version)
      ? { kind, processId, version: Number(version) }
      : { kind, processId };
  }
  return { kind: 'home' };
}

export function instanceLink(key: string): string {
  return `#/instance/${key}`;
}

export function processLink(processId: string, version?: number): string {
  const path = `#/process/${encodeURIComponent(processId)}`;
  return version === undefined ? path : `${path}/${version}`;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
