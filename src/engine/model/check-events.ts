/** Rules about events. */
import { elementTypeOf, isEventSubProcess } from './element-types';
import {
  bodyOf,
  booleanOf,
  expressionOf,
  extensionOf,
  nodeOf,
  nodesOf,
  textOf,
  writtenOf,
  type FileNode,
} from './node';
import { linkNameOf, timerKinds, timerOf } from './read-event';
import type { ElementSurroundings } from './element-surroundings';
import { parseCycle, parseDate, parseDuration } from './timer-text';
import type { TimerDefinition } from './process';
import { kindOf, oneOf } from './words';

type Place =
  'process start' | 'sub-process start' | 'event sub-process start' | 'catch' | 'throw' | 'end' | 'boundary';

/** What events may have at each place; `none` means no definition at all. */
const allowed: Readonly<Record<Place, readonly string[]>> = {
  'process start': ['none', 'message', 'timer', 'signal'],
  'sub-process start': ['none'],
  'event sub-process start': ['none', 'message', 'timer', 'signal', 'error', 'escalation'],
  catch: ['message', 'timer', 'signal', 'link'],
  throw: ['none', 'message', 'signal', 'escalation', 'link'],
  end: ['none', 'message', 'signal', 'error', 'escalation', 'terminate'],
  boundary: ['message', 'timer', 'signal', 'error', 'escalation'],
};

/** Undefined for what is not an event. */
function placeOf(node: FileNode): Place | undefined {
  switch (node.$type) {
    case 'bpmn:StartEvent':
      if (node.$parent?.$type === 'bpmn:Process') return 'process start';
      return node.$parent !== undefined && isEventSubProcess(node.$parent)
        ? 'event sub-process start'
        : 'sub-process start';
    case 'bpmn:IntermediateCatchEvent':
      return 'catch';
    case 'bpmn:IntermediateThrowEvent':
      return 'throw';
    case 'bpmn:EndEvent':
      return 'end';
    case 'bpmn:BoundaryEvent':
      return 'boundary';
    default:
      return undefined;
  }
}

function isThrowing(place: Place): boolean {
  return place === 'throw' || place === 'end';
}

/** Whether what waits goes on beside what the event starts. */
function isNonInterrupting(event: FileNode): boolean {
  return booleanOf(event, 'cancelActivity') === false || booleanOf(event, 'isInterrupting') === false;
}

export function eventDefinitions(event: FileNode): readonly string[] {
  const place = placeOf(event);
  if (place === undefined) return [];
  const definitions = nodesOf(event, 'eventDefinitions');
  if (definitions.length > 1 || nodesOf(event, 'eventDefinitionRef').length > 0)
    return ['has several event definitions or refers to some: leave one, inside the event.'];
  const [definition] = definitions;
  const kind = definition === undefined ? 'none' : kindOf(definition);
  if (allowed[place].includes(kind)) return [];
  const choice = oneOf(allowed[place].filter((allowed) => allowed !== 'none'));
  if (kind === 'none') return [`has no event definition: give it a ${choice}.`];
  const remedy = choice === '' ? 'remove it' : `use a ${choice}`;
  return [`has the event definition '${kind}', which the local engine does not run here: ${remedy}.`];
}

export function attachment(event: FileNode, around: ElementSurroundings): readonly string[] {
  if (event.$type !== 'bpmn:BoundaryEvent') return [];
  const owner = nodeOf(event, 'attachedToRef');
  const missing = around.missing(event, 'attachedToRef');
  if (owner === undefined)
    return [
      `is attached to ${missing === undefined ? 'nothing' : `'${missing}', which does not exist`}: attach it to an activity.`,
    ];
  const isActivity =
    /(?:Task|SubProcess|CallActivity|Transaction)$/.test(owner.$type) && !isEventSubProcess(owner);
  return isActivity && owner.$parent === event.$parent
    ? []
    : [
        'is attached to something that is not an activity of its own scope: attach it to a task or a sub-process.',
      ];
}

/** The definition of this type, if the event is of a kind where it can be. */
function definitionOf(event: FileNode, kind: string): { place: Place; definition: FileNode } | undefined {
  const place = placeOf(event);
  const definition = nodesOf(event, 'eventDefinitions').find((candidate) => kindOf(candidate) === kind);
  if (place === undefined || definition === undefined || !allowed[place].includes(kind)) return undefined;
  return { place, definition };
}

export function messageEvent(event: FileNode, around: ElementSurroundings): readonly string[] {
  const found = definitionOf(event, 'message');
  if (found === undefined) return [];
  if (!isThrowing(found.place))
    return messageFaults(found.definition, around, found.place !== 'process start');
  return extensionOf(event, 'zeebe:TaskDefinition') === undefined
    ? ['throws a message but has no task definition: give it a job type, or apply a template.']
    : [];
}

