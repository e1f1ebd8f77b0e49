/** Runs once before the tests with an engine: builds the product, and starts the shared engine unless ZEEBE_REST_ADDRESS names a cluster. */
import { buildProduct } from '../../dev/engine/build';
import { isHealthy } from '../../dev/engine/topology';
import { givenRestAddress } from '../../dev/engine/use-engine';
import { connectionFromEnvironment } from '../../src/broker/camunda-sdk';
import { sharedEnvironment, startPrivateZeebe, type PrivateZeebe } from './zeebe';

declare global {
  var sharedEngineOfThisRun: PrivateZeebe | undefined;
}

export default async function setUp(): Promise<void> {
  const given = givenRestAddress();
  // Tests start worker and engine as they are shipped: built.
  buildProduct();
  if (given !== undefined) {
    if (!(await isHealthy(given, connectionFromEnvironment().authHeaders)))
      throw new Error(`ZEEBE_REST_ADDRESS is ${given}, but no healthy engine answers there.`);
    process.env[sharedEnvironment.rest] = given;
    return;
  }
  const zeebe = await startPrivateZeebe();
  globalThis.sharedEngineOfThisRun = zeebe;
  process.env[sharedEnvironment.rest] = zeebe.restAddress;
  process.env[sharedEnvironment.management] = zeebe.managementAddress;
}
