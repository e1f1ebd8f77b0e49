/** The engine's web page: a few files, read once, that are beside this one when the product is built. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

/** @returns whether the request was for the page, and is answered */
export type Pages = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Page {
  readonly type: string;
  readonly etag: string;
  readonly content: Buffer;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

/** Paths by what they answer with. There are no others, so no path can lead out of the folder. */
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', script],
  '/app.css': ['app.css', style],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/bpmn-js.js': ['bpmn-js.js', script],
  '/bpmn-js.css': ['bpmn-js.css', style],
  '/diagram-js.css': ['diagram-js.css', style],
  '/bpmn-js.LICENSE': ['bpmn-js.LICENSE', 'text/plain; charset=utf-8'],
};

const headers: Readonly<Record<string, string>> = {
  // Nothing from elsewhere, nothing to elsewhere, and nobody may put the page into a frame and have people click in it.
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  // Always asked for, mostly answered with 304: the engine may be another one tomorrow.
  'cache-control': 'no-cache',
};

const notBuilt = 'The page of the local engine is not built here. Run: npm run build\n';

/** @param folder where the files are; the product has them beside this module */
export function createPages(folder = __dirname): Pages {
  const pages = readPages(folder);
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    const [path = '/'] = (request.url ?? '/').split('?');
    const page = pages.get(path);
    if (page !== undefined) answer(page, request, response);
    else if (path === '/')
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end(notBuilt);
    else return false;
    return true;
  };
}

function readPages(folder: string): ReadonlyMap<string, Page> {
  const pages = new Map<string, Page>();
  for (const [path, [file, type]] of Object.entries(files)) {
    if (!existsSync(join(folder, file))) continue;
    const content = readFileSync(join(folder, file));
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    pages.set(path, { type, etag, content });
  }
  return pages;
}

function answer({ type, etag, content }: Page, request: IncomingMessage, response: ServerResponse): void {
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ...headers, etag }).end();
    return;
  }
  response.writeHead(200, { ...headers, etag, 'content-type': type, 'content-length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}
