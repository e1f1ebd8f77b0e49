/** The engine that demo, tests and measurements are to start by themselves. */

/** Receives one line for a person. */
export type Say = (line: string) => void;

export interface EngineSettings {
  /** Holds data and log. */
  readonly folder: string;
  /** Number of partitions; from the fourth on keys are larger than 2^53. */
  readonly partitions?: number;
  /** Takes each record, as JSON text; without it they are kept. */
  readonly onRecord?: (record: string) => void;
}

/** One engine on this machine; data stays over kill, stop and start. */
export interface LocalEngine {
  readonly restAddress: string;
  /** Health and clock of the engine. */
  readonly managementAddress: string;
  /** Where its records are handed out. */
  readonly recordsUrl: string;
  readonly logFile: string;
  /** Returns when the engine is healthy. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends the engine as a power cut would. */
  kill(): Promise<void>;
  /** Stops the engine and removes its folder. */
  wipe(): Promise<void>;
}

/** Why demo, tests and measurements do nothing. */
export const noEngine =
  'No engine: the local engine is not there yet; set ZEEBE_REST_ADDRESS to run the demo and the tests of the job protocol on a cluster.';

/** @throws Error always: there is no local engine yet */
export function startEngine(_settings: EngineSettings): Promise<LocalEngine> {
  return Promise.reject(new Error(noEngine));
}
