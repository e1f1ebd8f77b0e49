/**
 * Every recorded case of the Java runtime on a real engine: one process per case, the built worker, a real HTTP upstream.
 * What came of a job is read from the engine's own records.
 */
import { deviations } from '../../dev/docs/compatibility-data';
import type { EngineRecord } from '../../dev/zeebe/records';
import { secretNamesInJson } from '../../src/secrets/placeholders';
import { sequence } from '../support/bpmn';
import { startDocumentFront, type DocumentFront } from '../support/document-front';
import { startHttpServer, type HttpServer, type ReceivedRequest } from '../support/http-server';
import {
  answerFor,
  differences,
  loadRestVectors,
  type Observed,
  type RestVector,
} from '../support/rest-vectors';
import { startWorker, type WorkerProcess } from '../support/worker-process';
import { recordedZeebe, uniqueId, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(180_000);

const ends = ['COMPLETED', 'FAILED', 'ERROR_THROWN'];
const deviating = new Map(deviations.flatMap(({ cases = {} }) => Object.entries(cases)));

/** A case with a host of its own, as long as the recorded one, so that all cases can run side by side. */
const cases = loadRestVectors().map((vector, index): RestVector => {
  const host = `c${String(index).padStart(3, '0')}.tst`;
  const expect = deviating.get(vector.name) ?? vector.expect;
  return JSON.parse(JSON.stringify({ ...vector, expect }).replaceAll('api.test', host)) as RestVector;
});
const casesByHost = new Map(cases.map((vector, index) => [`c${String(index).padStart(3, '0')}.tst`, vector]));

const documents = Object.fromEntries(
  cases.flatMap(({ documents = {} }) =>
    Object.entries(documents).map(([id, { content }]) => [id, content] as const),
  ),
);

interface WorkerGroup {
  readonly jobType: string;
  /** Cases with settings of the worker, or with documents, share none with others. */
  readonly kind: 'plain' | 'settings' | 'documents';
  readonly environment: Record<string, string>;
  /** Secrets that must stay missing. */
  readonly missing: Set<string>;
}

const groups: WorkerGroup[] = [];
/** The group of each case: cases that agree on what secrets are worth share a worker. */
const groupOf = new Map(cases.map((vector) => [vector.name, groupFor(vector)]));
const processIds = new Map(cases.map(({ name }, index) => [name, uniqueId(`case-${index}`)]));
const instances = new Map<string, string>();

let zeebe: RecordedZeebe & { close(): Promise<void> };
let upstream: HttpServer;
let front: DocumentFront;
let workers: WorkerProcess[];

beforeAll(async () => {
  zeebe = await recordedZeebe();
  upstream = await startHttpServer((request) => {
    const vector = casesByHost.get(new URL(request.url).hostname);
    return vector === undefined ? { status: 500, reason: 'No such case' } : answerFor(vector, request);
  });
  front = await startDocumentFront(zeebe.restAddress, documents);
  await zeebe.deploy(...cases.map(processOf));
  for (const { name, variables } of cases) {
    const [processId = ''] = [processIds.get(name)];
    instances.set(
      name,
      await zeebe.createInstance(processId, JSON.parse(variables) as Record<string, unknown>),
    );
  }
  workers = await Promise.all(groups.map(startGroup));
});

afterAll(async () => {
  await Promise.all((workers ?? []).map((worker) => worker.stop()));
  for (const key of instances.values()) await zeebe.cancelInstance(key).catch(() => undefined);
  await upstream.close();
  await front.close();
  await zeebe.close();
});

describe.each([...new Set(cases.map(({ group }) => group))])('as recorded: %s', (group) => {
  const vectors = cases.filter((vector) => vector.group === group);
  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (name, vector) => {
    const ended = await zeebe.records.waitFor(
      { processInstanceKey: instances.get(name) ?? '', valueType: 'JOB', recordType: 'EVENT' },
      (events) => events.find(({ intent }) => ends.includes(intent)),
    );
    const host = [...casesByHost].find(([, { name: other }]) => other === name)?.[0];
    const received = upstream.requests.filter(({ url }) => new URL(url).hostname === host);
    expect(
      differences(vector.expect, {
        requests: firstAttempt(vector, received, ended),
        command: commandOf(ended),
      }),
    ).toEqual([]);
    for (const call of vector.expect.documentCalls ?? []) expect(front.calls).toContain(call);
    for (const { text, metadata } of vector.expect.stored ?? []) {
      expect(front.stored).toContainEqual({ text, contentType: metadata.contentType });
    }
  });
});

/** A job that failed may have been tried again meanwhile. */
function firstAttempt(
  vector: RestVector,
  received: readonly ReceivedRequest[],
  ended: EngineRecord,
): readonly ReceivedRequest[] {
  const triedAgain = ended.intent === 'FAILED' && (ended.value.retries ?? 0) > 0;
  return triedAgain ? received.slice(0, vector.expect.requests.length) : received;
}

function commandOf({ intent, value }: EngineRecord): Observed['command'] {
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

function processOf(vector: RestVector): string {
  return sequence(processIds.get(vector.name) ?? '', {
    id: 'call',
    jobType: groupOf.get(vector.name)?.jobType ?? '',
    retries: vector.job?.retries ?? 3,
    headers: vector.customHeaders,
  });
}

function groupFor(vector: RestVector): WorkerGroup {
  const secrets = Object.entries(vector.secrets).map(([name, value]) => [`SECRET_${name}`, value] as const);
  const wanted = Object.fromEntries([...secrets, ...Object.entries(vector.env ?? {})]);
  const missing = secretNamesInJson(vector.variables)
    .map((name) => `SECRET_${name}`)
    .filter((name) => !Object.hasOwn(wanted, name));
  const kind = vector.env !== undefined ? 'settings' : vector.group === 'documents' ? 'documents' : 'plain';
  const fitting = groups.find(
    ({ environment, missing: others, ...group }) =>
      group.kind === kind &&
      Object.entries(wanted).every(
        ([name, value]) => (environment[name] ?? value) === value && !others.has(name),
      ) &&
      missing.every((name) => !Object.hasOwn(environment, name)),
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
function startGroup({ jobType, environment, kind }: WorkerGroup): Promise<WorkerProcess> {
  return startWorker({
    ...environment,
    ZEEBE_REST_ADDRESS: kind === 'documents' ? front.address : zeebe.restAddress,
    CONNECTOR_HTTP_REST_TYPE: jobType,
    CONNECTOR_OPENAI_ENABLED: 'false',
    CONNECTOR_AZURE_OPENAI_ENABLED: 'false',
    CONNECTOR_HTTP_PROXY_HOST: '127.0.0.1',
    CONNECTOR_HTTP_PROXY_PORT: String(upstream.port),
    CONNECTOR_HTTP_NON_PROXY_HOSTS: '*.invalid',
  });
}
