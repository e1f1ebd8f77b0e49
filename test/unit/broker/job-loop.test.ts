import { emptyObject, plainText } from '../../../src/json/text';
import type { BrokerError } from '../../../src/broker/broker';
import type { Delivery } from '../../../src/broker/deliver';
import {
  JobAborted,
  JobLoop,
  type Handled,
  type JobLoopObserver,
  type JobLoopOptions,
} from '../../../src/broker/job-loop';
import type { Lease } from '../../../src/broker/lease';
import type { Job, JobCommand } from '../../../src/job/job';
import { FakeBroker } from '../../support/fake-broker';

const completed: JobCommand = { kind: 'complete', variables: emptyObject };

class Observer implements JobLoopObserver {
  readonly ended: { job: Job; command: JobCommand; delivery: Delivery }[] = [];
  readonly handedBack: string[] = [];
  readonly lost: string[] = [];
  readonly pollFaults: { kind: string; waitMs: number }[] = [];
  readonly handlerFaults: unknown[] = [];
  retries = 0;
  pollSucceeded(): void {}
  pollFailed(_type: string, error: BrokerError, waitMs: number): void {
    this.pollFaults.push({ kind: error.kind, waitMs });
  }
  jobStarted(): void {}
  jobEnded(job: Job, { command }: Handled, delivery: Delivery): void {
    this.ended.push({ job, command, delivery });
  }
  jobHandedBack(job: Job): void {
    this.handedBack.push(job.key);
  }
  leaseLost(job: Job): void {
    this.lost.push(job.key);
  }
  handlerFailed(_job: Job, error: unknown): void {
    this.handlerFaults.push(error);
  }
  commandRetried(): void {
    this.retries++;
  }
}

type Handle = (job: Job, lease: Lease) => Promise<JobCommand>;
const ends = (handle: Handle) => async (job: Job, lease: Lease) => ({ command: await handle(job, lease) });

