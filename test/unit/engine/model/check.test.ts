/** What is refused at deployment. Each case lists all faults of its file: what is not listed must not be told. */
import { readBpmn } from '../../../../src/engine/model/read-bpmn';
import type { EventDefinition, Part } from '../../../support/engine-bpmn';
import {
  after,
  at,
  boundary,
  bpmn,
  businessRuleTask,
  callActivity,
  catchEvent,
  definitions,
  end,
  error,
  escalation,
  eventBased,
  eventSubProcess,
  every,
  exclusive,
  flow,
  inclusive,
  link,
  message,
  path,
  process,
  processWith,
  receiveTask,
  scriptTask,
  serviceTask,
  signal,
  start,
  startOn,
  subProcess,
  task,
  throwEvent,
  userTask,
  when,
  xml,
} from '../../../support/engine-bpmn';

/** Faults as `element id: reason`. */
async function faultsOf(text: string): Promise<readonly string[]> {
  const result = await readBpmn(text);
  if ('processes' in result) return [];
  return result.faults.map(({ elementId, reason }) => `${elementId ?? '-'}: ${reason}`);
}

type Case = readonly [title: string, parts: readonly Part[], ...faults: string[]];

function refused(cases: readonly Case[]): void {
  for (const [title, parts, ...faults] of cases)
    it(title, async () => {
      expect(await faultsOf(bpmn('p', ...parts))).toEqual(faults);
    });
}

/** One element between a start and an end. */
const around = (part: Part): Part => path(start(), part, end());
const definition = (text: string): EventDefinition => xml(text);
const raw = (id: string, text: string): Part => ({ ...xml(text), id });

