/** Reads BPMN files. The only door to the parser, bpmn-moddle, and to the types of Camunda's extensions. */
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import type { Node } from './node';
import { booleanOf, nodesOf } from './node';
import type { ReadResult } from './process';
import { readProcess } from './read-process';

/**
 * @param xml the text of a BPMN file
 * @returns its executable processes, or all that keeps it from being deployed
 */
export async function readBpmn(xml: string): Promise<ReadResult> {
  const { rootElement } = await new BpmnModdle({ zeebe }).fromXML(xml);
  const processes = nodesOf(rootElement as Node, 'rootElements').filter(
    (root) => root.$type === 'bpmn:Process' && booleanOf(root, 'isExecutable') === true,
  );
  return { processes: processes.map(readProcess) };
}
