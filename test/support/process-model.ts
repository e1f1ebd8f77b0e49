/**
 * What a process instance must do, worked out on its tree of blocks: no rows, no queue, no element instances. The rules
 * are those of the reference; random runs hold the engine to them.
 */
import type { RandomProcess } from './blocks';
import { armedAt, completed } from './process-joins';
import { Rules } from './process-rules';
import {
  childrenOf,
  rewrite,
  type Armed,
  type Change,
  type Incident,
  type JobState,
  type Rule,
  type Tree,
  type Variables,
} from './process-tree';
import { viewOf, type View } from './process-view';

/** What a command comes to: done, refused because of its state, or not there. */
export type Outcome = 'done' | 'conflict' | 'missing';

interface Message {
  readonly name: string;
  readonly vars: Variables;
  readonly expires: number;
}

export class ProcessModel {
  readonly #rules = new Rules();
  #tree: Tree;
  #state: View['state'] = 'ACTIVE';
  #kept: readonly Message[] = [];
  /** Two timers were due at the same time: nobody says which one comes first. */
  isAmbiguous = false;

  constructor(process: RandomProcess, vars: Variables, now: number) {
    this.#rules.now = now;
    this.#tree = this.#rules.process(process.id, process.flow, vars);
    this.#settle();
  }

  get state(): View['state'] {
    return this.#state;
  }