describe('tasks', () => {
  refused([
    [
      'a service task without task definition, called by its name',
      [around(raw('t', '<bpmn:serviceTask id="t" name="Charge card"/>'))],
      't: The service task "Charge card" has no task definition: give it a job type, or apply a template.',
    ],
    [
      'a send task without task definition',
      [around(raw('t', '<bpmn:sendTask id="t"/>'))],
      't: The send task has no task definition: give it a job type, or apply a template.',
    ],
    [
      'a script task without anything',
      [around(raw('t', '<bpmn:scriptTask id="t"/>'))],
      't: The script task has neither a script nor a task definition: give it a FEEL expression or a job type.',
    ],
    [
      'a business rule task without anything',
      [around(raw('t', '<bpmn:businessRuleTask id="t"/>'))],
      't: The business rule task has no task definition: give it a job type.',
    ],
    [
      'a task definition without type and with retries that are no number',
      [around(serviceTask('t', { type: '', retries: 'three' }))],
      't: The service task has a task definition without job type: set its type.',
      "t: The service task has 'three' as its retries: set a whole number, or FEEL that begins with '='.",
    ],
    [
      'a script that is incomplete, and one that is no FEEL',
      [path(start(), scriptTask('s', '', ''), scriptTask('t', 'a + 1', 'b'))],
      's: The script task has a script without expression: set one.',
      's: The script task has a script without result variable: name the variable that takes the result.',
      "t: The script task has a script that is not FEEL: begin it with '='.",
    ],
    [
      'a script task that is also a job',
      [around(scriptTask('t', '=1', 'b', { extensions: '<zeebe:taskDefinition type="x"/>' }))],
      't: The script task has both a script and a task definition: remove one of them.',
    ],
    [
      'a DMN decision',
      [
        around(
          raw(
            't',
            '<bpmn:businessRuleTask id="t"><bpmn:extensionElements><zeebe:calledDecision decisionId="d" resultVariable="r"/></bpmn:extensionElements></bpmn:businessRuleTask>',
          ),
        ),
      ],
      't: The business rule task has a DMN decision, which the local engine does not run: use a job worker, or deploy it to a cluster.',
    ],
    [
      'listeners of tasks, user tasks and processes',
      [
        path(
          start(),
          serviceTask('a', {
            extensions:
              '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="x"/></zeebe:executionListeners>',
          }),
          userTask('b', {
            extensions:
              '<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="x"/></zeebe:taskListeners>',
          }),
        ),
        xml(
          '<bpmn:extensionElements><zeebe:executionListeners><zeebe:executionListener eventType="end" type="x"/></zeebe:executionListeners></bpmn:extensionElements>',
        ),
      ],
      'p: The process has execution listeners, which the local engine does not run: use a job worker, or deploy it to a cluster.',
      'a: The service task has execution listeners, which the local engine does not run: use a job worker, or deploy it to a cluster.',
      'b: The user task has task listeners, which the local engine does not run: use a job worker, or deploy it to a cluster.',
    ],
    [
      'bindings other than latest',
      [
        path(
          start(),
          raw(
            'a',
            '<bpmn:callActivity id="a"><bpmn:extensionElements><zeebe:calledElement processId="q" bindingType="deployment"/></bpmn:extensionElements></bpmn:callActivity>',
          ),
          userTask('b', {
            extensions: '<zeebe:formDefinition formId="f" bindingType="versionTag" versionTag="1"/>',
          }),
          raw(
            'c',
            '<bpmn:callActivity id="c"><bpmn:extensionElements><zeebe:calledElement processId="q" bindingType="latest"/></bpmn:extensionElements></bpmn:callActivity>',
          ),
        ),
      ],
      "a: The call activity has the binding type 'deployment': the local engine knows only 'latest', or deploy it to a cluster.",
      "b: The user task has the binding type 'versionTag': the local engine knows only 'latest', or deploy it to a cluster.",
    ],
    [
      'a call activity that calls nothing',
      [around(callActivity('t', ''))],
      't: The call activity does not say which process it calls: set the process id.',
    ],
    [
      'a receive task without message, without key, with one that does not exist',
      [
        path(
          start(),
          raw('a', '<bpmn:receiveTask id="a"/>'),
          receiveTask('b', 'm', ''),
          raw('c', '<bpmn:receiveTask id="c" messageRef="nowhere"/>'),
        ),
      ],
      'a: The receive task waits for a message but names none: choose one.',
      'b: The receive task waits for a message without correlation key: set the key, it tells which instance is meant.',
      "c: The receive task refers to the message 'nowhere', which does not exist: choose another.",
    ],
    [
      'mappings without target',
      [
        around(
          serviceTask('t', { inputs: { '': '=a', 'a..b': '=b', 'a b': '=c' }, outputs: { '.x': '=d' } }),
        ),
      ],
      "t: The service task has an input mapping to '': set a variable name, or names joined by dots.",
      "t: The service task has an input mapping to 'a..b': set a variable name, or names joined by dots.",
      "t: The service task has an input mapping to 'a b': set a variable name, or names joined by dots.",
      "t: The service task has an output mapping to '.x': set a variable name, or names joined by dots.",
    ],
    [
      'what is for compensation',
      [path(start(), end()), serviceTask('undo', { attributes: { isForCompensation: 'true' } })],
      'undo: The service task is for compensation, which the local engine does not run: remove the mark, or deploy it to a cluster.',
    ],
  ]);

  it('user tasks are in order, native or not', async () => {
    const parts = path(start(), userTask('a'), userTask('b', { native: false }), end());
    expect(await faultsOf(bpmn('p', parts))).toEqual([]);
  });
});

describe('loops', () => {
  refused([
    [
      'a standard loop',
      [around(task('t', { inside: '<bpmn:standardLoopCharacteristics/>' }))],
      't: The task has a standard loop, which cannot be run: use a multi-instance, or a gateway and a flow back.',
    ],
    [
      'a multi-instance without collection',
      [around(task('t', { inside: '<bpmn:multiInstanceLoopCharacteristics/>' }))],
      't: The task is a multi-instance without input collection: set the list it goes over.',
    ],
    [
      'a multi-instance whose texts are no FEEL, with half an output',
      [
        around(
          task('t', {
            multiInstance: {
              inputCollection: 'items',
              outputCollection: 'results',
              completionCondition: 'true',
            },
          }),
        ),
      ],
      "t: The task has an input collection that is not FEEL: begin it with '=', '=items'.",
      "t: The task has a completion condition that is not FEEL: begin it with '=', '=true'.",
      't: The task has only one of output collection and output element: set both, or none.',
    ],
    [
      'a multi-instance of an event sub-process',
      [
        path(start(), end()),
        raw(
          'e',
          `<bpmn:subProcess id="e" triggeredByEvent="true"><bpmn:multiInstanceLoopCharacteristics/>${startOn('s', after('PT1S')).xml}</bpmn:subProcess>`,
        ),
      ],
      'e: The event sub-process has a multi-instance, which an event sub-process cannot have: put a sub-process with it inside.',
    ],
  ]);
});

