import {
  after,
  at,
  boundary,
  bpmn,
  callActivity,
  catchEvent,
  definitions,
  end,
  error,
  every,
  exclusive,
  eventSubProcess,
  message,
  path,
  process,
  receiveTask,
  send,
  serviceTask,
  signal,
  start,
  startOn,
  subProcessWith,
  throwEvent,
  userTask,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

const instancesOf = (processId: string) =>
  [...engine.engine.state.instances.values()].filter((instance) => instance.processId === processId);

describe('a timer', () => {
  it('is never early, and not late', async () => {
    await engine.deploy(
      bpmn('p', path(start(), catchEvent('wait', after('=duration("PT" + string(n) + "S")')), end())),
    );
    const key = await engine.start('p', { n: 10 });
    await engine.pass(9_999);
    expect(engine.resting(key)).toEqual(['wait']);
    await engine.pass(1);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('at a date, or one that is over, fires', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(
          start(),
          catchEvent('wait', at('2026-01-01T00:01:00Z')),
          catchEvent('past', at('2020-01-01T00:00:00Z')),
          end(),
        ),
      ),
    );
    const key = await engine.start('p');
    await engine.pass(60_000);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('fires in the order in which they were armed where several are due at the same time', async () => {
    await engine.deploy(bpmn('p', path(start(), catchEvent('wait', after('PT10S')), end())));
    const keys = [];
    for (let count = 0; count < 8; count++) keys.push(await engine.start('p'));
    await engine.pass(10_000);
    const ends = (await engine.records()).filter(
      ({ intent, value }) => intent === 'ELEMENT_COMPLETED' && value['elementId'] === 'p',
    );
    expect(ends.map(({ key }) => key)).toEqual(keys);
  });

  it('comes earlier by as much as the clock is moved forward', async () => {
    await engine.deploy(bpmn('p', path(start(), catchEvent('wait', after('PT10S')), end())));
    const key = await engine.start('p');
    await engine.engine.advanceClock(4_000);
    await engine.pass(5_999);
    expect(engine.resting(key)).toEqual(['wait']);
    await engine.pass(1);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('does not fire on a task that is done, incident or not', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task', { outputs: { x: '=assert(ok, ok)' } }), end()),
        boundary('late', 'task', after('PT10S')),
        path('late', end('was-late')),
      ),
    );
    const key = await engine.start('p', { ok: false });
    await engine.complete('task');
    await engine.pass(20_000);
    expect(engine.incident(key).type).toBe('IO_MAPPING_ERROR');
    await engine.engine.setVariables(key, '{"ok":true}', false);
    await engine.resolve(key);
    expect(await engine.completed(key)).toEqual(['start', 'task', 'end']);
  });

  it('that interrupts ends its task', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('late', 'task', after('PT1M')),
        path('late', end('was-late')),
      ),
    );
    const key = await engine.start('p');
    const { job } = await engine.job('task');
    await engine.pass(60_000);
    expect(await engine.completed(key)).toEqual(['start', 'late', 'was-late']);
    await expect(engine.engine.completeJob(job.key, '{}')).rejects.toMatchObject({ status: 404 });
  });

  it('with a cycle fires as often as it says, beside its task', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('tick', 'task', every('R3/PT10S'), { interrupting: false }),
        path('tick', end('ticked')),
      ),
    );
    const key = await engine.start('p');
    await engine.pass(100_000);
    expect((await engine.completed(key)).filter((id) => id === 'tick')).toHaveLength(3);
    expect(engine.resting(key)).toEqual(['task']);
  });

  it('of a start event starts the latest version only', async () => {
    const ticking = (id: string) => bpmn('p', path(startOn('tick', every('R/PT1M')), serviceTask(id), end()));
    await engine.redeploy('p.bpmn', ticking('old'));
    await engine.pass(60_000);
    await engine.redeploy('p.bpmn', ticking('new'));
    await engine.pass(120_000);
    expect(await engine.jobs('old')).toHaveLength(1);
    expect(await engine.jobs('new')).toHaveLength(2);
  });

  it('whose text is no time is an incident', async () => {
    await engine.deploy(bpmn('p', path(start(), catchEvent('wait', after('=x')), end())));
    const key = await engine.start('p', { x: 'tomorrow' });
    expect(engine.incident(key)).toMatchObject({ type: 'EXTRACT_VALUE_ERROR', elementId: 'wait' });
    await engine.engine.setVariables(key, '{"x":"PT0S"}', false);
    await engine.resolve(key);
    await engine.pass(0);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});

