/** What the parser says about a file, as faults. */
import { groupBy } from './group';
import { present, type FileNode } from './node';
import type { DeploymentFault } from './process';
import type { BrokenReference } from './element-surroundings';

/** A thing the parser did not like but went on. */
export interface ParserWarning {
  readonly message: string;
  readonly error?: Error;
  readonly element?: unknown;
  readonly property?: string;
  readonly value?: string;
}

/** References of pictures, lanes and the like may lead nowhere: the engine follows none of them. */
export function brokenReferences(
  warnings: readonly ParserWarning[],
): ReadonlyMap<FileNode, readonly BrokenReference[]> {
  const broken = warnings.flatMap(({ message, element, property, value }) =>
    message.startsWith('unresolved reference') && property !== undefined && value !== undefined
      ? [{ node: element as FileNode, property: property.replace(/^.*:/, ''), id: value }]
      : [],
  );
  return groupBy(broken, ({ node }) => node);
}

/** Attributes that nobody knows are not a fault, nor are elements of other vendors and of pictures: they have no effect. */
export function warningFaults(warnings: readonly ParserWarning[]): readonly DeploymentFault[] {
  return warnings.flatMap(({ message, error }) => {
    if (message.startsWith('unsupported document encoding'))
      return [{ reason: 'The file is not in UTF-8: save it in UTF-8.' }];
    return error === undefined || isForeign(error.message) ? [] : [leftOut(error.message, lineOf(message))];
  });
}

const unknown = /^(?:unknown type|(?:unexpected|unrecognized) element) <([^>]*)>/;

function isForeign(reason: string): boolean {
  return /^(?!bpmn:|zeebe:).*:/.test(unknown.exec(reason)?.[1] ?? '');
}

/** A piece of the file that the parser left out. */
function leftOut(reason: string, line: string): DeploymentFault {
  const [, problem, id] = /^(duplicate|illegal) ID <(.*)>$/s.exec(reason) ?? [];
  if (problem === 'duplicate')
    return {
      ...present({ elementId: id }),
      reason: `The id '${id}' is in the file twice, again ${line}: ids must differ, change one of them.`,
    };
  if (problem === 'illegal')
    return {
      ...present({ elementId: id }),
      reason: `The id '${id}' ${line} is not valid: use letters, digits, '_', '-' and '.', a letter or '_' first.`,
    };
  const [, type] = unknown.exec(reason) ?? [];
  if (type !== undefined)
    return {
      reason: `The local engine does not know the element '${type}' ${line}: remove it, or deploy the file to a cluster.`,
    };
  return { reason: `The file cannot be read ${line}: ${reason}.` };
}

/** @param error what the parser threw; its messages quote the file at any length, so they are not repeated */
export function notBpmn(error: Error & { readonly warnings?: readonly ParserWarning[] }): DeploymentFault {
  const root = error.message.startsWith('failed to parse document')
    ? "its outermost element must be 'definitions' of BPMN 2.0"
    : `${nestedError(error.message)} ${lineOf(error.message)}`;
  return { reason: `The file is not BPMN: ${root}. Export it again from a modeler.` };
}

function nestedError(message: string): string {
  return /nested error: (.*)$/s.exec(message)?.[1]?.slice(0, 200) ?? 'it cannot be read';
}

/** Lines count from 0 there. */
function lineOf(message: string): string {
  const line = /\n\tline: (\d+)\n/.exec(message)?.[1];
  return line === undefined ? '' : `in line ${Number(line) + 1}`;
}
