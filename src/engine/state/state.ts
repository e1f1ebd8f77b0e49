/** All state of the engine: its tables, and the questions that the rules ask of them. */
import { DueHeap } from './due';
import type {
  CollectionRow,
  ContinuationRow,
  CounterRow,
  DefinitionRow,
  DocumentRow,
  ElementRow,
  ElementState,
  IncidentRow,
  InstanceRow,
  JobRow,
  MessageRow,
  OutputRow,
  ResourceRow,
  SubscriptionRow,
  TimerRow,
  UserTaskRow,
  VariableRow,
} from './rows';
import { ChangeLog, GroupIndex, Table, type Row } from './table';

const ended: ReadonlySet<ElementState> = new Set(['COMPLETED', 'TERMINATED']);

/** Whether an element instance has neither completed nor been terminated. */
export function isLive(row: { readonly state: ElementState }): boolean {
  return !ended.has(row.state);
}

const byInstance = <R extends Row & { readonly instance: string }>(): GroupIndex<R> =>
  new GroupIndex<R>(({ instance }) => instance);

export class EngineState {
  readonly log = new ChangeLog();
  readonly due = new DueHeap();

  readonly versions = new GroupIndex<DefinitionRow>(({ processId }) => processId);
  readonly activeInstances = new GroupIndex<InstanceRow>(({ state }) =>
    state === 'ACTIVE' ? 'ACTIVE' : undefined,
  );
  /** Active instances that a message started, by process id and correlation key. */
  readonly startedByMessage = new GroupIndex<InstanceRow>(({ state, messageKey, processId }) =>
    state === 'ACTIVE' && messageKey !== null ? messageGroup(processId, messageKey) : undefined,
  );
  readonly calledBy = new GroupIndex<InstanceRow>(({ parentElement }) => parentElement ?? undefined);
  readonly endedInstances = new GroupIndex<InstanceRow>(({ state, parentInstance }) =>
    state === 'ACTIVE' || parentInstance !== null ? undefined : 'ended',
  );
  /** Called instances by the instance at the top. */
  readonly instancesByRoot = new GroupIndex<InstanceRow>(({ rootInstance }) => rootInstance);
  /** Live element instances by the one around them. */
  readonly children = new GroupIndex<ElementRow>((row) =>
    isLive(row) && row.scope !== null ? row.scope : undefined,
  );
  readonly elementsByInstance = byInstance<ElementRow>();
  readonly variablesByScope = new VariableIndex();
  readonly outputsByBody = new GroupIndex<OutputRow>(({ body }) => body);
  readonly activatableJobs = new GroupIndex<JobRow>(({ state, type }) =>
    state === 'ACTIVATABLE' ? type : undefined,
  );
  readonly jobsByElement = new GroupIndex<JobRow>(({ elementInstance }) => elementInstance);
  readonly jobsByInstance = byInstance<JobRow>();
  readonly incidentsByElement = new GroupIndex<IncidentRow>(({ state, elementInstance }) =>
    state === 'ACTIVE' ? elementInstance : undefined,
  );
  readonly incidentsByInstance = byInstance<IncidentRow>();
  readonly timersByElement = new GroupIndex<TimerRow>(({ elementInstance }) => elementInstance ?? undefined);
  readonly subscriptionsByElement = new GroupIndex<SubscriptionRow>(
    ({ elementInstance }) => elementInstance ?? undefined,
  );
  /** Those of a process's start events, timers below. */
  readonly startSubscriptions = new GroupIndex<SubscriptionRow>((row) =>
    row.elementInstance === null ? row.processId : undefined,
  );
  readonly startTimers = new GroupIndex<TimerRow>((row) =>
    row.elementInstance === null ? row.definition : undefined,
  );
  readonly subscriptionsByName = new GroupIndex<SubscriptionRow>(subscriptionGroup);
  readonly messagesByName = new GroupIndex<MessageRow>(({ name, correlationKey }) =>
    messageGroup(name, correlationKey),
  );
  readonly userTasksByElement = new GroupIndex<UserTaskRow>(({ elementInstance }) => elementInstance);
  readonly userTasksByInstance = byInstance<UserTaskRow>();

