import { Engine } from '../../../src/engine/engine';
import { createLocalBroker } from '../../../src/engine/broker';
import { sequence } from '../../support/bpmn';
import { brokerConformance } from '../../support/broker-conformance';

describe('the engine in one process', () => {
  let engine: Engine;
  let count = 0;
  beforeAll(async () => (engine = await Engine.open()));
  afterAll(() => engine.close());

  brokerConformance(() => ({
    broker: createLocalBroker(engine, 1_000),
    newType: () => `type-${++count}`,
    async createJobs(type, jobs, { variables = {}, retries = 3 } = {}) {
      await engine.deploy([
        { name: `${type}.bpmn`, content: sequence(`p-${type}`, { id: 'task', jobType: type, retries }) },
      ]);
      for (let index = 0; index < jobs; index++)
        await engine.createInstance({
          processId: `p-${type}`,
          variables: JSON.stringify(variables),
          tags: [],
        });
    },
  }));
});
