/** A process with its diagram, told by rows and columns, written as the Modeler writes it. Pure. */
import type { ElementTemplate } from '../../src/templates/template';
import type { TaskExtensions } from './apply-template';

interface Placed {
  readonly id: string;
  readonly name: string;
  /** Column and row of the grid; row 0 is the main path. */
  readonly at: readonly [column: number, row: number];
}

export type Node =
  | (Placed & { readonly kind: 'start' | 'end' | 'exclusive' })
  | (Placed & { readonly kind: 'user' })
  | (Placed & {
      readonly kind: 'service';
      readonly extensions: TaskExtensions;
      /** Absent: a task made without a template. */
      readonly template?: ElementTemplate;
    })
  | {
      readonly kind: 'boundary';
      readonly id: string;
      readonly name: string;
      readonly on: string;
      readonly errorCode: string;
    };

export interface Flow {
  readonly from: string;
  readonly to: string;
  readonly name?: string;
  /** FEEL with `=`; a gateway's flow without one is its default. */
  readonly condition?: string;
}

export interface Process {
  readonly id: string;
  readonly name: string;
  readonly documentation: string;
  readonly nodes: readonly Node[];
  readonly flows: readonly Flow[];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const column = { first: 180, step: 170 };
const row = { first: 140, step: 150 };
const sizes = {
  start: [36, 36],
  end: [36, 36],
  boundary: [36, 36],
  exclusive: [50, 50],
  user: [100, 80],
  service: [100, 80],
} as const;

const namespaces = [
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"',
  'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
  'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
  'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
  'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
  'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
  'xmlns:modeler="http://camunda.org/schema/modeler/1.0"',
].join(' ');

/** @throws Error when an id occurs twice, which engines refuse */
export function processXml(process: Process): string {
  const ids = [process.id, ...process.nodes.map(({ id }) => id), ...process.flows.map(flowId)];
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`${process.id} has the id ${twice} twice`);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<bpmn:definitions ${namespaces} id="Definitions_${process.id}" targetNamespace="http://bpmn.io/schema/bpmn" exporter="zeebe-openai-connector" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.6.0">`,
    `  <bpmn:process id="${process.id}" name="${escape(process.name)}" isExecutable="true">`,
    `    <bpmn:documentation>${escape(process.documentation)}</bpmn:documentation>`,
    ...process.nodes.flatMap((node) => nodeXml(node, process)),
    ...process.flows.flatMap((flow) => flowXml(flow)),
    '  </bpmn:process>',
    ...errors(process).map(([id, code]) => `  <bpmn:error id="${id}" name="${code}" errorCode="${code}" />`),
    ...diagramXml(process),
    '</bpmn:definitions>',
  ];
  return `${lines.join('\n')}\n`;
}

function flowId({ from, to }: Flow): string {
  return `Flow_${from}_${to}`;
}

function nodeXml(node: Node, process: Process): string[] {
  const ends = [
    ...process.flows
      .filter(({ to }) => to === node.id)
      .map((flow) => `      <bpmn:incoming>${flowId(flow)}</bpmn:incoming>`),
    ...process.flows
      .filter(({ from }) => from === node.id)
      .map((flow) => `      <bpmn:outgoing>${flowId(flow)}</bpmn:outgoing>`),
  ];
  const head = `id="${node.id}" name="${escape(node.name)}"`;
  switch (node.kind) {
    case 'start':
      return [`    <bpmn:startEvent ${head}>`, ...ends, '    </bpmn:startEvent>'];
    case 'end':
      return [`    <bpmn:endEvent ${head}>`, ...ends, '    </bpmn:endEvent>'];
    case 'exclusive': {
      const other = process.flows.find(({ from, condition }) => from === node.id && condition === undefined);
      const isSplit = process.flows.filter(({ from }) => from === node.id).length > 1;
      const fallback = isSplit && other !== undefined ? ` default="${flowId(other)}"` : '';
      return [`    <bpmn:exclusiveGateway ${head}${fallback}>`, ...ends, '    </bpmn:exclusiveGateway>'];
    }
    case 'user':
      return [
        `    <bpmn:userTask ${head}>`,
        '      <bpmn:extensionElements>',
        '        <zeebe:userTask />',
        '      </bpmn:extensionElements>',
        ...ends,
        '    </bpmn:userTask>',
      ];
    case 'boundary':
      return [
        `    <bpmn:boundaryEvent ${head} attachedToRef="${node.on}">`,
        ...ends,
        `      <bpmn:errorEventDefinition id="ErrorEventDefinition_${node.id}" errorRef="Error_${node.errorCode}" />`,
        '    </bpmn:boundaryEvent>',
      ];
    case 'service':
      return serviceXml(node, head, ends);
  }
}

function serviceXml(
  { extensions, template }: Extract<Node, { kind: 'service' }>,
  head: string,
  ends: readonly string[],
): string[] {
  const { type, retries, inputs, headers, properties } = extensions;
  const stamp =
    template === undefined
      ? ''
      : ` zeebe:modelerTemplate="${template.id}" zeebe:modelerTemplateVersion="${template.version}" zeebe:modelerTemplateIcon="${escape(template.icon.contents)}"`;
  return [
    `    <bpmn:serviceTask ${head}${stamp}>`,
    '      <bpmn:extensionElements>',
    `        <zeebe:taskDefinition type="${type}" retries="${retries}" />`,
    '        <zeebe:ioMapping>',
    ...inputs.map(
      ([target, source]) => `          <zeebe:input source="${escape(source)}" target="${target}" />`,
    ),
    '        </zeebe:ioMapping>',
    '        <zeebe:taskHeaders>',
    ...headers.map(([key, value]) => `          <zeebe:header key="${key}" value="${escape(value)}" />`),
    '        </zeebe:taskHeaders>',
    ...(properties.length === 0
      ? []
      : [
          '        <zeebe:properties>',
          ...properties.map(
            ([name, value]) => `          <zeebe:property name="${name}" value="${escape(value)}" />`,
          ),
          '        </zeebe:properties>',
        ]),
    '      </bpmn:extensionElements>',
    ...ends,
    '    </bpmn:serviceTask>',
  ];
}

