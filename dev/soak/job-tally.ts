/** What became of every job, by the engine's own records. Pure. */
import type { End } from './kinds';

/** The fields of a record that count here. */
interface CountedRecord {
  readonly key: string;
  readonly recordType: string;
  readonly valueType: string;
  readonly intent: string;
  readonly value: {
    readonly bpmnProcessId: string;
    readonly processInstanceKey: string;
    readonly jobKey?: string;
  };
}

export interface JobTally {
  /** Takes one record, as JSON text. */
  take(record: string): void;
  created(kind: string): number;
  /** Jobs of a kind that came to this end. An incident is an end here: nobody resolves it. */
  ended(kind: string, end: End): number;
  /** Jobs that were created and have not come to an end. */
  open(): number;
  /** How often something happened to jobs that does not end them, such as FAILED and TIMED_OUT. */
  events(intent: string): number;
}

const ends: ReadonlySet<string> = new Set<End>(['COMPLETED', 'ERROR_THROWN', 'CANCELED']);

/** @param onIncident called once for each incident */
export function createJobTally(onIncident: (processInstanceKey: string) => void): JobTally {
  const counts = new Map<string, number>();
  /** By key. */
  const openJobs = new Set<string>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

  function end(kind: string, name: End, jobKey: string): void {
    // The job of an instance that was cancelled after its incident has ended already.
    if (openJobs.delete(jobKey)) count(`${kind} ${name}`);
  }

  return {
    take(record) {
      const { key, recordType, valueType, intent, value } = JSON.parse(record) as CountedRecord;
      if (recordType !== 'EVENT') return;
      if (valueType === 'INCIDENT' && intent === 'CREATED') {
        end(value.bpmnProcessId, 'INCIDENT', value.jobKey ?? '');
        onIncident(value.processInstanceKey);
      }
      if (valueType !== 'JOB') return;
      count(intent);
      if (intent === 'CREATED') {
        openJobs.add(key);
        count(`${value.bpmnProcessId} CREATED`);
      } else if (ends.has(intent)) end(value.bpmnProcessId, intent as End, key);
    },
    created: (kind) => counts.get(`${kind} CREATED`) ?? 0,
    ended: (kind, name) => counts.get(`${kind} ${name}`) ?? 0,
    open: () => openJobs.size,
    events: (intent) => counts.get(intent) ?? 0,
  };
}
