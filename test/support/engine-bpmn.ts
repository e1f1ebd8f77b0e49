/**
 * Writes BPMN for tests of the engine, without a picture:
 *
 * ```ts
 * bpmn(
 *   'order',
 *   path(start(), serviceTask('charge'), exclusive('paid', { otherwise: 'remind' }), when('=ok'), end()),
 *   path('paid', serviceTask('remind', { type: 'mail' }), 'end'),
 *   boundary('late', 'charge', after('PT5S'), { interrupting: false }),
 *   path('late', end('was-late')),
 * );
 * ```
 *
 * `path` links what stands in it; a text in it is the id of an element that stands elsewhere. The flow from `a` to `b`
 * has the id `a-b`. Every text may be FEEL (`=...`). Raw XML goes in with `xml`.
 */

/** A piece of a process. */
export interface Part {
  /** Absent when it is no single element. */
  readonly id?: string;
  readonly xml: string;
  /** Messages, errors, signals, escalations it refers to, by id: they stand outside the process. */
  readonly roots: ReadonlyMap<string, string>;
}

/** Target to source; the order counts. A source that is null is left out. */
export type Mappings = Readonly<Record<string, string | null>>;

/** An event definition, such as `message(..)` or `after(..)`. */
export interface EventDefinition {
  readonly xml: string;
  readonly roots: ReadonlyMap<string, string>;
  /** Set for a message that is thrown: it is a job. */
  readonly job?: JobOptions;
}

export interface ElementOptions {
  readonly name?: string;
  readonly inputs?: Mappings;
  readonly outputs?: Mappings;
  /** More extension elements, as XML. */
  readonly extensions?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** More children, as XML. */
  readonly inside?: string;
}

export interface ActivityOptions extends ElementOptions {
  readonly multiInstance?: MultiInstanceOptions;
}

export interface MultiInstanceOptions {
  readonly sequential?: boolean;
  readonly inputCollection?: string;
  readonly inputElement?: string;
  readonly outputCollection?: string;
  readonly outputElement?: string;
  readonly completionCondition?: string;
}

export interface JobOptions {
  /** Default: the element's id. */
  readonly type?: string;
  readonly retries?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
}

const NO_ROOTS: ReadonlyMap<string, string> = new Map();

// ------------------------------------------------------------------------------------------------- files, processes

/** A file with one executable process. */
export function bpmn(processId: string, ...parts: readonly Part[]): string {
  return definitions(process(processId, ...parts));
}

