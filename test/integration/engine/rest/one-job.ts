/** A process with one job, and ways to bring that job into every state. */
import { boundary, bpmn, end, error, path, serviceTask, start } from '../../../support/engine-bpmn';
import { VirtualClock } from '../../../../src/engine/clock';
import { ServedEngine, type Reply } from './served-engine';

const process = bpmn(
  'p',
  path(start(), serviceTask('work', { headers: { color: 'red' } }), end()),
  boundary('caught', 'work', error('known')),
  path('caught', end('after-error')),
);

export class OneJob {
  private constructor(
    readonly served: ServedEngine,
    readonly clock: VirtualClock,
  ) {}

  static async start(): Promise<OneJob> {
    const clock = new VirtualClock(Date.parse('2026-01-01T00:00:00Z'));
    const served = await ServedEngine.start({ clock });
    await served.deploy(process);
    return new OneJob(served, clock);
  }

  /** @throws Error when something has happened that nobody has foreseen */
  async close(): Promise<void> {
    expect(this.served.errors).toEqual([]);
    await this.served.close();
  }

  /** Brings a job into a state. @returns its key */
  inState(state: string): Promise<string> {
    return this.#states[state]!();
  }

  async taken(): Promise<string> {
    const [job] = await this.served.activate('work');
    return job!.jobKey;
  }

  complete(key: string): Promise<Reply> {
    return this.served.post(`/v2/jobs/${key}/completion`, { variables: { a: 1 } });
  }

  async fail(key: string, body: object): Promise<void> {
    const reply = await this.served.post(`/v2/jobs/${key}/failure`, body);
    expect(reply).toMatchObject({ status: 204, text: '' });
  }

  extend(key: string): Promise<Reply> {
    return this.served.send('PATCH', `/v2/jobs/${key}`, { changeset: { timeout: 1000 } });
  }

  async pass(ms: number): Promise<void> {
    this.clock.moveTo(this.clock.now() + ms);
    await this.served.engine.settled();
  }

  readonly #states: Readonly<Record<string, () => Promise<string>>> = {
    activatable: async () => {
      await this.served.create('p');
      const key = await this.taken();
      await this.fail(key, { retries: 3 });
      return key;
    },
    active: async () => {
      await this.served.create('p');
      return this.taken();
    },
    'timed out and free': async () => {
      const key = await this.inState('active');
      await this.pass(60_001);
      return key;
    },
    'timed out and with another worker': async () => {
      const key = await this.inState('timed out and free');
      expect((await this.served.activate('work')).map(({ jobKey }) => jobKey)).toContain(key);
      return key;
    },
    'in back-off': async () => {
      const key = await this.inState('active');
      await this.fail(key, { retries: 2, retryBackOff: 5000 });
      return key;
    },
    'failed without retries': async () => {
      const key = await this.inState('active');
      await this.fail(key, {});
      return key;
    },
    'error thrown, not caught': async () => {
      const key = await this.inState('active');
      await this.served.post(`/v2/jobs/${key}/error`, { errorCode: 'unknown' });
      return key;
    },
    'error caught': async () => {
      const key = await this.inState('active');
      await this.served.post(`/v2/jobs/${key}/error`, { errorCode: 'known' });
      return key;
    },
    done: async () => {
      const key = await this.inState('active');
      await this.served.post(`/v2/jobs/${key}/completion`);
      return key;
    },
    cancelled: async () => {
      const instance = await this.served.create('p');
      const key = await this.taken();
      await this.served.post(`/v2/process-instances/${instance}/cancellation`, {});
      return key;
    },
    unknown: () => Promise.resolve('2251799813685999'),
    'not a number': () => Promise.resolve('abc'),
  };
}