/** @param node a message event definition or a receive task */
export function messageFaults(
  node: FileNode,
  around: ElementSurroundings,
  needsKey: boolean,
): readonly string[] {
  const missing = around.missing(node, 'messageRef');
  if (missing !== undefined)
    return [`refers to the message '${missing}', which does not exist: choose another.`];
  const message = nodeOf(node, 'messageRef');
  if (message === undefined) return ['waits for a message but names none: choose one.'];
  const faults: string[] = [];
  if (textOf(message, 'name') === undefined)
    faults.push('waits for a message without name: give the message one.');
  if (needsKey && textOf(extensionOf(message, 'zeebe:Subscription'), 'correlationKey') === undefined)
    faults.push(
      'waits for a message without correlation key: set the key, it tells which instance is meant.',
    );
  return faults;
}

/** @returns what the definition refers to, or what is wrong with the reference */
function referred(
  definition: FileNode,
  kind: string,
  around: ElementSurroundings,
): FileNode | readonly string[] | undefined {
  const missing = around.missing(definition, `${kind}Ref`);
  if (missing !== undefined)
    return [`refers to the ${kind} '${missing}', which does not exist: choose another.`];
  return nodeOf(definition, `${kind}Ref`);
}

export function signalEvent(event: FileNode, around: ElementSurroundings): readonly string[] {
  const found = definitionOf(event, 'signal');
  if (found === undefined) return [];
  const signal = referred(found.definition, 'signal', around);
  if (isFaults(signal)) return signal;
  return textOf(signal, 'name') === undefined
    ? ['has a signal without name: choose a signal and name it.']
    : [];
}

export function errorEvent(event: FileNode, around: ElementSurroundings): readonly string[] {
  const found = definitionOf(event, 'error');
  if (found === undefined) return [];
  const faults = codeFaults(found.place, found.definition, 'error', around);
  return isNonInterrupting(event)
    ? [...faults, 'catches an error but does not interrupt: errors interrupt always, make it interrupting.']
    : faults;
}

export function escalationEvent(event: FileNode, around: ElementSurroundings): readonly string[] {
  const found = definitionOf(event, 'escalation');
  return found === undefined ? [] : codeFaults(found.place, found.definition, 'escalation', around);
}

function codeFaults(
  place: Place,
  definition: FileNode,
  kind: 'error' | 'escalation',
  around: ElementSurroundings,
): readonly string[] {
  const node = referred(definition, kind, around);
  if (isFaults(node)) return node;
  const code = expressionOf(node, `${kind}Code`);
  if (isThrowing(place))
    return code === undefined ? [`throws an ${kind} without code: choose one that has a code.`] : [];
  return code?.feel === true
    ? [
        `catches the ${kind} code '${writtenOf(code)}': a code that is caught must be a fixed text, without '='.`,
      ]
    : [];
}

function isFaults(found: FileNode | readonly string[] | undefined): found is readonly string[] {
  return Array.isArray(found);
}

export function timerEvent(event: FileNode): readonly string[] {
  const found = definitionOf(event, 'timer');
  if (found === undefined) return [];
  const { place, definition } = found;
  const texts = timerKinds.filter(([, name]) => bodyOf(definition, name) !== undefined);
  const timer = timerOf(definition);
  if (timer === undefined) return ['has a timer without date, duration or cycle: set one of them.'];
  if (texts.length > 1)
    return ['has a timer with more than one of date, duration and cycle: leave one of them.'];
  return [...misplacedTimer(event, place, timer), ...unreadableTimer(timer)];
}

function misplacedTimer(event: FileNode, place: Place, { kind }: TimerDefinition): readonly string[] {
  if (place === 'process start')
    return kind === 'duration'
      ? ['starts a process after a duration, but nothing tells from when on: use a date or a cycle.']
      : [];
  return kind === 'cycle' && !isNonInterrupting(event)
    ? ['has a cycle but can fire only once: use a date or a duration, or make the event non-interrupting.']
    : [];
}

function unreadableTimer({ kind, expression }: TimerDefinition): readonly string[] {
  if (expression.feel) return [];
  try {
    if (kind === 'date') parseDate(expression.text);
    else if (kind === 'duration') parseDuration(expression.text);
    else if (parseCycle(expression.text).next(0) === undefined)
      return [`has a timer that never fires: there is no such day as '${expression.text}' asks for.`];
    return [];
  } catch (error) {
    return [`has a timer that cannot be read. ${(error as Error).message}`];
  }
}

export function linkEvent(event: FileNode): readonly string[] {
  if (definitionOf(event, 'link') === undefined) return [];
  const name = linkNameOf(event);
  if (name === undefined) return ['is a link without name: give it one.'];
  const catches = nodesOf(event.$parent, 'flowElements').some(
    (node) => elementTypeOf(node) === 'INTERMEDIATE_CATCH_EVENT' && linkNameOf(node) === name,
  );
  return catches
    ? []
    : [`throws the link '${name}', which nothing in its scope catches: add a catching link event.`];
}
