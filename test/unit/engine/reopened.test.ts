import { MemoryStorage } from '../../../src/engine/storage/memory';
import { bpmn, end, path, serviceTask, start } from '../../support/engine-bpmn';
import { TestEngine } from '../../support/local-engine';

/** An engine that begins with the rows of another one, and has read no process yet. */
async function reopened(engine: TestEngine): Promise<TestEngine> {
  return TestEngine.open({
    storage: (restore) => {
      for (const [name, table] of engine.engine.state.tables)
        for (const row of table.values()) restore(name, row.key, row);
      return Promise.resolve(new MemoryStorage());
    },
  });
}

it('an engine that has been opened again hands out jobs in their order', async () => {
  const engine = await TestEngine.open();
  const process = (id: string) =>
    bpmn(
      id,
      path(start(), serviceTask('first', { type: id }), serviceTask('second', { type: 'work' }), end()),
    );
  await engine.deploy(process('p'), process('q'));
  const keys = [
    await engine.start('p'),
    await engine.start('p'),
    await engine.start('q'),
    await engine.start('p'),
  ];
  for (const type of ['p', 'p', 'q', 'p']) await engine.complete(type);
  const next = await reopened(engine);
  const jobs = await next.jobs('work');
  expect(jobs.map(({ job }) => job.instance)).toEqual(keys);
  await engine.close();
  await next.close();
});