describe('kinds of elements', () => {
  refused([
    [
      'ad-hoc sub-processes, transactions and complex gateways; what stands in them is checked as well',
      [
        path(
          start(),
          raw('a', '<bpmn:adHocSubProcess id="a"><bpmn:serviceTask id="in-a"/></bpmn:adHocSubProcess>'),
          raw('b', '<bpmn:transaction id="b"/>'),
          raw('c', '<bpmn:complexGateway id="c"/>'),
        ),
      ],
      'a: The ad-hoc sub-process is of a kind that the local engine does not run: use a sub-process with flows, or deploy it to a cluster.',
      'in-a: The service task has no task definition: give it a job type, or apply a template.',
      'b: The transaction is of a kind that the local engine does not run: use a sub-process, or deploy it to a cluster.',
      'c: The complex gateway is of a kind that the local engine does not run: use exclusive, inclusive or parallel gateways, or deploy it to a cluster.',
    ],
    [
      'elements of other diagrams',
      [around(raw('t', '<bpmn:choreographyTask id="t"/>'))],
      't: The choreography task is of a kind that the local engine does not run: model it with other elements, or deploy it to a cluster.',
    ],
    [
      'elements without id',
      [path(start(), end()), xml('<bpmn:task name="Nameless"/>'), xml('<bpmn:manualTask/>')],
      'p: The process contains a task "Nameless" without id: give it one.',
      'p: The process contains a manual task without id: give it one.',
    ],
  ]);
});

describe('starts', () => {
  refused([
    ['a process without start event', [task('t')], 'p: The process has no start event: add one.'],
    [
      'a process with two none starts',
      [start('a'), start('b')],
      'p: The process has 2 none start events (a and b): leave one, or give the others a trigger.',
    ],
    [
      'sub-processes without start, with two, with a triggered one',
      [
        path(
          start(),
          subProcess('a', task('in-a')),
          subProcess('b', start('b1'), start('b2')),
          subProcess('c', startOn('c1', message('m', '=k'))),
        ),
      ],
      'a: The sub-process must have exactly one start event, and that without a trigger.',
      'b: The sub-process must have exactly one start event, and that without a trigger.',
      'c: The sub-process must have exactly one start event, and that without a trigger.',
      "c1: The start event has the event definition 'message', which the local engine does not run here: remove it.",
    ],
    [
      'event sub-processes without trigger, without start, with two',
      [
        path(start(), end()),
        eventSubProcess('a', start('a1')),
        eventSubProcess('b', task('b1')),
        eventSubProcess('c', startOn('c1', signal('x')), startOn('c2', signal('y'))),
      ],
      ...['a', 'b', 'c'].map(
        (id) =>
          `${id}: The event sub-process must have exactly one start event, and that with a trigger: a message, a timer, an error and so on.`,
      ),
    ],
  ]);

  it('a process that only events start is in order', async () => {
    expect(
      await faultsOf(
        bpmn('p', startOn('a', message('m')), startOn('b', every('R/PT1H')), startOn('c', signal('s'))),
      ),
    ).toEqual([]);
  });
});

