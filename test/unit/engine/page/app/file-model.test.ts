/** Which picture and which elements of a BPMN file belong to a process. */
import {
  diagramOf,
  readModel,
  type BpmnDiagram,
  type BpmnNode,
} from '../../../../../src/engine/page/app/file-model';

const start: BpmnNode = { $type: 'bpmn:StartEvent', id: 'start', name: 'Begin' };
const choice: BpmnNode = { $type: 'bpmn:ExclusiveGateway', id: 'choice' };
const order: BpmnNode = {
  $type: 'bpmn:Process',
  id: 'order',
  flowElements: [
    start,
    { $type: 'bpmn:SubProcess', id: 'inner', flowElements: [choice] },
    { $type: 'bpmn:DataObjectReference', id: 'data' },
    { $type: 'bpmn:SequenceFlow', id: 'flow', sourceRef: start, targetRef: choice },
  ],
};
const other: BpmnNode = { $type: 'bpmn:Process', id: 'other' };
const pools: BpmnNode = {
  $type: 'bpmn:Collaboration',
  id: 'pools',
  participants: [{ processRef: other }, {}],
};

function file(...diagrams: BpmnDiagram[]): BpmnNode {
  return { $type: 'bpmn:Definitions', rootElements: [pools, order, other], diagrams };
}

it('elements come in the order of the file, those of sub-processes among them', () => {
  expect(readModel(file(), 'order')).toEqual({
    elements: [
      { id: 'start', name: 'Begin', type: 'StartEvent', depth: 0 },
      { id: 'inner', name: 'inner', type: 'SubProcess', depth: 0 },
      { id: 'choice', name: 'choice', type: 'ExclusiveGateway', depth: 1 },
    ],
    flows: [{ id: 'flow', source: 'start', target: 'choice' }],
    choosing: new Set(['choice']),
  });
});

it('a picture is that of the process, or of pools it stands in; an empty one is none', () => {
  const own: BpmnDiagram = { plane: { bpmnElement: order, planeElement: [{}] } };
  const ofPools: BpmnDiagram = { plane: { bpmnElement: pools, planeElement: [{}] } };
  expect(diagramOf(file(ofPools, own), 'order')).toBe(own);
  expect(diagramOf(file(own, ofPools), 'other')).toBe(ofPools);
  expect(diagramOf(file({ plane: { bpmnElement: order, planeElement: [] } }), 'order')).toBeUndefined();
  expect(diagramOf(file({}), 'order')).toBeUndefined();
});
