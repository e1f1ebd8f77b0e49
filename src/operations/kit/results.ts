/** Binary answers: kept as documents of the cluster, or handed over as base64 when they are small. */
import { inputError } from '../../errors';
import { choice } from '../../fields/fields';
import type { DocumentReference } from '../../job/job';
import type { Reading, Tools } from './operation';

export const resultAs = choice(
  { document: 'Document', inline: 'Base64 in the variable' },
  {
    label: 'Result as',
    group: 'request',
    default: 'document',
    tooltip:
      'A document is stored by the cluster (8.7 and later, with a document store) and its reference is in <code>response.documents</code>. Base64 suits small results only: a variable must not pass some megabytes.',
  },
);

/** Beyond this the engine would refuse the variable; a share is left for the rest of the result. */
const maxInlineBytes = 2_000_000;

/** Base64 of a result. @throws ConnectorError INVALID_INPUT when a document is called for */
export function inlineBase64(bytes: Buffer): string {
  if (bytes.length > maxInlineBytes) {
    throw inputError(
      `The result has ${bytes.length} bytes, too many for a variable. Set "Result as" (input.resultAs) to document.`,
      { cause: 'RESULT_TOO_LARGE' },
    );
  }
  return bytes.toString('base64');
}

export function store(
  bytes: Buffer,
  fileName: string,
  contentType: string,
  tools: Tools,
): Promise<DocumentReference> {
  return tools.documents.upload(bytes, { fileName, contentType });
}

/** One binary answer: as document, or as `{base64, contentType}` in place of the body. */
export async function binaryAnswer(
  bytes: Buffer,
  fileName: string,
  contentType: string,
  as: 'document' | 'inline',
  tools: Tools,
): Promise<Reading> {
  if (as === 'inline') {
    return { body: JSON.stringify({ base64: inlineBase64(bytes), contentType }) };
  }
  return { body: 'null', documents: [await store(bytes, fileName, contentType, tools)] };
}