describe('the job loop', () => {
  let broker: FakeBroker;
  let observer: Observer;
  let loop: JobLoop;

  beforeEach(() => {
    jest.useFakeTimers();
    broker = new FakeBroker();
    observer = new Observer();
  });

  afterEach(async () => {
    const drained = loop.drain();
    await jest.advanceTimersByTimeAsync(120_000);
    await drained;
    await broker.close();
    jest.useRealTimers();
  });

  function start(handle: Handle, options: Partial<JobLoopOptions> = {}): void {
    loop = new JobLoop({
      broker,
      subscriptions: [{ type: 'test', fetchVariables: ['a'], handle: ends(handle) }],
      worker: 'worker',
      tenantIds: [],
      maxJobs: 10,
      jobTimeoutMs: 60_000,
      maxJobDurationMs: 1_800_000,
      graceMs: 10_000,
      random: () => 0.5,
      observer,
      ...options,
    });
    loop.start();
  }

  const takes =
    (ms: number, command: JobCommand = completed): Handle =>
    (_job, lease) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(command), ms);
        lease.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve({
            kind: 'fail',
            retries: 0,
            backoffMs: 0,
            errorMessage: 'aborted',
            variables: emptyObject,
          });
        });
      });

  test('every job gets exactly one command', async () => {
    broker.createJobs(100);
    start(takes(10));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(broker.commands).toHaveLength(100);
    expect(new Set(broker.commands.map((sent) => sent.jobKey)).size).toBe(100);
  });

  test('no more jobs run at a time than allowed, and no more are taken', async () => {
    let now = 0;
    let peak = 0;
    broker.createJobs(100);
    start(async (job, lease) => {
      peak = Math.max(peak, ++now);
      const command = await takes(1_000)(job, lease);
      now--;
      return command;
    });
    await jest.advanceTimersByTimeAsync(3_500);
    expect(peak).toBe(10);
    expect(broker.activations.every((activation) => activation.maxJobs <= 10)).toBe(true);
    expect(loop.waiting).toBe(0);
  });

  test('one poll is open at a time for a type', async () => {
    start(takes(10));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(broker.openPolls).toBe(1);
  });

  test('a job of another type that arrives when the loop is full waits for a place and then runs', async () => {
    start(takes(1_000), {
      maxJobs: 1,
      subscriptions: [
        { type: 'a', fetchVariables: [], handle: ends(takes(1_000)) },
        { type: 'b', fetchVariables: [], handle: ends(takes(1_000)) },
      ],
    });
    await jest.advanceTimersByTimeAsync(10);
    broker.createJobs(1, { type: 'a' });
    broker.createJobs(1, { type: 'b' });
    await jest.advanceTimersByTimeAsync(500);
    expect([loop.inFlight, loop.waiting]).toEqual([1, 1]);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(broker.commands.map((sent) => sent.command.kind)).toEqual(['complete', 'complete']);
  });

  test('errors of a poll are followed by growing, jittered pauses, and a success resets them', async () => {
    broker.failNext('activate', 'unavailable', 4);
    start(takes(10));
    await jest.advanceTimersByTimeAsync(10_000);
    const waits = observer.pollFaults.map((fault) => fault.waitMs);
    expect(waits).toHaveLength(4);
    expect(waits).toEqual([...waits].sort((left, right) => left - right));
    expect(waits[3]!).toBeLessThanOrEqual(5_000);
    expect(broker.openPolls).toBe(1);
  });

  test('a call longer than the job time-out keeps its job', async () => {
    const [key] = broker.createJobs(1);
    start(takes(300_000), { jobTimeoutMs: 30_000 });
    await jest.advanceTimersByTimeAsync(301_000);
    expect(broker.stateOf(key!)).toBe('completed');
    expect(broker.commands).toHaveLength(1);
  });

  test('renewals that are refused under load are repeated in time', async () => {
    const [key] = broker.createJobs(1);
    start(takes(100_000), { jobTimeoutMs: 30_000 });
    await jest.advanceTimersByTimeAsync(10);
    broker.failNext('extend', 'back-pressure', 2);
    await jest.advanceTimersByTimeAsync(101_000);
    expect(broker.stateOf(key!)).toBe('completed');
    expect(observer.ended).toHaveLength(1);
  });

  test('a cancelled job aborts its call within one renewal and gets no command', async () => {
    const [key] = broker.createJobs(1);
    let aborted = false;
    start((job, lease) => {
      lease.signal.addEventListener('abort', () => (aborted = true));
      return takes(200_000)(job, lease);
    });
    await jest.advanceTimersByTimeAsync(1_000);
    broker.cancel(key!);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(aborted).toBe(true);
    expect(observer.lost).toEqual([key]);
    expect(broker.commands).toEqual([]);
    expect(loop.inFlight).toBe(0);
  });

  test('a completion is repeated as a completion until the engine has it', async () => {
    const [key] = broker.createJobs(1);
    broker.failNext('send', 'back-pressure', 3);
    broker.failNext('send', 'unavailable', 3);
    start(takes(10));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(broker.stateOf(key!)).toBe('completed');
    expect(observer.retries).toBe(6);
    expect(broker.commands).toEqual([{ jobKey: key, command: completed }]);
  });

  test('a completion whose answer was lost counts as delivered when its repeat finds no job', async () => {
    const [key] = broker.createJobs(1);
    broker.failNext('send', 'unavailable', 1, true);
    start(takes(10));
    await jest.advanceTimersByTimeAsync(10_000);
    expect(broker.stateOf(key!)).toBe('completed');
    expect(observer.ended.map((end) => end.delivery)).toEqual(['gone']);
  });

  test('after the lease has run out a completion is still sent, a failure is not', async () => {
    for (const command of [completed, { ...failure(), retries: 2 }]) {
      broker = new FakeBroker();
      observer = new Observer();
      const [key] = broker.createJobs(1);
      broker.failNext('extend', 'unavailable', 1_000);
      start(takes(20_000, command), { jobTimeoutMs: 10_000, maxJobs: 1 });
      await jest.advanceTimersByTimeAsync(21_000);
      const sent = broker.commands.map((record) => record.command.kind);
      expect(sent).toEqual(command.kind === 'complete' ? ['complete'] : []);
      expect(broker.retriesOf(key!)).toBe(3);
      const drained = loop.drain();
      await jest.advanceTimersByTimeAsync(60_000);
      await drained;
    }
  });

  test('a job whose renewal came too late is finished and completed all the same', async () => {
    const [key] = broker.createJobs(1);
    start(takes(20_000), { jobTimeoutMs: 10_000 });
    await jest.advanceTimersByTimeAsync(10);
    broker.failNext('extend', 'invalid-state', 1);
    await jest.advanceTimersByTimeAsync(21_000);
    expect(observer.lost).toContain(key);
    expect(broker.commands).toEqual([{ jobKey: key, command: completed }]);
  });

  test('a result that the engine refuses becomes an incident that says so', async () => {
    const [key] = broker.createJobs(1);
    start(takes(10, { kind: 'complete', variables: plainText({ a: 'x'.repeat(2_600_000) }) }));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(broker.stateOf(key!)).toBe('incident');
    const command = broker.commands[0]?.command;
    expect(command).toMatchObject({
      kind: 'fail',
      retries: 0,
      errorMessage: expect.stringContaining('Return less') as string,
    });
  });

  test('a handler that throws costs one retry and no place', async () => {
    const [key] = broker.createJobs(1, { retries: 1 });
    start(() => Promise.reject(new Error('fault')), { maxJobs: 1 });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(broker.stateOf(key!)).toBe('incident');
    expect(observer.handlerFaults).toHaveLength(1);
    expect(loop.inFlight).toBe(0);
  });

  test('a job that outlives the longest duration is aborted with a reason', async () => {
    broker.createJobs(1);
    let reason: unknown;
    start(
      (job, lease) => {
        lease.signal.addEventListener('abort', () => {
          reason = lease.signal.reason;
        });
        return takes(100_000)(job, lease);
      },
      { maxJobDurationMs: 20_000 },
    );
    await jest.advanceTimersByTimeAsync(21_000);
    expect(reason).toBeInstanceOf(JobAborted);
    expect(reason).toMatchObject({ reason: 'job-duration' });
    expect(observer.ended).toHaveLength(1);
  });

  describe('draining', () => {
    test('running jobs end, the open poll is waited for and what it brings goes back with unchanged retries', async () => {
      const [running] = broker.createJobs(1);
      start(takes(3_000));
      await jest.advanceTimersByTimeAsync(100);
      const drained = loop.drain();
      const [late] = broker.createJobs(1);
      await jest.advanceTimersByTimeAsync(6_000);
      await drained;
      expect(broker.stateOf(running!)).toBe('completed');
      expect([broker.stateOf(late!), broker.retriesOf(late!)]).toEqual(['activatable', 3]);
      expect(observer.handedBack).toEqual([late]);
    });

    test('jobs that wait for a place go back at once', async () => {
      start(takes(3_000), {
        maxJobs: 1,
        subscriptions: ['a', 'b'].map((type) => ({ type, fetchVariables: [], handle: ends(takes(3_000)) })),
      });
      await jest.advanceTimersByTimeAsync(10);
      broker.createJobs(1, { type: 'a' });
      const [waiting] = broker.createJobs(1, { type: 'b' });
      await jest.advanceTimersByTimeAsync(100);
      const drained = loop.drain();
      await jest.advanceTimersByTimeAsync(1);
      expect(broker.stateOf(waiting!)).toBe('activatable');
      await jest.advanceTimersByTimeAsync(10_000);
      await drained;
    });

    test('what still runs when the grace time is over is aborted and goes back with unchanged retries', async () => {
      const [key] = broker.createJobs(1);
      start(takes(100_000), { graceMs: 10_000 });
      await jest.advanceTimersByTimeAsync(100);
      const drained = loop.drain();
      await jest.advanceTimersByTimeAsync(11_000);
      await drained;
      expect([broker.stateOf(key!), broker.retriesOf(key!)]).toEqual(['activatable', 3]);
    });

    test('a job that is handed back settles nothing, unless it is gone', async () => {
      for (const fault of [undefined, 'not-found'] as const) {
        const settled: Delivery[] = [];
        const handle = ends(takes(100_000));
        const [key] = broker.createJobs(1);
        start(takes(1), {
          subscriptions: [
            {
              type: 'test',
              fetchVariables: [],
              handle: async (job, lease) => ({
                ...(await handle(job, lease)),
                settled: (delivery) => Promise.resolve(void settled.push(delivery)),
              }),
            },
          ],
        });
        await jest.advanceTimersByTimeAsync(100);
        if (fault !== undefined) broker.failNext('send', fault, 1);
        const drained = loop.drain();
        await jest.advanceTimersByTimeAsync(11_000);
        await drained;
        expect(broker.retriesOf(key!)).toBe(3);
        expect(settled).toEqual(fault === undefined ? [] : ['gone']);
      }
    });

    test('no poll is opened any more', async () => {
      start(takes(10));
      await jest.advanceTimersByTimeAsync(100);
      const polls = broker.activations.length;
      const drained = loop.drain();
      await jest.advanceTimersByTimeAsync(30_000);
      await drained;
      expect(broker.activations).toHaveLength(polls);
      expect(broker.openPolls).toBe(0);
    });

    test('it ends in bounded time although the engine is away', async () => {
      broker.createJobs(1);
      start(takes(1_000));
      await jest.advanceTimersByTimeAsync(100);
      broker.failNext('send', 'unavailable', 10_000);
      const drained = loop.drain();
      let ended = false;
      void drained.then(() => (ended = true));
      await jest.advanceTimersByTimeAsync(14_000);
      expect(ended).toBe(true);
    });
  });

  function failure(): JobCommand {
    return { kind: 'fail', retries: 2, backoffMs: 0, errorMessage: 'no', variables: emptyObject };
  }
});
