/** The engine as a `Broker` in one process, without HTTP: for tests and dry runs of what is built on that port. */
import { BrokerError, type ActivationRequest, type Broker, type BrokerErrorKind } from '../broker/broker';
import type { DocumentMetadata, DocumentReference, Job, JobCommand } from '../job/job';
import { Rejection, type ActivatedJob, type EngineApi } from './api';
import { engineJson } from './data/json-edge';
import { knownJson } from '../json/text';

const tenantId = '<default>';
/** As a cluster refuses commands: its limit for messages is 4 MB, and a command's variables are written twice. */
const maxCommandCharacters = 2_100_000;

/**
 * @param engine stays open when the broker is closed
 * @param requestTimeoutMs how long a poll waits for a job
 */
export function createLocalBroker(engine: EngineApi, requestTimeoutMs: number): Broker {
  return {
    async activate(request: ActivationRequest): Promise<readonly Job[]> {
      if (request.maxJobs < 1 || request.timeoutMs < 1)
        throw new BrokerError('invalid', 'maxJobs and timeoutMs must be greater than 0', 400);
      const { type, worker, timeoutMs, maxJobs, fetchVariables } = request;
      const poll = engine.activateJobs({
        type,
        worker,
        timeoutMs,
        maxJobs,
        fetchVariables,
        waitMs: requestTimeoutMs,
      });
      return (await poll.jobs).map(toJob);
    },
    send: (jobKey, command) => asBroker(() => sendCommand(engine, jobKey, command)),
    extend: (jobKey, timeoutMs) => asBroker(() => engine.updateJob(jobKey, { timeoutMs })),
    uploadDocument: (content, metadata) => asBroker(() => upload(engine, content, metadata)),
    downloadDocument: (reference) => asBroker(() => engine.readDocument(reference.documentId ?? '')),
    close: () => Promise.resolve(),
  };
}

function toJob({ job, processId, headers, variables }: ActivatedJob): Job {
  return {
    key: job.key,
    type: job.type,
    processInstanceKey: job.instance,
    processDefinitionKey: job.definition,
    processDefinitionId: processId,
    elementId: job.elementId,
    elementInstanceKey: job.elementInstance,
    tenantId,
    retries: job.retries,
    customHeaders: headers,
    variables: knownJson(variables),
  };
}

function sendCommand(engine: EngineApi, jobKey: string, command: JobCommand): Promise<void> {
  if (command.variables.length > maxCommandCharacters)
    throw new BrokerError('too-large', 'EXCEEDED_BATCH_RECORD_SIZE: the command is too large', 500);
  const variables = engineJson(command.variables);
  switch (command.kind) {
    case 'complete':
      return engine.completeJob(jobKey, variables);
    case 'fail': {
      const { retries, errorMessage, backoffMs } = command;
      return engine.failJob(jobKey, { retries, errorMessage, retryBackOffMs: backoffMs, variables });
    }
    case 'throwError': {
      const { errorCode, errorMessage = '' } = command;
      return engine.throwJobError(jobKey, { errorCode, errorMessage, variables });
    }
  }
}

async function upload(
  engine: EngineApi,
  content: Buffer,
  { contentType = 'application/octet-stream', fileName = 'document' }: DocumentMetadata,
): Promise<DocumentReference> {
  const { documentId } = await engine.createDocument(content, {
    contentType,
    fileName,
    customProperties: '{}',
  });
  const { storeId, contentHash, size } = engine.state.documents.get(documentId)!;
  return {
    'camunda.document.type': 'camunda',
    storeId,
    documentId,
    contentHash,
    metadata: { contentType, fileName, size },
  };
}

const kinds: Readonly<Record<number, BrokerErrorKind>> = {
  400: 'invalid',
  404: 'not-found',
  409: 'invalid-state',
};

async function asBroker<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof SyntaxError) throw new BrokerError('invalid', error.message, 400);
    if (!(error instanceof Rejection)) throw error;
    const { status, title, detail } = error;
    const kind = detail.includes('it is not active') ? 'invalid-state' : (kinds[status] ?? 'unavailable');
    throw new BrokerError(kind, `${title}: ${detail}`, status);
  }
}
