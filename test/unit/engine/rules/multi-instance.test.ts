import {
  after,
  boundary,
  bpmn,
  end,
  error,
  path,
  scriptTask,
  serviceTask,
  start,
  subProcessWith,
  terminate,
  parallel,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

const each = {
  inputCollection: '=items',
  inputElement: 'item',
  outputCollection: 'results',
  outputElement: '=result',
};
const over = (multiInstance: object, more: object = {}) =>
  bpmn(
    'p',
    path(start(), serviceTask('task', { multiInstance: { ...each, ...multiInstance }, ...more }), end()),
  );

describe('a multi-instance', () => {
  it('in parallel gives all jobs at once, and a list of outputs in the order of the items', async () => {
    await engine.deploy(over({}));
    const key = await engine.start('p', { items: ['a', 'b', 'c'] });
    const jobs = await engine.jobs('task');
    expect(jobs.map(({ variables }) => JSON.parse(variables) as object)).toEqual(
      ['a', 'b', 'c'].map((item, index) => ({
        items: ['a', 'b', 'c'],
        item,
        loopCounter: index + 1,
        result: null,
      })),
    );
    for (const { job } of [...jobs].reverse())
      await engine.engine.completeJob(job.key, JSON.stringify({ result: job.key }));
    await engine.engine.settled();
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({
      items: ['a', 'b', 'c'],
      results: jobs.map(({ job }) => job.key),
    });
  });

  it('one after the other gives the next job when the last one is done', async () => {
    await engine.deploy(over({ sequential: true }));
    const key = await engine.start('p', { items: [1, 2] });
    expect(await engine.jobs('task', { timeoutMs: 1 })).toHaveLength(1);
    await engine.pass(5);
    await engine.complete('task', { result: 'one' });
    await engine.complete('task', { result: 'two' });
    expect(engine.variables(key)).toEqual({ items: [1, 2], results: ['one', 'two'] });
    expect((await engine.completed(key)).filter((id) => id === 'task')).toHaveLength(3);
  });

  it('takes as its output what an output mapping makes of the result', async () => {
    await engine.deploy(over({}, { outputs: { result: '=answer.text', last: '=item' } }));
    const key = await engine.start('p', { items: ['a', 'b'] });
    await engine.complete('task', { answer: { text: 'one' } });
    expect(engine.variables(key)).toEqual({ items: ['a', 'b'], last: 'a' });
    await engine.pass(60_000);
    await engine.complete('task', { answer: { text: 'two' } });
    expect(engine.variables(key)).toEqual({ items: ['a', 'b'], last: 'b', results: ['one', 'two'] });
  });

  it('over an empty list completes at once', async () => {
    await engine.deploy(over({}));
    const key = await engine.start('p', { items: [] });
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({ items: [], results: [] });
  });

  it('over what is no list is an incident that can be resolved', async () => {
    await engine.deploy(over({}));
    const key = await engine.start('p', { items: 5 });
    expect(engine.incident(key)).toMatchObject({
      type: 'EXTRACT_VALUE_ERROR',
      message: "Expected result of the expression 'items' to be 'ARRAY', but was 'NUMBER'.",
    });
    await engine.engine.setVariables(key, '{"items":[1]}', false);
    await engine.resolve(key);
    await engine.complete('task', { result: 1 });
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('ends the rest when its completion condition is true, and keeps nulls for it', async () => {
    await engine.deploy(
      over({
        completionCondition:
          '=numberOfCompletedInstances >= 2 and numberOfInstances = 3 and numberOfActiveInstances = 1',
      }),
    );
    const key = await engine.start('p', { items: [1, 2, 3], numberOfInstances: 'hidden' });
    const [first, , third] = await engine.jobs('task');
    await engine.engine.completeJob(third!.job.key, '{"result":"third"}');
    await engine.engine.completeJob(first!.job.key, '{"result":"first"}');
    await engine.engine.settled();
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)['results']).toEqual(['first', null, 'third']);
  });

  it('lets its condition see the outputs so far', async () => {
    await engine.deploy(over({ sequential: true, completionCondition: '=list contains(results, "stop")' }));
    const key = await engine.start('p', { items: [1, 2, 3] });
    await engine.complete('task', { result: 'go' });
    await engine.complete('task', { result: 'stop' });
    expect(engine.variables(key)['results']).toEqual(['go', 'stop', null]);
  });

  it('has its boundary events on the body: one error ends all instances', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task', { multiInstance: each }), end()),
        boundary('caught', 'task', error('E')),
        path('caught', end('saved')),
      ),
    );
    const key = await engine.start('p', { items: [1, 2, 3] });
    await engine.throwError('task', 'E');
    expect(await engine.completed(key)).toEqual(['start', 'caught', 'saved']);
    expect(engine.variables(key)).not.toHaveProperty('results');
  });

  it('has one timer for all its instances', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), serviceTask('task', { multiInstance: each }), end()),
        boundary('late', 'task', after('PT5S')),
        path('late', end('was-late')),
      ),
    );
    const key = await engine.start('p', { items: [1, 2] });
    expect(engine.engine.state.timers.size).toBe(1);
    await engine.pass(5_000);
    expect(await engine.completed(key)).toEqual(['start', 'late', 'was-late']);
  });

  it('goes on with the others when one of them has an incident', async () => {
    await engine.deploy(over({}, { inputs: { x: '=assert(item, item != 2)' } }));
    const key = await engine.start('p', { items: [1, 2, 3] });
    expect(engine.incidents(key)).toHaveLength(1);
    expect(await engine.jobs('task')).toHaveLength(2);
  });

  it('of a sub-process ends one iteration at a terminate end event', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(
          start(),
          subProcessWith(
            'sub',
            { multiInstance: { ...each, sequential: true, outputElement: '=item * 10' } },
            path(start('s'), parallel('fork'), serviceTask('never'), end('e')),
            path('fork', serviceTask('task'), end('stop', terminate())),
          ),
          end(),
        ),
      ),
    );
    const key = await engine.start('p', { items: [1, 2] });
    await engine.complete('task');
    expect(engine.stateOf(key)).toBe('ACTIVE');
    await engine.complete('task');
    expect(engine.variables(key)).toEqual({ items: [1, 2], results: [10, 20] });
  });

  it('of 10,000 items passes, with an output for each', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), scriptTask('square', '=item * item', 'result', { multiInstance: each }), end()),
      ),
    );
    const key = await engine.start('p', { items: Array.from({ length: 10_000 }, (_, index) => index) });
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect((engine.variables(key)['results'] as number[]).at(-1)).toBe(9999 * 9999);
  });
});
