/** Runs once before the tests with an engine: sees that the cluster of ZEEBE_REST_ADDRESS can work, and builds the worker. */
import { execSync } from 'node:child_process';
import { join } from 'node:path';
import { noEngine } from '../../dev/zeebe/local-engine';
import { isHealthy } from '../../dev/zeebe/topology';
import { givenRestAddress } from '../../dev/zeebe/use-engine';
import { sharedEnvironment } from './zeebe';

export default async function setUp(): Promise<void> {
  const given = givenRestAddress();
  if (given === undefined) {
    process.stderr.write(`The tests with an engine are skipped. ${noEngine}\n`);
    return;
  }
  if (!(await isHealthy(given)))
    throw new Error(`ZEEBE_REST_ADDRESS is ${given}, but no healthy engine answers there.`);
  process.env[sharedEnvironment.rest] = given;
  buildWorker();
}

/** Tests start the worker as it is shipped: built. */
function buildWorker(): void {
  execSync('npm run -s build', { cwd: join(__dirname, '..', '..'), stdio: ['ignore', 'inherit', 'inherit'] });
}
