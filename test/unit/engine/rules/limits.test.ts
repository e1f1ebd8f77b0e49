import {
  bpmn,
  callActivity,
  end,
  exclusive,
  parallel,
  path,
  scriptTask,
  serviceTask,
  start,
  when,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

it('a loop without a wait state lets others be served, and is stopped by cancelling it', async () => {
  await engine.deploy(
    bpmn('loop', path(start(), exclusive('again'), scriptTask('count', '=1', 'x'), 'again')),
    bpmn('p', path(start(), serviceTask('task'), end())),
  );
  const { key } = await engine.engine.createInstance({ processId: 'loop', variables: '{}', tags: [] });
  const { key: other } = await engine.engine.createInstance({ processId: 'p', variables: '{}', tags: [] });
  const { job } = await engine.job('task');
  await engine.engine.completeJob(job.key, '{}');
  expect(engine.stateOf(other)).toBe('COMPLETED');
  expect(engine.stateOf(key)).toBe('ACTIVE');
  await engine.engine.cancelInstance(key);
  await engine.engine.settled();
  expect(engine.stateOf(key)).toBe('TERMINATED');
  expect(engine.engine.state.continuations.size).toBe(0);
});

it('a process that doubles its tokens for ever lets others be served too', async () => {
  await engine.deploy(
    bpmn(
      'flood',
      path(start(), exclusive('in'), parallel('fork'), 'in'),
      path('fork', exclusive('also'), 'in'),
    ),
    bpmn('p', path(start(), serviceTask('task'), end())),
  );
  const { key } = await engine.engine.createInstance({ processId: 'flood', variables: '{}', tags: [] });
  const { key: other } = await engine.engine.createInstance({ processId: 'p', variables: '{}', tags: [] });
  expect(engine.resting(other)).toEqual(['task']);
  await engine.engine.cancelInstance(key);
  await engine.engine.settled();
  expect(engine.stateOf(key)).toBe('TERMINATED');
});

it('of an instance that loops for long, only some of the elements that ended are kept', async () => {
  await engine.deploy(
    bpmn(
      'p',
      path(
        start(),
        exclusive('again'),
        scriptTask('count', '=n + 1', 'n'),
        exclusive('enough', { otherwise: 'again' }),
        when('=n >= 5000'),
        end(),
      ),
      path('enough', 'again'),
    ),
  );
  const key = await engine.start('p', { n: 0 });
  expect(engine.stateOf(key)).toBe('COMPLETED');
  expect(engine.variables(key)).toEqual({ n: 5000 });
  expect(engine.elements(key).length).toBeLessThanOrEqual(10_001);
});

it('of instances that ended, the last thousand and a few are kept', async () => {
  await engine.deploy(
    bpmn('p', path(start(), callActivity('call', 'child'), end())),
    bpmn('child', path(start(), end())),
  );
  for (let count = 0; count < 1_300; count++) await engine.start('p');
  const { instances, elements } = engine.engine.state;
  expect(instances.size).toBeLessThanOrEqual(2 * 1_100);
  expect(instances.size).toBeGreaterThanOrEqual(2 * 1_000);
  expect(elements.size).toBeLessThanOrEqual(7 * 1_100);
});

it('a process that comes to no rest in a million steps is stopped with an incident, and can only be cancelled', async () => {
  await engine.deploy(
    bpmn('loop', path(start(), exclusive('again'), scriptTask('count', '=1', 'x'), 'again')),
  );
  const { key } = await engine.engine.createInstance({ processId: 'loop', variables: '{}', tags: [] });
  const { continuations } = engine.engine.state;
  for (const { key: kept } of continuations.values()) continuations.update(kept, { done: 999_999 });
  await engine.engine.settled();
  expect(engine.incident(key)).toMatchObject({
    type: 'UNKNOWN',
    message: expect.stringContaining('1,000,000 steps without coming to a wait state') as string,
  });
  await expect(engine.resolve(key)).rejects.toMatchObject({ status: 409 });
  await engine.engine.cancelInstance(key);
  expect(engine.stateOf(key)).toBe('TERMINATED');
});

it('a process that calls itself without end stops at a depth, and can be cancelled', async () => {
  await engine.deploy(bpmn('p', path(start(), callActivity('call', 'p'), end())));
  const key = await engine.start('p');
  const { instances, incidents } = engine.engine.state;
  expect(instances.size).toBe(1_000);
  expect([...incidents.values()]).toEqual([
    expect.objectContaining({
      type: 'CALLED_ELEMENT_ERROR',
      message: expect.stringContaining('at most 1000 deep') as string,
    }),
  ]);
  await engine.engine.cancelInstance(key);
  expect([...instances.values()].filter(({ state }) => state === 'ACTIVE')).toEqual([]);
});

it('the clock cannot be moved beyond the calendar, from where nothing would lead back', async () => {
  await expect(engine.engine.advanceClock(8.64e15)).rejects.toMatchObject({ status: 400 });
  const before = engine.engine.now();
  await engine.engine.advanceClock(1_000);
  expect(engine.engine.now()).toBe(before + 1_000);
});
