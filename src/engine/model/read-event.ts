/** What the events of a checked process wait for and do. */
import {
  bodyOf,
  booleanOf,
  expressionOf,
  extensionOf,
  nodeOf,
  nodesOf,
  noText,
  present,
  textOf,
  toExpression,
  type FileNode,
} from './node';
import type { Behaviour, CatchTrigger, ThrowEffect, TimerDefinition } from './process';

/** Thrown messages are jobs. */
export function throwsMessage(node: FileNode): boolean {
  return (
    (node.$type === 'bpmn:IntermediateThrowEvent' || node.$type === 'bpmn:EndEvent') &&
    nodesOf(node, 'eventDefinitions').some(({ $type }) => $type === 'bpmn:MessageEventDefinition')
  );
}

/** Undefined for what is not an event, or one that does nothing. */
export function eventBehaviour(node: FileNode): Behaviour | undefined {
  const [definition] = nodesOf(node, 'eventDefinitions');
  switch (node.$type) {
    case 'bpmn:StartEvent':
      return {
        kind: 'start',
        interrupting: booleanOf(node, 'isInterrupting') ?? true,
        ...present({ trigger: definition === undefined ? undefined : triggerOf(definition) }),
      };
    case 'bpmn:IntermediateCatchEvent': {
      const trigger = definition === undefined ? undefined : triggerOf(definition);
      return trigger === undefined ? undefined : { kind: 'catch', trigger };
    }
    case 'bpmn:BoundaryEvent': {
      const trigger = definition === undefined ? undefined : triggerOf(definition);
      if (trigger === undefined) return undefined;
      return {
        kind: 'boundary',
        trigger,
        attachedTo: textOf(nodeOf(node, 'attachedToRef'), 'id') ?? '',
        interrupting: booleanOf(node, 'cancelActivity') ?? true,
      };
    }
    case 'bpmn:IntermediateThrowEvent':
    case 'bpmn:EndEvent': {
      const effect = definition === undefined ? undefined : effectOf(definition, node);
      return effect === undefined ? undefined : { kind: 'throw', effect };
    }
    default:
      return undefined;
  }
}

/** @param node a message event definition or a receive task */
export function messageTrigger(node: FileNode): CatchTrigger {
  const message = nodeOf(node, 'messageRef');
  return {
    kind: 'message',
    name: expressionOf(message, 'name') ?? noText,
    ...present({
      correlationKey: expressionOf(extensionOf(message, 'zeebe:Subscription'), 'correlationKey'),
    }),
  };
}

function triggerOf(definition: FileNode): CatchTrigger | undefined {
  switch (definition.$type) {
    case 'bpmn:MessageEventDefinition':
      return messageTrigger(definition);
    case 'bpmn:TimerEventDefinition': {
      const timer = timerOf(definition);
      return timer === undefined ? undefined : { kind: 'timer', timer };
    }
    case 'bpmn:SignalEventDefinition':
      return { kind: 'signal', name: expressionOf(nodeOf(definition, 'signalRef'), 'name') ?? noText };
    case 'bpmn:ErrorEventDefinition':
      return { kind: 'error', ...present({ code: textOf(nodeOf(definition, 'errorRef'), 'errorCode') }) };
    case 'bpmn:EscalationEventDefinition':
      return {
        kind: 'escalation',
        ...present({ code: textOf(nodeOf(definition, 'escalationRef'), 'escalationCode') }),
      };
    default:
      return undefined;
  }
}

/** What a timer is, and the element that says so. */
export const timerKinds = [
  ['date', 'timeDate'],
  ['duration', 'timeDuration'],
  ['cycle', 'timeCycle'],
] as const;

/** @param definition a timer event definition */
export function timerOf(definition: FileNode): TimerDefinition | undefined {
  for (const [kind, name] of timerKinds) {
    const body = bodyOf(definition, name);
    if (body !== undefined) return { kind, expression: toExpression(body) };
  }
  return undefined;
}

function effectOf(definition: FileNode, event: FileNode): ThrowEffect | undefined {
  switch (definition.$type) {
    case 'bpmn:SignalEventDefinition':
      return { kind: 'signal', name: expressionOf(nodeOf(definition, 'signalRef'), 'name') ?? noText };
    case 'bpmn:ErrorEventDefinition':
      return { kind: 'error', code: expressionOf(nodeOf(definition, 'errorRef'), 'errorCode') ?? noText };
    case 'bpmn:EscalationEventDefinition': {
      const escalation = nodeOf(definition, 'escalationRef');
      return { kind: 'escalation', code: expressionOf(escalation, 'escalationCode') ?? noText };
    }
    case 'bpmn:LinkEventDefinition':
      return { kind: 'link', target: linkTargetOf(event, textOf(definition, 'name')) };
    case 'bpmn:TerminateEventDefinition':
      return { kind: 'terminate' };
    default:
      return undefined;
  }
}

/** The catching link event of this name in the scope of the throwing one. */
function linkTargetOf(event: FileNode, name: string | undefined): string {
  const target = nodesOf(event.$parent, 'flowElements').find(
    (node) => node.$type === 'bpmn:IntermediateCatchEvent' && linkNameOf(node) === name,
  );
  return textOf(target, 'id') ?? '';
}

/** Undefined when it is not a link event or has no name. */
export function linkNameOf(event: FileNode): string | undefined {
  const link = nodesOf(event, 'eventDefinitions').find(({ $type }) => $type === 'bpmn:LinkEventDefinition');
  return textOf(link, 'name');
}
