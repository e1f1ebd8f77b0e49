/** Which BPMN elements the engine runs. */
import { booleanOf, type FileNode } from './node';
import type { ElementType } from './process';

const types: ReadonlyMap<string, ElementType> = new Map([
  ['bpmn:StartEvent', 'START_EVENT'],
  ['bpmn:IntermediateCatchEvent', 'INTERMEDIATE_CATCH_EVENT'],
  ['bpmn:IntermediateThrowEvent', 'INTERMEDIATE_THROW_EVENT'],
  ['bpmn:BoundaryEvent', 'BOUNDARY_EVENT'],
  ['bpmn:EndEvent', 'END_EVENT'],
  ['bpmn:Task', 'TASK'],
  ['bpmn:ManualTask', 'MANUAL_TASK'],
  ['bpmn:ServiceTask', 'SERVICE_TASK'],
  ['bpmn:SendTask', 'SEND_TASK'],
  ['bpmn:ScriptTask', 'SCRIPT_TASK'],
  ['bpmn:BusinessRuleTask', 'BUSINESS_RULE_TASK'],
  ['bpmn:UserTask', 'USER_TASK'],
  ['bpmn:ReceiveTask', 'RECEIVE_TASK'],
  ['bpmn:ExclusiveGateway', 'EXCLUSIVE_GATEWAY'],
  ['bpmn:ParallelGateway', 'PARALLEL_GATEWAY'],
  ['bpmn:InclusiveGateway', 'INCLUSIVE_GATEWAY'],
  ['bpmn:EventBasedGateway', 'EVENT_BASED_GATEWAY'],
  ['bpmn:CallActivity', 'CALL_ACTIVITY'],
  ['bpmn:SubProcess', 'SUB_PROCESS'],
]);

/** What is among the elements and does nothing. */
const withoutEffect: ReadonlySet<string> = new Set([
  'bpmn:DataObject',
  'bpmn:DataObjectReference',
  'bpmn:DataStoreReference',
]);

/** Undefined for what the engine does not run. */
export function elementTypeOf(node: FileNode): ElementType | undefined {
  return isEventSubProcess(node) ? 'EVENT_SUB_PROCESS' : types.get(node.$type);
}

export function isEventSubProcess(node: FileNode): boolean {
  return node.$type === 'bpmn:SubProcess' && booleanOf(node, 'triggeredByEvent') === true;
}

export function isFlow(node: FileNode): boolean {
  return node.$type === 'bpmn:SequenceFlow';
}

/** Whether tokens can come to it. */
export function isFlowNode(node: FileNode): boolean {
  return !isFlow(node) && !withoutEffect.has(node.$type);
}
