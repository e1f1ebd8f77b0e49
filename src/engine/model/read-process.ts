/** Makes the model of a process whose file has passed all checks. */
import { elementTypeOf, isFlow, isFlowNode } from './element-types';
import { append } from './group';
import { bodyOf, extensionOf, nodeOf, nodesOf, present, textOf, toExpression, type FileNode } from './node';
import type { Behaviour, ElementModel, ProcessModel, SequenceFlow } from './process';
import { readBehaviour, readMappings, readMultiInstance } from './read-element';

export function readProcess(process: FileNode): ProcessModel {
  const reader = new ProcessReader();
  reader.readFlows(process);
  reader.readScope(process);
  return {
    ...present({
      id: idOf(process),
      name: textOf(process, 'name'),
      versionTag: textOf(extensionOf(process, 'zeebe:VersionTag'), 'value'),
    }),
    elements: reader.elements,
    flows: reader.flows,
  };
}

class ProcessReader {
  readonly elements = new Map<string, ElementModel>();
  readonly flows = new Map<string, SequenceFlow>();
  readonly #incoming = new Map<string, SequenceFlow[]>();
  readonly #outgoing = new Map<string, SequenceFlow[]>();
  readonly #boundaries = new Map<string, string[]>();

  /** Flows and boundary events first, in all scopes: elements are complete when they are made. */
  readFlows(scope: FileNode): void {
    for (const node of nodesOf(scope, 'flowElements')) {
      if (isFlow(node)) this.#addFlow(node);
      if (node.$type === 'bpmn:BoundaryEvent')
        append(this.#boundaries, idOf(nodeOf(node, 'attachedToRef')), idOf(node));
      this.readFlows(node);
    }
  }

  #addFlow(node: FileNode): void {
    const condition = bodyOf(node, 'conditionExpression');
    const flow: SequenceFlow = present({
      id: idOf(node),
      source: idOf(nodeOf(node, 'sourceRef')),
      target: idOf(nodeOf(node, 'targetRef')),
      condition: condition === undefined ? undefined : toExpression(condition),
    });
    this.flows.set(flow.id, flow);
    append(this.#outgoing, flow.source, flow);
    append(this.#incoming, flow.target, flow);
  }

  readScope(node: FileNode, outer?: FileNode): void {
    this.#add(node, outer, scopeBehaviour(node));
    for (const child of nodesOf(node, 'flowElements').filter(isFlowNode)) {
      if (child.$type === 'bpmn:SubProcess') this.readScope(child, node);
      else this.#add(child, node, readBehaviour(child));
    }
  }

  #add(node: FileNode, scope: FileNode | undefined, behaviour: Behaviour): void {
    const id = idOf(node);
    this.elements.set(id, {
      ...present({
        id,
        name: textOf(node, 'name'),
        type: scope === undefined ? 'PROCESS' : (elementTypeOf(node) ?? 'TASK'),
        scope: scope === undefined ? undefined : idOf(scope),
        multiInstance: readMultiInstance(node),
      }),
      incoming: this.#incoming.get(id) ?? [],
      outgoing: this.#outgoing.get(id) ?? [],
      boundaries: this.#boundaries.get(id) ?? [],
      inputs: readMappings(node, 'inputParameters'),
      outputs: readMappings(node, 'outputParameters'),
      behaviour,
    });
  }
}

function scopeBehaviour(scope: FileNode): Behaviour {
  const children = nodesOf(scope, 'flowElements').filter(isFlowNode);
  const starts = children.filter(({ $type }) => $type === 'bpmn:StartEvent');
  const triggered = starts.filter((start) => nodesOf(start, 'eventDefinitions').length > 0);
  const none = starts.find((start) => !triggered.includes(start));
  return {
    kind: 'scope',
    ...present({ start: none === undefined ? undefined : idOf(none) }),
    triggeredStarts: triggered.map(idOf),
    eventSubProcesses: children.filter((child) => elementTypeOf(child) === 'EVENT_SUB_PROCESS').map(idOf),
    children: children.map(idOf),
  };
}

function idOf(node: FileNode | undefined): string {
  return textOf(node, 'id') ?? '';
}
