/** The rule that every FEEL expression can be read. */
import { prepare } from '../../feel';
import { isFlow, isFlowNode } from './element-types';
import { bodyOf, toExpression, type FileNode } from './node';
import type { Expression } from './process';
import { readBehaviour, readMappings, readMultiInstance } from './read-element';

/** What a member of the model is called where it is not called by its own name. */
const names: ReadonlyMap<string, string> = new Map([
  ['inputCollection', 'input collection'],
  ['outputElement', 'output element'],
  ['completionCondition', 'completion condition'],
  ['correlationKey', 'correlation key'],
  ['processId', 'process id'],
  ['candidateGroups', 'candidate groups'],
  ['candidateUsers', 'candidate users'],
  ['dueDate', 'due date'],
  ['followUpDate', 'follow-up date'],
]);

export function unreadableFeel(node: FileNode): readonly string[] {
  return [...expressionsOf(node)].flatMap(([field, { feel, text }]) => {
    if (!feel) return [];
    try {
      prepare(text);
      return [];
    } catch (error) {
      return [`has FEEL that cannot be read, in its ${field}: ${(error as Error).message}`];
    }
  });
}

function* expressionsOf(node: FileNode): Generator<readonly [string, Expression]> {
  if (isFlow(node)) {
    const condition = bodyOf(node, 'conditionExpression');
    if (condition !== undefined) yield ['condition', toExpression(condition)];
    return;
  }
  if (!isFlowNode(node)) return;
  for (const { source, target } of readMappings(node, 'inputParameters'))
    if (source !== undefined) yield [`input mapping to ${target.join('.')}`, source];
  yield* within(readBehaviour(node));
  yield* within(readMultiInstance(node) ?? {});
  for (const { source, target } of readMappings(node, 'outputParameters'))
    if (source !== undefined) yield [`output mapping to ${target.join('.')}`, source];
}

/** All expressions in a part of the model. */
function* within(part: object): Generator<readonly [string, Expression]> {
  for (const [name, value] of Object.entries(part)) {
    if (typeof value !== 'object' || value === null) continue;
    if ('feel' in value) yield [names.get(name) ?? name, value as Expression];
    else
      for (const [inner, expression] of within(value as object))
        yield [inner === 'expression' ? name : inner, expression];
  }
}