describe('flows and gateways', () => {
  refused([
    [
      'flows that lead nowhere',
      [
        start(),
        task('t'),
        xml('<bpmn:sequenceFlow id="f" sourceRef="start" targetRef="nowhere"/>'),
        xml('<bpmn:sequenceFlow id="g" targetRef="t"/>'),
      ],
      "f: The flow leads to 'nowhere', which does not exist: connect it to an element, or remove it.",
      'g: The flow begins at nothing: connect it to an element, or remove it.',
    ],
    [
      'flows across scopes, into starts, out of ends, to what is no element',
      [
        path(start(), subProcess('s', path(start('s-start'), task('inner'))), end()),
        eventSubProcess('e', startOn('e-start', signal('x'))),
        boundary('b', 's', after('PT1S')),
        flow('start', 'inner'),
        flow('s', 'start', undefined, 'back'),
        flow('end', 's'),
        flow('s', 'b'),
        flow('s', 'e'),
        flow('s', 'data'),
        xml('<bpmn:dataObjectReference id="data"/>'),
      ],
      'start-inner: The flow leads to the task (inner), which is not an element of the same scope: a flow stays within its process or sub-process.',
      'back: The flow leads to the start event (start), where no flow can end: remove it.',
      'end-s: The flow begins at the end event (end), where no flow can begin: remove it.',
      's-b: The flow leads to the boundary event (b), where no flow can end: remove it.',
      's-e: The flow leads to the event sub-process (e), where no flow can end: remove it.',
      's-data: The flow leads to the data object reference (data), which is not an element of the same scope: a flow stays within its process or sub-process.',
    ],
    [
      'a flow without condition that is not the default, where there are several',
      [
        path(start(), exclusive('x', { otherwise: 'a' }), task('a'), end()),
        path('x', task('b'), inclusive('i'), when('=true'), 'end'),
        path('x', when('=true'), task('c')),
        path('i', task('d')),
      ],
      'x: The exclusive gateway has a flow (x-b) without condition: give it one, or make it the default flow.',
      'i: The inclusive gateway has a flow (i-d) without condition: give it one, or make it the default flow.',
    ],
    [
      'conditions behind other elements, and such that are no FEEL',
      [
        path(start(), task('t'), when('=a'), exclusive('x'), when('a > 1'), task('u')),
        path('x', when('=b'), end()),
      ],
      't-x: The flow has a condition but does not come from an exclusive or inclusive gateway: put one in between.',
      "x-u: The flow has a condition that is not FEEL: begin it with '=', '=a > 1'.",
    ],
    [
      'a default flow of another element, or that does not exist',
      [
        path(start(), exclusive('x', { attributes: { default: 'start-x' } }), when('=a'), end()),
        path('x', when('=b'), inclusive('y', { otherwise: 'nowhere' }), when('=c'), 'end'),
      ],
      "x: The exclusive gateway names 'start-x' as its default flow, which is not one of its outgoing flows: name one of them.",
      "y: The inclusive gateway names 'y-nowhere' as its default flow, which is not one of its outgoing flows: name one of them.",
    ],
    [
      'event-based gateways with one way, or with ways to what does not wait',
      [
        path(start(), eventBased('g'), catchEvent('a', after('PT1S')), eventBased('h'), task('t')),
        path('h', receiveTask('r', 'm', '=k')),
        path('h', catchEvent('l', link('L'))),
      ],
      'g: The event-based gateway must have at least two outgoing flows, or it decides nothing.',
      'h: The event-based gateway leads to the task (t): only receive tasks and catching events of messages, timers and signals can follow.',
      'h: The event-based gateway leads to the intermediate catching event (l): only receive tasks and catching events of messages, timers and signals can follow.',
      'h-l: The flow leads to the intermediate catching event (l), where no flow can end: remove it.',
    ],
  ]);

  it('a single flow out of a gateway needs no condition', async () => {
    expect(await faultsOf(bpmn('p', path(start(), exclusive('x'), inclusive('y'), end())))).toEqual([]);
  });
});

