/** Incidents: one for each step or job that cannot go on. */
import type { IncidentRow, IncidentType, JobRow, Step } from '../state/rows';
import { recordIncident } from '../turn/records';
import type { Turn } from '../turn/turn';

/** As the broker cuts the messages of failed jobs. */
const maxMessage = 10_000;

export interface NewIncident {
  readonly type: IncidentType;
  readonly message: string;
  /** The element instance that cannot go on. */
  readonly element: string;
  readonly job?: JobRow;
  readonly step?: Step;
}

export function raiseIncident(turn: Turn, made: NewIncident): IncidentRow {
  const element = turn.state.elements.get(made.element)!;
  const incident = turn.state.incidents.put({
    key: turn.keys.beside(element.key),
    type: made.type,
    message: made.message.length > maxMessage ? `${made.message.slice(0, maxMessage)}...` : made.message,
    instance: element.instance,
    definition: element.definition,
    elementId: element.elementId,
    elementInstance: element.key,
    job: made.job?.key ?? null,
    state: 'ACTIVE',
    creationTime: turn.now,
    ...(made.step === undefined ? {} : { step: made.step }),
  });
  recordIncident(turn, incident, 'CREATED');
  return incident;
}
