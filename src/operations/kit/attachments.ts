/** Files that go into a request: document references, URLs, data URLs, content given inline. */
import { inputError } from '../../errors';
import type { DocumentReference, DocumentStore } from '../../job/job';
import { isJsonObject, toPlain, type Json, type JsonObject } from '../../json/json';

export interface LoadedFile {
  readonly bytes: Buffer;
  readonly fileName: string;
  readonly contentType: string;
}

type Attachment =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'document'; readonly reference: DocumentReference }
  | { readonly kind: 'inline'; readonly file: LoadedFile };

const extensions: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/opus': 'opus',
  'audio/aac': 'aac',
  'audio/mp4': 'm4a',
  'audio/webm': 'webm',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/json': 'json',
  'application/jsonl': 'jsonl',
  'text/plain': 'txt',
};

/** File name ending for a media type; `bin` when there is none to tell. */
export function extensionOf(contentType: string): string {
  return extensions[contentType] ?? 'bin';
}

function contentTypeOf(fileName: string): string {
  const ending = fileName.toLowerCase().split('.').at(-1);
  const found = Object.entries(extensions).find(([, extension]) => extension === ending)?.[0];
  return found ?? 'application/octet-stream';
}

/** Where a field may hold one thing or a list of them. */
export function itemsOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/**
 * Reads one entry of a field with files.
 * @param fieldName as in messages: `Field "Images" (input.images)`
 * @throws ConnectorError INVALID_INPUT
 */
export function readAttachment(value: Json, fieldName: string): Attachment {
  if (typeof value === 'string') {
    const text = value.trim();
    const inline = /^data:([^;,]*)(?:;[^,]*)?;base64,/.exec(text);
    if (inline !== null) {
      const contentType = inline[1] === '' ? 'application/octet-stream' : inline[1]!;
      const bytes = Buffer.from(text.slice(inline[0].length), 'base64');
      return { kind: 'inline', file: { bytes, contentType, fileName: `file.${extensionOf(contentType)}` } };
    }
    if (/^https?:\/\//i.test(text)) return { kind: 'url', url: text };
  }
  if (isJsonObject(value)) {
    if (isReference(value)) {
      const { url } = value;
      if (isExternal(value) && typeof url === 'string') return { kind: 'url', url };
      return { kind: 'document', reference: toPlain(value) as DocumentReference };
    }
    const { content, fileName, contentType } = value;
    if (typeof content === 'string' && typeof fileName === 'string') {
      const type = typeof contentType === 'string' ? contentType : contentTypeOf(fileName);
      return { kind: 'inline', file: { bytes: Buffer.from(content, 'base64'), fileName, contentType: type } };
    }
  }
  throw inputError(
    `${fieldName} must be a document reference, an http(s) or data: URL, or a context {content: base64 text, fileName: text}.`,
  );
}

/** A field of FEEL that is a document reference, in the spelling of 8.7 (`documentType`) or of later versions. */
function isReference(value: JsonObject): boolean {
  return (
    typeof (value['camunda.document.type'] ?? value['documentType']) === 'string' ||
    typeof value['documentId'] === 'string'
  );
}

function isExternal(value: JsonObject): boolean {
  return (value['camunda.document.type'] ?? value['documentType']) === 'external';
}

/** Bytes, name and type of an attachment. @throws ConnectorError INVALID_INPUT for a URL, DOCUMENT_FAILED, DOCUMENT_STORE_MISSING */
export async function loadFile(
  value: Json,
  fieldName: string,
  documents: DocumentStore,
): Promise<LoadedFile> {
  const attachment = readAttachment(value, fieldName);
  switch (attachment.kind) {
    case 'inline':
      return attachment.file;
    case 'url':
      throw inputError(
        `${fieldName} is a URL, but this operation uploads the file itself. Give a document reference instead.`,
      );
    case 'document': {
      const { metadata } = attachment.reference;
      const given = metadata?.contentType?.split(';')[0]?.trim();
      const fileName = metadata?.fileName ?? `file.${extensionOf(given ?? '')}`;
      const contentType = given === undefined || given === '' ? contentTypeOf(fileName) : given;
      return { bytes: await documents.download(attachment.reference), fileName, contentType };
    }
  }
}

/** An image as a URL the API takes: its own, or a data URL with the content. */
export async function imageUrl(value: Json, fieldName: string, documents: DocumentStore): Promise<string> {
  const attachment = readAttachment(value, fieldName);
  if (attachment.kind === 'url') return attachment.url;
  const file = attachment.kind === 'inline' ? attachment.file : await loadFile(value, fieldName, documents);
  return `data:${file.contentType};base64,${file.bytes.toString('base64')}`;
}
