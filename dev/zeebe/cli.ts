/** `npm run zeebe -- start|stop|status|wipe [--port-offset N]`: a local engine that keeps running between commands. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { portsForOffset } from './engine-command';
import { LocalEngine } from './local-engine';
import { isHealthy } from './topology';
import { defaultCacheFolder, defaultRuntime, givenRestAddress } from './use-engine';

const usage = 'Usage: npm run zeebe -- start|stop|status|wipe [--port-offset N]';
/** Beyond this the REST port of one engine would be the management port of another. */
const largestOffset = 100;

async function main(args: string[]): Promise<number> {
  const { command, offset } = readArguments(args);
  const given = givenRestAddress();
  if (given !== undefined) {
    const healthy = await isHealthy(given);
    console.log(
      `ZEEBE_REST_ADDRESS is set: ${given} is used, no engine is started or stopped here. ` +
        (healthy ? 'It is healthy.' : 'It does not answer, or has no healthy leader.'),
    );
    return healthy ? 0 : 1;
  }
  const folder = join(defaultCacheFolder(), 'engines', `offset-${offset}`);
  const engine = new LocalEngine({ folder, ports: portsForOffset(offset) });
  switch (command) {
    case 'start': {
      if ((await engine.status()) !== 'running') {
        const runtime = await defaultRuntime(console.log);
        console.log(`Starting Zeebe with ${runtime.kind === 'java' ? runtime.java : 'Docker'}`);
        await engine.start(runtime, { detached: true });
      }
      console.log(describe(engine));
      return 0;
    }
    case 'stop':
      await engine.stop();
      console.log('Stopped. Its data is kept.');
      return 0;
    case 'wipe':
      await engine.wipe();
      console.log('Stopped, data and log removed.');
      return 0;
    default: {
      const status = await engine.status();
      console.log(status === 'stopped' ? 'Zeebe is stopped.' : `${describe(engine)}\nStatus: ${status}`);
      return status === 'running' ? 0 : 1;
    }
  }
}

function readArguments(args: string[]): { command: 'start' | 'stop' | 'status' | 'wipe'; offset: number } {
  const { values, positionals } = parseOrExplain(args);
  const command = positionals[0];
  if (
    positionals.length !== 1 ||
    (command !== 'start' && command !== 'stop' && command !== 'status' && command !== 'wipe')
  ) {
    throw new Error(usage);
  }
  const text = values['port-offset'];
  const offset = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(offset <= largestOffset)) {
    throw new Error(
      `--port-offset must be a whole number from 0 to ${largestOffset}, but is "${text}".\n${usage}`,
    );
  }
  return { command, offset };
}

function parseOrExplain(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { 'port-offset': { type: 'string', default: '0' } },
    });
  } catch {
    throw new Error(usage);
  }
}

function describe(engine: LocalEngine): string {
  return `Zeebe is at ${engine.restAddress} (REST) and ${engine.grpcAddress} (gRPC). Log: ${engine.logFile}`;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
