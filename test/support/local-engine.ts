/** The engine in this process, on a clock that stands still: what the tests of its rules look at. */
import { VirtualClock } from '../../src/engine/clock';
import { Engine, type EngineOptions } from '../../src/engine/engine';
import type { ActivatedJob } from '../../src/engine/api';
import type { ElementRow, IncidentRow, InstanceRow, UserTaskRow } from '../../src/engine/state/rows';

const startOfTime = Date.parse('2026-01-01T00:00:00Z');

export interface SeenRecord {
  readonly position: number;
  readonly valueType: string;
  readonly intent: string;
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export class TestEngine {
  private constructor(
    readonly engine: Engine,
    readonly clock: VirtualClock,
  ) {}

  /** @param now where the clock stands, ms since 1970 */
  static async open(options: EngineOptions = {}, now = startOfTime): Promise<TestEngine> {
    const clock = new VirtualClock(now);
    return new TestEngine(await Engine.open({ clock, ...options }), clock);
  }

  /** Deploys files made by engine-bpmn.ts. */
  async deploy(...files: string[]): Promise<void> {
    await this.engine.deploy(files.map((content, index) => ({ name: `file-${index}.bpmn`, content })));
  }

  /** Deploys one file under a name, for further versions. */
  async redeploy(name: string, content: string): Promise<void> {
    await this.engine.deploy([{ name, content }]);
  }

  /** @returns the key of the process instance */
  async start(processId: string, variables: unknown = {}): Promise<string> {
    const { key } = await this.engine.createInstance({
      processId,
      variables: JSON.stringify(variables),
      tags: [],
    });
    await this.engine.settled();
    return key;
  }

  /** Takes all jobs of a type that can be taken now. */
  async jobs(
    type: string,
    more: { max?: number; timeoutMs?: number; fetch?: string[] } = {},
  ): Promise<ActivatedJob[]> {
    const { max = 1000, timeoutMs = 60_000, fetch = [] } = more;
    return [
      ...(await this.engine.activateJobs({
        type,
        worker: 'test',
        timeoutMs,
        maxJobs: max,
        fetchVariables: fetch,
        waitMs: 0,
      }).jobs),
    ];
  }

  /** Takes exactly one job of a type. */
  async job(type: string): Promise<ActivatedJob> {
    const jobs = await this.jobs(type, { max: 1 });
    if (jobs[0] === undefined) throw new Error(`There is no job of type ${type}.`);
    return jobs[0];
  }

  /** Takes one job of a type and completes it. */
  async complete(type: string, variables: unknown = {}): Promise<void> {
    const { job } = await this.job(type);
    await this.engine.completeJob(job.key, JSON.stringify(variables));
    await this.engine.settled();
  }

  /** Takes one job of a type and throws an error from it. */
  async throwError(type: string, errorCode: string, variables: unknown = {}): Promise<void> {
    const { job } = await this.job(type);
    await this.engine.throwJobError(job.key, {
      errorCode,
      errorMessage: '',
      variables: JSON.stringify(variables),
    });
    await this.engine.settled();
  }

  async publish(
    name: string,
    correlationKey: string,
    variables: unknown = {},
    timeToLiveMs = 60_000,
  ): Promise<void> {
    await this.engine.publishMessage({
      name,
      correlationKey,
      timeToLiveMs,
      messageId: '',
      variables: JSON.stringify(variables),
    });
    await this.engine.settled();
  }

  async signal(name: string, variables: unknown = {}): Promise<void> {
    await this.engine.broadcastSignal(name, JSON.stringify(variables));
    await this.engine.settled();
  }

  /** Moves the time forward, and lets happen what is due by then. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (let next = this.clock.next(); next !== undefined && next <= end; next = this.clock.next()) {
      this.clock.moveTo(next);
      await this.engine.settled();
    }
    this.clock.moveTo(end);
    await this.engine.settled();
  }

  instance(key: string): InstanceRow {
    const row = this.engine.state.instances.get(key);
    if (row === undefined) throw new Error(`There is no process instance ${key}.`);
    return row;
  }

  stateOf(key: string): InstanceRow['state'] {
    return this.instance(key).state;
  }

  /** Variables of the process instance itself. */
  variables(key: string): Record<string, unknown> {
    return Object.fromEntries(
      this.engine.state.localVariables(key).map(({ name, value }) => [name, JSON.parse(value) as unknown]),
    );
  }

  /** Ids of the elements where an instance rests, in order; scopes and bodies included, the process not. */
  resting(key: string): string[] {
    return this.elements(key)
      .filter(({ state, type }) => state !== 'COMPLETED' && state !== 'TERMINATED' && type !== 'PROCESS')
      .map(({ elementId }) => elementId);
  }

  elements(key: string): ElementRow[] {
    return [...this.engine.state.elementsByInstance.of(key)].map((row) =>
      this.engine.state.elements.get(row)!,
    );
  }

  /** Ids of the elements that completed, in the order of the records; of multi-instances twice. */
  async completed(key: string): Promise<string[]> {
    return (await this.records())
      .filter(
        ({ valueType, intent, value }) =>
          valueType === 'PROCESS_INSTANCE' &&
          intent === 'ELEMENT_COMPLETED' &&
          value['processInstanceKey'] === key &&
          value['bpmnElementType'] !== 'PROCESS',
      )
      .map(({ value }) => value['elementId'] as string);
  }

  incidents(key: string): IncidentRow[] {
    return [...this.engine.state.incidentsByInstance.of(key)]
      .map((row) => this.engine.state.incidents.get(row)!)
      .filter(({ state }) => state === 'ACTIVE');
  }

  /** Its only incident. */
  incident(key: string): IncidentRow {
    const incidents = this.incidents(key);
    if (incidents.length !== 1) throw new Error(`Expected one incident, but there are ${incidents.length}.`);
    return incidents[0]!;
  }

  async resolve(key: string): Promise<void> {
    await this.engine.resolveIncident(this.incident(key).key);
    await this.engine.settled();
  }

  userTasks(key: string): UserTaskRow[] {
    return [...this.engine.state.userTasksByInstance.of(key)].map((row) =>
      this.engine.state.userTasks.get(row)!,
    );
  }

  async records(): Promise<SeenRecord[]> {
    const records: SeenRecord[] = [];
    for (;;) {
      const more = await this.engine.records(records.at(-1)?.position ?? 0);
      if (more.length === 0) return records;
      records.push(...more.map((text) => JSON.parse(text) as SeenRecord));
    }
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
