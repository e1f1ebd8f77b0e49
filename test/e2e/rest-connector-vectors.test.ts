/**
 * Every recorded case of the Java runtime on an engine: one process per case, the built worker, a real HTTP upstream.
 * What came of a job is read from the engine's own records.
 */
import type { EngineRecord } from '../../dev/engine/records';
import type { ReceivedRequest } from '../support/http-server';
import { commandOf, endsOfTry, engineCases, prepareCases, type CaseRun } from '../support/rest-vector-cases';
import { differences, type RestVector } from '../support/rest-vectors';
import { recordedZeebe, type RecordedZeebe } from '../support/zeebe';

jest.setTimeout(180_000);

const cases = engineCases();
const instances = new Map<string, string>();
let zeebe: RecordedZeebe & { close(): Promise<void> };
let run: CaseRun;

beforeAll(async () => {
  zeebe = await recordedZeebe();
  run = await prepareCases(cases, zeebe);
  for (const { processId, vector } of cases) {
    const variables = JSON.parse(vector.variables) as Record<string, unknown>;
    instances.set(vector.name, await zeebe.createInstance(processId, variables));
  }
  await run.startWorkers();
});

afterAll(async () => {
  await run.close();
  for (const key of instances.values()) await zeebe.cancelInstance(key).catch(() => undefined);
  await zeebe.close();
});

describe.each([...new Set(cases.map(({ vector }) => vector.group))])('as recorded: %s', (group) => {
  const chosen = cases.filter(({ vector }) => vector.group === group);
  test.each(chosen.map((entry) => [entry.vector.name, entry] as const))(
    '%s',
    async (name, { vector, host }) => {
      const ended = await zeebe.records.waitFor(
        { processInstanceKey: instances.get(name) ?? '', valueType: 'JOB', recordType: 'EVENT' },
        (events) => events.find(({ intent }) => endsOfTry.includes(intent)),
      );
      const received = run.upstream.requests.filter(({ url }) => new URL(url).hostname === host);
      const requests = firstTry(vector, received, ended);
      expect(differences(vector.expect, { requests, command: commandOf(ended) })).toEqual([]);
      for (const call of vector.expect.documentCalls ?? []) expect(run.front.calls).toContain(call);
      for (const { text, metadata } of vector.expect.stored ?? []) {
        expect(run.front.stored).toContainEqual({ text, contentType: metadata.contentType });
      }
    },
  );
});

/** A job that failed may have been tried again meanwhile. */
function firstTry(
  vector: RestVector,
  received: readonly ReceivedRequest[],
  ended: EngineRecord,
): readonly ReceivedRequest[] {
  const triedAgain = ended.intent === 'FAILED' && (ended.value.retries ?? 0) > 0;
  return triedAgain ? received.slice(0, vector.expect.requests.length) : received;
}
