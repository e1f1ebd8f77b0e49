/**
 * Reads multipart/form-data as clients in many languages write it: names with or without quotes, `filename*`, text in
 * front of the first part, spelling of headers as they like. Node's own reader (`Response.formData`) refuses these.
 */

export interface FormPart {
  readonly name: string;
  /** Absent for a plain field. */
  readonly fileName?: string;
  /** Content type; empty when the part does not say. */
  readonly type: string;
  readonly content: Buffer;
}

const boundaryPattern = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i;
const parameterPattern = /;\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g;
const lineEnd = Buffer.from('\r\n');
const headersEnd = Buffer.from('\r\n\r\n');
/** More than that is not the header of a part. */
const maxHeaderBytes = 16 * 1024;

/**
 * The parts of a form, in their order.
 * @param contentType of the request
 * @throws SyntaxError when it is not a form
 */
export function readForm(bytes: Buffer, contentType: string): readonly FormPart[] {
  const [, quoted, plain] = boundaryPattern.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\/form-data\s*;/i.test(contentType) || boundary === undefined)
    throw new SyntaxError('it has no content type multipart/form-data with a boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  let at = firstDelimiterEnd(bytes, delimiter);
  while (!startsWith(bytes, '--', at)) {
    const start = endOf(bytes, lineEnd, at);
    // A part without headers has its empty line right behind the delimiter.
    const contentStart = startsWith(bytes, '\r\n', start) ? start + 2 : endOf(bytes, headersEnd, start);
    if (contentStart - start > maxHeaderBytes) throw new SyntaxError('a part has too long headers');
    at = endOf(bytes, delimiter, contentStart - 2);
    const headers = bytes.toString('utf8', start, contentStart);
    const content = bytes.subarray(contentStart, Math.max(contentStart, at - delimiter.length));
    parts.push(describePart(headers, content));
  }
  return parts;
}

function firstDelimiterEnd(bytes: Buffer, delimiter: Buffer): number {
  const atOnce = delimiter.subarray(2);
  return bytes.subarray(0, atOnce.length).equals(atOnce) ? atOnce.length : endOf(bytes, delimiter, 0);
}

/** Position behind the next occurrence. */
function endOf(bytes: Buffer, wanted: Buffer, from: number): number {
  const found = bytes.indexOf(wanted, from);
  if (found < 0) throw new SyntaxError('it ends in the middle of a part');
  return found + wanted.length;
}

function startsWith(bytes: Buffer, text: string, at: number): boolean {
  return bytes.toString('latin1', at, at + text.length) === text;
}

function describePart(headers: string, content: Buffer): FormPart {
  const parameters = parametersOf(headerOf(headers, 'content-disposition'));
  const name = parameters.get('name');
  if (name === undefined) throw new SyntaxError('a part has no name');
  const fileName = fromExtended(parameters.get('filename*')) ?? parameters.get('filename');
  const type = headerOf(headers, 'content-type').trim();
  return { name, ...(fileName !== undefined && { fileName }), type, content };
}

function headerOf(headers: string, name: string): string {
  for (const line of headers.split('\r\n')) {
    const colon = line.indexOf(':');
    if (line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1);
  }
  return '';
}

function parametersOf(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain = ''] of header.matchAll(parameterPattern))
    parameters.set(name.toLowerCase(), quoted === undefined ? plain : unescaped(quoted));
  return parameters;
}

/** Some clients escape quotes and line ends with a backslash, some as browsers do. */
function unescaped(text: string): string {
  return text.replace(/\\(["\\])/g, '$1').replace(/%(?:22|0A|0D)/gi, decodeURIComponent);
}

/** `UTF-8''a%20b` */
function fromExtended(value: string | undefined): string | undefined {
  const [, text] = /^utf-8'[^']*'(.*)$/i.exec(value ?? '') ?? [];
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
