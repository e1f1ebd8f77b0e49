/** How faults name things. */
import { isEventSubProcess } from './element-types';
import { textOf, type FileNode } from './node';

const kinds: ReadonlyMap<string, string> = new Map([
  ['bpmn:SequenceFlow', 'flow'],
  ['bpmn:SubProcess', 'sub-process'],
  ['bpmn:AdHocSubProcess', 'ad-hoc sub-process'],
  ['bpmn:EventBasedGateway', 'event-based gateway'],
  ['bpmn:IntermediateCatchEvent', 'intermediate catching event'],
  ['bpmn:IntermediateThrowEvent', 'intermediate throwing event'],
  ['bpmn:CompensateEventDefinition', 'compensation'],
]);

/** `service task`, `flow`, `event sub-process`; of an event definition `message`, `timer`. */
export function kindOf(node: FileNode): string {
  if (isEventSubProcess(node)) return 'event sub-process';
  return (
    kinds.get(node.$type) ??
    node.$type
      .replace(/^\w+:|EventDefinition$/g, '')
      .replace(/\B[A-Z]/g, ' $&')
      .toLowerCase()
  );
}

/** `service task "Charge card"` */
export function kindAndName(node: FileNode): string {
  const name = textOf(node, 'name');
  return name === undefined ? kindOf(node) : `${kindOf(node)} "${name}"`;
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** `a, b and c` */
export function allOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
