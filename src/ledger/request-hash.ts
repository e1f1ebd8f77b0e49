/** The canonical form of a request, hashed: two activations of one job must agree on it. */
import { createHash } from 'node:crypto';
import { headerValue, type HttpRequest } from '../http/request';

/** Fresh tokens and generated names must not make a request look new. */
const ignoredHeaders = new Set([
  'authorization',
  'api-key',
  'user-agent',
  'x-client-request-id',
  'content-length',
]);
const fixedBoundary = 'boundary';

/** @returns 32 hexadecimal digits */
export function requestHash(request: HttpRequest): string {
  const boundary = boundaryOf(headerValue(request.headers, 'content-type'));
  const unify = (text: string): string =>
    boundary === undefined ? text : text.replaceAll(boundary, fixedBoundary);
  let head = `${request.method} ${request.url}\n`;
  for (const [name, value] of request.headers) {
    const lowerName = name.toLowerCase();
    if (!ignoredHeaders.has(lowerName)) head += `${lowerName}: ${unify(value)}\n`;
  }
  const hash = createHash('sha256').update(`${head}\n`);
  if (request.body !== undefined) {
    hash.update(
      boundary === undefined ? request.body : Buffer.from(unify(request.body.toString('latin1')), 'latin1'),
    );
  }
  return hash.digest('hex').slice(0, 32);
}

function boundaryOf(contentType: string | undefined): string | undefined {
  const match = /^multipart\/.*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  return match?.[1] ?? match?.[2];
}
