/** The adapter of the job protocol against an engine. */
import { emptyObject } from '../../src/json/text';
import { RestBroker } from '../../src/broker/rest-broker';
import type { Broker } from '../../src/broker/broker';
import { sequence } from '../support/bpmn';
import { brokerConformance } from '../support/broker-conformance';
import { sharedZeebe, uniqueId, type Zeebe } from '../support/zeebe';

jest.setTimeout(60_000);

let zeebe: Zeebe;
let broker: Broker;

beforeAll(() => {
  zeebe = sharedZeebe();
  broker = new RestBroker({
    address: zeebe.restAddress,
    requestTimeoutMs: 2_000,
    authHeaders: zeebe.authHeaders,
  });
});
afterAll(() => broker.close());

describe('an engine over HTTP', () => {
  brokerConformance(() => ({
    broker,
    newType: () => uniqueId('conformance'),
    async createJobs(type, count, { variables = {}, retries = 3 } = {}) {
      const processId = uniqueId('process');
      await zeebe.deploy(sequence(processId, { id: 'task', jobType: type, retries }));
      await zeebe.createInstances(processId, count, variables);
    },
  }));
});

test('an engine that is not there is unavailable, with its address in the message', async () => {
  const nowhere = new RestBroker({
    address: 'http://127.0.0.1:9',
    requestTimeoutMs: 1_000,
    authHeaders: () => Promise.resolve({}),
  });
  await expect(nowhere.send('1', { kind: 'complete', variables: emptyObject })).rejects.toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('127.0.0.1:9') as string,
  });
  await nowhere.close();
});

test('a document is uploaded, and the reference comes back as the cluster wrote it', async () => {
  const reference = await broker.uploadDocument(Buffer.from('content'), {
    contentType: 'text/plain',
    fileName: 'a.txt',
  });
  expect(reference).toMatchObject({ metadata: { contentType: 'text/plain', fileName: 'a.txt' } });
  expect(reference.documentId).toEqual(expect.any(String));
});