  readonly resources = new Table<ResourceRow>('resource', this.log);
  readonly definitions = new Table<DefinitionRow>('definition', this.log, [this.versions]);
  readonly instances = new Table<InstanceRow>('instance', this.log, [
    this.activeInstances,
    this.startedByMessage,
    this.calledBy,
    this.endedInstances,
    this.instancesByRoot,
  ]);
  readonly elements = new Table<ElementRow>('element', this.log, [this.children, this.elementsByInstance]);
  readonly variables = new Table<VariableRow>('variable', this.log, [this.variablesByScope]);
  readonly collections = new Table<CollectionRow>('collection', this.log);
  readonly outputs = new Table<OutputRow>('output', this.log, [this.outputsByBody]);
  readonly jobs = new Table<JobRow>('job', this.log, [
    this.activatableJobs,
    this.jobsByElement,
    this.jobsByInstance,
    this.due.index<JobRow>('job', ({ due }) => due),
  ]);
  readonly incidents = new Table<IncidentRow>('incident', this.log, [
    this.incidentsByElement,
    this.incidentsByInstance,
  ]);
  readonly timers = new Table<TimerRow>('timer', this.log, [
    this.timersByElement,
    this.startTimers,
    this.due.index<TimerRow>('timer', ({ due }) => due),
  ]);
  readonly subscriptions = new Table<SubscriptionRow>('subscription', this.log, [
    this.subscriptionsByElement,
    this.startSubscriptions,
    this.subscriptionsByName,
  ]);
  readonly messages = new Table<MessageRow>('message', this.log, [
    this.messagesByName,
    this.due.index<MessageRow>('message', ({ due }) => due),
  ]);
  readonly userTasks = new Table<UserTaskRow>('userTask', this.log, [
    this.userTasksByElement,
    this.userTasksByInstance,
  ]);
  readonly documents = new Table<DocumentRow>('document', this.log);
  readonly continuations = new Table<ContinuationRow>('continuation', this.log);
  readonly counters = new Table<CounterRow>('counter', this.log);

  /** By the name that the journal uses. */
  readonly tables: ReadonlyMap<string, Table<Row>> = new Map(
    [
      this.resources,
      this.definitions,
      this.instances,
      this.elements,
      this.variables,
      this.collections,
      this.outputs,
      this.jobs,
      this.incidents,
      this.timers,
      this.subscriptions,
      this.messages,
      this.userTasks,
      this.documents,
      this.continuations,
      this.counters,
    ].map((table) => [table.name, table as never as Table<Row>]),
  );

  /** The newest version of a process. */
  latest(processId: string): DefinitionRow | undefined {
    let latest: DefinitionRow | undefined;
    for (const key of this.versions.of(processId)) latest = this.definitions.get(key);
    return latest;
  }

  /** One variable of one scope, not of those around it. */
  localVariable(scope: string, name: string): VariableRow | undefined {
    const key = this.variablesByScope.key(scope, name);
    return key === undefined ? undefined : this.variables.get(key);
  }

  localVariables(scope: string): VariableRow[] {
    return this.variablesByScope.keys(scope).map((key) => this.variables.get(key)!);
  }
}

/** The key of each variable by scope and name. */
class VariableIndex {
  readonly #scopes = new Map<string, Map<string, string>>();

  key(scope: string, name: string): string | undefined {
    return this.#scopes.get(scope)?.get(name);
  }

  keys(scope: string): string[] {
    return [...(this.#scopes.get(scope)?.values() ?? [])];
  }

  moved(before: VariableRow | undefined, after: VariableRow | undefined): void {
    if (before && after) return;
    if (before) {
      const names = this.#scopes.get(before.scope);
      names?.delete(before.name);
      if (names?.size === 0) this.#scopes.delete(before.scope);
    }
    if (after) {
      const names = this.#scopes.get(after.scope);
      if (names === undefined) this.#scopes.set(after.scope, new Map([[after.name, after.key]]));
      else names.set(after.name, after.key);
    }
  }
}

/** The group of `messagesByName` and `startedByMessage`. */
export function messageGroup(name: string, correlationKey: string): string {
  return `${name.length}:${name}${correlationKey}`;
}

/** The group of `subscriptionsByName`. */
export function subscriptionGroup(
  row: Pick<SubscriptionRow, 'kind' | 'name' | 'correlationKey' | 'elementInstance'>,
): string {
  if (row.kind === 'signal') return `signal ${row.name}`;
  return row.elementInstance === null
    ? `start ${row.name}`
    : `message ${messageGroup(row.name, row.correlationKey ?? '')}`;
}