describe('events', () => {
  const notHere = (id: string, kind: string, definition: string, remedy: string): string =>
    `${id}: The ${kind} has the event definition '${definition}', which the local engine does not run here: ${remedy}.`;

  refused([
    [
      'compensation, conditional and cancel events',
      [
        path(start(), throwEvent('a', definition('<bpmn:compensateEventDefinition/>'))),
        path(
          catchEvent('b', definition('<bpmn:conditionalEventDefinition/>')),
          end('c', definition('<bpmn:cancelEventDefinition/>')),
        ),
      ],
      notHere(
        'a',
        'intermediate throwing event',
        'compensation',
        'use a message, signal, escalation or link',
      ),
      notHere('b', 'intermediate catching event', 'conditional', 'use a message, timer, signal or link'),
      notHere('c', 'end event', 'cancel', 'use a message, signal, error, escalation or terminate'),
    ],
    [
      'definitions where they do not belong, and none where one is needed',
      [
        startOn('a', error('E')),
        path(catchEvent('b', error('E')), throwEvent('c', after('PT1S')), end('d', link('L'))),
        raw('e', '<bpmn:intermediateCatchEvent id="e"/>'),
        task('t'),
        raw('f', '<bpmn:boundaryEvent id="f" attachedToRef="t"/>'),
      ],
      notHere('a', 'start event', 'error', 'use a message, timer or signal'),
      notHere('b', 'intermediate catching event', 'error', 'use a message, timer, signal or link'),
      notHere('c', 'intermediate throwing event', 'timer', 'use a message, signal, escalation or link'),
      notHere('d', 'end event', 'link', 'use a message, signal, error, escalation or terminate'),
      'e: The intermediate catching event has no event definition: give it a message, timer, signal or link.',
      'f: The boundary event has no event definition: give it a message, timer, signal, error or escalation.',
    ],
    [
      'several definitions in one event',
      [around(catchEvent('e', signal('s'), { inside: '<bpmn:terminateEventDefinition/>' }))],
      'e: The intermediate catching event has several event definitions or refers to some: leave one, inside the event.',
    ],
    [
      'boundary events that are attached to nothing, to what does not exist, to what is no activity',
      [
        path(start(), task('t'), exclusive('x'), end()),
        raw('a', '<bpmn:boundaryEvent id="a"><bpmn:errorEventDefinition/></bpmn:boundaryEvent>'),
        boundary('b', 'nowhere', after('PT1S')),
        boundary('c', 'x', after('PT1S')),
        subProcess('s', start('s1'), boundary('d', 't', after('PT1S'))),
      ],
      'a: The boundary event is attached to nothing: attach it to an activity.',
      "b: The boundary event is attached to 'nowhere', which does not exist: attach it to an activity.",
      'c: The boundary event is attached to something that is not an activity of its own scope: attach it to a task or a sub-process.',
      'd: The boundary event is attached to something that is not an activity of its own scope: attach it to a task or a sub-process.',
    ],
    [
      'messages without correlation key, name or existence; only a process starts without key',
      [
        startOn('ok', message('m')),
        path(
          catchEvent('a', message('m')),
          catchEvent('b', message('', '=k')),
          raw(
            'c',
            '<bpmn:intermediateCatchEvent id="c"><bpmn:messageEventDefinition messageRef="nowhere"/></bpmn:intermediateCatchEvent>',
          ),
          raw(
            'd',
            '<bpmn:intermediateCatchEvent id="d"><bpmn:messageEventDefinition/></bpmn:intermediateCatchEvent>',
          ),
        ),
        eventSubProcess('e', startOn('e1', message('m2'))),
      ],
      'a: The intermediate catching event waits for a message without correlation key: set the key, it tells which instance is meant.',
      'b: The intermediate catching event waits for a message without name: give the message one.',
      "c: The intermediate catching event refers to the message 'nowhere', which does not exist: choose another.",
      'd: The intermediate catching event waits for a message but names none: choose one.',
      'e1: The start event waits for a message without correlation key: set the key, it tells which instance is meant.',
    ],
    [
      'thrown messages without task definition',
      [
        path(
          start(),
          throwEvent('a', definition('<bpmn:messageEventDefinition/>')),
          end('b', definition('<bpmn:messageEventDefinition/>')),
        ),
      ],
      'a: The intermediate throwing event throws a message but has no task definition: give it a job type, or apply a template.',
      'b: The end event throws a message but has no task definition: give it a job type, or apply a template.',
    ],
    [
      'signals without name or existence',
      [
        path(
          start(),
          catchEvent('a', signal('')),
          throwEvent('b', definition('<bpmn:signalEventDefinition/>')),
          throwEvent('c', definition('<bpmn:signalEventDefinition signalRef="nowhere"/>')),
        ),
      ],
      'a: The intermediate catching event has a signal without name: choose a signal and name it.',
      'b: The intermediate throwing event has a signal without name: choose a signal and name it.',
      "c: The intermediate throwing event refers to the signal 'nowhere', which does not exist: choose another.",
    ],
    [
      'errors that do not interrupt, whose caught code is FEEL, that are thrown without code',
      [
        path(start(), task('t'), end('e', error())),
        boundary('a', 't', error('=code')),
        boundary('b', 't', error('E'), { interrupting: false }),
        eventSubProcess('s', startOn('s1', error('F'), { interrupting: false })),
      ],
      'e: The end event throws an error without code: choose one that has a code.',
      "a: The boundary event catches the error code '=code': a code that is caught must be a fixed text, without '='.",
      'b: The boundary event catches an error but does not interrupt: errors interrupt always, make it interrupting.',
      's1: The start event catches an error but does not interrupt: errors interrupt always, make it interrupting.',
    ],
    [
      'escalations likewise',
      [
        path(start(), task('t'), throwEvent('a', escalation()), end('e', escalation(''))),
        boundary('b', 't', escalation('=code'), { interrupting: false }),
      ],
      'a: The intermediate throwing event throws an escalation without code: choose one that has a code.',
      'e: The end event throws an escalation without code: choose one that has a code.',
      "b: The boundary event catches the escalation code '=code': a code that is caught must be a fixed text, without '='.",
    ],
    [
      'links without name or catch, and two catches of one name',
      [
        path(start(), throwEvent('a', link('A'))),
        path(catchEvent('b', link('')), end()),
        path(catchEvent('c1', link('C')), catchEvent('d', after('PT1S'))),
        catchEvent('c2', link('C')),
        subProcess('s', start('s1'), catchEvent('s2', link('A')), catchEvent('s3', link('C'))),
      ],
      "p: The process has 2 catching link events named 'C' (c1 and c2): rename all but one.",
      "a: The intermediate throwing event throws the link 'A', which nothing in its scope catches: add a catching link event.",
      'b: The intermediate catching event is a link without name: give it one.',
    ],
  ]);

  it('FEEL is fine in codes that are thrown', async () => {
    const parts = [path(start(), throwEvent('a', escalation('=c')), end('e', error('=c')))];
    expect(await faultsOf(bpmn('p', ...parts))).toEqual([]);
  });
});

