/**
 * Skips the tests that have no engine. With ZEEBE_REST_ADDRESS the suites run that need the API alone; the others read
 * records or kill their engine, and wait for the local one. The set-up of the run says why.
 */
import { basename } from 'node:path';
import type { Circus } from '@jest/types';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { givenRestAddress, localEngineIsThere } from '../../dev/engine/use-engine';

const anyClusterWillDo = ['rest-broker.test.ts'];

export default class EngineEnvironment extends TestEnvironment {
  readonly #skips: boolean;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    const aClusterWillDo =
      givenRestAddress() !== undefined && anyClusterWillDo.includes(basename(context.testPath));
    this.#skips = !localEngineIsThere && !aClusterWillDo;
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (this.#skips && event.name === 'run_start') skipAll(state.rootDescribeBlock);
  }
}

function skipAll(block: Circus.DescribeBlock): void {
  for (const child of block.children) {
    if (child.type === 'test') child.mode = 'skip';
    else skipAll(child);
  }
}
