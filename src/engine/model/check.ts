/**
 * What keeps a process from being deployed. The engine refuses what it cannot run, instead of running it as something else.
 *
 * A rule looks at one element (or at a flow, or at a process) and says what is wrong with it: what follows "The
 * service task ..." in a sentence, with the remedy. Every rule looks at every element, so all faults are told at once.
 */
import * as events from './check-events';
import * as expressions from './check-expressions';
import * as flows from './check-flows';
import * as scopes from './check-scopes';
import * as tasks from './check-tasks';
import { isFlow, isFlowNode } from './element-types';
import { nodesOf, present, textOf, type FileNode } from './node';
import type { DeploymentFault } from './process';
import { ElementSurroundings, type BrokenReference } from './element-surroundings';
import { kindAndName } from './words';

/** @returns nothing when the element is in order */
type Rule = (node: FileNode, around: ElementSurroundings) => readonly string[];

/** In the order in which the faults of one element are told. */
const rules: Readonly<Record<string, Rule>> = {
  'elements are of a kind that the engine runs': scopes.unsupportedElement,
  'elements have ids': scopes.missingIds,
  'a process has a start event, and one none start event at most': scopes.startsOfProcess,
  'a sub-process starts at one none start event': scopes.startOfSubProcess,
  'an event sub-process starts at one event with a trigger': scopes.startOfEventSubProcess,
  'one place catches one thing once': scopes.doubledCatches,
  'two catching links of one scope have different names': scopes.doubledLinks,

  'flows lead from one element to another in their scope': flows.flowEnds,
  'a gateway’s flows have conditions': flows.flowsWithoutCondition,
  'only gateways have conditions behind them': flows.conditionInWrongPlace,
  'the default flow is one of the gateway’s own': flows.foreignDefault,
  'an event-based gateway leads to events': flows.eventBasedGateway,

  'tasks say which job they are': tasks.missingTaskDefinition,
  'job types and retries are set': tasks.taskDefinition,
  'scripts are complete': tasks.script,
  'a call activity names its process': tasks.calledProcess,
  'a receive task has a message': tasks.receiveTask,
  'bindings are to the latest version': tasks.binding,
  'extensions are of a kind that the engine follows': tasks.unsupportedExtensions,
  'nothing is for compensation': tasks.compensation,
  'loops are multi-instances over a collection': tasks.loop,
  'mappings have targets': tasks.mappingTargets,

  'events have a definition that belongs there': events.eventDefinitions,
  'a boundary event is attached to an activity': events.attachment,
  'messages have a name and a correlation key': events.messageEvent,
  'signals have a name': events.signalEvent,
  'errors interrupt; their codes are fixed where they are caught': events.errorEvent,
  'escalations that are thrown have a code': events.escalationEvent,
  'timers can be read and belong there': events.timerEvent,
  'a throwing link has a catch': events.linkEvent,

  'FEEL can be read': expressions.unreadableFeel,
};

/** @returns all faults of an executable process, in the order of the file */
export function checkProcess(
  process: FileNode,
  broken: ReadonlyMap<FileNode, readonly BrokenReference[]>,
): readonly DeploymentFault[] {
  const around = new ElementSurroundings(process, broken);
  return [...withContent(process)].flatMap((node) =>
    Object.values(rules).flatMap((rule) =>
      rule(node, around).map((wrong) => ({
        ...present({ elementId: textOf(node, 'id') }),
        reason: `The ${kindAndName(node)} ${wrong}`,
      })),
    ),
  );
}

function* withContent(node: FileNode): Generator<FileNode> {
  yield node;
  for (const child of nodesOf(node, 'flowElements'))
    if (isFlow(child) || isFlowNode(child)) yield* withContent(child);
}
