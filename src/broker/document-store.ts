/** Documents through the cluster's document API. */
import { ConnectorError } from '../errors';
import type { DocumentStore } from '../job/job';
import { BrokerError, type Broker } from './broker';

/** What an operator has to do when the cluster has no document store, or one that forgets. */
const storeRemedy =
  'Documents need a document store in the cluster (8.7 or later; AWS S3, Google Cloud Storage or a local folder: see "document handling" in the Camunda documentation).';

export function clusterDocuments(broker: Pick<Broker, 'uploadDocument' | 'downloadDocument'>): DocumentStore {
  return {
    async download(reference) {
      try {
        return await broker.downloadDocument(reference);
      } catch (error) {
        const id = reference.documentId ?? 'without id';
        if (error instanceof BrokerError && error.kind === 'not-found') {
          throw new ConnectorError(
            `The cluster does not have the document ${id}. It may have expired. ${storeRemedy}`,
            {
              cause: 'DOCUMENT_FAILED',
              retry: { kind: 'never' },
              origin: error,
            },
          );
        }
        throw failure(`The document ${id} cannot be read`, error);
      }
    },

    async upload(content, metadata) {
      try {
        return await broker.uploadDocument(content, metadata);
      } catch (error) {
        if (error instanceof BrokerError && (error.kind === 'not-found' || error.status === 405)) {
          throw new ConnectorError(`The cluster has no document API. ${storeRemedy}`, {
            cause: 'DOCUMENT_STORE_MISSING',
            retry: { kind: 'never' },
            origin: error,
          });
        }
        throw failure(`A document of ${content.length} bytes cannot be stored`, error);
      }
    },
  };
}

function failure(message: string, error: unknown): ConnectorError {
  const repeatable = error instanceof BrokerError && error.repeatable;
  const detail = error instanceof Error ? error.message : String(error);
  return new ConnectorError(`${message}: ${detail}. ${repeatable ? '' : storeRemedy}`.trim(), {
    cause: 'DOCUMENT_FAILED',
    retry: { kind: repeatable ? 'consume' : 'never' },
    origin: error,
  });
}
