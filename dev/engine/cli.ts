/** `npm run engine -- start|stop|status|wipe [--port-offset N] [--data FOLDER]`: an engine that keeps running between commands. */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { connectionFromEnvironment } from '../../src/broker/camunda-sdk';
import { portsForOffset, readArguments } from './arguments';
import { buildProduct } from './build';
import { engineFolder } from './folders';
import { LocalEngine } from './local-engine';
import { isHealthy } from './topology';
import { givenRestAddress } from './use-engine';

async function main(args: readonly string[]): Promise<number> {
  const { command, portOffset, folder } = readArguments(args);
  const given = givenRestAddress();
  if (given !== undefined) return reportGiven(given);
  const engine = new LocalEngine({
    folder: folder === undefined ? defaultFolder(portOffset) : resolve(folder),
    ports: portsForOffset(portOffset),
  });
  switch (command) {
    case 'start':
      buildProduct();
      await engine.start({ detached: true });
      console.log(describe(engine));
      return 0;
    case 'stop':
      await engine.stop();
      console.log('Stopped. Its data is kept.');
      return 0;
    case 'wipe':
      await engine.wipe();
      console.log('Stopped, data and log removed.');
      return 0;
    case 'status': {
      const status = await engine.status();
      console.log(status === 'stopped' ? 'The engine is stopped.' : `${describe(engine)}\nStatus: ${status}`);
      return status === 'running' ? 0 : 1;
    }
  }
}

async function reportGiven(address: string): Promise<number> {
  const healthy = await isHealthy(address, connectionFromEnvironment().authHeaders);
  console.log(
    `ZEEBE_REST_ADDRESS is set: ${address} is used, no engine is started or stopped here. ` +
      (healthy ? 'It is healthy.' : 'It does not answer, or has no healthy leader.'),
  );
  return healthy ? 0 : 1;
}

function defaultFolder(portOffset: number): string {
  return engineFolder(portOffset, process.env, process.platform, homedir());
}

function describe({ restAddress, managementAddress, logFile }: LocalEngine): string {
  return [
    `The engine is at ${restAddress} (REST) and ${managementAddress} (health, clock, records).`,
    `What it holds: ${restAddress}/`,
    `Log: ${logFile}`,
  ].join('\n');
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
