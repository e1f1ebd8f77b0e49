/** Runs once before the tests with an engine: starts the shared one with a record sink, unless ZEEBE_REST_ADDRESS names a cluster. */
import { execSync } from 'node:child_process';
import { givenRestAddress } from '../../dev/zeebe/use-engine';
import { join } from 'node:path';
import { isHealthy } from '../../dev/zeebe/topology';
import { sharedEnvironment, startPrivateZeebe, type PrivateZeebe } from './zeebe';

declare global {
  var sharedEngineOfThisRun: PrivateZeebe | undefined;
}

export default async function setUp(): Promise<void> {
  buildWorker();
  const given = givenRestAddress();
  if (given !== undefined) {
    if (!(await isHealthy(given)))
      throw new Error(`ZEEBE_REST_ADDRESS is ${given}, but no healthy engine answers there.`);
    process.env[sharedEnvironment.rest] = given;
    process.env[sharedEnvironment.grpc] = process.env['ZEEBE_GRPC_ADDRESS'] ?? '';
    return;
  }
  const zeebe = await startPrivateZeebe({ say: (line) => process.stderr.write(`${line}\n`) });
  globalThis.sharedEngineOfThisRun = zeebe;
  process.env[sharedEnvironment.rest] = zeebe.restAddress;
  process.env[sharedEnvironment.grpc] = zeebe.grpcAddress;
  process.env[sharedEnvironment.management] = zeebe.managementAddress;
  process.env[sharedEnvironment.records] = zeebe.recordsUrl;
}

/** Tests start the worker as it is shipped: built. */
function buildWorker(): void {
  execSync('npm run -s build', { cwd: join(__dirname, '..', '..'), stdio: ['ignore', 'inherit', 'inherit'] });
}
