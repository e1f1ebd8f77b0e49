/** The body of a request and the content type that belongs to it. */
import { isJsonList, isJsonObject, stringifyJson, type Json, type JsonObject } from '../json/json';
import { asJavaWrites } from '../java/number';
import { javaText } from '../java/text';
import { encodeText } from './charset';
import { isForm, isMultipart, parameterOf } from './content-type';
import { buildMultipart } from './multipart';
import { holdsReference, isDocument, type References } from './references';
import { encodeStrictly } from './url';

export interface RequestBody {
  readonly content: Buffer;
  /** Content type in place of the user's; undefined: the user's own, or none. */
  readonly contentType?: string;
  /** False for a body that is read while it is sent: such a request is not repeated by the HTTP layer. */
  readonly repeatable: boolean;
}

export interface RequestBodyOptions {
  /** Content type given by the user. */
  readonly contentType: string | undefined;
  readonly ignoreNullValues: boolean;
  readonly references: References;
  /** Random number in [0, 1). */
  readonly random: () => number;
}

/**
 * Builds the body of a POST, PUT or PATCH.
 * @param body undefined: an empty one
 * @throws ConnectorError, e.g. for an unknown character set or a document that cannot be read
 */
export async function buildBody(body: Json | undefined, options: RequestBodyOptions): Promise<RequestBody> {
  const { contentType, references } = options;
  if (body === undefined) {
    const automatic = contentType === undefined ? { contentType: 'text/plain; charset=UTF-8' } : {};
    return { content: Buffer.alloc(0), repeatable: true, ...automatic };
  }
  if (isJsonObject(body) && !isDocument(body)) {
    if (isMultipart(contentType)) return buildMultipart(body, contentType ?? '', references, options.random);
    if (isForm(contentType)) return { content: await formBody(body, references), repeatable: true };
  }
  const inlined = await inlineDocuments(body, references);
  const text =
    typeof body === 'string'
      ? body
      : stringifyJson(asJavaWrites(options.ignoreNullValues ? withoutNulls(inlined) : inlined));
  const charset = contentType === undefined ? undefined : parameterOf(contentType, 'charset');
  const automatic = contentType === undefined ? { contentType: 'application/json' } : {};
  return { content: encodeText(text, charset ?? 'UTF-8'), repeatable: true, ...automatic };
}

async function formBody(body: JsonObject, references: References): Promise<Buffer> {
  const fields: string[] = [];
  for (const [name, value] of Object.entries(body)) {
    const inlined = await inlineDocuments(value, references);
    const encodedName = encodeForm(name);
    fields.push(inlined === null ? encodedName : `${encodedName}=${encodeForm(javaText(inlined))}`);
  }
  return Buffer.from(fields.join('&'), 'latin1');
}

function encodeForm(text: string): string {
  return encodeStrictly(text).replaceAll('%20', '+');
}

/** The value with every document as base64 text. */
async function inlineDocuments(value: Json, references: References): Promise<Json> {
  if (!holdsReference(value)) return value;
  if (isDocument(value)) return (await references.document(value, ['body'])).content.toString('base64');
  if (isJsonList(value)) {
    const list: Json[] = [];
    for (const member of value) list.push(await inlineDocuments(member, references));
    return list;
  }
  if (!isJsonObject(value)) return value;
  const entries: [string, Json][] = [];
  for (const [name, member] of Object.entries(value))
    entries.push([name, await inlineDocuments(member, references)]);
  return Object.fromEntries(entries);
}

/** Null members of objects at any depth are left out; null elements of lists stay. */
function withoutNulls(value: Json): Json {
  if (isJsonList(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}
