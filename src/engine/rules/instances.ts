/** Process instances: how one begins. */
import { setAllLocal, toObject, type Variables } from '../data/variables';
import type { DefinitionRow, ElementRow, InstanceRow } from '../state/rows';
import type { Turn } from '../turn/turn';
import { createElement } from './life-cycle';
import { recordElement } from '../turn/records';

export interface NewInstance {
  readonly definition: DefinitionRow;
  readonly variables: Variables;
  readonly tags?: readonly string[];
  /** The call activity that calls it. */
  readonly caller?: ElementRow;
  /** The start event that something has triggered, with what it brings; else the none start event is taken. */
  readonly start?: { readonly eventId: string; readonly variables: Variables };
  /** Correlation key of the message that starts it. */
  readonly messageKey?: string;
}

/** Creates an instance and lets it begin. */
export function createInstance(turn: Turn, made: NewInstance): InstanceRow {
  const { definition, caller } = made;
  const key = caller === undefined ? turn.keys.anywhere() : turn.keys.beside(caller.key);
  const instance = turn.state.instances.put({
    key,
    definition: definition.key,
    processId: definition.processId,
    version: definition.version,
    state: 'ACTIVE',
    startDate: turn.now,
    endDate: null,
    parentInstance: caller?.instance ?? null,
    parentElement: caller?.key ?? null,
    rootInstance: caller === undefined ? key : turn.instance(caller).rootInstance,
    tags: made.tags ?? [],
    messageKey: made.messageKey ?? null,
  });
  turn.record({
    valueType: 'PROCESS_INSTANCE_CREATION',
    intent: 'CREATED',
    key: turn.keys.beside(key),
    value: {
      bpmnProcessId: definition.processId,
      version: definition.version,
      processDefinitionKey: definition.key,
      processInstanceKey: key,
      tenantId: '<default>',
    },
    raw: { variables: toObject(made.variables) },
  });
  const root = turn.state.elements.put({
    key,
    instance: key,
    definition: definition.key,
    elementId: definition.processId,
    type: 'PROCESS',
    scope: null,
    state: 'ACTIVATING',
    startDate: turn.now,
    endDate: null,
  });
  recordElement(turn, root, 'ELEMENT_ACTIVATING');
  setAllLocal(turn, root, made.variables);
  if (made.start !== undefined) createTriggeredStart(turn, root, made.start.eventId, made.start.variables);
  turn.addStep({ kind: 'activate', element: key });
  return instance;
}

/** The start event of a scope that something has triggered; it begins when its scope is entered. */
export function createTriggeredStart(
  turn: Turn,
  scope: ElementRow,
  eventId: string,
  variables: Variables,
): void {
  const model = turn.element(scope.definition, eventId);
  setAllLocal(turn, createElement(turn, { model, scope, triggered: true }), variables);
}
