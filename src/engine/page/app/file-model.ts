/** What the page needs to know of a BPMN file beside its picture. The viewer has parsed it; nothing is checked here. */
import type { Flow } from './marks';

/** An element as bpmn-moddle reads it, as far as it is looked at. */
export interface BpmnNode {
  readonly $type: string;
  readonly id?: string;
  readonly name?: string;
  readonly rootElements?: readonly BpmnNode[];
  readonly diagrams?: readonly BpmnDiagram[];
  readonly flowElements?: readonly BpmnNode[];
  readonly participants?: readonly { readonly processRef?: BpmnNode }[];
  readonly sourceRef?: BpmnNode;
  readonly targetRef?: BpmnNode;
}

export interface BpmnDiagram {
  readonly plane?: { readonly bpmnElement?: BpmnNode; readonly planeElement?: readonly unknown[] };
}

export interface ProcessElement {
  readonly id: string;
  readonly name: string;
  /** `ServiceTask` */
  readonly type: string;
  /** How many sub-processes are around it. */
  readonly depth: number;
}

export interface ShownProcess {
  /** In the order of the file. */
  readonly elements: readonly ProcessElement[];
  readonly flows: readonly Flow[];
  /** Ids of the elements that take some of their flows only. */
  readonly choosing: ReadonlySet<string>;
}

const choosingTypes = new Set([
  'bpmn:ExclusiveGateway',
  'bpmn:InclusiveGateway',
  'bpmn:EventBasedGateway',
  'bpmn:ComplexGateway',
]);

/** @param processId of the process that is looked at; a file may hold several */
export function readModel(definitions: BpmnNode, processId: string): ShownProcess {
  const elements: ProcessElement[] = [];
  const flows: Flow[] = [];
  const choosing = new Set<string>();
  const visit = (scope: BpmnNode, depth: number): void => {
    for (const node of scope.flowElements ?? []) {
      if (node.id === undefined) continue;
      if (node.$type === 'bpmn:SequenceFlow') {
        flows.push({ id: node.id, source: node.sourceRef?.id ?? '', target: node.targetRef?.id ?? '' });
      } else if (!/^bpmn:DataObject|^bpmn:DataStore/.test(node.$type)) {
        elements.push({
          id: node.id,
          name: node.name ?? node.id,
          type: node.$type.replace('bpmn:', ''),
          depth,
        });
        if (choosingTypes.has(node.$type)) choosing.add(node.id);
      }
      visit(node, depth + 1);
    }
  };
  const process = definitions.rootElements?.find(({ id }) => id === processId);
  if (process !== undefined) visit(process, 0);
  return { elements, flows, choosing };
}

/** The picture that shows a process: of itself, or of a collaboration that it takes part in; undefined when there is none. */
export function diagramOf(definitions: BpmnNode, processId: string): BpmnDiagram | undefined {
  return definitions.diagrams?.find(({ plane }) => {
    const shown = plane?.bpmnElement;
    if ((plane?.planeElement ?? []).length === 0) return false;
    return (
      shown?.id === processId || shown?.participants?.some(({ processRef }) => processRef?.id === processId)
    );
  });
}
