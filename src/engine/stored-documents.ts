/** Documents: a row says what is known of one, the storage has its bytes. */
import { createHash, randomUUID } from 'node:crypto';
import { Rejection, type DocumentRequest } from './api';
import { notFound } from './commands/refuse';
import type { Runner } from './runner';
import type { DocumentRow } from './state/rows';
import type { EngineState } from './state/state';
import type { Storage } from './storage/storage';

/** The store that documents go to when nobody names one. */
const usualStore = 'local';

export class StoredDocuments {
  readonly #state: EngineState;
  readonly #runner: Runner;
  readonly #storage: Storage;

  constructor(state: EngineState, runner: Runner, storage: Storage) {
    this.#state = state;
    this.#runner = runner;
    this.#storage = storage;
  }

  /** @throws Rejection 409 when there is one with the id */
  async create(content: Buffer, request: DocumentRequest): Promise<{ documentId: string }> {
    const documentId = request.documentId ?? randomUUID();
    if (this.#state.documents.get(documentId) !== undefined)
      throw new Rejection(409, 'ALREADY_EXISTS', `A document with the id '${documentId}' exists already.`);
    // The bytes first: a row without them would promise what is not there.
    await this.#storage.saveDocument(documentId, content);
    await this.#runner.run((turn) => turn.state.documents.put(rowOf(documentId, content, request)));
    return { documentId };
  }

  /** @throws Rejection 404 */
  async read(documentId: string): Promise<Buffer> {
    const row = this.#state.documents.get(documentId);
    const content = row && (await this.#storage.readDocument(documentId));
    if (content === undefined) throw notFound('GET', 'document', documentId);
    return content;
  }

  /** @throws Rejection 404 */
  async delete(documentId: string): Promise<void> {
    if (this.#state.documents.get(documentId) === undefined) throw notFound('DELETE', 'document', documentId);
    await this.#runner.run((turn) => turn.state.documents.delete(documentId));
    await this.#storage.deleteDocument(documentId);
  }
}

function rowOf(key: string, content: Buffer, request: DocumentRequest): DocumentRow {
  return {
    key,
    storeId: request.storeId ?? usualStore,
    contentHash: createHash('sha256').update(content).digest('hex'),
    contentType: request.contentType,
    fileName: request.fileName,
    size: content.length,
    expiresAt: request.expiresAt ?? null,
    processDefinitionId: request.processDefinitionId ?? null,
    processInstanceKey: request.processInstanceKey ?? null,
    customProperties: request.customProperties,
  };
}