describe('two catches of one thing at one place', () => {
  refused([
    [
      'boundary events of one activity: codes, catch-alls, messages',
      [
        path(start(), task('t'), end()),
        boundary('a', 't', error('E')),
        boundary('b', 't', error('E')),
        boundary('c', 't', error()),
        boundary('d', 't', error()),
        boundary('e', 't', escalation('E')),
        boundary('f', 't', escalation('E'), { interrupting: false }),
        boundary('g', 't', message('=m', '=a')),
        boundary('h', 't', message('=m', '=b')),
        boundary('i', 't', after('PT1S')),
        boundary('j', 't', after('PT1S')),
      ],
      "t: The task has 2 events that catch the error 'E' (a and b): leave one of them.",
      't: The task has 2 events that catch any error (c and d): leave one of them.',
      "t: The task has 2 events that catch the escalation 'E' (e and f): leave one of them.",
      "t: The task has 2 events that catch the message '=m' (g and h): leave one of them.",
    ],
    [
      'event sub-processes of one scope, each scope by itself',
      [
        start(),
        eventSubProcess('a', startOn('a1', error())),
        eventSubProcess('b', startOn('b1', error())),
        subProcess(
          's',
          start('s1'),
          eventSubProcess('c', startOn('c1', error())),
          eventSubProcess('d', startOn('d1', error('D'))),
        ),
      ],
      'p: The process has 2 events that catch any error (a1 and b1): leave one of them.',
    ],
    [
      'start events of a process and events behind a gateway',
      [
        startOn('a', message('m')),
        startOn('b', message('m')),
        path(start(), eventBased('g'), catchEvent('x', signal('s'))),
        path('g', catchEvent('y', signal('s'))),
      ],
      "p: The process has 2 events that catch the message 'm' (a and b): leave one of them.",
      "g: The event-based gateway has 2 events that catch the signal 's' (x and y): leave one of them.",
    ],
  ]);
});

