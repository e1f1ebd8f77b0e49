/** Finds the handler of a path. Fixed segments win over variable ones. */
import type { Handler, Route } from './call';

export type Found =
  | { readonly kind: 'handler'; readonly handler: Handler; readonly params: Readonly<Record<string, string>> }
  /** The path is known, the method is not. */
  | { readonly kind: 'otherMethods'; readonly methods: readonly string[] }
  | { readonly kind: 'unknown' };

interface Node {
  readonly fixed: Map<string, Node>;
  variable?: Node;
  readonly handlers: Map<string, { readonly handler: Handler; readonly names: readonly string[] }>;
}

const unknown: Found = { kind: 'unknown' };

export class Router {
  readonly #root = newNode();

  constructor(routes: readonly Route[]) {
    for (const [method, path, handler] of routes) {
      let node = this.#root;
      const names: string[] = [];
      for (const segment of path.split('/').slice(1)) {
        if (segment.startsWith('{')) {
          names.push(segment.slice(1, -1));
          node = node.variable ??= newNode();
        } else {
          const next = node.fixed.get(segment) ?? newNode();
          node.fixed.set(segment, next);
          node = next;
        }
      }
      node.handlers.set(method, { handler, names });
    }
  }

  /** @param path as on the request line, without the query */
  find(method: string, path: string): Found {
    let node: Node | undefined = this.#root;
    const values: string[] = [];
    for (const segment of path.split('/').slice(1)) {
      const next: Node | undefined = node.fixed.get(segment);
      if (next === undefined) values.push(segment);
      node = next ?? node.variable;
      if (node === undefined) return unknown;
    }
    if (node.handlers.size === 0) return unknown;
    const route = node.handlers.get(method);
    if (route === undefined) return { kind: 'otherMethods', methods: [...node.handlers.keys()] };
    try {
      const params = Object.fromEntries(
        route.names.map((name, at) => [name, decodeURIComponent(values[at]!)]),
      );
      return { kind: 'handler', handler: route.handler, params };
    } catch {
      // A broken escape names nothing that exists.
      return unknown;
    }
  }
}

function newNode(): Node {
  return { fixed: new Map(), handlers: new Map() };
}
