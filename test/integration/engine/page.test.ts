/** The engine's page in a real Chromium, with the engine behind it: what people do there. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../../dev/modeler/modeler';
import { createPages } from '../../../src/engine/page/pages';
import { openFileStorage } from '../../../src/engine/storage/file/open-file-storage';
import { drawn } from '../../support/drawn-bpmn';
import * as b from '../../support/engine-bpmn';
import { buildPage, EnginePage } from '../../support/engine-page';
import { ServedEngine } from './rest/served-engine';

jest.setTimeout(60_000);

const chromium = findChromium(process.env);
if (chromium === undefined)
  console.warn('The tests of the engine page need Chromium: install it, or set CHROMIUM=/path/to/chromium.');
const withBrowser = chromium === undefined ? describe.skip : describe;

const markup = '<img src=x onerror=alert(1)>';
const work = drawn(b.bpmn('work', b.path(b.start(), b.serviceTask('charge', { type: 'charge' }), b.end())));
const people = drawn(b.bpmn('people', b.path(b.start(), b.userTask('check', { assignee: 'ada' }), b.end())));
const plain = b.bpmn(
  'plain',
  b.path(
    b.start(),
    b.subProcess('inner', b.path(b.start('begin'), b.serviceTask('dig'), b.end('stop'))),
    b.end(),
  ),
);
const hostile = drawn(
  b.definitions(
    b.processWith(
      'hostile',
      { name: markup },
      b.path(b.start(), b.serviceTask('task', { name: markup, type: markup }), b.end()),
    ),
  ),
);

withBrowser('the page of the engine', () => {
  const built = buildPage();
  const folder = mkdtempSync(join(tmpdir(), 'engine-data-'));
  let served: ServedEngine;
  let seen: EnginePage;

  function serve(port = 0): Promise<ServedEngine> {
    return ServedEngine.start(
      {
        storage: (restore, snapshot) =>
          Promise.resolve(
            openFileStorage({
              folder,
              restore,
              snapshot,
              say: () => undefined,
              onFailure: fail,
              fsync: false,
            }),
          ),
      },
      { port, pages: createPages(built.folder) },
    );
  }

  beforeAll(async () => {
    served = await serve();
    await served.deploy(work, people, plain, hostile);
    seen = await EnginePage.open(chromium!);
  });
  afterAll(async () => {
    await seen?.close();
    await served?.close();
    built.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    expect(seen.errors).toEqual([]);
    expect([...seen.asked].filter((origin) => origin !== served.url && origin !== 'null')).toEqual([]);
  });

  it('says what it is, and lists the processes', async () => {
    await seen.goTo(served.url);
    await seen.shows('#what-it-is', 'not a replacement for a Zeebe cluster');
    await seen.shows('#processes', 'people');
    // Home is the first process.
    expect(new URL(seen.page.url()).hash).toBe('#/process/hostile');
  });

  it('starts an instance with the digits that were typed, and follows it to its end', async () => {
    await seen.goTo(served.url, '#/process/work');
    await seen.button('Start instance').click();
    await seen.sendVariables('{"amount": 9007199254740993,}');
    await seen.shows('#variables-dialog-error', 'This is not JSON yet.');
    await seen.sendVariables('{"amount": 9007199254740993, "ok": true}');
    await seen.badge('charge', 'token').waitFor();
    expect(await seen.badge('charge', 'job').getAttribute('title')).toContain(
      "No worker takes jobs of type 'charge' yet.",
    );
    await seen.shows('#variables', '9007199254740993');
    await seen.shows('#jobs', "No worker takes jobs of type 'charge' yet.");
    expect(await seen.instanceState()).toBe('Active');

    const [job] = await served.activate('charge', { worker: 'till' });
    await seen.shows('#jobs', /Taken by worker 'till' until \d/);
    await served.post(`/v2/jobs/${job!.jobKey}/completion`, { variables: { receipt: 'r-1' } });
    await seen.shows('#instance-state', 'Completed');
    await seen.marked('charge', 'is-done').waitFor();
    await seen.marked('charge-end', 'is-taken').waitFor({ state: 'attached' });
    await seen.shows('#variables', '"r-1"');
    expect(await seen.badge('charge', 'token').count()).toBe(0);
  });

  it('shows a back-off, then the message of an incident, and resolves it', async () => {
    const key = await served.create('work');
    const [first] = await served.activate('charge');
    const failure = { retries: 1, retryBackOff: 500, errorMessage: 'The till is shut.' };
    await served.post(`/v2/jobs/${first!.jobKey}/failure`, failure);
    await seen.goTo(served.url, `#/instance/${key}`);
    await seen.shows('#jobs', /No worker|Waiting for a worker again|in back-off/);
    const [again] = await served.activate('charge', { requestTimeout: 5000 });
    await served.post(`/v2/jobs/${again!.jobKey}/failure`, { ...failure, retries: 0 });
    await seen.badge('charge', 'incident').waitFor();
    await seen.shows('#incidents', 'The till is shut.');
    await seen.shows('#incidents', 'Where its job has no retries left, Resolve gives it 1 first.');
    await seen.shows('#processes .badge-incident', '1');
    await seen.button('Resolve').click();
    await seen.shows('#notices', 'The job has 1 retry again, and its incident is resolved.');
    await seen.badge('charge', 'incident').waitFor({ state: 'detached' });
    expect(await served.activate('charge')).toMatchObject([{ retries: 1, processInstanceKey: key }]);
  });

  it('completes a user task', async () => {
    await seen.goTo(served.url, `#/instance/${await served.create('people')}`);
    await seen.shows('#tasks', 'Assigned to ada.');
    await seen.button('Complete').click();
    await seen.sendVariables('["yes"]');
    await seen.shows('#variables-dialog-error', 'but this is a list.');
    await seen.sendVariables('{"approved": true}');
    await seen.shows('#instance-state', 'Completed');
    await seen.shows('#variables', 'approved');
  });

  it('cancels an instance, but asks first', async () => {
    await seen.goTo(served.url, `#/instance/${await served.create('work')}`);
    await seen.button('Cancel instance').click();
    await seen.button('Let it run').click();
    expect(await seen.instanceState()).toBe('Active');
    await seen.button('Cancel instance').click();
    await seen.page.locator('#sure-dialog-send').click();
    await seen.shows('#instance-state', 'Cancelled');
  });

  it('can be used without a mouse', async () => {
    await seen.goTo(served.url, '#/process/people');
    await seen.page.locator('#processes a', { hasText: 'work' }).focus();
    await seen.page.keyboard.press('Enter');
    await seen.shows('#head h1', 'work');
    await seen.button('Start instance').focus();
    await seen.page.keyboard.press('Enter');
    // The box has the focus, between two braces.
    await seen.page.keyboard.type('"by": "hand"');
    await seen.page.keyboard.press('Control+Enter');
    await seen.shows('#variables', '"hand"');
  });

  it('shows markup in names, variables and messages as text', async () => {
    const key = await served.create('hostile', { [markup]: markup, 'a b': [markup] });
    const [job] = await served.activate(markup);
    await served.post(`/v2/jobs/${job!.jobKey}/failure`, { retries: 0, errorMessage: markup });
    await seen.goTo(served.url, `#/instance/${key}`);
    for (const place of [
      '#head h1',
      '#processes',
      '#incidents',
      '#variables dt',
      '#variables dd',
      '#history',
    ])
      await seen.shows(place, markup);
    await seen.page.locator('#canvas [data-element-id="task"]').click();
    await seen.shows('#selection', `Only ${markup}`);
    expect(await seen.page.locator('img').count()).toBe(0);
  });

  it('cuts a large value, and shows all of it to whoever asks', async () => {
    const key = await served.create('work', { large: [...Array(5000).keys()], text: 'x'.repeat(30_000) });
    await seen.goTo(served.url, `#/instance/${key}`);
    await seen.button('Show all of large').click();
    await seen.shows('#variables dd', /\b4999\n\]/);
    await seen.button('Show less of large').click();
    await seen.button('Show all of text').click();
    await seen.shows('#variables dd', 'x'.repeat(30_000));
  });

  it('shows a process without a diagram as a table', async () => {
    const key = await served.create('plain');
    await seen.goTo(served.url, `#/instance/${key}`);
    await seen.shows('#diagram-note', 'This process has no diagram in its file');
    await seen.shows('#elements tr', /dig.*service task.*1.*1 waiting/);
    await seen.page.locator('#elements').getByRole('button', { name: 'dig' }).click();
    await seen.shows('#selection', 'Only dig');
    // And back to one that has a diagram.
    await seen.page.locator('#processes a', { hasText: 'work' }).click();
    await seen.page.locator('#canvas [data-element-id="charge"]').waitFor();
  });

  it('says so when the engine is away, and goes on when it is back', async () => {
    const key = await served.create('work');
    await seen.goTo(served.url, `#/instance/${key}`);
    await seen.badge('charge', 'token').waitFor();
    const { port } = served;
    await served.close();
    await seen.shows('#status', 'The engine is away.');
    served = await serve(port);
    await seen.page.locator('#status', { hasText: 'away' }).waitFor({ state: 'detached' });
    await seen.shows('#notices', 'The engine is back.');
    await served.post(`/v2/process-instances/${key}/cancellation`);
    await seen.shows('#instance-state', 'Cancelled');
  });

  it('says so when the address names nothing', async () => {
    await seen.goTo(served.url, '#/instance/42');
    await seen.shows('#head', 'The engine has no process instance 42.');
  });

  describe('a web page of another site', () => {
    let other: Server;
    beforeAll(async () => {
      other = createServer((_request, response) => response.end('<!doctype html><title>Other</title>'));
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => other.close());

    it('can neither start an instance nor show the page in a frame', async () => {
      const visitor = await EnginePage.open(chromium!);
      try {
        await visitor.page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
        const count = async () => (await served.post('/v2/process-instances/search', {})).json['page'];
        const before = await count();
        // As text, a request that needs nobody's leave to be sent.
        await visitor.page.evaluate(`fetch('${served.url}/v2/process-instances', {
          method: 'POST', mode: 'no-cors', body: '{"processDefinitionId":"work"}' })`);
        expect(await count()).toEqual(before);
        await visitor.page.evaluate(`new Promise((resolve) => {
          const frame = document.createElement('iframe');
          frame.src = '${served.url}/';
          frame.onload = resolve;
          document.body.append(frame);
        })`);
        expect(visitor.page.frames().map((frame) => frame.url())).not.toContain(`${served.url}/`);
      } finally {
        await visitor.close();
      }
    });
  });
});

function fail(error: Error): void {
  throw error;
}
