/** The example of docs/engine.md, run; the page shows what stands between the two marks. */
import { emptyObject, knownJson } from '../../../src/json/text';
import { readFileSync } from 'node:fs';
import { createLocalBroker } from '../../../src/engine/broker';
import { VirtualClock } from '../../../src/engine/clock';
import { Engine } from '../../../src/engine/engine';

// docs/engine.md >
it('asks again half a minute after a failure, and sorts the message by the answer', async () => {
  const clock = new VirtualClock(Date.parse('2027-01-01T00:00:00Z'));
  const engine = await Engine.open({ clock }); // keeps everything in memory
  const broker = createLocalBroker(engine, 0); // polls do not wait
  const content = readFileSync('bpmn-examples/chat-gateway.bpmn', 'utf8');
  await engine.deploy([{ name: 'chat-gateway.bpmn', content }]);
  const variables = JSON.stringify({ message: 'The lamp arrived broken.' });
  const { key } = await engine.createInstance({ processId: 'chat-gateway', variables, tags: [] });

  const poll = {
    type: 'zeebe-openai-connector:openai:1',
    worker: 'test',
    timeoutMs: 60_000,
    maxJobs: 1,
    fetchVariables: [],
    tenantIds: [],
  };
  const [job] = await broker.activate(poll);
  expect(JSON.parse(job!.variables)).toMatchObject({ input: { prompt: 'The lamp arrived broken.' } });
  const failure = {
    retries: 2,
    backoffMs: 30_000,
    errorMessage: 'The API is away.',
    variables: emptyObject,
  };
  await broker.send(job!.key, { kind: 'fail', ...failure });
  expect(await broker.activate(poll)).toEqual([]);

  clock.moveTo(clock.now() + 30_000);
  await engine.settled(); // what was due is done
  const [again] = await broker.activate(poll);
  expect(again).toMatchObject({ key: job!.key, retries: 2 });
  await broker.send(again!.key, { kind: 'complete', variables: knownJson('{"kind": "complaint"}') });

  const records = (await engine.records(0)).map((text) => JSON.parse(text) as { value: object });
  expect(records).toContainEqual(
    expect.objectContaining({
      intent: 'ELEMENT_COMPLETED',
      value: expect.objectContaining({ elementId: 'toComplaints' }) as object,
    }),
  );
  expect(engine.state.instances.get(key)?.state).toBe('COMPLETED');
  await engine.close();
});
// < docs/engine.md

it('the page shows this very example', () => {
  const [, example] =
    /\/\/ docs\/engine\.md >\n(.*)\/\/ < docs/s.exec(readFileSync(__filename, 'utf8')) ?? [];
  expect(readFileSync('docs/engine.md', 'utf8')).toContain(`\`\`\`ts\n${example ?? 'no example'}\`\`\`\n`);
});
