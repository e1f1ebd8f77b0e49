/** What `npm run engine` is told on its command line. Pure. */
import { parseArgs } from 'node:util';
import type { EnginePorts } from './local-engine';

export const usage =
  'Usage: npm run engine -- start|stop|status|wipe [--port-offset N] [--data FOLDER]\n' +
  '  REST is on 8080+N, health and records on 9600+N.';

/** Ports end at 65535. */
const largestOffset = 50_000;

export interface EngineArguments {
  readonly command: 'start' | 'stop' | 'status' | 'wipe';
  readonly portOffset: number;
  /** Undefined: the engine's place in the cache folder. */
  readonly folder: string | undefined;
}

/** @throws Error that says how it is called */
export function readArguments(args: readonly string[]): EngineArguments {
  const { values, positionals } = parseOrExplain(args);
  const [command] = positionals;
  if (
    positionals.length !== 1 ||
    (command !== 'start' && command !== 'stop' && command !== 'status' && command !== 'wipe')
  ) {
    throw new Error(usage);
  }
  if (values.data === '') throw new Error(`--data must name a folder, but is empty.\n${usage}`);
  return { command, portOffset: portOffsetIn(values['port-offset']), folder: values.data };
}

/** @param offset 0 gives the usual ports of a cluster; it is added to each as it is */
export function portsForOffset(offset: number): EnginePorts {
  return { rest: 8080 + offset, management: 9600 + offset };
}

function portOffsetIn(text: string): number {
  const offset = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (offset <= largestOffset) return offset;
  throw new Error(
    `--port-offset must be a whole number from 0 to ${largestOffset}, but is "${text}".\n${usage}`,
  );
}

function parseOrExplain(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { 'port-offset': { type: 'string', default: '0' }, data: { type: 'string' } },
    });
  } catch {
    throw new Error(usage);
  }
}
