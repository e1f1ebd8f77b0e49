import { after, bpmn, catchEvent, end, path, serviceTask, start } from '../../support/engine-bpmn';
import { TestEngine } from '../../support/local-engine';

it('timers and job time-outs are late by up to what was ordered, never early', async () => {
  const engine = await TestEngine.open({ lateness: () => 1_000, random: () => 0.5 });
  try {
    await engine.deploy(
      bpmn('p', path(start(), catchEvent('wait', after('PT10S')), serviceTask('task'), end())),
    );
    const key = await engine.start('p');
    await engine.pass(10_499);
    expect(engine.resting(key)).toEqual(['wait']);
    await engine.pass(1);
    expect(engine.resting(key)).toEqual(['task']);
    await engine.jobs('task', { timeoutMs: 5_000 });
    await engine.pass(5_499);
    expect(await engine.jobs('task')).toEqual([]);
    await engine.pass(1);
    expect(await engine.jobs('task')).toHaveLength(1);
  } finally {
    await engine.close();
  }
});

it('the clock moves forward only, and what is due by then happens', async () => {
  const engine = await TestEngine.open();
  try {
    await engine.deploy(bpmn('p', path(start(), catchEvent('wait', after('P1D')), end())));
    const key = await engine.start('p');
    const before = engine.engine.now();
    await engine.engine.advanceClock(86_400_000);
    expect(engine.engine.now()).toBe(before + 86_400_000);
    expect(engine.stateOf(key)).toBe('COMPLETED');
    await expect(engine.engine.advanceClock(-1)).rejects.toMatchObject({ status: 400 });
  } finally {
    await engine.close();
  }
});
