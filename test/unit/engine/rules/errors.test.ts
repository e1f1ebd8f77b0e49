import {
  boundary,
  bpmn,
  callActivity,
  definitions,
  end,
  error,
  escalation,
  eventSubProcess,
  parallel,
  path,
  process,
  serviceTask,
  start,
  startOn,
  subProcess,
  throwEvent,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

describe('an error', () => {
  it('leaves by the boundary event with its code, before one that catches all', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('any', 'task', error()),
        path('any', end('any-end')),
        boundary('exact', 'task', error('E1')),
        path('exact', end('exact-end')),
      ),
    );
    const exact = await engine.start('p');
    await engine.throwError('task', 'E1');
    expect(await engine.completed(exact)).toEqual(['start', 'exact', 'exact-end']);
    const other = await engine.start('p');
    await engine.throwError('task', 'E2');
    expect(await engine.completed(other)).toEqual(['start', 'any', 'any-end']);
  });

  it('brings its variables to the catching event, out of which only a mapping takes them', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('caught', 'task', error('E'), { outputs: { why: '=reason' } }),
        path('caught', end('caught-end')),
      ),
    );
    const key = await engine.start('p');
    await engine.throwError('task', 'E', { reason: 'because', other: 1 });
    expect(engine.variables(key)).toEqual({ why: 'because' });
  });

  it('goes outwards through scopes and calls, ending all on its way', async () => {
    await engine.deploy(
      definitions(
        process(
          'p',
          path(
            start(),
            subProcess(
              'outer',
              path(start('s'), parallel('fork'), callActivity('call', 'child'), end('e')),
              path('fork', serviceTask('beside'), end('e2')),
            ),
            end(),
          ),
          boundary('caught', 'outer', error('E')),
          path('caught', serviceTask('rescue'), end('e3')),
        ),
        process(
          'child',
          path(
            start('cs'),
            subProcess('inner', path(start('is'), serviceTask('task'), end('ie'))),
            end('ce'),
          ),
        ),
      ),
    );
    const key = await engine.start('p');
    await engine.throwError('task', 'E');
    expect(engine.resting(key)).toEqual(['rescue']);
    expect(await engine.jobs('beside')).toEqual([]);
    const child = [...engine.engine.state.instances.values()].find(({ processId }) => processId === 'child');
    expect(child?.state).toBe('TERMINATED');
  });

  it('is caught by an event sub-process of the scope, which ends all else there', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('task'), end()),
        path('fork', serviceTask('beside'), end('e2')),
        eventSubProcess(
          'rescue',
          path(
            startOn('on-error', error('E')),
            serviceTask('repair', { inputs: { seen: '=reason' } }),
            end('re'),
          ),
        ),
      ),
    );
    const key = await engine.start('p');
    await engine.throwError('task', 'E', { reason: 'r' });
    expect(engine.resting(key)).toEqual(['rescue', 'repair']);
    expect(JSON.parse((await engine.job('repair')).variables)).toEqual({ reason: 'r', seen: 'r' });
    await engine.pass(60_000);
    await engine.complete('repair');
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({});
  });

  it('thrown inside an error event sub-process is not caught by itself', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        eventSubProcess('rescue', path(startOn('on-error', error()), serviceTask('repair'), end('re'))),
      ),
    );
    const key = await engine.start('p');
    await engine.throwError('task', 'E');
    await engine.throwError('repair', 'E');
    expect(engine.incident(key)).toMatchObject({ type: 'UNHANDLED_ERROR_EVENT', elementId: 'repair' });
  });

  it('that nobody catches is an incident; resolved, the job can be taken again', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task'), end()),
        boundary('other', 'task', error('OTHER')),
        path('other', end('e2')),
      ),
    );
    const key = await engine.start('p');
    const { job } = await engine.job('task');
    await engine.engine.throwJobError(job.key, { errorCode: 'E', errorMessage: 'no', variables: '{"x":1}' });
    expect(engine.incident(key)).toMatchObject({
      type: 'UNHANDLED_ERROR_EVENT',
      message:
        "Expected to throw an error event with the code 'E' with message 'no', but it was not caught. Available error events are [other]",
    });
    await expect(engine.engine.completeJob(job.key, '{}')).rejects.toMatchObject({ status: 409 });
    await engine.resolve(key);
    await engine.complete('task');
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({});
  });

  it('of an end event that nobody catches is an incident that raises it again', async () => {
    await engine.deploy(bpmn('p', path(start(), end('fail', error('E')))));
    const key = await engine.start('p');
    expect(engine.incident(key).message).toBe(
      "Expected to throw an error event with the code 'E', but it was not caught. No error events are available in the scope.",
    );
    const first = engine.incident(key).key;
    await engine.resolve(key);
    expect(engine.incident(key).key).not.toBe(first);
    await engine.engine.cancelInstance(key);
    expect(engine.incidents(key)).toEqual([]);
  });

  it('of an end event ends the scope around it where it is caught', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), subProcess('sub', path(start('s'), end('fail', error('E')))), end()),
        boundary('caught', 'sub', error('E')),
        path('caught', end('saved')),
      ),
    );
    const key = await engine.start('p');
    expect(await engine.completed(key)).toEqual(['start', 's', 'caught', 'saved']);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});

describe('an escalation', () => {
  it('that interrupts ends its thrower, one that does not lets it go on', async () => {
    const escalating = (id: string, interrupting: boolean) =>
      bpmn(
        id,
        path(
          start(),
          subProcess(
            'sub',
            path(start('s'), throwEvent('up', escalation('ESC')), serviceTask(`${id}-task`), end('e')),
          ),
          end(),
        ),
        boundary('caught', 'sub', escalation('ESC'), { interrupting }),
        path('caught', serviceTask(`${id}-boss`), end('e2')),
      );
    await engine.deploy(escalating('hard', true), escalating('soft', false));
    const hard = await engine.start('hard');
    expect(engine.resting(hard)).toEqual(['hard-boss']);
    const soft = await engine.start('soft');
    expect(engine.resting(soft).sort()).toEqual(['soft-boss', 'soft-task', 'sub']);
    await engine.complete('soft-task');
    await engine.complete('soft-boss');
    expect(engine.stateOf(soft)).toBe('COMPLETED');
  });

  it('that nobody catches changes nothing', async () => {
    await engine.deploy(
      bpmn('p', path(start(), throwEvent('up', escalation('ESC')), end('last', escalation('ESC')))),
    );
    const key = await engine.start('p');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('starts an event sub-process beside the rest, which the scope waits for', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), throwEvent('up', escalation('ESC')), serviceTask('task'), end()),
        eventSubProcess(
          'note',
          path(startOn('on', escalation(), { interrupting: false }), serviceTask('boss'), end('ne')),
        ),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('task');
    expect(engine.resting(key)).toEqual(['note', 'boss']);
    await engine.complete('boss');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});
