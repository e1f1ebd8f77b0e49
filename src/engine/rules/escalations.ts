/** Escalations: like errors, but the thrower goes on unless the catch interrupts it, and nobody has to catch one. */
import type { Variables } from '../data/variables';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { findCatcher } from './catching';
import { arrive } from './triggers';

export function throwEscalation(turn: Turn, from: ElementRow, code: string, variables: Variables): void {
  const { catcher } = findCatcher(turn, from, 'escalation', code);
  turn.record({
    valueType: 'ESCALATION',
    intent: catcher === undefined ? 'NOT_ESCALATED' : 'ESCALATED',
    key: turn.keys.beside(from.key),
    value: {
      escalationCode: code,
      throwElementId: from.elementId,
      catchElementId: catcher?.eventId ?? '',
      processInstanceKey: from.instance,
      processDefinitionKey: from.definition,
      tenantId: '<default>',
    },
  });
  if (catcher !== undefined) arrive(turn, catcher.waiter, catcher.eventId, variables);
}
