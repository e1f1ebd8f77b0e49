/** Questions about what an engine did, answered from its records. */
import { pause } from './processes';
import { RecordFeed } from './record-feed';

/** One record: what happened, or a command that was refused. Keys are decimal text everywhere. */
export interface EngineRecord {
  readonly key: string;
  readonly position: number;
  /** ms since 1970, the engine's clock. */
  readonly timestamp: number;
  readonly recordType: 'EVENT' | 'COMMAND_REJECTION';
  /** JOB, JOB_BATCH, INCIDENT, VARIABLE, PROCESS_INSTANCE, ... */
  readonly valueType: string;
  /** CREATED, COMPLETED, FAILED, ...; of a refused command its verb: COMPLETE, FAIL, ... */
  readonly intent: string;
  readonly rejectionType: string;
  readonly rejectionReason: string;
  readonly value: RecordValue;
}

/** The fields tests look at; which ones are there depends on the value type. */
export interface RecordValue {
  readonly type?: string;
  readonly bpmnProcessId?: string;
  readonly processInstanceKey?: string;
  readonly elementId?: string;
  readonly elementInstanceKey?: string;
  readonly bpmnElementType?: string;
  readonly retries?: number;
  /** ms */
  readonly retryBackoff?: number;
  readonly deadline?: number;
  readonly timeout?: number;
  readonly errorCode?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly worker?: string;
  readonly jobKey?: string;
  readonly jobKeys?: readonly string[];
  readonly name?: string;
  /** JSON text of a variable. */
  readonly value?: string;
  readonly scopeKey?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly [other: string]: unknown;
}

/** Every property that is given must match. */
export interface RecordFilter {
  readonly valueType?: string;
  readonly intent?: string | readonly string[];
  readonly recordType?: EngineRecord['recordType'];
  readonly key?: string;
  readonly processInstanceKey?: string;
  readonly bpmnProcessId?: string;
  /** Type of the job. */
  readonly jobType?: string;
  readonly elementId?: string;
}

export interface Outcome {
  readonly outcome: 'completed' | 'terminated' | 'incident';
  /** Variables of the process instance at this moment. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Only with `incident`. */
  readonly incident?: { readonly key: string; readonly errorType: string; readonly errorMessage: string };
  /** Ids of the elements that completed, in order. */
  readonly completedElements: readonly string[];
}

const defaultTimeoutMs = 30_000;

export class Records {
  private readonly known: EngineRecord[] = [];
  private readonly feed: RecordFeed;
  private updating: Promise<void> | undefined;

  /** @param managementAddress base URL of the engine's management port */
  constructor(managementAddress: string) {
    this.feed = new RecordFeed(managementAddress);
  }

  /** All records so far that match, in the engine's order; while the engine is down those that were known before. */
  async find(filter: RecordFilter): Promise<EngineRecord[]> {
    await this.update();
    return this.known.filter((record) => matches(record, filter));
  }

