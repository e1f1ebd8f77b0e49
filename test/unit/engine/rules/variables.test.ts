import {
  bpmn,
  callActivity,
  definitions,
  end,
  path,
  process,
  scriptTask,
  serviceTask,
  start,
  subProcess,
  subProcessWith,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

const oneTask = (options: Parameters<typeof serviceTask>[1]) =>
  bpmn('p', path(start(), serviceTask('task', options), end()));

describe('input mappings', () => {
  it('become local to the task, in order, each seeing the ones before it', async () => {
    await engine.deploy(oneTask({ inputs: { a: '=x + 1', b: '=a * 2', c: 'text', d: null } }));
    const key = await engine.start('p', { x: 1 });
    const { variables } = await engine.job('task');
    expect(JSON.parse(variables)).toEqual({ x: 1, a: 2, b: 4, c: 'text', d: null });
    expect(engine.variables(key)).toEqual({ x: 1 });
  });

  it('with a nested target build a new object, whatever the process has of that name', async () => {
    await engine.deploy(oneTask({ inputs: { 'o.a': '=1', 'o.b.c': '=o.a + 1' } }));
    await engine.start('p', { o: { kept: false } });
    const { variables } = await engine.job('task');
    expect(JSON.parse(variables)).toEqual({ o: { a: 1, b: { c: 2 } } });
  });

  it('that cannot be evaluated are an incident before there is a job; resolved, the job comes', async () => {
    await engine.deploy(oneTask({ inputs: { a: '=assert(x, x != null)' } }));
    const key = await engine.start('p');
    expect(engine.incident(key)).toMatchObject({ type: 'IO_MAPPING_ERROR', elementId: 'task' });
    expect(await engine.jobs('task')).toEqual([]);
    await engine.engine.setVariables(key, '{"x":1}', false);
    await engine.resolve(key);
    expect(engine.incidents(key)).toEqual([]);
    expect(JSON.parse((await engine.job('task')).variables)).toEqual({ x: 1, a: 1 });
  });
});

describe('the result of a job', () => {
  it('goes to the nearest scope that has the name, else to the process', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(
          start(),
          subProcessWith(
            'sub',
            { inputs: { mine: '=0' } },
            path(start('s'), serviceTask('task'), serviceTask('last'), end('e')),
          ),
          end(),
        ),
      ),
    );
    const key = await engine.start('p', { ours: 0 });
    await engine.complete('task', { mine: 1, ours: 2, fresh: 3 });
    expect(engine.variables(key)).toEqual({ ours: 2, fresh: 3 });
    const { variables } = await engine.job('last');
    expect(JSON.parse(variables)).toEqual({ mine: 1, ours: 2, fresh: 3 });
  });

  it('stays in the task where an input mapping made the name', async () => {
    await engine.deploy(oneTask({ inputs: { a: '=0' } }));
    const key = await engine.start('p');
    await engine.complete('task', { a: 1, b: 2 });
    expect(engine.variables(key)).toEqual({ b: 2 });
  });

  it('leaves by output mappings alone where there are any', async () => {
    await engine.deploy(oneTask({ outputs: { sum: '=a + b', 'o.leaf': '=sum' } }));
    const key = await engine.start('p', { o: { other: true, leaf: 0 } });
    await engine.complete('task', { a: 1, b: 2 });
    expect(engine.variables(key)).toEqual({ sum: 3, o: { other: true, leaf: 3 } });
  });

  it('is kept when an output mapping cannot be evaluated, for the time the incident is resolved', async () => {
    await engine.deploy(oneTask({ outputs: { r: '=assert(a + limit, limit != null)' } }));
    const key = await engine.start('p');
    await engine.complete('task', { a: 1 });
    expect(engine.incident(key)).toMatchObject({ type: 'IO_MAPPING_ERROR', elementId: 'task' });
    await engine.engine.setVariables(key, '{"limit":4}', false);
    await engine.resolve(key);
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(engine.variables(key)).toEqual({ limit: 4, r: 5 });
  });
});

it('nothing leaves a sub-process but by an output mapping, and what tasks inside merge', async () => {
  await engine.deploy(
    bpmn(
      'p',
      path(
        start(),
        subProcessWith(
          'sub',
          { inputs: { local: '=1' }, outputs: { lifted: '=local' } },
          path(
            start('s'),
            scriptTask('script', '=local + 1', 'local'),
            scriptTask('other', '=9', 'through'),
            end('e'),
          ),
        ),
        end(),
      ),
    ),
  );
  const key = await engine.start('p');
  expect(engine.variables(key)).toEqual({ through: 9, lifted: 2 });
});

describe('a call activity', () => {
  const called = process('child', path(start('s'), serviceTask('inner'), end('e')));

  async function run(
    options: Parameters<typeof callActivity>[2],
  ): Promise<{ inside: unknown; outside: unknown }> {
    await engine.deploy(
      definitions(process('p', path(start(), callActivity('call', 'child', options), end())), called),
    );
    const key = await engine.start('p', { x: 1 });
    const { job, variables } = await engine.job('inner');
    await engine.engine.completeJob(job.key, '{"y":2,"x":3}');
    await engine.engine.settled();
    expect(engine.stateOf(key)).toBe('COMPLETED');
    return { inside: JSON.parse(variables), outside: engine.variables(key) };
  }

  it('passes all variables in and back', async () => {
    expect(await run({})).toEqual({ inside: { x: 1 }, outside: { x: 3, y: 2 } });
  });

  it('passes only its own in and nothing back where it is told so', async () => {
    const options = {
      inputs: { own: '=x + 10' },
      propagateAllParentVariables: false,
      propagateAllChildVariables: false,
    };
    expect(await run(options)).toEqual({ inside: { own: 11 }, outside: { x: 1 } });
  });

  it('passes back what its output mappings say', async () => {
    expect(await run({ outputs: { z: '=x + y' } })).toEqual({ inside: { x: 1 }, outside: { x: 1, z: 5 } });
  });
});

it('digits of large integers stay as they are, end to end', async () => {
  await engine.deploy(oneTask({ inputs: { copy: '=n' }, outputs: { m: '=n', k: '=copy' } }));
  const { key } = await engine.engine.createInstance({
    processId: 'p',
    variables: '{"n":9007199254740993}',
    tags: [],
  });
  const { job, variables } = await engine.job('task');
  expect(variables).toBe('{"copy":9007199254740993,"n":9007199254740993}');
  await engine.engine.completeJob(job.key, '{"k":9223372036854775807}');
  await engine.engine.settled();
  const values = engine.engine.state.localVariables(key).map(({ name, value }) => `${name}=${value}`);
  expect(values.sort()).toEqual(['k=9007199254740993', 'm=9007199254740993', 'n=9007199254740993']);
});

it('variables of a scope that has ended are gone, those of the process stay', async () => {
  await engine.deploy(
    bpmn(
      'p',
      path(
        start(),
        subProcess('sub', path(start('s'), serviceTask('task', { inputs: { a: '=1' } }), end('e'))),
        end(),
      ),
    ),
  );
  const key = await engine.start('p', { x: 1 });
  await engine.complete('task');
  expect([...engine.engine.state.variables.values()].map(({ name, scope }) => [name, scope])).toEqual([
    ['x', key],
  ]);
});
