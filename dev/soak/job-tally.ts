/** What became of every job, by the engine's own records. Pure. */
import type { End } from './kinds';

/** The fields of an exported record that count here. */
interface ExportedRecord {
  readonly position: number;
  readonly key: number;
  readonly recordType: string;
  readonly valueType: string;
  readonly intent: string;
  readonly value: {
    readonly bpmnProcessId: string;
    readonly processInstanceKey: number;
    readonly jobKey?: number;
  };
}

export interface JobTally {
  /** Takes one exported record, as JSON text. */
  take(record: string): void;
  created(kind: string): number;
  /** Jobs of a kind that came to this end. An incident is an end here: nobody resolves it. */
  ended(kind: string, end: End): number;
  /** Jobs that were created and have not come to an end. */
  open(): number;
  /** How often something happened to jobs that is no end, such as FAILED and TIMED_OUT. */
  events(intent: string): number;
}

const ends: ReadonlySet<string> = new Set<End>(['COMPLETED', 'ERROR_THROWN', 'CANCELED']);

/** @param onIncident called once for each incident */
export function createJobTally(onIncident: (processInstanceKey: number) => void): JobTally {
  const counts = new Map<string, number>();
  /** By key. */
  const openJobs = new Set<number>();
  let lastPosition = 0;
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);

  function end(kind: string, name: End, jobKey: number): void {
    // The job of an instance that was cancelled after its incident has ended already.
    if (openJobs.delete(jobKey)) count(`${kind} ${name}`);
  }

  return {
    take(record) {
      const { position, key, recordType, valueType, intent, value } = JSON.parse(record) as ExportedRecord;
      // A restarted engine exports some records again.
      if (position <= lastPosition || recordType !== 'EVENT') return;
      lastPosition = position;
      if (valueType === 'INCIDENT' && intent === 'CREATED') {
        end(value.bpmnProcessId, 'INCIDENT', value.jobKey ?? 0);
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
