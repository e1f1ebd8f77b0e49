import {
  bpmn,
  callActivity,
  definitions,
  end,
  path,
  process,
  serviceTask,
  start,
  startOn,
  message,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

const version = (type: string) => bpmn('p', path(start(), serviceTask('task', { type }), end()));

it('the same bytes keep version and key, others get the next version', async () => {
  const first = await engine.engine.deploy([{ name: 'p.bpmn', content: version('a') }]);
  const again = await engine.engine.deploy([{ name: 'p.bpmn', content: version('a') }]);
  const other = await engine.engine.deploy([{ name: 'p.bpmn', content: version('b') }]);
  expect(again.processes).toEqual(first.processes);
  expect(other.processes[0]).toMatchObject({ processId: 'p', version: 2 });
});

it('running instances keep their version, new ones take the latest or the one that is asked for', async () => {
  await engine.redeploy('p.bpmn', version('a'));
  await engine.start('p');
  await engine.redeploy('p.bpmn', version('b'));
  await engine.start('p');
  await engine.engine.createInstance({ processId: 'p', version: 1, variables: '{}', tags: [] });
  expect(await engine.jobs('a')).toHaveLength(2);
  expect(await engine.jobs('b')).toHaveLength(1);
});

it('one fault in one file keeps all files from being deployed, and each fault is told', async () => {
  const bad = bpmn('q', path(start(), serviceTask('task', { type: '=1 +' }), end()));
  const attempt = engine.engine.deploy([
    { name: 'good.bpmn', content: version('a') },
    { name: 'bad.bpmn', content: bad },
    { name: 'notes.txt', content: 'x' },
  ]);
  await expect(attempt).rejects.toMatchObject({
    status: 400,
    detail: expect.stringMatching(/bad\.bpmn[\s\S]*task[\s\S]*notes\.txt/) as string,
  });
  expect(engine.engine.state.definitions.size).toBe(0);
});

it('two files with one process id in one deployment are refused', async () => {
  await expect(engine.deploy(version('a'), version('b'))).rejects.toMatchObject({ status: 400 });
});

it('a process that only an event starts is not created by hand', async () => {
  await engine.deploy(bpmn('p', path(startOn('on', message('m')), end())));
  await expect(engine.start('p')).rejects.toMatchObject({ status: 409 });
});

it('a called process that is not there is an incident until it is deployed', async () => {
  await engine.deploy(bpmn('p', path(start(), callActivity('call', '="chi" + "ld"'), end())));
  const key = await engine.start('p');
  expect(engine.incident(key)).toMatchObject({ type: 'CALLED_ELEMENT_ERROR', elementId: 'call' });
  await engine.deploy(bpmn('child', path(start(), end())));
  await engine.resolve(key);
  expect(engine.stateOf(key)).toBe('COMPLETED');
});

it('cancelling ends the called instances too; a called one cannot be cancelled alone', async () => {
  await engine.deploy(
    definitions(
      process('p', path(start(), callActivity('call', 'child'), end())),
      process('child', path(start('s'), serviceTask('task'), end('e'))),
    ),
  );
  const key = await engine.start('p');
  const { job } = await engine.job('task');
  await expect(engine.engine.cancelInstance(job.instance)).rejects.toMatchObject({ status: 409 });
  await engine.engine.cancelInstance(key);
  expect([engine.stateOf(key), engine.stateOf(job.instance)]).toEqual(['TERMINATED', 'TERMINATED']);
  await expect(engine.engine.cancelInstance(key)).rejects.toMatchObject({ status: 404 });
});

it('an awaited instance answers with its variables, or that its time is over', async () => {
  await engine.deploy(version('a'));
  const awaitCompletion = { timeoutMs: 5_000, fetchVariables: ['y'] };
  const answer = engine.engine.createInstance({
    processId: 'p',
    variables: '{"x":1}',
    tags: [],
    awaitCompletion,
  });
  await new Promise((resolve) => setImmediate(resolve));
  await engine.complete('a', { y: 2, z: 3 });
  expect((await answer).variables).toBe('{"y":2}');
  const late = engine.engine.createInstance({ processId: 'p', variables: '{}', tags: [], awaitCompletion });
  const refused = expect(late).rejects.toMatchObject({ status: 504 });
  await new Promise((resolve) => setImmediate(resolve));
  await engine.pass(5_000);
  await refused;
});