/** A file with any number of processes. */
export function definitions(...processes: readonly Part[]): string {
  const { xml, roots } = together(processes);
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions" targetNamespace="test">
${xml}
${[...roots.values()].join('\n')}
</bpmn:definitions>`;
}

export function process(id: string, ...parts: readonly Part[]): Part {
  return processWith(id, {}, ...parts);
}

export function processWith(
  id: string,
  options: { name?: string; executable?: boolean; versionTag?: string },
  ...parts: readonly Part[]
): Part {
  const { name, executable = true, versionTag } = options;
  const { xml: children, roots } = together(parts);
  const tag =
    versionTag === undefined ? '' : extensionElements(empty('zeebe:versionTag', { value: versionTag }));
  return {
    id,
    xml: wrapped('bpmn:process', { id, name, isExecutable: String(executable) }, `${tag}\n${children}\n`),
    roots,
  };
}

// ------------------------------------------------------------------------------------------------------------- flows

/** A condition between two elements of a path. */
export interface Condition {
  readonly condition: string;
}

export function when(condition: string): Condition {
  return { condition };
}

/** Elements and the flows between them, in this order. */
export function path(...steps: readonly (Part | string | Condition)[]): Part {
  const parts: Part[] = [];
  let source: string | undefined;
  let condition: string | undefined;
  for (const step of steps) {
    if (typeof step === 'object' && 'condition' in step) {
      condition = step.condition;
      continue;
    }
    const id = typeof step === 'string' ? step : step.id;
    if (id === undefined) throw new Error('A path links elements: one of its steps has no id.');
    if (typeof step !== 'string') parts.push(step);
    if (source !== undefined) parts.push(flow(source, id, condition));
    source = id;
    condition = undefined;
  }
  return together(parts);
}

/** One flow; `path` is usually shorter. */
export function flow(source: string, target: string, condition?: string, id = `${source}-${target}`): Part {
  const inside =
    condition === undefined
      ? ''
      : wrapped('bpmn:conditionExpression', { 'xsi:type': 'bpmn:tFormalExpression' }, escape(condition));
  return xml(wrapped('bpmn:sequenceFlow', { id, sourceRef: source, targetRef: target }, inside));
}

// ------------------------------------------------------------------------------------------------------------ events

export function start(id = 'start', options: ElementOptions = {}): Part {
  return element('bpmn:startEvent', id, options);
}

/** A start event that something triggers. */
export function startOn(
  id: string,
  trigger: EventDefinition,
  options: ElementOptions & { readonly interrupting?: boolean } = {},
): Part {
  return event('bpmn:startEvent', id, trigger, options, {
    isInterrupting: options.interrupting === false ? 'false' : undefined,
  });
}

/** An end event, with what it throws if anything. */
export function end(id = 'end', effect?: EventDefinition, options: ElementOptions = {}): Part {
  return event('bpmn:endEvent', id, effect, options);
}

export function catchEvent(id: string, trigger: EventDefinition, options: ElementOptions = {}): Part {
  return event('bpmn:intermediateCatchEvent', id, trigger, options);
}

/** Without an effect: a none event. */
export function throwEvent(id: string, effect?: EventDefinition, options: ElementOptions = {}): Part {
  return event('bpmn:intermediateThrowEvent', id, effect, options);
}

export function boundary(
  id: string,
  attachedTo: string,
  trigger: EventDefinition,
  options: ElementOptions & { readonly interrupting?: boolean } = {},
): Part {
  return event('bpmn:boundaryEvent', id, trigger, options, {
    attachedToRef: attachedTo,
    cancelActivity: options.interrupting === false ? 'false' : undefined,
  });
}

function event(
  tag: string,
  id: string,
  definition: EventDefinition | undefined,
  options: ElementOptions,
  attributes: Attributes = {},
): Part {
  const job = definition?.job === undefined ? '' : jobExtensions(id, definition.job);
  return element(
    tag,
    id,
    { ...options, extensions: `${job}${options.extensions ?? ''}` },
    definition?.xml ?? '',
    attributes,
    definition?.roots,
  );
}

// ------------------------------------------------------------------------------------------------- event definitions

/** A message that is waited for; without key only in start events of a process. */
export function message(name: string, correlationKey?: string): EventDefinition {
  const subscription =
    correlationKey === undefined ? '' : extensionElements(empty('zeebe:subscription', { correlationKey }));
  // The key belongs to the message, so messages of one name with different keys are different ones.
  const id = rootId('message', correlationKey === undefined ? name : `${name}/${correlationKey}`);
  return referring('message', id, wrapped('bpmn:message', { id, name }, subscription));
}

/** A message that is thrown: a job. */
export function send(job: JobOptions = {}): EventDefinition {
  return { xml: '<bpmn:messageEventDefinition/>', roots: NO_ROOTS, job };
}

export function after(duration: string): EventDefinition {
  return timer('timeDuration', duration);
}

export function at(date: string): EventDefinition {
  return timer('timeDate', date);
}

export function every(cycle: string): EventDefinition {
  return timer('timeCycle', cycle);
}

function timer(kind: string, text: string): EventDefinition {
  const inside = wrapped(`bpmn:${kind}`, { 'xsi:type': 'bpmn:tFormalExpression' }, escape(text));
  return { xml: wrapped('bpmn:timerEventDefinition', {}, inside), roots: NO_ROOTS };
}

export function signal(name: string): EventDefinition {
  const id = rootId('signal', name);
  return referring('signal', id, empty('bpmn:signal', { id, name }));
}

/** Thrown or caught; caught without code: any error. */
export function error(code?: string): EventDefinition {
  if (code === undefined) return { xml: '<bpmn:errorEventDefinition/>', roots: NO_ROOTS };
  const id = rootId('error', code);
  return referring('error', id, empty('bpmn:error', { id, name: code, errorCode: code }));
}

/** Thrown or caught; caught without code: any escalation. */
export function escalation(code?: string): EventDefinition {
  if (code === undefined) return { xml: '<bpmn:escalationEventDefinition/>', roots: NO_ROOTS };
  const id = rootId('escalation', code);
  return referring('escalation', id, empty('bpmn:escalation', { id, name: code, escalationCode: code }));
}

export function link(name: string): EventDefinition {
  return { xml: empty('bpmn:linkEventDefinition', { name }), roots: NO_ROOTS };
}

export function terminate(): EventDefinition {
  return { xml: '<bpmn:terminateEventDefinition/>', roots: NO_ROOTS };
}

function referring(kind: string, id: string, root: string): EventDefinition {
  return { xml: empty(`bpmn:${kind}EventDefinition`, { [`${kind}Ref`]: id }), roots: new Map([[id, root]]) };
}

/** Readable where the text allows it, and the same for the same text. */
function rootId(kind: string, text: string): string {
  return /^[\w-]+$/.test(text) ? `${kind}_${text}` : `${kind}_x${Buffer.from(text).toString('hex')}`;
}

// ------------------------------------------------------------------------------------------------------------- tasks

export function task(id: string, options: ActivityOptions = {}): Part {
  return activity('bpmn:task', id, options);
}

export function manualTask(id: string, options: ActivityOptions = {}): Part {
  return activity('bpmn:manualTask', id, options);
}

export function serviceTask(id: string, options: ActivityOptions & JobOptions = {}): Part {
  return jobTask('bpmn:serviceTask', id, options);
}

export function sendTask(id: string, options: ActivityOptions & JobOptions = {}): Part {
  return jobTask('bpmn:sendTask', id, options);
}

export function businessRuleTask(id: string, options: ActivityOptions & JobOptions = {}): Part {
  return jobTask('bpmn:businessRuleTask', id, options);
}

/** A script that a worker runs. */
export function scriptJob(id: string, options: ActivityOptions & JobOptions = {}): Part {
  return jobTask('bpmn:scriptTask', id, options);
}

/** A script that the engine runs: FEEL. */
export function scriptTask(
  id: string,
  expression: string,
  resultVariable: string,
  options: ActivityOptions = {},
): Part {
  const script = empty('zeebe:script', { expression, resultVariable });
  return activity('bpmn:scriptTask', id, {
    ...options,
    extensions: `${script}${options.extensions ?? ''}`,
  });
}

export interface UserTaskOptions extends ActivityOptions {
  /** False: a job of type `io.camunda.zeebe:userTask`. */
  readonly native?: boolean;
  readonly assignee?: string;
  readonly candidateGroups?: string;
  readonly candidateUsers?: string;
  readonly dueDate?: string;
  readonly followUpDate?: string;
  readonly priority?: string;
  readonly formId?: string;
  readonly externalReference?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function userTask(id: string, options: UserTaskOptions = {}): Part {
  const { native = true, assignee, candidateGroups, candidateUsers, dueDate, followUpDate } = options;
  const { priority, formId, externalReference, headers } = options;
  const extensions = [
    native ? '<zeebe:userTask/>' : '',
    filled('zeebe:assignmentDefinition', { assignee, candidateGroups, candidateUsers }),
    filled('zeebe:taskSchedule', { dueDate, followUpDate }),
    filled('zeebe:priorityDefinition', { priority }),
    filled('zeebe:formDefinition', { formId, externalReference }),
    taskHeaders(headers),
    options.extensions ?? '',
  ];
  return activity('bpmn:userTask', id, { ...options, extensions: extensions.join('') });
}

/** Waits for a message, see `message`. */
export function receiveTask(
  id: string,
  name: string,
  correlationKey: string,
  options: ActivityOptions = {},
): Part {
  const { roots } = message(name, correlationKey);
  const [messageRef] = roots.keys();
  return activity('bpmn:receiveTask', id, options, '', { messageRef }, roots);
}

export interface CallOptions extends ActivityOptions {
  readonly propagateAllParentVariables?: boolean;
  readonly propagateAllChildVariables?: boolean;
}

export function callActivity(id: string, processId: string, options: CallOptions = {}): Part {
  const called = empty('zeebe:calledElement', {
    processId,
    propagateAllParentVariables: options.propagateAllParentVariables?.toString(),
    propagateAllChildVariables: options.propagateAllChildVariables?.toString(),
  });
  return activity('bpmn:callActivity', id, {
    ...options,
    extensions: `${called}${options.extensions ?? ''}`,
  });
}

function jobTask(tag: string, id: string, options: ActivityOptions & JobOptions): Part {
  return activity(tag, id, {
    ...options,
    extensions: `${jobExtensions(id, options)}${options.extensions ?? ''}`,
  });
}

function jobExtensions(id: string, { type = id, retries, headers }: JobOptions): string {
  return empty('zeebe:taskDefinition', { type, retries: retries?.toString() }) + taskHeaders(headers);
}

function taskHeaders(headers: Readonly<Record<string, string>> | undefined): string {
  if (headers === undefined) return '';
  const lines = Object.entries(headers).map(([key, value]) => empty('zeebe:header', { key, value }));
  return wrapped('zeebe:taskHeaders', {}, lines.join(''));
}

// ------------------------------------------------------------------------------------------- gateways, sub-processes

/** @param options `otherwise` is the target of the default flow */
export function exclusive(id: string, options: ElementOptions & { readonly otherwise?: string } = {}): Part {
  return gateway('bpmn:exclusiveGateway', id, options);
}

/** @param options `otherwise` is the target of the default flow */
export function inclusive(id: string, options: ElementOptions & { readonly otherwise?: string } = {}): Part {
  return gateway('bpmn:inclusiveGateway', id, options);
}

export function parallel(id: string, options: ElementOptions = {}): Part {
  return gateway('bpmn:parallelGateway', id, options);
}

export function eventBased(id: string, options: ElementOptions = {}): Part {
  return gateway('bpmn:eventBasedGateway', id, options);
}

function gateway(tag: string, id: string, options: ElementOptions & { readonly otherwise?: string }): Part {
  const { otherwise } = options;
  return element(tag, id, options, '', {
    default: otherwise === undefined ? undefined : `${id}-${otherwise}`,
  });
}

export function subProcess(id: string, ...parts: readonly Part[]): Part {
  return subProcessWith(id, {}, ...parts);
}

export function subProcessWith(id: string, options: ActivityOptions, ...parts: readonly Part[]): Part {
  const { xml: children, roots } = together(parts);
  return activity('bpmn:subProcess', id, options, `\n${children}\n`, {}, roots);
}

export function eventSubProcess(id: string, ...parts: readonly Part[]): Part {
  return eventSubProcessWith(id, {}, ...parts);
}

export function eventSubProcessWith(id: string, options: ElementOptions, ...parts: readonly Part[]): Part {
  const { xml: children, roots } = together(parts);
  return element('bpmn:subProcess', id, options, `\n${children}\n`, { triggeredByEvent: 'true' }, roots);
}

// --------------------------------------------------------------------------------------------------------------- XML

/** A piece of raw XML, for what has no function here. */
export function xml(text: string): Part {
  return { xml: text, roots: NO_ROOTS };
}

type Attributes = Readonly<Record<string, string | undefined>>;

function activity(
  tag: string,
  id: string,
  options: ActivityOptions,
  inside = '',
  attributes: Attributes = {},
  roots: ReadonlyMap<string, string> = NO_ROOTS,
): Part {
  return element(tag, id, options, `${loop(options.multiInstance)}${inside}`, attributes, roots);
}

function element(
  tag: string,
  id: string,
  options: ElementOptions,
  inside = '',
  attributes: Attributes = {},
  roots: ReadonlyMap<string, string> = NO_ROOTS,
): Part {
  const { name, inputs, outputs, extensions = '', inside: more = '' } = options;
  const children = `${extensionElements(extensions + mappings(inputs, outputs))}${inside}${more}`;
  return { id, xml: wrapped(tag, { id, name, ...attributes, ...options.attributes }, children), roots };
}

function mappings(inputs: Mappings = {}, outputs: Mappings = {}): string {
  const lines = (tag: string, all: Mappings): string[] =>
    Object.entries(all).map(([target, source]) => empty(tag, { source: source ?? undefined, target }));
  const all = [...lines('zeebe:input', inputs), ...lines('zeebe:output', outputs)];
  return all.length === 0 ? '' : wrapped('zeebe:ioMapping', {}, all.join(''));
}

function loop(options: MultiInstanceOptions | undefined): string {
  if (options === undefined) return '';
  const { sequential, completionCondition, ...characteristics } = options;
  const condition =
    completionCondition === undefined
      ? ''
      : wrapped(
          'bpmn:completionCondition',
          { 'xsi:type': 'bpmn:tFormalExpression' },
          escape(completionCondition),
        );
  return wrapped(
    'bpmn:multiInstanceLoopCharacteristics',
    { isSequential: sequential === true ? 'true' : undefined },
    extensionElements(empty('zeebe:loopCharacteristics', characteristics)) + condition,
  );
}

function together(parts: readonly Part[]): Part {
  return {
    xml: parts.map((part) => part.xml).join('\n'),
    roots: new Map(parts.flatMap((part) => [...part.roots])),
  };
}

function extensionElements(inside: string): string {
  return inside === '' ? '' : wrapped('bpmn:extensionElements', {}, inside);
}

/** Empty when no attribute is set. */
function filled(tag: string, attributes: Attributes): string {
  return Object.values(attributes).every((value) => value === undefined) ? '' : empty(tag, attributes);
}

function empty(tag: string, attributes: Attributes): string {
  return wrapped(tag, attributes, '');
}

function wrapped(tag: string, attributes: Attributes, inside: string): string {
  const texts = Object.entries(attributes).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${escape(value)}"`,
  );
  return inside === '' ? `<${tag}${texts.join('')}/>` : `<${tag}${texts.join('')}>${inside}</${tag}>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
