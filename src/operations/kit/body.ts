/** The bytes of a request body. */
import { stringifyJson } from '../../json/json';
import type { CallBody, Part } from './operation';

export interface BodyBytes {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * @param seed makes the boundary of form data: the same job writes the same bytes again
 */
export function bodyBytes(body: CallBody | undefined, seed: string): BodyBytes | undefined {
  switch (body?.kind) {
    case undefined:
      return undefined;
    case 'json':
      return { bytes: Buffer.from(stringifyJson(body.json)), contentType: 'application/json' };
    case 'bytes':
      return { bytes: body.bytes, contentType: body.contentType };
    case 'multipart': {
      const boundary = freeBoundary(body.parts, seed);
      const bytes = Buffer.concat([
        ...body.parts.flatMap((part) => partBytes(part, boundary)),
        Buffer.from(`--${boundary}--\r\n`),
      ]);
      return { bytes, contentType: `multipart/form-data; boundary=${boundary}` };
    }
  }
}

function partBytes(part: Part, boundary: string): Buffer[] {
  const disposition = `Content-Disposition: form-data; name="${quoted(part.name)}"`;
  if ('value' in part) {
    return [Buffer.from(`--${boundary}\r\n${disposition}\r\n\r\n${part.value}\r\n`)];
  }
  const head = `--${boundary}\r\n${disposition}; filename="${quoted(part.fileName)}"\r\nContent-Type: ${part.contentType.replaceAll(/[\r\n]/g, ' ')}\r\n\r\n`;
  return [Buffer.from(head), part.bytes, Buffer.from('\r\n')];
}

/** @see WHATWG HTML, multipart/form-data encoding algorithm */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A boundary that no part holds. */
function freeBoundary(parts: readonly Part[], seed: string): string {
  for (let count = 0; ; count++) {
    const boundary = `----form-${seed}-${count}`;
    const taken = parts.some((part) =>
      'value' in part ? part.value.includes(boundary) : part.bytes.includes(boundary),
    );
    if (!taken) return boundary;
  }
}
