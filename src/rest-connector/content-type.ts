/** The content type a task gives its request. Pure. */
import { classNames } from '../java/class-names';
import { javaFault } from '../java/fault';
import type { TextMap } from './input';

/** The user's own content type, as it is written; undefined when there is none. */
export function contentTypeOf(headers: TextMap): string | undefined {
  const given = headers.find(
    ([name, value]) => isContentType(name) && !(name === 'Content-Type' && value === undefined),
  );
  if (given === undefined) return undefined;
  if (given[1] === undefined) {
    throw javaFault(classNames.nullPointer, `The header ${given[0]} has no value`);
  }
  return given[1];
}

export function isContentType(name: string): boolean {
  return name.toLowerCase() === 'content-type';
}

export function isForm(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().includes('application/x-www-form-urlencoded') === true;
}

export function isMultipart(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().includes('multipart/form-data') === true;
}

/** A parameter such as `charset` or `boundary`; quotes around it are dropped. */
export function parameterOf(contentType: string, name: string): string | undefined {
  for (const part of contentType.split(';').slice(1)) {
    const at = part.indexOf('=');
    if (at < 0 || part.slice(0, at).trim().toLowerCase() !== name) continue;
    const value = part.slice(at + 1).trim();
    return value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value;
  }
  return undefined;
}
