/** The sub-command `engine`: the local engine as a process of its own, in the foreground. */
import { parseArgs } from 'node:util';
import { Engine } from './engine';
import { createPages } from './page/pages';
import { whatItIs } from './rest/cluster';
import { Faults } from './rest/faults';
import { startManagementServer } from './rest/management';
import { startRestServer } from './rest/server';
import { openFileStorage } from './storage/file/open-file-storage';

const usage = `Usage: node dist/main.js engine [options]
  --rest-port PORT        REST API (8080)
  --management-port PORT  health, clock, records, faults (9600)
  --data FOLDER           where everything is kept; without it nothing is
  --partitions N          1 to 4095; keys of the fourth and later ones exceed 2^53 (1)
  --host HOST             address to listen at (127.0.0.1: this machine only)
  --fsync                 also survive power cuts, not only the end of the process
  --help`;

/** As many as keys have room for. */
const maxPartitions = 4095;
const failed = 1;

/** What is wrong with the arguments, in a sentence. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

interface Arguments {
  readonly restPort: number;
  readonly managementPort: number;
  readonly data: string | undefined;
  readonly partitions: number;
  readonly host: string;
  readonly fsync: boolean;
  readonly help: boolean;
}

/**
 * Runs the engine until a signal ends it.
 * @param args those behind `engine`
 * @returns the exit code of the process
 */
export async function runEngine(args: readonly string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options.help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    await serve(options);
    return 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    say(error instanceof UsageError ? `${reason}\n${usage}` : `The local engine cannot run. ${reason}`);
    return failed;
  }
}

async function serve(options: Arguments): Promise<void> {
  const { restPort, managementPort, host, data } = options;
  // From now on: a signal may come before everything is ready.
  const signal = signalled();
  const faults = new Faults();
  const engine = await openEngine(options, faults);
  const started: { close(): Promise<void> }[] = [];
  try {
    const management = await startManagementServer(engine, { host, port: managementPort, faults });
    started.push(management);
    const onError = (error: unknown): void =>
      say(error instanceof Error ? (error.stack ?? '') : String(error));
    const rest = await startRestServer(engine, {
      host,
      port: restPort,
      faults,
      onError,
      pages: createPages(),
    });
    started.push(rest);
    process.stdout.write(
      `Local engine ready at http://${host}:${rest.port} (management port ${management.port}, ` +
        `${data === undefined ? 'data in memory only' : `data in ${data}`}). ${whatItIs}.\n`,
    );
    await signal;
  } finally {
    // First those who ask, then the engine: what it has taken on is to be answered.
    await Promise.all(started.map((server) => server.close()));
    await engine.close();
  }
}

function openEngine({ data, partitions, fsync }: Arguments, faults: Faults): Promise<Engine> {
  const lateness = (): number => faults.switches.lateTimersMs;
  if (data === undefined) return Engine.open({ partitions, say, lateness });
  return Engine.open({
    partitions,
    say,
    lateness,
    storage: (restore, snapshot) =>
      Promise.resolve(openFileStorage({ folder: data, restore, snapshot, say, onFailure: giveUp, fsync })),
  });
}

/** Memory is ahead of the disk: what happens from here on would be lost. */
function giveUp(error: Error): void {
  say(`The local engine ends. ${error.message}`);
  process.exit(failed);
}

/** Resolves at the first signal; the second one does not wait for anything. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = (): void => {
      if (stopping) process.exit(failed);
      stopping = true;
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parse(args);
  if (values.data === '') throw new UsageError('--data must name a folder.');
  return {
    restPort: wholeNumber('rest-port', values['rest-port'], 0, 65_535, 8080),
    managementPort: wholeNumber('management-port', values['management-port'], 0, 65_535, 9600),
    data: values.data,
    partitions: wholeNumber('partitions', values.partitions, 1, maxPartitions, 1),
    host: values.host ?? '127.0.0.1',
    fsync: values.fsync ?? false,
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        'rest-port': { type: 'string' },
        'management-port': { type: 'string' },
        data: { type: 'string' },
        partitions: { type: 'string' },
        host: { type: 'string' },
        fsync: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  absent: number,
): number {
  if (text === undefined) return absent;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(value >= min && value <= max))
    throw new UsageError(`--${name} must be a number from ${min} to ${max}, but is '${text}'.`);
  return value;
}
