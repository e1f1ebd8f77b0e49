/** Documents: their bytes, and what is known of them. */
import { Rejection, type DocumentRequest } from '../api';
import type { DocumentRow } from '../state/rows';
import { jsonAnswer, jsonObject, noContent, type Answer } from './answer';
import { invalid, CheckedBody } from './body';
import type { ApiCall, Route } from './call';
import type { FormPart } from './multipart';

const storeId = 'local';

export const documentRoutes: readonly Route[] = [
  ['POST', '/v2/documents', create],
  ['GET', '/v2/documents/{documentId}', read],
  ['DELETE', '/v2/documents/{documentId}', remove],
];

async function create(call: ApiCall): Promise<Answer> {
  checkStore(call);
  const form = await call.form(call.switches.limits.document);
  const file = form.find(({ name }) => name === 'file');
  if (file?.fileName === undefined)
    throw invalid('No file provided: send the document as a part named file, with a file name.');
  const metadata = form.find(({ name }) => name === 'metadata')?.content.toString('utf8') ?? '';
  const request = documentRequest(CheckedBody.parse(metadata, call.switches.limits), file, call.query);
  const { documentId } = await call.engine.createDocument(file.content, request);
  const row = await call.engine.read((state) => state.documents.get(documentId));
  return jsonAnswer(referenceText(found(row, documentId)), 201);
}

function documentRequest(metadata: CheckedBody, file: FormPart, query: URLSearchParams): DocumentRequest {
  const documentId = query.get('documentId');
  const expiresAt = metadata.text('expiresAt');
  if (expiresAt !== undefined && Number.isNaN(Date.parse(expiresAt)))
    throw invalid('expiresAt must be a date and time in ISO notation.');
  const processDefinitionId = metadata.text('processDefinitionId');
  const processInstanceKey = metadata.key('processInstanceKey');
  metadata.object('customProperties');
  return {
    ...(documentId !== null && documentId !== '' && { documentId }),
    storeId,
    contentType: metadata.text('contentType') ?? (file.type || 'application/octet-stream'),
    fileName: metadata.text('fileName') ?? file.fileName ?? '',
    ...(expiresAt !== undefined && { expiresAt }),
    ...(processDefinitionId !== undefined && { processDefinitionId }),
    ...(processInstanceKey !== undefined && { processInstanceKey }),
    customProperties: metadata.raw('customProperties') ?? '{}',
  };
}

/** JSON text of what processes keep of a document. */
function referenceText(row: DocumentRow): string {
  const metadata = jsonObject(
    {
      contentType: row.contentType,
      fileName: row.fileName,
      size: row.size,
      expiresAt: row.expiresAt,
      processDefinitionId: row.processDefinitionId,
      processInstanceKey: row.processInstanceKey,
    },
    { customProperties: row.customProperties },
  );
  return jsonObject(
    {
      'camunda.document.type': 'camunda',
      storeId: row.storeId,
      documentId: row.key,
      contentHash: row.contentHash,
    },
    { metadata },
  );
}

async function read(call: ApiCall): Promise<Answer> {
  checkStore(call);
  const documentId = call.params['documentId']!;
  const row = found(await call.engine.read((state) => state.documents.get(documentId)), documentId);
  const hash = call.query.get('contentHash');
  if (hash !== null && hash !== '' && hash !== row.contentHash)
    throw invalid(`The content of document '${documentId}' does not have the hash '${hash}'.`);
  return { status: 200, type: row.contentType, body: await call.engine.readDocument(documentId) };
}

async function remove(call: ApiCall): Promise<Answer> {
  checkStore(call);
  await call.engine.deleteDocument(call.params['documentId']!);
  return noContent;
}

function checkStore({ query }: ApiCall): void {
  const wanted = query.get('storeId');
  if (wanted !== null && wanted !== '' && wanted !== storeId)
    throw invalid(`The local engine has one document store, '${storeId}', and not '${wanted}'.`);
}

function found(row: DocumentRow | undefined, documentId: string): DocumentRow {
  if (row === undefined)
    throw new Rejection(404, 'NOT_FOUND', `The document '${documentId}' does not exist.`);
  return row;
}
