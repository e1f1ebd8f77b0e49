/** Rules about flows and the gateways they come from. */
import { elementTypeOf, isEventSubProcess, isFlow, isFlowNode } from './element-types';
import { bodyOf, nodeOf, nodesOf, textOf, type FileNode } from './node';
import { linkNameOf } from './read-event';
import type { ElementSurroundings } from './element-surroundings';
import { kindAndName } from './words';

const withConditions: ReadonlySet<string> = new Set(['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway']);

export function flowEnds(flow: FileNode, around: ElementSurroundings): readonly string[] {
  if (!isFlow(flow)) return [];
  return [
    ...wrongEnd(flow, 'sourceRef', 'begins at', around),
    ...wrongEnd(flow, 'targetRef', 'leads to', around),
  ];
}

function wrongEnd(
  flow: FileNode,
  property: 'sourceRef' | 'targetRef',
  verb: string,
  around: ElementSurroundings,
): readonly string[] {
  const node = nodeOf(flow, property);
  if (node === undefined) {
    const missing = around.missing(flow, property);
    const what = missing === undefined ? 'nothing' : `'${missing}', which does not exist`;
    return [`${verb} ${what}: connect it to an element, or remove it.`];
  }
  const label = `${verb} the ${kindAndName(node)} (${textOf(node, 'id') ?? 'without id'})`;
  if (node.$parent !== flow.$parent || !isFlowNode(node))
    return [
      `${label}, which is not an element of the same scope: a flow stays within its process or sub-process.`,
    ];
  if (property === 'sourceRef' ? isDeadEnd(node) : isEntry(node))
    return [`${label}, where no flow can ${property === 'sourceRef' ? 'begin' : 'end'}: remove it.`];
  return [];
}

function isDeadEnd(node: FileNode): boolean {
  const throwsLink = node.$type === 'bpmn:IntermediateThrowEvent' && linkNameOf(node) !== undefined;
  return node.$type === 'bpmn:EndEvent' || isEventSubProcess(node) || throwsLink;
}

function isEntry(node: FileNode): boolean {
  const catchesLink = node.$type === 'bpmn:IntermediateCatchEvent' && linkNameOf(node) !== undefined;
  const isStart = node.$type === 'bpmn:StartEvent' || node.$type === 'bpmn:BoundaryEvent';
  return isStart || isEventSubProcess(node) || catchesLink;
}

/** A single flow needs no condition: there is nothing to choose. */
export function flowsWithoutCondition(gateway: FileNode, around: ElementSurroundings): readonly string[] {
  const outgoing = around.outgoing(gateway);
  if (!withConditions.has(gateway.$type) || outgoing.length < 2) return [];
  const otherwise = nodeOf(gateway, 'default');
  return outgoing
    .filter((flow) => flow !== otherwise && bodyOf(flow, 'conditionExpression') === undefined)
    .map(
      (flow) =>
        `has a ${kindAndName(flow)} (${textOf(flow, 'id') ?? 'without id'}) without condition: give it one, or make it the default flow.`,
    );
}

export function conditionInWrongPlace(flow: FileNode): readonly string[] {
  const condition = isFlow(flow) ? bodyOf(flow, 'conditionExpression') : undefined;
  if (condition === undefined) return [];
  const source = nodeOf(flow, 'sourceRef');
  if (source !== undefined && !withConditions.has(source.$type))
    return ['has a condition but does not come from an exclusive or inclusive gateway: put one in between.'];
  return condition.startsWith('=')
    ? []
    : [`has a condition that is not FEEL: begin it with '=', '=${condition}'.`];
}

export function foreignDefault(gateway: FileNode, around: ElementSurroundings): readonly string[] {
  if (!withConditions.has(gateway.$type)) return [];
  const otherwise = nodeOf(gateway, 'default');
  const missing = around.missing(gateway, 'default');
  if (missing === undefined && (otherwise === undefined || around.outgoing(gateway).includes(otherwise)))
    return [];
  const id = missing ?? textOf(otherwise, 'id') ?? '';
  return [`names '${id}' as its default flow, which is not one of its outgoing flows: name one of them.`];
}

export function eventBasedGateway(gateway: FileNode, around: ElementSurroundings): readonly string[] {
  if (gateway.$type !== 'bpmn:EventBasedGateway') return [];
  const outgoing = around.outgoing(gateway);
  const few = outgoing.length < 2 ? ['must have at least two outgoing flows, or it decides nothing.'] : [];
  const wrong = outgoing.flatMap((flow) => {
    const target = nodeOf(flow, 'targetRef');
    return target === undefined || isAwaited(target)
      ? []
      : [
          `leads to the ${kindAndName(target)} (${textOf(target, 'id') ?? 'without id'}): only receive tasks and catching events of messages, timers and signals can follow.`,
        ];
  });
  return [...few, ...wrong];
}

function isAwaited(node: FileNode): boolean {
  const [definition] = nodesOf(node, 'eventDefinitions');
  if (definition?.$type === 'bpmn:LinkEventDefinition') return false;
  const type = elementTypeOf(node);
  return type === 'RECEIVE_TASK' || type === 'INTERMEDIATE_CATCH_EVENT';
}