describe('a message', () => {
  it('starts no event sub-process in a scope that has come to its end, incident or not', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(
          start(),
          subProcessWith(
            'sub',
            { outputs: { x: '=assert(ok, ok)' } },
            path(start('s'), serviceTask('task'), end('e')),
            eventSubProcess('beside', path(startOn('on', message('note', '=id')), end('be'))),
          ),
          end(),
        ),
      ),
    );
    const key = await engine.start('p', { id: 1, ok: false });
    await engine.complete('task');
    expect(engine.incident(key).type).toBe('IO_MAPPING_ERROR');
    const note = { name: 'note', correlationKey: '1', variables: '{}' };
    await expect(engine.engine.correlateMessage(note)).rejects.toMatchObject({ status: 404 });
    await engine.engine.setVariables(key, '{"ok":true}', false);
    await engine.resolve(key);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  const waiting = bpmn('p', path(start(), catchEvent('wait', message('paid', '=order')), end()));

  it('reaches the one that waits with its key, number or text', async () => {
    await engine.deploy(waiting);
    const one = await engine.start('p', { order: 7 });
    const other = await engine.start('p', { order: '8' });
    await engine.publish('paid', '7', { amount: 5 });
    expect(engine.variables(one)).toEqual({ order: 7, amount: 5 });
    expect(engine.stateOf(other)).toBe('ACTIVE');
    await engine.publish('paid', '8');
    expect(engine.stateOf(other)).toBe('COMPLETED');
  });

  it('waits for a subscription until its time is over, first in, first out', async () => {
    await engine.deploy(waiting);
    await engine.publish('paid', 'A', { n: 1 }, 10_000);
    await engine.publish('paid', 'A', { n: 2 }, 10_000);
    const first = await engine.start('p', { order: 'A' });
    const second = await engine.start('p', { order: 'A' });
    expect([engine.variables(first), engine.variables(second)]).toEqual([
      { order: 'A', n: 1 },
      { order: 'A', n: 2 },
    ]);
    await engine.publish('paid', 'B', {}, 10_000);
    await engine.pass(10_000);
    expect(engine.stateOf(await engine.start('p', { order: 'B' }))).toBe('ACTIVE');
    expect(engine.engine.state.messages.size).toBe(0);
  });

  it('goes once to each process', async () => {
    await engine.deploy(waiting, bpmn('q', path(start(), receiveTask('wait', 'paid', '=order'), end())));
    const keys = [
      await engine.start('p', { order: 1 }),
      await engine.start('p', { order: 1 }),
      await engine.start('q', { order: 1 }),
    ];
    await engine.publish('paid', '1', {}, 0);
    expect(keys.map((key) => engine.stateOf(key))).toEqual(['COMPLETED', 'ACTIVE', 'COMPLETED']);
  });

  it('with the same id is refused while the first one is kept', async () => {
    const once = { name: 'n', correlationKey: 'k', timeToLiveMs: 1000, messageId: 'id', variables: '{}' };
    await engine.engine.publishMessage(once);
    await expect(engine.engine.publishMessage(once)).rejects.toMatchObject({ status: 409 });
    await engine.pass(1000);
    await expect(engine.engine.publishMessage(once)).resolves.toHaveProperty('key');
  });

  it('that has to be correlated names the instance, or is refused', async () => {
    await engine.deploy(waiting);
    const wanted = { name: 'paid', correlationKey: 'x', variables: '{"y":1}' };
    await expect(engine.engine.correlateMessage(wanted)).rejects.toMatchObject({ status: 404 });
    const key = await engine.start('p', { order: 'x' });
    await expect(engine.engine.correlateMessage(wanted)).resolves.toMatchObject({ instance: key });
    expect(engine.variables(key)).toEqual({ order: 'x', y: 1 });
  });

  it('without a key that is text or number is an incident', async () => {
    await engine.deploy(waiting);
    const key = await engine.start('p', { order: true });
    expect(engine.incident(key)).toMatchObject({ type: 'EXTRACT_VALUE_ERROR', elementId: 'wait' });
  });

  it('starts a process, but no second one with the same key beside it', async () => {
    await engine.deploy(bpmn('p', path(startOn('order', message('order')), serviceTask('task'), end())));
    await engine.publish('order', 'A', { n: 1 });
    await engine.publish('order', 'A', { n: 2 });
    await engine.publish('order', 'B', { n: 3 });
    await engine.publish('order', '', { n: 4 });
    await engine.publish('order', '', { n: 5 });
    expect(instancesOf('p').map(({ key }) => engine.variables(key)['n'])).toEqual([1, 3, 4, 5]);
    await engine.complete('task');
    expect(instancesOf('p').map(({ key }) => engine.variables(key)['n'])).toEqual([1, 3, 4, 5, 2]);
  });

  it('that was kept for one of several start events waits its turn', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(startOn('order', message('order')), exclusive('merge'), serviceTask('task'), end()),
        path(startOn('offer', message('offer')), 'merge'),
      ),
    );
    await engine.publish('order', 'A', { n: 1 });
    await engine.publish('offer', 'A', { n: 2 });
    await engine.publish('order', 'A', { n: 3 });
    await engine.complete('task');
    await engine.complete('task');
    expect(instancesOf('p').map(({ key }) => engine.variables(key)['n'])).toEqual([1, 2, 3]);
  });

  it('reaches boundary events: one that interrupts once, one that does not each time', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('ask', 'task', message('ask', '=id'), { interrupting: false }),
        path('ask', end('asked')),
        boundary('stop', 'task', message('stop', '=id')),
        path('stop', end('stopped')),
      ),
    );
    const key = await engine.start('p', { id: 1 });
    await engine.publish('ask', '1', { a: 1 }, 0);
    await engine.publish('ask', '1', { a: 2 }, 0);
    await engine.publish('stop', '1', {}, 0);
    expect(await engine.completed(key)).toEqual(['start', 'ask', 'asked', 'ask', 'asked', 'stop', 'stopped']);
    expect(engine.variables(key)).toEqual({ id: 1, a: 2 });
  });

  it('that was kept reaches an event that does not interrupt, each of them', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('ask', 'task', message('ask', '=id'), { interrupting: false }),
        path('ask', end('asked')),
      ),
    );
    await engine.publish('ask', '1', { a: 1 });
    await engine.publish('ask', '1', { a: 2 });
    const key = await engine.start('p', { id: 1 });
    expect((await engine.completed(key)).filter((id) => id === 'asked')).toHaveLength(2);
    expect(engine.variables(key)).toEqual({ id: 1, a: 2 });
  });

  it('does not reach what it has ended itself in another process', async () => {
    await engine.deploy(
      definitions(
        process(
          'p',
          path(start(), callActivity('call', 'q'), end()),
          boundary('stop', 'call', message('paid', '=order')),
          path('stop', end('stopped')),
        ),
        process('q', path(start('s'), catchEvent('wait', message('paid', '=order')), end('e'))),
      ),
    );
    const key = await engine.start('p', { order: 1 });
    await engine.publish('paid', '1', {}, 0);
    expect(await engine.completed(key)).toEqual(['start', 'stop', 'stopped']);
    const [called] = instancesOf('q');
    expect(called?.state).toBe('TERMINATED');
    expect(await engine.completed(called!.key)).toEqual(['s']);
  });

  it('that a process throws is a job', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), throwEvent('tell', send({ type: 'mail' })), end('last', send({ type: 'mail' }))),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('mail');
    await engine.complete('mail');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});

