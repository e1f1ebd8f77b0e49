/** Which flows a token takes when it leaves an element. */
import { evaluateBoolean, readerOf } from '../data/expressions';
import type { ElementModel, SequenceFlow } from '../model/process';
import type { ElementRow } from '../state/rows';
import { IncidentError } from '../turn/incident';
import type { Turn } from '../turn/turn';

const noFlow = 'Expected at least one condition to evaluate to true, or to have a default flow';

/** @throws IncidentError CONDITION_ERROR when no flow can be taken, EXTRACT_VALUE_ERROR when a condition is not boolean */
export function flowsToTake(turn: Turn, row: ElementRow, model: ElementModel): readonly SequenceFlow[] {
  const { behaviour, outgoing } = model;
  if (behaviour.kind === 'exclusive') return exclusive(turn, row, outgoing, behaviour.defaultFlow);
  if (behaviour.kind === 'inclusive') return inclusive(turn, row, outgoing, behaviour.defaultFlow);
  return outgoing;
}

/** The first flow whose condition is true, in the order of the model; else the default, whose condition is never looked at. */
function exclusive(
  turn: Turn,
  row: ElementRow,
  outgoing: readonly SequenceFlow[],
  defaultFlow: string | undefined,
): readonly SequenceFlow[] {
  if (outgoing.length === 0) return [];
  for (const flow of outgoing) if (flow.id !== defaultFlow && isTrue(turn, row, flow)) return [flow];
  return orDefault(outgoing, defaultFlow);
}

/** All flows whose condition is true; else the default. */
function inclusive(
  turn: Turn,
  row: ElementRow,
  outgoing: readonly SequenceFlow[],
  defaultFlow: string | undefined,
): readonly SequenceFlow[] {
  if (outgoing.length === 0) return [];
  const taken = outgoing.filter((flow) => flow.id !== defaultFlow && isTrue(turn, row, flow));
  return taken.length > 0 ? taken : orDefault(outgoing, defaultFlow);
}

function isTrue(turn: Turn, row: ElementRow, { condition }: SequenceFlow): boolean {
  return condition === undefined || evaluateBoolean(turn, condition, readerOf(turn, row.key));
}

function orDefault(outgoing: readonly SequenceFlow[], defaultFlow: string | undefined): SequenceFlow[] {
  const flow = outgoing.find(({ id }) => id === defaultFlow);
  if (flow === undefined) throw new IncidentError('CONDITION_ERROR', noFlow);
  return [flow];
}
