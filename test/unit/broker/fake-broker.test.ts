import { FakeBroker } from '../../support/fake-broker';
import { brokerConformance } from '../../support/broker-conformance';

describe('the fake broker', () => {
  const fake = new FakeBroker(800);
  let types = 0;

  brokerConformance(() => ({
    broker: fake,
    newType: () => `type-${++types}`,
    createJobs: (type, count, options = {}) => {
      fake.createJobs(count, {
        type,
        variables: JSON.stringify(options.variables ?? {}),
        ...(options.retries === undefined ? {} : { retries: options.retries }),
      });
      return Promise.resolve();
    },
  }));

  afterAll(() => fake.close());
});
