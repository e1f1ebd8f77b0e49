import { bpmn, end, path, serviceTask, start } from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

it('a task gives a job, and its completion the end of the process', async () => {
  await engine.deploy(bpmn('p', path(start(), serviceTask('task'), end())));
  const key = await engine.start('p', { a: 1 });
  expect(engine.resting(key)).toEqual(['task']);
  await engine.complete('task', { b: 2 });
  expect(engine.stateOf(key)).toBe('COMPLETED');
  expect(engine.variables(key)).toEqual({ a: 1, b: 2 });
  expect(await engine.completed(key)).toEqual(['start', 'task', 'end']);
});