describe('timers', () => {
  refused([
    [
      'cycles where the event fires only once',
      [
        path(start(), task('t'), catchEvent('a', every('R/PT1S')), end()),
        boundary('b', 't', every('R3/PT1S')),
        boundary('ok', 't', every('R3/PT1S'), { interrupting: false }),
        eventSubProcess('s', startOn('c', every('=cycle'))),
        eventSubProcess('u', startOn('ok-too', every('R/PT1S'), { interrupting: false })),
      ],
      ...(
        [
          ['a', 'intermediate catching event'],
          ['b', 'boundary event'],
          ['c', 'start event'],
        ] as const
      ).map(
        ([id, kind]) =>
          `${id}: The ${kind} has a cycle but can fire only once: use a date or a duration, or make the event non-interrupting.`,
      ),
    ],
    [
      'a process that starts after a duration',
      [startOn('a', after('PT1S')), startOn('b', at('2026-01-01T00:00:00Z'))],
      'a: The start event starts a process after a duration, but nothing tells from when on: use a date or a cycle.',
    ],
    [
      'texts that cannot be read, nothing, too much',
      [
        startOn('a', every('0 9 * * MON')),
        startOn('b', every('0 0 0 31 2 *')),
        path(
          catchEvent('c', after('5 seconds')),
          catchEvent('d', at('tomorrow')),
          catchEvent('e', after('')),
          catchEvent(
            'f',
            definition(
              '<bpmn:timerEventDefinition><bpmn:timeDate>=a</bpmn:timeDate><bpmn:timeDuration>=b</bpmn:timeDuration></bpmn:timerEventDefinition>',
            ),
          ),
        ),
      ],
      "a: The start event has a timer that cannot be read. '0 9 * * MON' is not cron: six fields are needed (second minute hour day-of-month month day-of-week), or one of @yearly @annually @monthly @weekly @daily @midnight @hourly.",
      "b: The start event has a timer that never fires: there is no such day as '0 0 0 31 2 *' asks for.",
      "c: The intermediate catching event has a timer that cannot be read. '5 seconds' is not an ISO 8601 duration such as PT15M or P1DT12H.",
      "d: The intermediate catching event has a timer that cannot be read. 'tomorrow' is not an ISO 8601 date with time such as 2026-01-31T09:00:00Z.",
      'e: The intermediate catching event has a timer without date, duration or cycle: set one of them.',
      'f: The intermediate catching event has a timer with more than one of date, duration and cycle: leave one of them.',
    ],
  ]);
});

describe('FEEL that cannot be read', () => {
  const bad = '=1 +';
  const cases: readonly (readonly [string, readonly Part[], string])[] = [
    ['input mapping to a.b', [around(serviceTask('e', { inputs: { 'a.b': bad } }))], 'service task'],
    ['output mapping to r', [around(serviceTask('e', { outputs: { r: bad } }))], 'service task'],
    ['type', [around(serviceTask('e', { type: bad }))], 'service task'],
    ['retries', [around(serviceTask('e', { retries: bad }))], 'service task'],
    ['type', [around(businessRuleTask('e', { type: bad }))], 'business rule task'],
    ['expression', [around(scriptTask('e', bad, 'r'))], 'script task'],
    ['assignee', [around(userTask('e', { assignee: bad }))], 'user task'],
    ['candidate groups', [around(userTask('e', { candidateGroups: bad }))], 'user task'],
    ['due date', [around(userTask('e', { dueDate: bad }))], 'user task'],
    ['priority', [around(userTask('e', { priority: bad }))], 'user task'],
    ['process id', [around(callActivity('e', bad))], 'call activity'],
    ['name', [around(receiveTask('e', bad, '=k'))], 'receive task'],
    ['correlation key', [around(catchEvent('e', message('m', bad)))], 'intermediate catching event'],
    ['name', [around(throwEvent('e', signal(bad)))], 'intermediate throwing event'],
    ['timer', [around(catchEvent('e', after(bad)))], 'intermediate catching event'],
    ['code', [path(start(), end('e', error(bad)))], 'end event'],
    ['input collection', [around(task('e', { multiInstance: { inputCollection: bad } }))], 'task'],
    [
      'completion condition',
      [around(task('e', { multiInstance: { inputCollection: '=[1]', completionCondition: bad } }))],
      'task',
    ],
    [
      'output element',
      [
        around(
          task('e', {
            multiInstance: { inputCollection: '=[1]', outputCollection: 'all', outputElement: bad },
          }),
        ),
      ],
      'task',
    ],
    ['condition', [start(), exclusive('x'), end(), flow('start', 'x'), flow('x', 'end', bad, 'e')], 'flow'],
  ];

  it.each(cases)('in the %s', async (field, parts, kind) => {
    const faults = await faultsOf(bpmn('p', ...parts));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(`e: The ${kind} has FEEL that cannot be read, in its ${field}: `);
    expect(faults[0]).toMatch(/column \d/);
  });

  it('nothing but `=` is no FEEL', async () => {
    expect(await faultsOf(bpmn('p', around(serviceTask('e', { inputs: { a: '=' } }))))).toEqual([
      expect.stringMatching(/^e: The service task has FEEL that cannot be read, in its input mapping to a: /),
    ]);
  });
});

