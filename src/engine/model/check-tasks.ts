/** Rules about tasks and other activities. */
import { elementTypeOf } from './element-types';
import { bodyOf, booleanOf, extensionOf, extensionsOf, nodeOf, nodesOf, textOf, type FileNode } from './node';
import type { ElementSurroundings } from './element-surroundings';
import { messageFaults } from './check-events';

const cluster = 'or deploy it to a cluster';

export function missingTaskDefinition(node: FileNode): readonly string[] {
  if (extensionOf(node, 'zeebe:TaskDefinition') !== undefined) return [];
  switch (node.$type) {
    case 'bpmn:ServiceTask':
    case 'bpmn:SendTask':
      return ['has no task definition: give it a job type, or apply a template.'];
    case 'bpmn:ScriptTask':
      if (extensionOf(node, 'zeebe:Script') !== undefined) return [];
      return ['has neither a script nor a task definition: give it a FEEL expression or a job type.'];
    case 'bpmn:BusinessRuleTask':
      // One with a decision is told so by another rule.
      if (extensionOf(node, 'zeebe:CalledDecision') !== undefined) return [];
      return ['has no task definition: give it a job type.'];
    default:
      return [];
  }
}

export function taskDefinition(node: FileNode): readonly string[] {
  const definition = extensionOf(node, 'zeebe:TaskDefinition');
  if (definition === undefined) return [];
  const faults: string[] = [];
  if (textOf(definition, 'type') === undefined)
    faults.push('has a task definition without job type: set its type.');
  const retries = textOf(definition, 'retries') ?? '3';
  if (!retries.startsWith('=') && !/^\s*\d{1,9}\s*$/.test(retries))
    faults.push(`has '${retries}' as its retries: set a whole number, or FEEL that begins with '='.`);
  return faults;
}

export function script(node: FileNode): readonly string[] {
  const found = extensionOf(node, 'zeebe:Script');
  if (found === undefined) return [];
  const faults: string[] = [];
  const expression = textOf(found, 'expression');
  if (expression === undefined) faults.push('has a script without expression: set one.');
  else if (!expression.startsWith('=')) faults.push(`has a script that is not FEEL: begin it with '='.`);
  if (textOf(found, 'resultVariable') === undefined)
    faults.push('has a script without result variable: name the variable that takes the result.');
  if (extensionOf(node, 'zeebe:TaskDefinition') !== undefined)
    faults.push('has both a script and a task definition: remove one of them.');
  return faults;
}

export function calledProcess(node: FileNode): readonly string[] {
  if (node.$type !== 'bpmn:CallActivity') return [];
  if (textOf(extensionOf(node, 'zeebe:CalledElement'), 'processId') !== undefined) return [];
  return ['does not say which process it calls: set the process id.'];
}

export function receiveTask(node: FileNode, around: ElementSurroundings): readonly string[] {
  return node.$type === 'bpmn:ReceiveTask' ? messageFaults(node, around, true) : [];
}

const bound = ['zeebe:CalledElement', 'zeebe:CalledDecision', 'zeebe:FormDefinition', 'zeebe:LinkedResource'];

export function binding(node: FileNode): readonly string[] {
  return bound
    .flatMap((type) => extensionsOf(node, type))
    .flatMap((extension) => {
      const wanted = textOf(extension, 'bindingType') ?? 'latest';
      return wanted === 'latest'
        ? []
        : [`has the binding type '${wanted}': the local engine knows only 'latest', ${cluster}.`];
    });
}

const unsupported: ReadonlyMap<string, string> = new Map([
  ['zeebe:ExecutionListeners', 'execution listeners'],
  ['zeebe:TaskListeners', 'task listeners'],
  ['zeebe:CalledDecision', 'a DMN decision'],
  ['zeebe:LinkedResources', 'linked resources'],
  ['zeebe:AgentDefinition', 'an agent definition'],
]);

export function unsupportedExtensions(node: FileNode): readonly string[] {
  return [...unsupported].flatMap(([type, words]) =>
    extensionOf(node, type) === undefined
      ? []
      : [`has ${words}, which the local engine does not run: use a job worker, ${cluster}.`],
  );
}

export function compensation(node: FileNode): readonly string[] {
  return booleanOf(node, 'isForCompensation') === true
    ? [`is for compensation, which the local engine does not run: remove the mark, ${cluster}.`]
    : [];
}

export function loop(node: FileNode): readonly string[] {
  const found = nodeOf(node, 'loopCharacteristics');
  if (found === undefined) return [];
  if (found.$type !== 'bpmn:MultiInstanceLoopCharacteristics')
    return ['has a standard loop, which cannot be run: use a multi-instance, or a gateway and a flow back.'];
  if (elementTypeOf(node) === 'EVENT_SUB_PROCESS')
    return [
      'has a multi-instance, which an event sub-process cannot have: put a sub-process with it inside.',
    ];
  return multiInstanceFaults(found);
}

function multiInstanceFaults(loopNode: FileNode): readonly string[] {
  const characteristics = extensionOf(loopNode, 'zeebe:LoopCharacteristics');
  const faults: string[] = [];
  const collection = textOf(characteristics, 'inputCollection');
  if (collection === undefined)
    faults.push('is a multi-instance without input collection: set the list it goes over.');
  else if (!collection.startsWith('='))
    faults.push(`has an input collection that is not FEEL: begin it with '=', '=${collection}'.`);
  const completion = bodyOf(loopNode, 'completionCondition');
  if (completion?.startsWith('=') === false)
    faults.push(`has a completion condition that is not FEEL: begin it with '=', '=${completion}'.`);
  const hasOutput = textOf(characteristics, 'outputElement') !== undefined;
  if (hasOutput !== (textOf(characteristics, 'outputCollection') !== undefined))
    faults.push('has only one of output collection and output element: set both, or none.');
  return faults;
}

export function mappingTargets(node: FileNode): readonly string[] {
  const mappings = extensionsOf(node, 'zeebe:IoMapping');
  const lines = (direction: string): readonly string[] =>
    mappings
      .flatMap((mapping) => nodesOf(mapping, `${direction}Parameters`))
      .map((line) => textOf(line, 'target') ?? '')
      .filter((target) => !/^[^\s.]+(?:\.[^\s.]+)*$/.test(target))
      .map(
        (target) =>
          `has an ${direction} mapping to '${target}': set a variable name, or names joined by dots.`,
      );
  return [...lines('input'), ...lines('output')];
}
