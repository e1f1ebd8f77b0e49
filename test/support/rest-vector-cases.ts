/**
 * The recorded cases on an engine: each has a host and a process of its own, so that all run side by side; cases that
 * agree on what secrets are worth share a worker.
 */
import { deviations } from '../../dev/docs/compatibility-data';
import type { EngineRecord } from '../../dev/engine/records';
import { secretNamesInJson } from '../../src/secrets/placeholders';
import { sequence } from './bpmn';
import { startDocumentFront, type DocumentFront } from './document-front';
import { startCaseUpstream, type CaseUpstream } from './case-upstream';
import { hostedVectors, withHost, type Observed, type RestVector } from './rest-vectors';
import { startWorker, type WorkerProcess } from './worker-process';
import { uniqueId, type RecordedZeebe } from './zeebe';

export interface EngineCase {
  /** Its host in place of the recorded one. */
  readonly vector: RestVector;
  readonly host: string;
  readonly processId: string;
  readonly group: WorkerGroup;
}

interface WorkerGroup {
  readonly jobType: string;
  /** Cases with settings of the worker, or with documents, share none with others. */
  readonly kind: 'plain' | 'settings' | 'documents';
  readonly environment: Record<string, string>;
  /** Secrets that must stay missing. */
  readonly missing: Set<string>;
}

/** Everything that runs for the cases. */
export interface CaseRun {
  readonly upstream: CaseUpstream;
  readonly front: DocumentFront;
  /** The workers take jobs from now on. */
  startWorkers(environment?: Readonly<Record<string, string>>): Promise<void>;
  /** They end what they have begun and take no more. */
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

/** Events that end a job's try. */
export const endsOfTry = ['COMPLETED', 'FAILED', 'ERROR_THROWN'];

/** The cases, ready to be deployed. */
export function engineCases(): EngineCase[] {
  const deviating = new Map(deviations.flatMap(({ cases = {} }) => Object.entries(cases)));
  const groups: WorkerGroup[] = [];
  return hostedVectors().map(({ host, vector: recorded }, index) => {
    const expect = withHost(deviating.get(recorded.name) ?? recorded.expect, host);
    const vector = { ...recorded, expect };
    return { vector, host, processId: uniqueId(`case-${index}`), group: groupFor(vector, groups) };
  });
}

/**
 * Deploys the cases and starts what they call; workers are started by the run.
 * @param retries of every job; default: as recorded
 */
export async function prepareCases(
  cases: readonly EngineCase[],
  zeebe: RecordedZeebe,
  retries?: number,
): Promise<CaseRun> {
  const upstream = await startCaseUpstream();
  const documents = cases.flatMap(({ vector }) => Object.entries(vector.documents ?? {}));
  const front = await startDocumentFront(
    zeebe.restAddress,
    Object.fromEntries(documents.map(([id, { content }]) => [id, content])),
  );
  await zeebe.deploy(...cases.map((entry) => processOf(entry, retries)));
  const workers: WorkerProcess[] = [];
  const stopWorkers = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
  };
  return {
    upstream,
    front,
    async startWorkers(environment = {}) {
      const groups = [...new Set(cases.map(({ group }) => group))];
      const start = (group: WorkerGroup): Promise<WorkerProcess> => {
        const address = group.kind === 'documents' ? front.address : zeebe.restAddress;
        return startGroup(group, address, upstream, environment);
      };
      const started = await Promise.allSettled(groups.map(start));
      // Those that run are to be stopped, also when another one does not.
      for (const worker of started) if (worker.status === 'fulfilled') workers.push(worker.value);
      for (const worker of started) if (worker.status === 'rejected') throw worker.reason;
    },
    stopWorkers,
    async close() {
      await stopWorkers();
      await upstream.close();
      await front.close();
    },
  };
}

/** The command behind an event that ended a job's try. */
export function commandOf({ intent, value }: EngineRecord): Observed['command'] {
  // Records are read with big integers as text.
  const variables = JSON.stringify(value.variables ?? {}).replaceAll(/"(-?\d{16,})"/g, '$1');
  const { errorMessage = '' } = value;
  switch (intent) {
    case 'FAILED':
      return {
        type: 'fail',
        retries: value.retries ?? 0,
        retryBackoffMs: value.retryBackoff ?? 0,
        errorMessage,
        variables,
      };
    case 'ERROR_THROWN':
      return { type: 'throwError', errorCode: value.errorCode ?? '', errorMessage, variables };
    default:
      return { type: 'complete', variables };
  }
}

function processOf({ vector, processId, group }: EngineCase, retries: number | undefined): string {
  return sequence(processId, {
    id: 'call',
    jobType: group.jobType,
    retries: retries ?? vector.job?.retries ?? 3,
    headers: vector.customHeaders,
  });
}

function groupFor(vector: RestVector, groups: WorkerGroup[]): WorkerGroup {
  const secrets = Object.entries(vector.secrets).map(([name, value]) => [`SECRET_${name}`, value] as const);
  const wanted = Object.fromEntries([...secrets, ...Object.entries(vector.env ?? {})]);
  const missing = secretNamesInJson(vector.variables)
    .map((name) => `SECRET_${name}`)
    .filter((name) => !Object.hasOwn(wanted, name));
  const kind = vector.env !== undefined ? 'settings' : vector.group === 'documents' ? 'documents' : 'plain';
  const fitting = groups.find(
    (group) =>
      group.kind === kind &&
      Object.entries(wanted).every(
        ([name, value]) => (group.environment[name] ?? value) === value && !group.missing.has(name),
      ) &&
      missing.every((name) => !Object.hasOwn(group.environment, name)),
  );
  const group = fitting ?? {
    jobType: uniqueId('rest'),
    kind,
    environment: {},
    missing: new Set<string>(),
  };
  if (fitting === undefined) groups.push(group);
  Object.assign(group.environment, wanted);
  for (const name of missing) group.missing.add(name);
  return group;
}

/** The upstream plays the proxy, so that requests to any host reach it; unknown hosts stay unknown. */
function startGroup(
  { jobType, environment }: WorkerGroup,
  address: string,
  upstream: CaseUpstream,
  more: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  return startWorker({
    ...environment,
    ...more,
    ZEEBE_REST_ADDRESS: address,
    CONNECTOR_HTTP_REST_TYPE: jobType,
    CONNECTOR_OPENAI_ENABLED: 'false',
    CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
    CONNECTOR_HTTP_PROXY_HOST: '127.0.0.1',
    CONNECTOR_HTTP_PROXY_PORT: String(upstream.port),
    CONNECTOR_HTTP_NON_PROXY_HOSTS: '*.invalid',
  });
}
