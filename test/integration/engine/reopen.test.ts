/**
 * The random processes of test/unit/engine/properties.test.ts on the file storage, with an engine that is dropped at any
 * moment and opened again on what it has written. For longer runs: ENGINE_RUNS=10000.
 */
import fc from 'fast-check';
import { ProcessDriver } from '../../support/process-driver';
import { randomActions, startVariables } from '../../support/random-actions';
import { randomProcess } from '../../support/random-process';
import { RestartingEngine } from '../../support/restarting-engine';

const numRuns = Number(process.env['ENGINE_RUNS'] ?? 100);
jest.setTimeout(60_000 + numRuns * 1_000);

it('an engine that is opened again goes on as if nothing had happened', async () => {
  let engines: RestartingEngine;
  await fc.assert(
    fc
      .asyncProperty(
        randomProcess,
        fc.array(startVariables, { minLength: 1, maxLength: 2 }),
        randomActions({ restarts: true, maxLength: 40 }),
        async (process, starts, actions) => {
          const restart = () => engines.restart();
          const driver = await ProcessDriver.start(await engines.open(), process, starts, restart);
          for (const action of actions) await driver.do(action);
          await driver.finish();
        },
      )
      .beforeEach(() => void (engines = new RestartingEngine()))
      .afterEach(() => engines.close()),
    { numRuns, unbiased: true },
  );
});