describe('a signal', () => {
  it('reaches all that wait, and starts what begins with it', async () => {
    await engine.deploy(
      bpmn('p', path(start(), catchEvent('wait', signal('alarm')), end())),
      bpmn('q', path(startOn('on', signal('alarm')), end())),
      bpmn(
        'thrower',
        path(start(), throwEvent('shout', signal('alarm'), { inputs: { level: '=9' } }), end()),
      ),
    );
    const keys = [await engine.start('p'), await engine.start('p')];
    await engine.start('thrower', { secret: 1 });
    expect(keys.map((key) => engine.variables(key))).toEqual([{ level: 9 }, { level: 9 }]);
    expect(instancesOf('q').map(({ key, state }) => [state, engine.variables(key)])).toEqual([
      ['COMPLETED', { level: 9 }],
    ]);
  });
});

describe('an event sub-process', () => {
  it('that interrupts ends all else in its scope, once', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        eventSubProcess(
          'cancel',
          path(
            startOn('on', message('cancel', '=id'), { outputs: { why: '=reason' } }),
            serviceTask('undo'),
            end('ce'),
          ),
        ),
        eventSubProcess('other', path(startOn('tick', after('PT1M')), end('oe'))),
      ),
    );
    const key = await engine.start('p', { id: 1 });
    await engine.publish('cancel', '1', { reason: 'changed' }, 0);
    expect(engine.resting(key)).toEqual(['cancel', 'undo']);
    expect(engine.variables(key)).toEqual({ id: 1, why: 'changed' });
    await engine.pass(120_000);
    expect(engine.resting(key)).toEqual(['cancel', 'undo']);
    await engine.complete('undo');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('that does not interrupt runs each time, beside the rest', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        eventSubProcess(
          'note',
          path(
            startOn('on', message('note', '=id'), { interrupting: false }),
            serviceTask('write'),
            end('ne'),
          ),
        ),
      ),
    );
    const key = await engine.start('p', { id: 1 });
    await engine.publish('note', '1', { text: 'a' }, 0);
    await engine.publish('note', '1', { text: 'b' }, 0);
    const jobs = await engine.jobs('write', { timeoutMs: 1 });
    expect(jobs.map(({ variables }) => (JSON.parse(variables) as { text: string }).text)).toEqual(['a', 'b']);
    await engine.pass(5);
    await engine.complete('task');
    await engine.complete('write');
    expect(engine.stateOf(key)).toBe('ACTIVE');
    await engine.complete('write');
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({ id: 1 });
  });
});

describe('a user task', () => {
  it('is completed by a person, with variables', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), userTask('review', { assignee: '=who', candidateGroups: '=["a","b"]' }), end()),
      ),
    );
    const key = await engine.start('p', { who: 'ann' });
    const [task] = engine.userTasks(key);
    expect(task).toMatchObject({
      state: 'CREATED',
      assignee: 'ann',
      candidateGroups: ['a', 'b'],
      priority: 50,
    });
    await engine.engine.assignUserTask(task!.key, 'bob', true);
    await engine.engine.completeUserTask(task!.key, '{"ok":true}');
    await engine.engine.settled();
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({ who: 'ann', ok: true });
    await expect(engine.engine.completeUserTask(task!.key, '{}')).rejects.toMatchObject({ status: 404 });
  });

  it('ends with its element', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), userTask('review'), end()),
        boundary('late', 'review', after('PT1S')),
        path('late', end('e2')),
      ),
    );
    const key = await engine.start('p');
    await engine.pass(1_000);
    expect(engine.userTasks(key)[0]?.state).toBe('CANCELED');
  });

  it('without the native kind is a job', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), userTask('review', { native: false }), end()),
        boundary('b', 'review', error('E')),
        path('b', end('e2')),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('io.camunda.zeebe:userTask');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});
