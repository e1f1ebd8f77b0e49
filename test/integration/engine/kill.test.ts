/**
 * The engine as a process, killed again and again among clients that create, publish, take and complete: what it has
 * acknowledged stays, what was completed is not handed out again, and all instances end as the plain model says.
 */
import { KilledEngine, pause, type Reply } from '../../support/killed-engine';
import type { Block, Line, RandomProcess, Task } from '../../support/blocks';
import { toBpmn } from '../../support/blocks-bpmn';
import { ProcessModel } from '../../support/process-model';
import type { Variables } from '../../support/process-tree';
import { textOf } from '../../support/process-view';

const kills = 15;
const creators = 3;
/** The engine keeps a thousand instances that have ended; all are to be looked at here. */
const maxInstances = 400;
/** Jobs whose answer was lost are free again after this. */
const jobTimeoutMs = 1_500;
const taskTypes = ['t1', 't2', 't3', 't4'];

const line = (...blocks: Block[]): Line => ({ kind: 'line', blocks });
const task = (id: string): Task => ({
  kind: 'task',
  id,
  flavour: 'service',
  inputs: [],
  outputs: [],
  boundaries: [],
});

/** Jobs, a multi-instance, a message, a timer and a join. */
const process: RandomProcess = {
  id: 'p',
  flow: {
    line: line(
      task('t1'),
      {
        kind: 'parallel',
        id: 'f1',
        lines: [
          line({
            ...task('s1'),
            kind: 'sub',
            multi: { sequential: false, items: [1, 2, 3], output: 'result' },
            flow: { line: line(task('t2')), eventSubs: [] },
          }),
          line({ kind: 'wait', id: 'm1', trigger: { kind: 'message' } }),
          line({ kind: 'wait', id: 'w1', trigger: { kind: 'timer', ms: 100, times: 1 } }, task('t3')),
        ],
      },
      task('t4'),
    ),
    eventSubs: [],
  },
};

/** What the worker of a task brings; the same for the same instance whenever and however often it is asked. */
function workOf(type: string, { id, loopCounter = 0 }: Variables): Variables {
  return { r: Number(id) * 10 + Number(loopCounter), [`by_${type}`]: id };
}

function variablesOf(id: number): Variables {
  return { id, k: `key-${id}` };
}

/** The variables at the end. */
function endOf(id: number): string {
  const model = new ProcessModel(process, variablesOf(id), 0);
  while (model.state === 'ACTIVE') {
    for (const job of model.view().jobs) model.completeJob(job.id, workOf(job.type, job.vars));
    if (model.waitsFor('m1')) model.publish('m1', { said: id }, 0);
    model.pass(1_000, false);
  }
  return model.view().lines.join();
}

interface Job {
  readonly jobKey: string;
  readonly deadline: number;
  readonly variables: Variables;
}

/** Clients, and what they have been told. */
class Clients {
  /** Key of each acknowledged instance, with its id. */
  readonly created = new Map<string, number>();
  /** Jobs that must not have been handed out, with what makes it wrong. */
  readonly wrong: string[] = [];
  readonly #completed = new Set<string>();
  readonly #deadlines = new Map<string, number>();
  #ids = 0;
  isOpen = true;
  isBusy = true;

  constructor(private readonly engine: KilledEngine) {}

  get completed(): number {
    return this.#completed.size;
  }

  async create(): Promise<void> {
    while (this.isOpen && this.#ids < maxInstances) {
      const id = ++this.#ids;
      const reply = await this.engine.post('/v2/process-instances', {
        processDefinitionId: process.id,
        variables: variablesOf(id),
      });
      if (reply?.status === 200) this.created.set(reply.json['processInstanceKey'] as string, id);
      // Also for one whose answer was lost: it may be there.
      await this.#publish(id);
      await pause(20);
    }
  }

