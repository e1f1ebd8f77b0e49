/** Rules about processes and sub-processes, and about what may be in them. */
import { elementTypeOf, isEventSubProcess, isFlow, isFlowNode } from './element-types';
import { groupBy } from './group';
import { nodeOf, nodesOf, textOf, writtenOf, type FileNode } from './node';
import type { CatchTrigger } from './process';
import { eventBehaviour, linkNameOf } from './read-event';
import type { ElementSurroundings } from './element-surroundings';
import { allOf, kindAndName } from './words';

const remedies: ReadonlyMap<string, string> = new Map([
  ['bpmn:AdHocSubProcess', 'use a sub-process with flows'],
  ['bpmn:Transaction', 'use a sub-process'],
  ['bpmn:ComplexGateway', 'use exclusive, inclusive or parallel gateways'],
]);

export function unsupportedElement(node: FileNode): readonly string[] {
  if (isProcess(node) || isFlow(node) || elementTypeOf(node) !== undefined) return [];
  const remedy = remedies.get(node.$type) ?? 'model it with other elements';
  return [`is of a kind that the local engine does not run: ${remedy}, or deploy it to a cluster.`];
}

export function missingIds(scope: FileNode): readonly string[] {
  return nodesOf(scope, 'flowElements')
    .filter((node) => (isFlow(node) || isFlowNode(node)) && textOf(node, 'id') === undefined)
    .map((node) => `contains a ${kindAndName(node)} without id: give it one.`);
}

export function startsOfProcess(process: FileNode): readonly string[] {
  if (!isProcess(process)) return [];
  const { none, triggered } = startsOf(process);
  if (none.length + triggered.length === 0) return ['has no start event: add one.'];
  return none.length > 1
    ? [`has ${none.length} none start events (${idsOf(none)}): leave one, or give the others a trigger.`]
    : [];
}

export function startOfSubProcess(node: FileNode): readonly string[] {
  if (elementTypeOf(node) !== 'SUB_PROCESS') return [];
  const { none, triggered } = startsOf(node);
  if (none.length === 1 && triggered.length === 0) return [];
  return ['must have exactly one start event, and that without a trigger.'];
}

export function startOfEventSubProcess(node: FileNode): readonly string[] {
  if (!isEventSubProcess(node)) return [];
  const { none, triggered } = startsOf(node);
  if (none.length === 0 && triggered.length === 1) return [];
  return [
    'must have exactly one start event, and that with a trigger: a message, a timer, an error and so on.',
  ];
}

/** Two events that wait for the same at one place: nobody could say which of them is meant. */
export function doubledCatches(node: FileNode, around: ElementSurroundings): readonly string[] {
  return placesOf(node, around).flatMap((events) =>
    [...groupBy(events, triggerWords)].flatMap(([words, same]) =>
      same.length === 1
        ? []
        : [`has ${same.length} events that catch ${words} (${idsOf(same)}): leave one of them.`],
    ),
  );
}

/** The events that wait side by side. */
function placesOf(node: FileNode, around: ElementSurroundings): readonly (readonly FileNode[])[] {
  const children = nodesOf(node, 'flowElements');
  const eventStarts = children.filter(isEventSubProcess).flatMap((child) => startsOf(child).triggered);
  const behind =
    node.$type === 'bpmn:EventBasedGateway'
      ? around.outgoing(node).flatMap((flow) => nodeOf(flow, 'targetRef') ?? [])
      : [];
  return [isProcess(node) ? startsOf(node).triggered : [], eventStarts, around.boundaries(node), behind];
}

/** Undefined for timers, of which there may be any number, and for what waits for nothing. */
function triggerWords(event: FileNode): string | undefined {
  const behaviour = eventBehaviour(event);
  const trigger: CatchTrigger | undefined =
    behaviour !== undefined && 'trigger' in behaviour ? behaviour.trigger : undefined;
  switch (trigger?.kind) {
    case 'message':
    case 'signal':
      return trigger.name.text === '' ? undefined : `the ${trigger.kind} '${writtenOf(trigger.name)}'`;
    case 'error':
    case 'escalation':
      return trigger.code === undefined ? `any ${trigger.kind}` : `the ${trigger.kind} '${trigger.code}'`;
    case 'timer':
    case undefined:
      return undefined;
  }
}

export function doubledLinks(scope: FileNode): readonly string[] {
  const catches = nodesOf(scope, 'flowElements').filter(
    (node) => elementTypeOf(node) === 'INTERMEDIATE_CATCH_EVENT',
  );
  return [...groupBy(catches, linkNameOf)].flatMap(([name, same]) =>
    same.length === 1
      ? []
      : [`has ${same.length} catching link events named '${name}' (${idsOf(same)}): rename all but one.`],
  );
}

function isProcess(node: FileNode): boolean {
  return node.$type === 'bpmn:Process';
}

function startsOf(scope: FileNode): {
  readonly none: readonly FileNode[];
  readonly triggered: readonly FileNode[];
} {
  const starts = nodesOf(scope, 'flowElements').filter(({ $type }) => $type === 'bpmn:StartEvent');
  const isTriggered = (start: FileNode): boolean => nodesOf(start, 'eventDefinitions').length > 0;
  return { none: starts.filter((start) => !isTriggered(start)), triggered: starts.filter(isTriggered) };
}

function idsOf(nodes: readonly FileNode[]): string {
  return allOf(nodes.map((node) => textOf(node, 'id') ?? 'one without id'));
}
