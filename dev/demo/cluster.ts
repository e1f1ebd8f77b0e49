/** The engine the demo runs on, and how it learns what became of a process there. */
import { connectionFromEnvironment } from '../../src/broker/camunda-sdk';
import { RecordedZeebe, Zeebe } from '../engine/client';
import { givenRestAddress, startEngine } from '../engine/use-engine';
import type { Result } from './judge';

export interface Run {
  readonly processInstanceKey: string;
  readonly result: Result;
  readonly durationMs: number;
}

export interface Cluster {
  readonly zeebe: Zeebe;
  /** Environment by which the worker finds it. */
  readonly workerEnvironment: Readonly<Record<string, string>>;
  /** Starts a process and waits for its end, its first incident, or the time-out. */
  run(processId: string, variables: Readonly<Record<string, unknown>>): Promise<Run>;
  close(): Promise<void>;
}

const runTimeoutMs = 60_000;

/** The cluster of ZEEBE_REST_ADDRESS, or an engine of its own on free ports, whose data are gone after `close`. */
export async function openCluster(say: (line: string) => void): Promise<Cluster> {
  const given = givenRestAddress();
  return given === undefined ? ownEngine() : givenCluster(given, say);
}

async function ownEngine(): Promise<Cluster> {
  const engine = await startEngine('demo-engine');
  const zeebe = new RecordedZeebe(engine.restAddress, engine.managementAddress);
  return {
    zeebe,
    workerEnvironment: { ZEEBE_REST_ADDRESS: engine.restAddress },
    run: (processId, variables) => runRecorded(zeebe, processId, variables),
    close: () => engine.wipe(),
  };
}

async function runRecorded(
  zeebe: RecordedZeebe,
  processId: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Run> {
  const processInstanceKey = await zeebe.createInstance(processId, variables);
  const outcome = await zeebe.records
    .outcome(processInstanceKey, { timeoutMs: runTimeoutMs })
    .catch(async () => ({
      outcome: 'unfinished' as const,
      variables: await zeebe.records.variables(processInstanceKey),
      completedElements: [],
      incident: undefined,
    }));
  const times = (await zeebe.records.find({ processInstanceKey, recordType: 'EVENT' })).map(
    ({ timestamp }) => timestamp,
  );
  return {
    processInstanceKey,
    durationMs: Math.max(...times) - Math.min(...times),
    result: {
      outcome: outcome.outcome,
      variables: outcome.variables,
      completedElements: outcome.completedElements,
      message: outcome.incident?.errorMessage,
    },
  };
}

/** Without records an incident is a process that does not end in time; the worker's log tells more. */
function givenCluster(address: string, say: (line: string) => void): Cluster {
  say(`Using the cluster of ZEEBE_REST_ADDRESS: ${address}`);
  const { authHeaders } = connectionFromEnvironment();
  const zeebe = new Zeebe(address, '', authHeaders);
  const names = Object.keys(process.env).filter((name) => /^(ZEEBE|CAMUNDA)_/.test(name));
  return {
    zeebe,
    workerEnvironment: Object.fromEntries(names.map((name) => [name, process.env[name] ?? ''])),
    async run(processId, variables) {
      const start = Date.now();
      const awaited = await zeebe.createAndAwait(processId, variables);
      return {
        processInstanceKey: awaited?.processInstanceKey ?? '',
        durationMs: Date.now() - start,
        result: awaited
          ? { outcome: 'completed', variables: awaited.variables }
          : { outcome: 'incident', variables: {}, message: undefined },
      };
    },
    close: () => Promise.resolve(),
  };
}
