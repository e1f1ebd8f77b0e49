/** `multipart/form-data` bodies. */
import { isJsonList, isJsonObject, type JsonObject } from '../json/json';
import { javaText } from '../java/text';
import type { RequestBody } from './body';
import { encodeText, fitsLatin1 } from './charset';
import { parameterOf } from './content-type';
import { isDocument, type References, type ResolvedDocument } from './references';

type Part =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly document: ResolvedDocument };

const boundaryCharacters = '-_1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const boundaryLength = 30;
/** A media type without parameters, as a part may carry it. */
const plainMediaType = /^[^\s;,"]+\/[^\s;,"]+$/;

/**
 * Builds the body from an object: documents become file parts, lists one part per element, null members none, anything
 * else its text. Texts are ISO-8859-1 as with the Java runtime; when one does not fit, all are UTF-8.
 * @param contentType the user's; its boundary is used when it has one
 */
export async function buildMultipart(
  body: JsonObject,
  contentType: string,
  references: References,
  random: () => number,
): Promise<RequestBody> {
  const parts = await partsOf(body, references);
  const texts = parts.map((part) =>
    'text' in part ? part.name + part.text : part.name + (part.document.fileName ?? ''),
  );
  const charset = texts.every(fitsLatin1) ? 'ISO-8859-1' : 'UTF-8';
  const given = parameterOf(contentType, 'boundary');
  const boundary = given ?? makeBoundary(random);
  const pieces = parts.flatMap((part) => [
    encodeText(`--${boundary}\r\n${partHead(part)}\r\n\r\n`, charset),
    'text' in part ? encodeText(part.text, charset) : part.document.content,
    Buffer.from('\r\n'),
  ]);
  return {
    content: Buffer.concat([...pieces, encodeText(`--${boundary}--\r\n`, charset)]),
    repeatable: parts.every((part) => 'text' in part),
    ...(given === undefined
      ? { contentType: `multipart/form-data; charset=${charset}; boundary=${boundary}` }
      : {}),
  };
}

async function partsOf(body: JsonObject, references: References): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(body)) {
    const values = isJsonList(value) ? value : [value];
    for (const single of values) {
      if (isJsonObject(single) && isDocument(single)) {
        parts.push({ name, document: await references.document(single, ['body', name]) });
      } else if (single !== null) parts.push({ name, text: javaText(single) });
    }
  }
  return parts;
}

function partHead(part: Part): string {
  const disposition = `Content-Disposition: form-data; name="${escapeQuoted(part.name)}"`;
  if ('text' in part || part.document.fileName === undefined) return disposition;
  const { fileName, contentType } = part.document;
  const type =
    contentType !== undefined && plainMediaType.test(contentType) ? contentType : 'application/octet-stream';
  return `${disposition}; filename="${escapeQuoted(fileName)}"\r\nContent-Type: ${type}`;
}

/** A name must not end its quotes or its line. */
function escapeQuoted(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');
}

function makeBoundary(random: () => number): string {
  return Array.from(
    { length: boundaryLength },
    () => boundaryCharacters[Math.floor(random() * boundaryCharacters.length)],
  ).join('');
}
