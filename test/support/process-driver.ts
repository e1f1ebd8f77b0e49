/**
 * Does random things to process instances, in the engine and in the model at once, and compares the two and looks at
 * the engine's tables after each of them.
 */
import { Rejection } from '../../src/engine/api';
import type { RandomProcess } from './blocks';
import { toBpmn } from './blocks-bpmn';
import { brokenInvariants, leftovers, snapshotOf } from './engine-invariants';
import { viewEngine } from './engine-view';
import type { TestEngine } from './local-engine';
import { ProcessModel, type Outcome } from './process-model';
import type { Variables } from './process-tree';
import { inOrder, linesOf, type Placed, type PlacedIncident, type PlacedJob } from './process-view';
import type { Action } from './random-actions';

interface Run {
  readonly key: string;
  readonly model: ProcessModel;
}

/** A job or an incident, where the model has it and where the engine has it. */
interface Pair<M, E> {
  readonly run: Run;
  readonly inModel: M;
  readonly inEngine: E;
}

const jobTimeoutMs = 15_000;
/** Some instances can only be cancelled: a token waits at a gateway that no other can come to. */
const maxRounds = 10;

export class ProcessDriver {
  readonly #messages: readonly string[];
  readonly #runs: Run[] = [];

  private constructor(
    private engine: TestEngine,
    process: RandomProcess,
    /** Ends the engine without a word, and opens it again. */
    private readonly restart: () => Promise<TestEngine>,
  ) {
    this.#messages = [...toBpmn(process).matchAll(/<bpmn:message id="[^"]*" name="([^"]*)"/g)].map(
      ([, name]) => name!,
    );
  }

  static async start(
    engine: TestEngine,
    process: RandomProcess,
    starts: readonly Variables[],
    restart: () => Promise<TestEngine> = () => Promise.reject(new Error('This engine is not restarted.')),
  ): Promise<ProcessDriver> {
    const driver = new ProcessDriver(engine, process, restart);
    await engine.deploy(toBpmn(process));
    for (const [index, given] of starts.entries()) {
      const variables = { ...given, k: `key-${index}` };
      const key = await engine.start(process.id, variables);
      driver.#runs.push({ key, model: new ProcessModel(process, variables, engine.engine.now()) });
    }
    driver.#compare();
    return driver;
  }

  get isAmbiguous(): boolean {
    return this.#runs.some(({ model }) => model.isAmbiguous);
  }

  async do(action: Action): Promise<void> {
    await this.#perform(action);
    await this.engine.engine.settled();
    if (!this.isAmbiguous) this.#compare();
  }

  /** Brings all instances to their end, by work where that is possible; nothing may be left then. */
  async finish(): Promise<void> {
    for (let round = 0; round < maxRounds && this.#active.length > 0 && !this.isAmbiguous; round++) {
      for (const [index] of this.#incidents().entries()) {
        await this.do({ kind: 'set', pick: index, vars: { a: 1, b: 1, c: 1, items: [1] } });
        await this.do({ kind: 'resolve', pick: 0, retries: true });
      }
      const jobs = this.#jobs();
      for (let left = jobs.length; left > 0; left--)
        await this.do({ kind: 'complete', pick: round, vars: { a: round % 3 } });
      if (jobs.length > 0) continue;
      await this.do({ kind: 'pass', ms: 30_000 });
      await this.do({ kind: 'signal' });
      for (const [index] of this.#messages.entries())
        await this.do({ kind: 'publish', pick: index, vars: {}, timeToLiveMs: 0 });
    }
    for (const [index] of this.#runs.entries()) await this.do({ kind: 'cancel', pick: index });
    expect(leftovers(this.engine.engine.state)).toEqual([]);
  }

  get #active(): Run[] {
    return this.#runs.filter(({ key }) => this.engine.stateOf(key) === 'ACTIVE');
  }

  async #perform(action: Action): Promise<void> {
    switch (action.kind) {
      case 'activate':
        return this.#activate(action.pick, action.max);
      case 'complete':
      case 'fail':
      case 'throw':
        return this.#work(action);
      case 'publish':
        return this.#publish(action);
      case 'pass':
        await this.engine.pass(action.ms);
        return this.#runs.forEach(({ model }) => model.pass(action.ms, false));
      case 'jump':
        await this.engine.engine.advanceClock(action.ms);
        return this.#runs.forEach(({ model }) => model.pass(action.ms, true));
      case 'resolve':
        return this.#resolve(action.pick, action.retries);
      case 'set': {
        const run = chosen(this.#active, action.pick);
        if (run === undefined) return;
        run.model.setVariables(action.vars);
        return this.engine.engine.setVariables(run.key, JSON.stringify(action.vars), false);
      }
      case 'cancel': {
        const run = chosen(this.#runs, action.pick);
        const isActive = this.engine.stateOf(run!.key) === 'ACTIVE';
        if (isActive) run!.model.cancel();
        return this.#expect(isActive ? 'done' : 'missing', () => this.engine.engine.cancelInstance(run!.key));
      }
      case 'signal':
        await this.engine.signal('S');
        return this.#runs.forEach(({ model }) => model.broadcast());
      case 'restart':
        this.engine = await this.restart();
    }
  }

  async #activate(pickOf: number, max: number): Promise<void> {
    const jobs = this.#jobs().filter(({ inModel }) => inModel.state !== 'CREATED');
    const type = chosen([...new Set(jobs.map(({ inModel }) => inModel.type))], pickOf);
    if (type === undefined) return;
    const open = jobs.filter(({ inModel }) => inModel.type === type && inModel.state === 'ACTIVATABLE');
    const taken = await this.engine.jobs(type, { max, timeoutMs: jobTimeoutMs });
    expect(taken).toHaveLength(Math.min(max, open.length));
    for (const { job, variables } of taken) {
      const pair = open.find(({ inEngine }) => inEngine.id === job.key);
      // One that is not among them was active already, or never there.
      expect(pair).toBeDefined();
      expect(JSON.parse(variables)).toEqual(pair!.inModel.vars);
      pair!.run.model.activateJob(pair!.inModel.id, jobTimeoutMs);
    }
  }

  async #work(action: Extract<Action, { kind: 'complete' | 'fail' | 'throw' }>): Promise<void> {
    const jobs = this.#jobs();
    const isAble = (state: string): boolean => ['ACTIVATABLE', 'ACTIVATED', 'CREATED'].includes(state);
    const able = jobs.filter(({ inModel }) => isAble(inModel.state));
    // Mostly those that can be worked on; now and then one that refuses it.
    const pair = chosen(able.length > 0 && action.pick % 8 > 0 ? able : jobs, action.pick);
    if (pair === undefined) return;
    const { model } = pair.run;
    const { engine } = this.engine;
    const [id, key] = [pair.inModel.id, pair.inEngine.id];
    const variables = JSON.stringify(action.vars);
    if (pair.inModel.state === 'CREATED') {
      model.completeUserTask(id, action.vars);
      return engine.completeUserTask(key, variables);
    }
    const errorMessage = '';
    if (action.kind === 'fail') {
      const { retries, backOffMs: retryBackOffMs } = action;
      const outcome = model.failJob(id, retries, retryBackOffMs, action.vars);
      return this.#expect(outcome, () =>
        engine.failJob(key, { retries, errorMessage, retryBackOffMs, variables }),
      );
    }
    if (action.kind === 'throw') {
      const { code: errorCode } = action;
      const outcome = model.throwError(id, errorCode, action.vars);
      return this.#expect(outcome, () => engine.throwJobError(key, { errorCode, errorMessage, variables }));
    }
    const outcome = model.completeJob(id, action.vars);
    await this.#expect(outcome, () => engine.completeJob(key, variables));
    if (outcome === 'done') await this.#expect('missing', () => engine.completeJob(key, variables));
  }

  async #publish({
    pick: index,
    vars: brought,
    timeToLiveMs,
  }: Extract<Action, { kind: 'publish' }>): Promise<void> {
    const name = chosen(this.#messages, index);
    const run = chosen(this.#runs, index);
    if (name === undefined || run === undefined) return;
    const correlationKey = `key-${this.#runs.indexOf(run)}`;
    // One that is kept comes in the middle of a command, where others may look at a variable before it or after it.
    const vars = run.model.waitsFor(name) ? brought : {};
    run.model.publish(name, vars, timeToLiveMs);
    await this.engine.publish(name, correlationKey, vars, timeToLiveMs);
  }

  async #resolve(index: number, giveRetries: boolean): Promise<void> {
    const pair = chosen(this.#incidents(), index);
    if (pair === undefined) return;
    const job = this.engine.engine.state.incidents.get(pair.inEngine.id)!.job;
    if (giveRetries && job !== null) {
      const { inModel } = this.#jobs().find(({ inEngine }) => inEngine.id === job)!;
      pair.run.model.updateRetries(inModel.id, 2);
      await this.engine.engine.updateJob(job, { retries: 2 });
    }
    const outcome = pair.run.model.resolve(pair.inModel.id);
    await this.#expect(outcome === 'done' ? 'done' : 'missing', () =>
      this.engine.engine.resolveIncident(pair.inEngine.id),
    );
  }

  /** What is refused changes nothing. */
  async #expect(outcome: Outcome, command: () => Promise<void>): Promise<void> {
    if (outcome === 'done') return command();
    const before = snapshotOf(this.engine.engine.state);
    const error: unknown = await command().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Rejection);
    expect((error as Rejection).status).toBe(outcome === 'conflict' ? 409 : 404);
    expect(snapshotOf(this.engine.engine.state)).toBe(before);
  }

  #jobs(): Pair<PlacedJob<number>, PlacedJob<string>>[] {
    return this.#active.flatMap((run) => paired(run, run.model.view().jobs, this.#look(run).jobs));
  }

  #incidents(): Pair<PlacedIncident<number>, PlacedIncident<string>>[] {
    return this.#active.flatMap((run) => paired(run, run.model.view().incidents, this.#look(run).incidents));
  }

  #look({ key }: Run): ReturnType<typeof viewEngine> {
    return viewEngine(this.engine.engine.state, key, this.#flowTarget);
  }

  /** Flows are named after their ends, and tokens wait only in front of joins. */
  readonly #flowTarget = (flow: string): string => /[a-z]+\d+-j$/.exec(flow)![0];

  #compare(): void {
    for (const run of this.#runs) expect(linesOf(this.#look(run))).toEqual(linesOf(run.model.view()));
    expect(brokenInvariants(this.engine.engine.state)).toEqual([]);
  }
}

/** Both have been seen to be the same but for their ids. */
function paired<M extends Placed, E extends Placed>(
  run: Run,
  inModel: readonly M[],
  inEngine: readonly E[],
): Pair<M, E>[] {
  const others = inOrder(inEngine);
  return inOrder(inModel).map((each, index) => ({ run, inModel: each, inEngine: others[index]! }));
}

function chosen<T>(all: readonly T[], index: number): T | undefined {
  return all.length === 0 ? undefined : all[index % all.length];
}