  /** The engine keeps the id of the message: one whose answer was lost cannot be published twice. */
  async #publish(id: number): Promise<void> {
    const { status } = await this.engine.ask('/v2/messages/publication', {
      name: 'm1',
      correlationKey: `key-${id}`,
      messageId: `message-${id}`,
      timeToLive: 60_000,
      variables: { said: id },
    });
    expect([200, 409]).toContain(status);
  }

  async work(type: string): Promise<void> {
    while (this.isBusy) {
      const before = new Set(this.#completed);
      const reply = await this.engine.post('/v2/jobs/activation', {
        type,
        timeout: jobTimeoutMs,
        maxJobsToActivate: 5,
        requestTimeout: 300,
      });
      const jobs = (reply?.json['jobs'] ?? []) as readonly Job[];
      for (const job of jobs) this.#note(job, before);
      await Promise.all(jobs.map((job) => this.#complete(type, job)));
      if (reply === undefined) await pause(10);
    }
  }

  #note({ jobKey, deadline }: Job, completedBefore: ReadonlySet<string>): void {
    if (completedBefore.has(jobKey)) this.wrong.push(`${jobKey} is handed out after its completion`);
    if (Date.now() < (this.#deadlines.get(jobKey) ?? 0)) this.wrong.push(`${jobKey} is handed out twice`);
    this.#deadlines.set(jobKey, deadline);
  }

  async #complete(type: string, { jobKey, variables }: Job): Promise<void> {
    const work = { variables: workOf(type, variables) };
    const reply = await this.engine.post(`/v2/jobs/${jobKey}/completion`, work);
    if (reply?.status === 204) this.#completed.add(jobKey);
  }
}

let engine: KilledEngine;
beforeAll(() => (engine = new KilledEngine()));
afterAll(() => engine.close());

async function search(what: string, filter: object): Promise<readonly Record<string, unknown>[]> {
  const { status, json } = await engine.ask(`/v2/${what}/search`, { filter, page: { limit: 1000 } });
  expect(status).toBe(200);
  return json['items'] as readonly Record<string, unknown>[];
}

async function variablesAt(scopeKey: unknown): Promise<Variables> {
  const found = await search('variables', { scopeKey });
  const parsed = found.map(({ name, value }) => [name, JSON.parse(value as string) as unknown] as const);
  return Object.fromEntries(parsed) as Variables;
}

async function allEnded(withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  while ((await search('process-instances', { state: 'ACTIVE' })).length > 0) {
    if (Date.now() > end) return;
    await pause(100);
  }
}

it('fifteen kills lose nothing that was acknowledged', async () => {
  await engine.start();
  const form = new FormData();
  form.append('resources', new Blob([toBpmn(process)]), 'p.bpmn');
  const deployed: Reply = await engine.ask('/v2/deployments', form);
  expect(deployed.status).toBe(200);

  const clients = new Clients(engine);
  const creating = Array.from({ length: creators }, () => clients.create());
  const working = taskTypes.map((type) => clients.work(type));
  for (let count = 0; count < kills; count++) {
    await pause(20 + Math.random() * 400);
    await engine.kill();
    await engine.start();
  }
  clients.isOpen = false;
  await Promise.all(creating);
  await allEnded(20_000);
  clients.isBusy = false;
  await Promise.all(working);

  const found = await search('process-instances', {});
  const states = new Map(found.map(({ processInstanceKey, state }) => [processInstanceKey, state]));
  expect([...clients.created.keys()].filter((key) => !states.has(key))).toEqual([]);
  expect([...states].filter(([, state]) => state !== 'COMPLETED')).toEqual([]);
  expect(clients.wrong).toEqual([]);
  const differing: string[] = [];
  for (const key of states.keys()) {
    const variables = await variablesAt(key);
    const [is, shouldBe] = [`variables p ${textOf(variables)}`, endOf(Number(variables['id']))];
    if (is !== shouldBe) differing.push(`${String(key)}: ${is}, but should be ${shouldBe}`);
  }
  expect(differing).toEqual([]);
  // A kill in the middle of a write leaves half of it, which the next start cuts off.
  expect(engine.errors.split('\n').filter((said) => !/^(?:Cut \d+ bytes .*)?$/.test(said))).toEqual([]);
  // Otherwise all of this says little.
  expect(Math.min(clients.created.size, clients.completed)).toBeGreaterThan(20);
}, 60_000);
