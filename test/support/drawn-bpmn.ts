/** Gives a file of engine-bpmn.ts a picture: its elements in a row, in the order of the file. */

const tag =
  /<bpmn:(process|\w*(?:Event|Task|Gateway|task)|callActivity|sequenceFlow) id="([^"]*)"(?:[^>]* sourceRef="([^"]*)" targetRef="([^"]*)")?/g;
const step = 160;

/** @param xml of one process without sub-processes */
export function drawn(xml: string): string {
  /** Left and right end of each element. */
  const ends = new Map<string, readonly [left: number, right: number]>();
  const pieces: string[] = [];
  let processId = '';
  for (const [, kind = '', id = '', source = '', target = ''] of xml.matchAll(tag)) {
    if (kind === 'process') processId = id;
    else if (kind === 'sequenceFlow') {
      const points = [ends.get(source)?.[1], ends.get(target)?.[0]].map(
        (x) => `<di:waypoint x="${x}" y="100"/>`,
      );
      pieces.push(`<bpmndi:BPMNEdge id="${id}_di" bpmnElement="${id}">${points.join('')}</bpmndi:BPMNEdge>`);
    } else {
      const size = /Event$/.test(kind) ? 36 : 80;
      const left = ends.size * step;
      ends.set(id, [left, left + size]);
      const bounds = `<dc:Bounds x="${left}" y="${100 - size / 2}" width="${size}" height="${size}"/>`;
      pieces.push(`<bpmndi:BPMNShape id="${id}_di" bpmnElement="${id}">${bounds}</bpmndi:BPMNShape>`);
    }
  }
  const spaces = [
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"',
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"',
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"',
  ].join(' ');
  const plane = `<bpmndi:BPMNPlane id="plane" bpmnElement="${processId}">${pieces.join('')}</bpmndi:BPMNPlane>`;
  return xml
    .replace('<bpmn:definitions ', `<bpmn:definitions ${spaces} `)
    .replace(
      '</bpmn:definitions>',
      `<bpmndi:BPMNDiagram id="diagram">${plane}</bpmndi:BPMNDiagram></bpmn:definitions>`,
    );
}
