/** Every recorded case of the Java runtime, on a real HTTP upstream and without an engine. */
import { knownJson } from '../../../src/json/text';
import { createHttpExecutor, type HttpExecutor } from '../../../src/http/execute';
import { handleJob } from '../../../src/job/handle-job';
import type { DocumentReference, DocumentStore, Job, JobPorts } from '../../../src/job/job';
import { readBlockList } from '../../../src/rest-connector/block-list';
import { createRestConnector } from '../../../src/rest-connector/connector';
import { readProxies } from '../../../src/rest-connector/proxies';
import { TokenCache } from '../../../src/rest-connector/token-cache';
import { environmentSecrets } from '../../../src/secrets/sources';
import { deviations } from '../../../dev/docs/compatibility-data';
import { startHttpServer, type HttpServer } from '../../support/http-server';
import { answerFor, differences, loadRestVectors, type RestVector } from '../../support/rest-vectors';

let upstream: HttpServer;
let http: HttpExecutor;

beforeAll(async () => {
  upstream = await startHttpServer();
  http = createHttpExecutor({ userAgent: 'test/1' });
});
afterAll(async () => {
  http.close();
  await upstream.close();
});

const deviating = new Map(deviations.flatMap(({ cases = {} }) => Object.entries(cases)));

const recorded = loadRestVectors();

describe.each([...new Set(recorded.map(({ group }) => group))])('as recorded: %s', (group) => {
  const vectors = recorded.filter((vector) => vector.group === group);
  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (name, vector) => {
    const expected = deviating.get(name) ?? vector.expect;
    const run = await runVector(vector);
    expect(differences(expected, run)).toEqual([]);
    if (expected.spacingMs !== undefined) expect(run.waits).toEqual(expected.spacingMs);
    if (expected.documentCalls !== undefined) expect(run.documentCalls).toEqual(expected.documentCalls);
    for (const [index, { text, metadata }] of (expected.stored ?? []).entries()) {
      expect(run.stored[index]).toEqual({ text, contentType: metadata.contentType });
    }
  });
});

async function runVector(vector: RestVector) {
  upstream.restart((request) => answerFor(vector, request));
  const waits: number[] = [];
  const documentCalls: string[] = [];
  const stored: { text: string; contentType: string | undefined }[] = [];
  // The upstream plays the proxy, so that requests to any host reach it; unknown hosts stay unknown.
  const environment = {
    ...vector.env,
    CONNECTOR_HTTP_PROXY_HOST: '127.0.0.1',
    CONNECTOR_HTTP_PROXY_PORT: String(upstream.port),
    CONNECTOR_HTTP_NON_PROXY_HOSTS: '*.invalid',
    ...Object.fromEntries(Object.entries(vector.secrets).map(([name, value]) => [`SECRET_${name}`, value])),
  };
  const connector = createRestConnector({
    tokens: new TokenCache({ now: Date.now }),
    blockList: readBlockList(environment, wholeMatch).rules,
    proxies: readProxies(environment),
    maxAnswerBytes: 64 * 1024 * 1024,
    maxRetryWaitMs: 60_000,
    retryAfter: false,
  });
  const documents: DocumentStore = {
    download(reference) {
      const { documentId = '', storeId, contentHash } = reference;
      documentCalls.push(`GET /v2/documents/${documentId}?storeId=${storeId}&contentHash=${contentHash}`);
      return Promise.resolve(Buffer.from(vector.documents?.[documentId]?.content ?? ''));
    },
    upload(content, { contentType }) {
      documentCalls.push('POST /v2/documents');
      stored.push({ text: content.toString(), contentType });
      return Promise.resolve(newReference(content, contentType));
    },
  };
  const ports: JobPorts = {
    openCall: () => http,
    fetch: http,
    secrets: environmentSecrets(environment, 'SECRET_'),
    documents,
    signal: new AbortController().signal,
    sleep: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    now: Date.now,
    random: Math.random,
    extendLease: () => Promise.resolve(),
    onWarning: () => undefined,
    mayPostpone: () => false,
  };
  const { command } = await handleJob(jobOf(vector), connector, ports);
  const { kind, variables, ...rest } = command;
  return {
    requests: upstream.requests,
    waits,
    documentCalls,
    stored,
    command: {
      type: kind,
      variables,
      ...rest,
      retryBackoffMs: command.kind === 'fail' ? command.backoffMs : 0,
    },
  };
}

function newReference(content: Buffer, contentType: string | undefined): DocumentReference {
  return {
    'camunda.document.type': 'camunda',
    storeId: 'in-memory',
    documentId: 'new-document',
    contentHash: 'hash',
    metadata: { ...(contentType === undefined ? {} : { contentType }), size: content.length },
  };
}

function wholeMatch(pattern: string): (text: string) => boolean {
  const regex = new RegExp(`^(?:${pattern})$`);
  return (text) => regex.test(text);
}

function jobOf(vector: RestVector): Job {
  return {
    key: '2251799813685301',
    type: 'io.camunda:http-json:1',
    processInstanceKey: '2251799813685300',
    processDefinitionKey: '2251799813685299',
    processDefinitionId: 'case',
    elementId: 'task',
    elementInstanceKey: '2251799813685302',
    tenantId: '<default>',
    retries: vector.job?.retries ?? 3,
    customHeaders: vector.customHeaders,
    variables: knownJson(vector.variables),
  };
}