function flowXml(flow: Flow): string[] {
  const name = flow.name === undefined ? '' : ` name="${escape(flow.name)}"`;
  const head = `    <bpmn:sequenceFlow id="${flowId(flow)}"${name} sourceRef="${flow.from}" targetRef="${flow.to}"`;
  if (flow.condition === undefined) return [`${head} />`];
  return [
    `${head}>`,
    `      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${escape(flow.condition)}</bpmn:conditionExpression>`,
    '    </bpmn:sequenceFlow>',
  ];
}

function errors({ nodes }: Process): [string, string][] {
  const codes = new Set(nodes.flatMap((node) => (node.kind === 'boundary' ? [node.errorCode] : [])));
  return [...codes].map((code) => [`Error_${code}`, code]);
}

function boxOf(node: Node, process: Process): Box {
  const [width, height] = sizes[node.kind];
  if (node.kind === 'boundary') {
    const host = boxOf(nodeById(node.on, process), process);
    return { x: host.x + host.width / 2 - 18, y: host.y + host.height - 18, width, height };
  }
  const [columnIndex, rowIndex] = node.at;
  const centre = { x: column.first + columnIndex * column.step, y: row.first + rowIndex * row.step };
  return { x: centre.x - width / 2, y: centre.y - height / 2, width, height };
}

function nodeById(id: string, process: Process): Node {
  const node = process.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new Error(`${process.id} has no element ${id}`);
  return node;
}

function diagramXml(process: Process): string[] {
  const shapes = process.nodes.flatMap((node) => {
    const box = boxOf(node, process);
    const isTask = node.kind === 'user' || node.kind === 'service';
    const marker = node.kind === 'exclusive' ? ' isMarkerVisible="true"' : '';
    const label = isTask || node.name === '' ? [] : labelXml(...labelPlace(node, box), 90, 27);
    return [
      `      <bpmndi:BPMNShape id="${node.id}_di" bpmnElement="${node.id}"${marker}>`,
      `        <dc:Bounds x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" />`,
      ...label,
      '      </bpmndi:BPMNShape>',
    ];
  });
  const edges = process.flows.flatMap((flow) => {
    const points = waypoints(nodeById(flow.from, process), nodeById(flow.to, process), process);
    const [start, bend] = points as [Point, Point, ...Point[]];
    const label =
      flow.name === undefined
        ? []
        : start.y === bend.y
          ? labelXml(start.x + 8, start.y - 18, 60, 14)
          : labelXml(start.x + 8, (start.y + bend.y) / 2 - 7, 60, 14);
    return [
      `      <bpmndi:BPMNEdge id="${flowId(flow)}_di" bpmnElement="${flowId(flow)}">`,
      ...points.map(({ x, y }) => `        <di:waypoint x="${x}" y="${y}" />`),
      ...label,
      '      </bpmndi:BPMNEdge>',
    ];
  });
  return [
    `  <bpmndi:BPMNDiagram id="BPMNDiagram_${process.id}">`,
    `    <bpmndi:BPMNPlane id="BPMNPlane_${process.id}" bpmnElement="${process.id}">`,
    ...shapes,
    ...edges,
    '    </bpmndi:BPMNPlane>',
    '  </bpmndi:BPMNDiagram>',
  ];
}

/** Gateways have their name above and boundary events beside, so that flows leaving downwards do not cross it. */
function labelPlace(node: Node, box: Box): [x: number, y: number] {
  if (node.kind === 'boundary') return [box.x + box.width, box.y + box.height - 6];
  const x = box.x + box.width / 2 - 45;
  return node.kind === 'exclusive' ? [x, box.y - 32] : [x, box.y + box.height + 7];
}

function labelXml(x: number, y: number, width: number, height: number): string[] {
  return [
    '        <bpmndi:BPMNLabel>',
    `          <dc:Bounds x="${x}" y="${y}" width="${width}" height="${height}" />`,
    '        </bpmndi:BPMNLabel>',
  ];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Straight within a row; down (or up) first when leaving a gateway or a boundary event; else along the row, then across. */
function waypoints(from: Node, to: Node, process: Process): Point[] {
  const source = boxOf(from, process);
  const target = boxOf(to, process);
  const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [start, end] = [middle(source), middle(target)];
  if (start.y === end.y) {
    return [
      { x: source.x + source.width, y: start.y },
      { x: target.x, y: end.y },
    ];
  }
  const edge = (box: Box, down: boolean): number => (down ? box.y + box.height : box.y);
  if (from.kind === 'boundary' || from.kind === 'exclusive') {
    return [
      { x: start.x, y: edge(source, end.y > start.y) },
      { x: start.x, y: end.y },
      { x: target.x, y: end.y },
    ];
  }
  return [
    { x: source.x + source.width, y: start.y },
    { x: end.x, y: start.y },
    { x: end.x, y: edge(target, start.y > end.y) },
  ];
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll('\n', '&#10;');
}
