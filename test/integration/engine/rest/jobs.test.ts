import { OneJob } from './one-job';

let job: OneJob;
beforeEach(async () => {
  job = await OneJob.start();
});
afterEach(() => job.close());

const commands = {
  complete: (key: string) => job.complete(key),
  fail: (key: string) => job.served.post(`/v2/jobs/${key}/failure`, { retries: 1, errorMessage: 'no' }),
  error: (key: string) => job.served.post(`/v2/jobs/${key}/error`, { errorCode: 'e' }),
  extend: (key: string) => job.extend(key),
};

describe('a job that is', () => {
  it.each<[string, [number, number, number, number]]>([
    ['activatable', [204, 204, 204, 400]],
    ['active', [204, 204, 204, 204]],
    ['timed out and free', [204, 204, 204, 400]],
    ['timed out and with another worker', [204, 204, 204, 204]],
    ['in back-off', [409, 409, 409, 400]],
    ['failed without retries', [409, 409, 409, 400]],
    ['error thrown, not caught', [409, 409, 409, 400]],
    ['error caught', [404, 404, 404, 404]],
    ['done', [404, 404, 404, 404]],
    ['cancelled', [404, 404, 404, 404]],
    ['unknown', [404, 404, 404, 404]],
    ['not a number', [400, 400, 400, 400]],
  ])('%s answers complete, fail, error and extend with %j', async (state, expected) => {
    const statuses: number[] = [];
    for (const command of Object.values(commands)) {
      const { status, headers } = await command(await job.inState(state));
      expect(headers.get('content-type')).toBe(status === 204 ? null : 'application/problem+json');
      statuses.push(status);
    }
    expect(statuses).toEqual(expected);
  });

  it('not active says so when it is to be extended', async () => {
    const { json } = await job.extend(await job.inState('timed out and free'));
    expect(json).toMatchObject({ type: 'about:blank', title: 'INVALID_ARGUMENT', status: 400 });
    expect(json['detail']).toContain('it is not active');
  });

  it('in back-off says its state', async () => {
    const key = await job.inState('in back-off');
    const { json } = await job.complete(key);
    expect(json).toMatchObject({ title: 'INVALID_STATE', instance: `/v2/jobs/${key}/completion` });
    expect(json['detail']).toContain('FAILED');
  });
});