  view(): View {
    return viewOf(this.#tree, this.#state);
  }

  activateJob(stamp: number, timeoutMs: number): void {
    this.#changeJob(stamp, { state: 'ACTIVATED', due: this.#rules.now + timeoutMs });
  }

  completeJob(stamp: number, vars: Variables): Outcome {
    return this.#openJob(stamp, (job) => completed(job.block, vars));
  }

  completeUserTask(stamp: number, vars: Variables): void {
    this.#do((tree) => (tree.at === 'job' && tree.stamp === stamp ? completed(tree.block, vars) : undefined));
  }

  /** Reaches all that wait now, in the order in which they came to. */
  broadcast(): void {
    if (this.#state !== 'ACTIVE') return;
    const waiting = this.#armed().filter(({ trigger }) => trigger.kind === 'signal');
    for (const { stamp } of waiting) this.#apply(this.#rules.trigger(stamp, {}));
    this.#settle();
  }

  failJob(stamp: number, retries: number, backOffMs: number, vars: Variables): Outcome {
    const { now } = this.#rules;
    const state = retries === 0 ? 'FAILED' : backOffMs > 0 ? 'BACKOFF' : 'ACTIVATABLE';
    const due = state === 'BACKOFF' ? now + backOffMs : null;
    const incident = state === 'FAILED' ? this.#rules.incident('JOB_NO_RETRIES') : {};
    return this.#openJob(stamp, (job) => ({
      tree: { ...job, job: { state, retries, due }, ...incident },
      local: vars,
    }));
  }

  throwError(stamp: number, code: string, vars: Variables): Outcome {
    return this.#openJob(stamp, (job) => ({ tree: job, error: { code, vars, from: stamp } }));
  }

  updateRetries(stamp: number, retries: number): void {
    this.#changeJob(stamp, { retries });
  }

  /** @returns conflict while the job that it is about has no retries */
  resolve(incident: number): Outcome {
    const found = find(this.#tree, (tree) => incidentOf(tree)?.stamp === incident);
    if (found === undefined) return 'missing';
    if (found.at === 'job' && found.job.retries < 1) return 'conflict';
    this.#do((tree) => {
      if (incidentOf(tree)?.stamp !== incident) return undefined;
      const { incident: _incident, ...rest } = tree as Extract<Tree, { incident?: Incident }>;
      return {
        tree: rest.at === 'job' ? { ...rest, job: { ...rest.job, state: 'ACTIVATABLE', due: null } } : rest,
      };
    });
    return 'done';
  }

  /** Into the process, or to where they are. */
  setVariables(vars: Variables): void {
    if (this.#tree.at === 'scope') this.#tree = { ...this.#tree, vars: { ...this.#tree.vars, ...vars } };
  }

  waitsFor(message: string): boolean {
    return this.#receiverOf(message) !== undefined;
  }

  publish(name: string, vars: Variables, timeToLiveMs: number): void {
    const armed = this.#receiverOf(name);
    if (armed !== undefined) return this.#do(this.#rules.trigger(armed.stamp, vars));
    if (timeToLiveMs > 0)
      this.#kept = [...this.#kept, { name, vars, expires: this.#rules.now + timeToLiveMs }];
  }

  cancel(): void {
    this.#state = 'TERMINATED';
    this.#tree = this.#tree.at === 'scope' ? { ...this.#tree, inner: { at: 'gone' } } : this.#tree;
  }

  /** @param jump whether all that is due happens at the end of the time, not at its own */
  pass(ms: number, jump: boolean): void {
    const end = this.#rules.now + ms;
    for (let next = this.#nextDue(); next !== undefined && next.due! <= end; next = this.#nextDue()) {
      this.#rules.now = jump ? end : Math.max(this.#rules.now, next.due!);
      this.#happen(next);
    }
    this.#rules.now = end;
  }

  #happen(next: Armed | (Extract<Tree, { at: 'job' }>['job'] & { stamp: number })): void {
    if ('trigger' in next) this.#do(this.#rules.trigger(next.stamp, {}));
    else this.#changeJob(next.stamp, { state: 'ACTIVATABLE', due: null });
  }

  #nextDue(): (Armed | (JobState & { stamp: number })) | undefined {
    if (this.#state !== 'ACTIVE') return undefined;
    const timers = this.#armed().filter(({ due }) => due !== undefined);
    const jobs = all(this.#tree).flatMap((tree) =>
      tree.at === 'job' && tree.job.due !== null ? [{ ...tree.job, stamp: tree.stamp }] : [],
    );
    const [first, second] = timers.sort((a, b) => a.due! - b.due!);
    if (first !== undefined && first.due === second?.due && first.id !== second?.id) this.isAmbiguous = true;
    const [job] = jobs.sort((a, b) => a.due! - b.due!);
    if (first === undefined || job === undefined) return first ?? job;
    return first.due! < job.due! ? first : job;
  }

  #changeJob(stamp: number, changes: Partial<JobState>): void {
    this.#do((tree) =>
      tree.at === 'job' && tree.stamp === stamp
        ? { tree: { ...tree, job: { ...tree.job, ...changes } } }
        : undefined,
    );
  }

  #openJob(stamp: number, action: (job: Extract<Tree, { at: 'job' }>) => Change): Outcome {
    const found = find(this.#tree, (tree) => tree.at === 'job' && tree.stamp === stamp);
    if (found?.at !== 'job') return 'missing';
    if (found.job.state !== 'ACTIVATABLE' && found.job.state !== 'ACTIVATED') return 'conflict';
    this.#do((tree) => (tree.at === 'job' && tree.stamp === stamp ? action(tree) : undefined));
    return 'done';
  }

  #do(rule: Rule): void {
    this.#apply(rule);
    this.#settle();
  }

  /** @returns whether there was a place for the rule */
  #apply(rule: Rule): boolean {
    const change = rewrite(this.#tree, {}, rule, this.#rules);
    if (change === undefined) return false;
    if (change.error === undefined) this.#tree = change.tree;
    else this.#uncaught(change.error.from);
    return true;
  }

  #uncaught(stamp: number): void {
    const incident = this.#rules.incident('UNHANDLED_ERROR_EVENT');
    this.#apply((tree) => {
      if (!('stamp' in tree) || tree.stamp !== stamp || (tree.at !== 'job' && tree.at !== 'before'))
        return undefined;
      if (tree.at === 'before') return { tree: { ...tree, ...incident } };
      return { tree: { ...tree, job: { ...tree.job, state: 'ERROR_THROWN', due: null }, ...incident } };
    });
  }

  #settle(): void {
    while (this.#correlate() || this.#apply(this.#rules.goOn));
    if (this.#state === 'ACTIVE' && this.#tree.at === 'scope' && this.#tree.inner.at === 'passed')
      this.#state = 'COMPLETED';
  }

  /** Gives the first message that is kept to the first that waits for it. */
  #correlate(): boolean {
    this.#kept = this.#kept.filter(({ expires }) => expires > this.#rules.now);
    for (const { id, trigger, stamp } of this.#armed()) {
      const message = this.#kept.find(({ name }) => trigger.kind === 'message' && name === id);
      if (message === undefined) continue;
      this.#kept = this.#kept.filter((each) => each !== message);
      return this.#apply(this.#rules.trigger(stamp, message.vars));
    }
    return false;
  }

  #receiverOf(message: string): Armed | undefined {
    if (this.#state !== 'ACTIVE') return undefined;
    return this.#armed().find(({ id, trigger }) => trigger.kind === 'message' && id === message);
  }

  /** In the order in which they were armed. */
  #armed(): Armed[] {
    return all(this.#tree)
      .flatMap(armedAt)
      .sort((a, b) => a.stamp - b.stamp);
  }
}

function incidentOf(tree: Tree): Incident | undefined {
  return 'incident' in tree ? tree.incident : undefined;
}

function find(tree: Tree, wanted: (tree: Tree) => boolean): Tree | undefined {
  return all(tree).find(wanted);
}

function all(tree: Tree): Tree[] {
  return [tree, ...childrenOf(tree).flatMap((child) => (child === undefined ? [] : all(child)))];
}
