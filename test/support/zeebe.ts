/**
 * An engine for tests. `sharedZeebe()` is the one started for the whole run (or the cluster of ZEEBE_REST_ADDRESS);
 * `startPrivateZeebe()` is a test's own, which it may kill and restart. Tests use process ids and job types of their own
 * (`uniqueId`), since nothing is cleaned up between them.
 */
import { randomUUID } from 'node:crypto';
import { connectionFromEnvironment } from '../../src/broker/camunda-sdk';
import { RecordedZeebe, Zeebe } from '../../dev/engine/client';
import type { LocalEngine } from '../../dev/engine/local-engine';
import { startEngine } from '../../dev/engine/use-engine';

export { RecordedZeebe, Zeebe, ZeebeRequestError, type DeployedProcess } from '../../dev/engine/client';

/** How the run's setup tells its test files where the shared engine is. */
export const sharedEnvironment = {
  rest: 'E2E_ZEEBE_REST_ADDRESS',
  management: 'E2E_ZEEBE_MANAGEMENT_ADDRESS',
} as const;

/** An id that no other test has, such as for processes and job types: `prefix-1a2b3c4d`. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** The engine of this run. Has no records when it is the cluster of ZEEBE_REST_ADDRESS. */
export function sharedZeebe(): Zeebe {
  return (
    sharedRecordedZeebe() ??
    new Zeebe(required(sharedEnvironment.rest), '', connectionFromEnvironment().authHeaders)
  );
}

/**
 * An engine with records: the shared one where it has them, else a private one.
 * @returns with `close`, to be called in afterAll; it leaves the shared engine alone
 */
export async function recordedZeebe(): Promise<RecordedZeebe & { close(): Promise<void> }> {
  const shared = sharedRecordedZeebe();
  return shared ? Object.assign(shared, { close: () => Promise.resolve() }) : startPrivateZeebe();
}

export interface PrivateZeebeOptions {
  readonly partitions?: number;
}

/** A test's own engine, with records. Same data and ports over kill, stop and start. */
export class PrivateZeebe extends RecordedZeebe {
  constructor(private readonly engine: LocalEngine) {
    super(engine.restAddress, engine.managementAddress);
  }

  get logFile(): string {
    return this.engine.logFile;
  }

  /** SIGKILL: connections break, data stays. */
  kill(): Promise<void> {
    return this.engine.kill();
  }

  /** An orderly stop; data stays. */
  stop(): Promise<void> {
    return this.engine.stop();
  }

  /** Starts it again on the same data and ports; returns when it is healthy. */
  start(): Promise<void> {
    return this.engine.start({ detached: false });
  }

  /** kill, then start. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Stops the engine and removes all it left; call it in afterAll. */
  close(): Promise<void> {
    return this.engine.wipe();
  }
}

/** Starts an engine of its own on free ports. `close()` it in afterAll. */
export async function startPrivateZeebe(options: PrivateZeebeOptions = {}): Promise<PrivateZeebe> {
  return new PrivateZeebe(await startEngine('test-engine', options));
}

function sharedRecordedZeebe(): RecordedZeebe | undefined {
  const management = process.env[sharedEnvironment.management];
  return management ? new RecordedZeebe(required(sharedEnvironment.rest), management) : undefined;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: tests with an engine run by "npx jest --selectProjects e2e".`);
  return value;
}
