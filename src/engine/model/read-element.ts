/** What the elements of a checked process do; events are in read-event.ts. */
import {
  bodyOf,
  booleanOf,
  expressionOf,
  extensionOf,
  extensionsOf,
  nodeOf,
  nodesOf,
  noText,
  present,
  textOf,
  toExpression,
  type FileNode,
} from './node';
import type { Behaviour, Mapping, MultiInstance } from './process';
import { eventBehaviour, messageTrigger, throwsMessage } from './read-event';

const defaultRetries = '3';
/** The job type of user tasks without `zeebe:userTask`. */
const userTaskJob = 'io.camunda.zeebe:userTask';

export function readBehaviour(node: FileNode): Behaviour {
  switch (node.$type) {
    case 'bpmn:UserTask':
      return userTask(node);
    case 'bpmn:ReceiveTask':
      return { kind: 'catch', trigger: messageTrigger(node) };
    case 'bpmn:CallActivity':
      return callActivity(node);
    case 'bpmn:ExclusiveGateway':
      return withDefault('exclusive', node);
    case 'bpmn:InclusiveGateway':
      return withDefault('inclusive', node);
    case 'bpmn:ParallelGateway':
      return { kind: 'parallel' };
    case 'bpmn:EventBasedGateway':
      return { kind: 'eventBased' };
    case 'bpmn:ScriptTask':
      return scriptOf(node) ?? jobOf(node) ?? { kind: 'pass' };
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
    case 'bpmn:BusinessRuleTask':
      return jobOf(node) ?? { kind: 'pass' };
    default:
      return (throwsMessage(node) ? jobOf(node) : eventBehaviour(node)) ?? { kind: 'pass' };
  }
}

function withDefault(kind: 'exclusive' | 'inclusive', node: FileNode): Behaviour {
  return { kind, ...present({ defaultFlow: textOf(nodeOf(node, 'default'), 'id') }) };
}

function scriptOf(node: FileNode): Behaviour | undefined {
  const script = extensionOf(node, 'zeebe:Script');
  if (script === undefined) return undefined;
  return {
    kind: 'script',
    expression: expressionOf(script, 'expression') ?? noText,
    resultVariable: textOf(script, 'resultVariable') ?? '',
  };
}

function jobOf(node: FileNode): Behaviour | undefined {
  const definition = extensionOf(node, 'zeebe:TaskDefinition');
  if (definition === undefined) return undefined;
  return {
    kind: 'job',
    type: expressionOf(definition, 'type') ?? noText,
    retries: toExpression(textOf(definition, 'retries') ?? defaultRetries),
    headers: headersOf(node),
  };
}

function userTask(node: FileNode): Behaviour {
  const headers = headersOf(node);
  if (extensionOf(node, 'zeebe:UserTask') === undefined)
    return {
      kind: 'job',
      type: toExpression(userTaskJob),
      retries: toExpression(defaultRetries),
      headers,
    };
  const assignment = extensionOf(node, 'zeebe:AssignmentDefinition');
  const schedule = extensionOf(node, 'zeebe:TaskSchedule');
  const form = extensionOf(node, 'zeebe:FormDefinition');
  return {
    kind: 'userTask',
    headers,
    ...present({
      assignee: expressionOf(assignment, 'assignee'),
      candidateGroups: expressionOf(assignment, 'candidateGroups'),
      candidateUsers: expressionOf(assignment, 'candidateUsers'),
      dueDate: expressionOf(schedule, 'dueDate'),
      followUpDate: expressionOf(schedule, 'followUpDate'),
      priority: expressionOf(extensionOf(node, 'zeebe:PriorityDefinition'), 'priority'),
      formId: textOf(form, 'formId'),
      externalFormReference: textOf(form, 'externalReference'),
    }),
  };
}

function callActivity(node: FileNode): Behaviour {
  const called = extensionOf(node, 'zeebe:CalledElement');
  return {
    kind: 'call',
    processId: expressionOf(called, 'processId') ?? noText,
    propagateAllParentVariables: booleanOf(called, 'propagateAllParentVariables') ?? true,
    // The documentation's older pages and the schema say true, the Modeler writes the attribute.
    propagateAllChildVariables: booleanOf(called, 'propagateAllChildVariables') ?? true,
  };
}

function headersOf(node: FileNode): Readonly<Record<string, string>> {
  const headers = extensionsOf(node, 'zeebe:TaskHeaders').flatMap((all) => nodesOf(all, 'values'));
  return Object.fromEntries(
    headers.flatMap((header) => {
      const key = textOf(header, 'key');
      return key === undefined ? [] : [[key, textOf(header, 'value') ?? '']];
    }),
  );
}

export function readMappings(
  node: FileNode,
  direction: 'inputParameters' | 'outputParameters',
): readonly Mapping[] {
  return extensionsOf(node, 'zeebe:IoMapping')
    .flatMap((mapping) => nodesOf(mapping, direction))
    .map((line) => ({
      source: expressionOf(line, 'source'),
      target: (textOf(line, 'target') ?? '').split('.'),
    }));
}

export function readMultiInstance(node: FileNode): MultiInstance | undefined {
  const loop = nodeOf(node, 'loopCharacteristics');
  if (loop === undefined) return undefined;
  const characteristics = extensionOf(loop, 'zeebe:LoopCharacteristics');
  const completion = bodyOf(loop, 'completionCondition');
  return {
    sequential: booleanOf(loop, 'isSequential') ?? false,
    inputCollection: expressionOf(characteristics, 'inputCollection') ?? noText,
    ...present({
      inputElement: textOf(characteristics, 'inputElement'),
      outputCollection: textOf(characteristics, 'outputCollection'),
      outputElement: expressionOf(characteristics, 'outputElement'),
      completionCondition: completion === undefined ? undefined : toExpression(completion),
    }),
  };
}