  /**
   * Waits until `look` finds something in the matching records.
   * @param look returns undefined while what is waited for is not there
   * @throws Error with the matching records seen so far, after `timeoutMs` (default 30 s)
   */
  async waitFor<T>(
    filter: RecordFilter,
    look: (records: EngineRecord[]) => T | undefined,
    timeoutMs = defaultTimeoutMs,
  ): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const records = await this.find(filter);
      const found = look(records);
      if (found !== undefined) return found;
      if (Date.now() > end) {
        const seen = records.map(
          ({ recordType, valueType, intent }) => `${recordType} ${valueType} ${intent}`,
        );
        throw new Error(
          `Not seen within ${timeoutMs} ms: ${JSON.stringify(filter)}. Seen: ${seen.slice(-30).join(', ') || 'nothing'}`,
        );
      }
      await pause(20);
    }
  }

  /** Waits for at least `count` matching records. */
  waitForCount(filter: RecordFilter, count: number, timeoutMs?: number): Promise<EngineRecord[]> {
    return this.waitFor(filter, (records) => (records.length >= count ? records : undefined), timeoutMs);
  }

  /**
   * Waits until the process instance completed, was terminated or has an incident.
   * @param options.ignoreIncidents goes on waiting when there is an incident
   */
  async outcome(
    processInstanceKey: string,
    options: { readonly timeoutMs?: number; readonly ignoreIncidents?: boolean } = {},
  ): Promise<Outcome> {
    return this.waitFor(
      { processInstanceKey, recordType: 'EVENT' },
      (records) => outcomeOf(processInstanceKey, records, options.ignoreIncidents ?? false),
      options.timeoutMs,
    );
  }

  /** Variables of the process instance itself, as of now. */
  async variables(processInstanceKey: string): Promise<Record<string, unknown>> {
    return variablesOf(processInstanceKey, await this.find({ processInstanceKey, valueType: 'VARIABLE' }));
  }

  /** What happened to jobs: CREATED, COMPLETED, FAILED, ERROR_THROWN, TIMED_OUT, TIMEOUT_UPDATED, CANCELED, ... */
  jobEvents(filter: Omit<RecordFilter, 'valueType' | 'recordType'>): Promise<EngineRecord[]> {
    return this.find({ ...filter, valueType: 'JOB', recordType: 'EVENT' });
  }

  /** Commands about jobs that the engine refused (NOT_FOUND, INVALID_STATE, ...). */
  refusedJobCommands(filter: Omit<RecordFilter, 'valueType' | 'recordType'>): Promise<EngineRecord[]> {
    return this.find({ ...filter, valueType: 'JOB', recordType: 'COMMAND_REJECTION' });
  }

  /** How often each event happened to jobs, such as `{CREATED: 3, COMPLETED: 2, FAILED: 1}`. */
  async countJobEvents(
    filter: Omit<RecordFilter, 'valueType' | 'recordType'>,
  ): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { intent } of await this.jobEvents(filter)) counts[intent] = (counts[intent] ?? 0) + 1;
    return counts;
  }

  /** Incidents that were raised, resolved ones included. */
  incidents(filter: Omit<RecordFilter, 'valueType' | 'recordType' | 'intent'>): Promise<EngineRecord[]> {
    return this.find({ ...filter, valueType: 'INCIDENT', recordType: 'EVENT', intent: 'CREATED' });
  }

  /** Keys of jobs that a worker took and that neither ended, failed nor timed out since: nobody else can have them now. */
  async lockedJobs(jobType: string): Promise<string[]> {
    await this.update();
    const locked = new Set<string>();
    for (const { key, recordType, valueType, intent, value } of this.known) {
      if (recordType !== 'EVENT' || value.type !== jobType) continue;
      if (valueType === 'JOB_BATCH' && intent === 'ACTIVATED')
        for (const job of value.jobKeys ?? []) locked.add(job);
      if (valueType === 'JOB' && freeing.has(intent)) locked.delete(key);
    }
    return [...locked];
  }

  /** Activations of jobs: which worker took which job, in order. One job may be taken several times. */
  async activations(jobType: string): Promise<{ jobKey: string; worker: string; timestamp: number }[]> {
    const batches = await this.find({
      jobType,
      valueType: 'JOB_BATCH',
      recordType: 'EVENT',
      intent: 'ACTIVATED',
    });
    return batches.flatMap(({ value, timestamp }) =>
      (value.jobKeys ?? []).map((jobKey) => ({ jobKey, worker: value.worker ?? '', timestamp })),
    );
  }

  /** Calls that come together share one request. */
  private update(): Promise<void> {
    this.updating ??= this.fetchNew().finally(() => (this.updating = undefined));
    return this.updating;
  }

  private async fetchNew(): Promise<void> {
    for (const line of await this.feed.next()) this.known.push(parseLossless(line) as EngineRecord);
  }
}

const freeing = new Set(['COMPLETED', 'FAILED', 'TIMED_OUT', 'ERROR_THROWN', 'CANCELED', 'YIELDED']);

/** JSON as plain values; integers that a double cannot hold become text. */
export function parseLossless(text: string): unknown {
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    token.startsWith('"') || !/^-?\d{16,}$/.test(token) || Number.isSafeInteger(Number(token))
      ? token
      : `"${token}"`,
  );
  return JSON.parse(quoted);
}

function matches(record: EngineRecord, filter: RecordFilter): boolean {
  const { value } = record;
  const intents =
    filter.intent === undefined || typeof filter.intent === 'string' ? [filter.intent] : filter.intent;
  return (
    same(record.valueType, filter.valueType) &&
    same(record.recordType, filter.recordType) &&
    same(record.key, filter.key) &&
    same(value.processInstanceKey, filter.processInstanceKey) &&
    same(value.bpmnProcessId, filter.bpmnProcessId) &&
    same(value.type, filter.jobType) &&
    same(value.elementId, filter.elementId) &&
    intents.some((intent) => same(record.intent, intent))
  );
}

function same(actual: string | undefined, wished: string | undefined): boolean {
  return wished === undefined || actual === wished;
}

function outcomeOf(instance: string, records: EngineRecord[], ignoreIncidents: boolean): Outcome | undefined {
  const open = new Map<string, EngineRecord>();
  const completedElements: string[] = [];
  let ended: 'completed' | 'terminated' | undefined;
  for (const record of records) {
    if (record.valueType === 'INCIDENT' && record.intent === 'CREATED') open.set(record.key, record);
    if (record.valueType === 'INCIDENT' && record.intent === 'RESOLVED') open.delete(record.key);
    if (record.valueType !== 'PROCESS_INSTANCE') continue;
    const isProcess = record.key === instance;
    if (record.intent === 'ELEMENT_TERMINATED' && isProcess) ended = 'terminated';
    if (record.intent !== 'ELEMENT_COMPLETED') continue;
    if (isProcess) ended = 'completed';
    else completedElements.push(record.value.elementId ?? '');
  }
  const variables = variablesOf(instance, records);
  if (ended) return { outcome: ended, variables, completedElements };
  const [incident] = open.values();
  if (!incident || ignoreIncidents) return undefined;
  const { errorType = '', errorMessage = '' } = incident.value;
  return {
    outcome: 'incident',
    variables,
    completedElements,
    incident: { key: incident.key, errorType, errorMessage },
  };
}

function variablesOf(scopeKey: string, records: EngineRecord[]): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  for (const { valueType, recordType, value } of records) {
    if (valueType !== 'VARIABLE' || recordType !== 'EVENT' || value.scopeKey !== scopeKey) continue;
    variables[value.name ?? ''] = JSON.parse(value.value ?? 'null');
  }
  return variables;
}
