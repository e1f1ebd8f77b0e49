/** Jobs as the flow sees them: one begins with its task, and what a worker says of it lets the task go on. */
import { evaluateInteger, evaluateText, readerOf } from '../data/expressions';
import type { Behaviour } from '../model/process';
import type { ElementRow } from '../state/rows';
import { recordJob } from '../turn/records';
import type { Turn } from '../turn/turn';

type JobBehaviour = Extract<Behaviour, { kind: 'job' }>;

/** @throws IncidentError EXTRACT_VALUE_ERROR when type or retries cannot be worked out; there is no job then */
export function createJob(turn: Turn, row: ElementRow, behaviour: JobBehaviour): void {
  const read = readerOf(turn, row.key);
  const type = evaluateText(turn, behaviour.type, read);
  const retries = evaluateInteger(turn, behaviour.retries, read);
  const job = turn.state.jobs.put({
    key: turn.keys.beside(row.key),
    type,
    instance: row.instance,
    definition: row.definition,
    elementId: row.elementId,
    elementInstance: row.key,
    state: 'ACTIVATABLE',
    retries,
    worker: '',
    due: null,
    errorMessage: null,
    errorCode: null,
    creationTime: turn.now,
    lastUpdateTime: turn.now,
    endTime: null,
  });
  turn.wokenTypes.add(type);
  recordJob(turn, job, 'CREATED');
}