describe('files', () => {
  const noExecutable = '-: The file has no executable process: mark one as executable (isExecutable="true").';

  it.each([
    ['', 'missing start tag in line 1. Export it again from a modeler.'],
    ['not XML at all', 'missing start tag in line 1. Export it again from a modeler.'],
    ['{"json": true}', 'missing start tag in line 1. Export it again from a modeler.'],
    [
      '<html><body/></html>',
      "its outermost element must be 'definitions' of BPMN 2.0. Export it again from a modeler.",
    ],
    [
      bpmn('p', start()).replace('</bpmn:process>', ''),
      'closing tag mismatch in line 7. Export it again from a modeler.',
    ],
  ])('what is not BPMN: %#', async (text, problem) => {
    expect(await faultsOf(text)).toEqual([`-: The file is not BPMN: ${problem}`]);
  });

  it('a file without executable process', async () => {
    expect(await faultsOf(definitions())).toEqual([noExecutable]);
    expect(await faultsOf(definitions(processWith('p', { executable: false }, start())))).toEqual([
      noExecutable,
    ]);
  });

  it('ids that stand twice or are no ids', async () => {
    const text = bpmn('p', start(), xml('<bpmn:task id="a"/><bpmn:task id="a"/>\n<bpmn:task id="1 b"/>'));
    expect(await faultsOf(text)).toEqual([
      "a: The id 'a' is in the file twice, again in line 5: ids must differ, change one of them.",
      "1 b: The id '1 b' in line 6 is not valid: use letters, digits, '_', '-' and '.', a letter or '_' first.",
    ]);
  });

  it('elements of BPMN or of Camunda that nobody knows', async () => {
    const text = bpmn(
      'p',
      start(),
      serviceTask('t', { extensions: '<zeebe:newFeature/>' }),
      xml('<bpmn:newElement id="x"/>'),
    );
    expect(await faultsOf(text)).toEqual([
      "-: The local engine does not know the element 'zeebe:NewFeature' in line 5: remove it, or deploy the file to a cluster.",
      "-: The local engine does not know the element 'bpmn:NewElement' in line 6: remove it, or deploy the file to a cluster.",
    ]);
  });

  it('XML that is broken but can be guessed at', async () => {
    const text = bpmn('p', start(), xml('<bpmn:task id=t name="x"/>'));
    expect(await faultsOf(text)).toEqual([
      '-: The file cannot be read in line 5: missing attribute value quotes.',
      'p: The process contains a task "x" without id: give it one.',
    ]);
    const doubled = bpmn('p', start(), xml('<bpmn:task id="t" name="x" name="y"/>'));
    expect(await faultsOf(doubled)).toEqual([
      '-: The file cannot be read in line 5: attribute <name> already defined.',
    ]);
  });

  it('another encoding than UTF-8', async () => {
    const text = bpmn('p', start()).replace('UTF-8', 'ISO-8859-1');
    expect(await faultsOf(text)).toEqual(['-: The file is not in UTF-8: save it in UTF-8.']);
  });

  it('pictures and lanes may refer to what has gone', async () => {
    const text = bpmn(
      'p',
      start(),
      xml(
        '<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>gone</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
      ),
    ).replace(
      '</bpmn:definitions>',
      `<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="gone"><bpmndi:BPMNNovelty/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>`,
    );
    expect(await faultsOf(text)).toEqual([]);
  });

  it('what is not executable is not checked', async () => {
    const draft = processWith('draft', { executable: false }, raw('t', '<bpmn:serviceTask id="t"/>'));
    expect(await faultsOf(definitions(draft, process('p', start())))).toEqual([]);
  });

  it('all faults of all processes are told at once, in the order of the file', async () => {
    const text = definitions(
      process(
        'a',
        path(start('a1'), raw('a2', '<bpmn:serviceTask id="a2" name="One"/>'), callActivity('a3', '')),
      ),
      process('b', task('b1'), boundary('b2', 'b1', every('R/PT1S'))),
    );
    expect(await faultsOf(text)).toEqual([
      'a2: The service task "One" has no task definition: give it a job type, or apply a template.',
      'a3: The call activity does not say which process it calls: set the process id.',
      'b: The process has no start event: add one.',
      'b2: The boundary event has a cycle but can fire only once: use a date or a duration, or make the event non-interrupting.',
    ]);
  });
});
