/**
 * Who catches an error or an escalation. The search goes outwards: boundary events of the element, event sub-processes
 * of the scope around it, boundary events of that scope, and so on, through call activities into the calling process.
 * At one place the exact code beats a catch-all. An event sub-process does not catch what is thrown inside itself.
 */
import type { CatchTrigger } from '../model/process';
import type { ElementRow } from '../state/rows';
import type { Turn } from '../turn/turn';

export interface Catcher {
  /** The element instance that the event belongs to: the activity, or the scope of the event sub-process. */
  readonly waiter: ElementRow;
  readonly eventId: string;
}

export interface CatcherSearch {
  readonly catcher?: Catcher;
  /** Ids of all events of this kind that were passed, for the message when none of them fits. */
  readonly passed: readonly string[];
}

/** @param from the element instance that throws */
export function findCatcher(
  turn: Turn,
  from: ElementRow,
  kind: 'error' | 'escalation',
  code: string,
): CatcherSearch {
  const passed: string[] = [];
  for (let row = from; ;) {
    const own = pick(turn, row, boundariesOf(turn, row), kind, code, passed);
    if (own !== undefined) return { catcher: own, passed };
    const scope = turn.scopeOf(row);
    if (scope !== undefined) {
      const inScope = pick(turn, scope, eventSubProcessStarts(turn, scope, row), kind, code, passed);
      if (inScope !== undefined) return { catcher: inScope, passed };
    }
    const outer = scope ?? callerOf(turn, row);
    if (outer === undefined) return { passed };
    row = outer;
  }
}

function pick(
  turn: Turn,
  waiter: ElementRow,
  eventIds: readonly string[],
  kind: 'error' | 'escalation',
  code: string,
  passed: string[],
): Catcher | undefined {
  let catchAll: Catcher | undefined;
  for (const eventId of eventIds) {
    const trigger = triggerOf(turn, waiter, eventId);
    if (trigger?.kind !== kind) continue;
    passed.push(eventId);
    if (trigger.code === code) return { waiter, eventId };
    if (trigger.code === undefined) catchAll = { waiter, eventId };
  }
  return catchAll;
}

function triggerOf(turn: Turn, waiter: ElementRow, eventId: string): CatchTrigger | undefined {
  const { behaviour } = turn.element(waiter.definition, eventId);
  return behaviour.kind === 'boundary' || behaviour.kind === 'start' ? behaviour.trigger : undefined;
}

/** They sit on the body of a multi-instance, not on its single instances. */
function boundariesOf(turn: Turn, row: ElementRow): readonly string[] {
  return row.loopCounter === undefined ? turn.model(row).boundaries : [];
}

/** @param inner the element instance that the search comes from */
function eventSubProcessStarts(turn: Turn, scope: ElementRow, inner: ElementRow): string[] {
  const { behaviour } = turn.model(scope);
  if (behaviour.kind !== 'scope' || scope.loop !== undefined || scope.interrupted || scope.state !== 'ACTIVE')
    return [];
  return behaviour.eventSubProcesses
    .filter((id) => id !== inner.elementId)
    .flatMap((id) => {
      const inside = turn.element(scope.definition, id).behaviour;
      return inside.kind === 'scope' ? inside.triggeredStarts : [];
    });
}

function callerOf(turn: Turn, process: ElementRow): ElementRow | undefined {
  const { parentElement } = turn.instance(process);
  return parentElement === null ? undefined : turn.state.elements.get(parentElement);
}
