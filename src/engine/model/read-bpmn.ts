/** Reads BPMN files. The only door to the parser, bpmn-moddle, and to the types of Camunda's extensions. */
import { BpmnModdle } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { checkProcess } from './check';
import { brokenReferences, notBpmn, warningFaults } from './check-file';
import { booleanOf, nodesOf, type FileNode } from './node';
import type { ReadResult } from './process';
import { readProcess } from './read-process';

const moddle = new BpmnModdle({ zeebe });

/**
 * @param xml the text of a BPMN file
 * @returns its executable processes, or all that keeps it from being deployed
 */
export async function readBpmn(xml: string): Promise<ReadResult> {
  let parsed;
  try {
    parsed = await moddle.fromXML(xml);
  } catch (error) {
    return { faults: [notBpmn(error as Error)] };
  }
  const { rootElement, warnings } = parsed;
  const processes = nodesOf(rootElement as FileNode, 'rootElements').filter(
    (root) => root.$type === 'bpmn:Process' && booleanOf(root, 'isExecutable') === true,
  );
  const broken = brokenReferences(warnings);
  const faults = [
    ...warningFaults(warnings),
    ...processes.flatMap((process) => checkProcess(process, broken)),
    ...(processes.length === 0
      ? [{ reason: 'The file has no executable process: mark one as executable (isExecutable="true").' }]
      : []),
  ];
  return faults.length > 0 ? { faults } : { processes: processes.map(readProcess) };
}
