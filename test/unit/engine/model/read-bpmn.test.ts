import type { Behaviour, ElementModel, ProcessModel } from '../../../../src/engine/model/process';
import { readBpmn } from '../../../../src/engine/model/read-bpmn';
import type { Part } from '../../../support/engine-bpmn';
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
  manualTask,
  message,
  parallel,
  path,
  process,
  processWith,
  receiveTask,
  scriptJob,
  scriptTask,
  send,
  sendTask,
  serviceTask,
  signal,
  start,
  startOn,
  subProcess,
  subProcessWith,
  task,
  terminate,
  throwEvent,
  userTask,
  when,
  xml,
} from '../../../support/engine-bpmn';

async function readAll(text: string): Promise<readonly ProcessModel[]> {
  const result = await readBpmn(text);
  if ('faults' in result) throw new Error(result.faults.map(({ reason }) => reason).join('\n'));
  return result.processes;
}

async function read(...parts: readonly Part[]): Promise<ProcessModel> {
  const [model] = await readAll(bpmn('p', ...parts));
  if (model === undefined) throw new Error('The file has no process.');
  return model;
}

/** Reads a process of one element between a start and an end. */
async function readOne(part: Part): Promise<ElementModel> {
  const model = await read(path(start(), part, end()));
  return element(model, part.id ?? '');
}

function element(model: ProcessModel, id: string): ElementModel {
  const found = model.elements.get(id);
  if (found === undefined) throw new Error(`The model has no element ${id}.`);
  return found;
}

const feel = (text: string) => ({ feel: true, text });
const text = (literal: string) => ({ feel: false, text: literal });

describe('tasks', () => {
  const three = text('3');
  const cases: readonly [string, Part, string, Behaviour][] = [
    ['an undefined task passes', task('t'), 'TASK', { kind: 'pass' }],
    ['a manual task passes', manualTask('t'), 'MANUAL_TASK', { kind: 'pass' }],
    [
      'a service task is a job with three retries',
      serviceTask('t', { type: 'pay' }),
      'SERVICE_TASK',
      { kind: 'job', type: text('pay'), retries: three, headers: {} },
    ],
    [
      'type and retries may be FEEL, headers are texts',
      serviceTask('t', { type: '="pay-" + kind', retries: '=n', headers: { a: '=1', b: '' } }),
      'SERVICE_TASK',
      { kind: 'job', type: feel('"pay-" + kind'), retries: feel('n'), headers: { a: '=1', b: '' } },
    ],
    [
      'a send task is a job',
      sendTask('t', { type: 'mail', retries: 1 }),
      'SEND_TASK',
      { kind: 'job', type: text('mail'), retries: text('1'), headers: {} },
    ],
    [
      'a business rule task with a task definition is a job',
      businessRuleTask('t', { type: 'rate' }),
      'BUSINESS_RULE_TASK',
      { kind: 'job', type: text('rate'), retries: three, headers: {} },
    ],
    [
      'a script task with a task definition is a job',
      scriptJob('t', { type: 'python' }),
      'SCRIPT_TASK',
      { kind: 'job', type: text('python'), retries: three, headers: {} },
    ],
    [
      'a script task with a script is evaluated by the engine',
      scriptTask('t', '=a + 1', 'b'),
      'SCRIPT_TASK',
      { kind: 'script', expression: feel('a + 1'), resultVariable: 'b' },
    ],
    [
      'a user task without zeebe:userTask is a job of a fixed type',
      userTask('t', { native: false, headers: { form: 'x' } }),
      'USER_TASK',
      { kind: 'job', type: text('io.camunda.zeebe:userTask'), retries: three, headers: { form: 'x' } },
    ],
    [
      'a user task with zeebe:userTask is one',
      userTask('t', {
        assignee: '=boss',
        candidateGroups: 'sales',
        candidateUsers: '=["a"]',
        dueDate: '=now()',
        followUpDate: '2026-01-01T00:00:00Z',
        priority: '=10',
        formId: 'form',
        headers: { a: 'b' },
      }),
      'USER_TASK',
      {
        kind: 'userTask',
        assignee: feel('boss'),
        candidateGroups: text('sales'),
        candidateUsers: feel('["a"]'),
        dueDate: feel('now()'),
        followUpDate: text('2026-01-01T00:00:00Z'),
        priority: feel('10'),
        formId: 'form',
        headers: { a: 'b' },
      },
    ],
    [
      'a form of elsewhere is kept as a link',
      userTask('t', { externalReference: 'https://forms.example/1' }),
      'USER_TASK',
      { kind: 'userTask', headers: {}, externalFormReference: 'https://forms.example/1' },
    ],
    [
      'a receive task waits for a message',
      receiveTask('t', 'paid', '=orderId'),
      'RECEIVE_TASK',
      {
        kind: 'catch',
        trigger: { kind: 'message', name: text('paid'), correlationKey: feel('orderId') },
      },
    ],
    [
      'a call activity hands on all variables unless it says otherwise',
      callActivity('t', 'other'),
      'CALL_ACTIVITY',
      {
        kind: 'call',
        processId: text('other'),
        propagateAllParentVariables: true,
        propagateAllChildVariables: true,
      },
    ],
    [
      'a call activity that says otherwise',
      callActivity('t', '=next', {
        propagateAllParentVariables: false,
        propagateAllChildVariables: false,
      }),
      'CALL_ACTIVITY',
      {
        kind: 'call',
        processId: feel('next'),
        propagateAllParentVariables: false,
        propagateAllChildVariables: false,
      },
    ],
  ];

  it.each(cases)('%s', async (_title, part, type, behaviour) => {
    const { type: actualType, behaviour: actual } = await readOne(part);
    expect({ type: actualType, behaviour: actual }).toEqual({ type, behaviour });
  });
});

describe('events', () => {
  const cases: readonly [string, Part, Behaviour][] = [
    [
      'a message',
      catchEvent('e', message('=n', '=k')),
      {
        kind: 'catch',
        trigger: { kind: 'message', name: feel('n'), correlationKey: feel('k') },
      },
    ],
    [
      'a duration',
      catchEvent('e', after('PT5S')),
      { kind: 'catch', trigger: { kind: 'timer', timer: { kind: 'duration', expression: text('PT5S') } } },
    ],
    [
      'a date',
      catchEvent('e', at('=due')),
      { kind: 'catch', trigger: { kind: 'timer', timer: { kind: 'date', expression: feel('due') } } },
    ],
    [
      'a signal',
      catchEvent('e', signal('stop')),
      { kind: 'catch', trigger: { kind: 'signal', name: text('stop') } },
    ],
    ['a throwing none event passes', throwEvent('e'), { kind: 'pass' }],
    [
      'a thrown signal',
      throwEvent('e', signal('=s')),
      { kind: 'throw', effect: { kind: 'signal', name: feel('s') } },
    ],
    [
      'a thrown escalation',
      throwEvent('e', escalation('late')),
      { kind: 'throw', effect: { kind: 'escalation', code: text('late') } },
    ],
    [
      'a thrown message is a job',
      throwEvent('e', send({ type: 'mail', headers: { a: 'b' } })),
      { kind: 'job', type: text('mail'), retries: text('3'), headers: { a: 'b' } },
    ],
  ];

  it.each(cases)('%s', async (_title, part, behaviour) => {
    expect((await readOne(part)).behaviour).toEqual(behaviour);
  });

  const ends: readonly [string, Part, Behaviour][] = [
    ['none', end('e'), { kind: 'pass' }],
    ['terminate', end('e', terminate()), { kind: 'throw', effect: { kind: 'terminate' } }],
    ['error', end('e', error('=c')), { kind: 'throw', effect: { kind: 'error', code: feel('c') } }],
    ['message', end('e', send()), { kind: 'job', type: text('e'), retries: text('3'), headers: {} }],
    [
      'escalation',
      end('e', escalation('up')),
      { kind: 'throw', effect: { kind: 'escalation', code: text('up') } },
    ],
  ];

  it.each(ends)('end event: %s', async (_title, part, behaviour) => {
    const model = await read(path(start(), part));
    expect(element(model, 'e')).toMatchObject({ type: 'END_EVENT', behaviour });
  });

  it('boundary events interrupt unless they say otherwise, and their activity knows them', async () => {
    const model = await read(
      path(start(), serviceTask('t'), end()),
      boundary('failed', 't', error('E')),
      boundary('any', 't', error()),
      boundary('slow', 't', every('R3/PT1S'), { interrupting: false }),
      boundary('told', 't', escalation(), { interrupting: false }),
      path('failed', 'end'),
    );
    expect(element(model, 't').boundaries).toEqual(['failed', 'any', 'slow', 'told']);
    expect(element(model, 'failed')).toMatchObject({
      type: 'BOUNDARY_EVENT',
      outgoing: [{ target: 'end' }],
      behaviour: {
        kind: 'boundary',
        attachedTo: 't',
        interrupting: true,
        trigger: { kind: 'error', code: 'E' },
      },
    });
    expect(element(model, 'any').behaviour).toMatchObject({ trigger: { kind: 'error' } });
    expect(element(model, 'any').behaviour).not.toHaveProperty('trigger.code');
    expect(element(model, 'slow').behaviour).toMatchObject({
      interrupting: false,
      trigger: { kind: 'timer', timer: { kind: 'cycle', expression: text('R3/PT1S') } },
    });
    expect(element(model, 'told').behaviour).toMatchObject({ trigger: { kind: 'escalation' } });
  });

  it('a link goes to the catching event of the same name in the same scope', async () => {
    const model = await read(
      path(start(), throwEvent('go', link('L'))),
      path(catchEvent('come', link('L')), end()),
      subProcess(
        's',
        path(start('s-start'), throwEvent('s-go', link('L'))),
        path(catchEvent('s-come', link('L'))),
      ),
    );
    expect(element(model, 'go').behaviour).toEqual({
      kind: 'throw',
      effect: { kind: 'link', target: 'come' },
    });
    expect(element(model, 's-go').behaviour).toEqual({
      kind: 'throw',
      effect: { kind: 'link', target: 's-come' },
    });
    expect(element(model, 'come').behaviour).toEqual({ kind: 'pass' });
  });
});

describe('flows and gateways', () => {
  it('conditions and default flow are found', async () => {
    const model = await read(
      path(start(), exclusive('x', { otherwise: 'b' }), when('= a > 1'), task('a'), end()),
      path('x', task('b'), 'end'),
    );
    expect(element(model, 'x')).toMatchObject({
      type: 'EXCLUSIVE_GATEWAY',
      behaviour: { kind: 'exclusive', defaultFlow: 'x-b' },
      incoming: [{ id: 'start-x', source: 'start', target: 'x' }],
      outgoing: [{ id: 'x-a', condition: feel(' a > 1') }, { id: 'x-b' }],
    });
    expect(model.flows.get('x-b')).toEqual({ id: 'x-b', source: 'x', target: 'b' });
    expect(element(model, 'end').incoming.map(({ id }) => id)).toEqual(['a-end', 'b-end']);
  });

  it.each([
    [inclusive('g'), 'INCLUSIVE_GATEWAY', { kind: 'inclusive' }],
    [parallel('g'), 'PARALLEL_GATEWAY', { kind: 'parallel' }],
  ])('gateway %#', async (part, type, behaviour) => {
    expect(await readOne(part)).toMatchObject({ type, behaviour });
  });

  it('an event-based gateway', async () => {
    const model = await read(
      path(start(), eventBased('g'), catchEvent('a', after('PT1S')), end()),
      path('g', catchEvent('b', signal('s')), 'end'),
    );
    expect(element(model, 'g')).toMatchObject({
      type: 'EVENT_BASED_GATEWAY',
      behaviour: { kind: 'eventBased' },
      outgoing: [{ target: 'a' }, { target: 'b' }],
    });
  });
});

describe('scopes', () => {
  it('a process knows its start, its children and what only events start', async () => {
    const model = await read(
      path(start(), end()),
      startOn('told', message('m')),
      startOn('often', every('R/PT1H')),
      eventSubProcess('on-error', path(startOn('caught', error('E')), end('handled'))),
      subProcess('sub', path(start('inner'), end('inner-end'))),
    );
    expect(element(model, 'p')).toMatchObject({ type: 'PROCESS', incoming: [], outgoing: [] });
    expect(element(model, 'p').behaviour).toEqual({
      kind: 'scope',
      start: 'start',
      triggeredStarts: ['told', 'often'],
      eventSubProcesses: ['on-error'],
      children: ['start', 'end', 'told', 'often', 'on-error', 'sub'],
    });
    expect(element(model, 'on-error')).toMatchObject({
      type: 'EVENT_SUB_PROCESS',
      scope: 'p',
      behaviour: { kind: 'scope', triggeredStarts: ['caught'], children: ['caught', 'handled'] },
    });
    expect(element(model, 'on-error').behaviour).not.toHaveProperty('start');
    expect(element(model, 'sub')).toMatchObject({
      type: 'SUB_PROCESS',
      scope: 'p',
      behaviour: { kind: 'scope', start: 'inner' },
    });
    expect(element(model, 'inner').scope).toBe('sub');
    expect(element(model, 'p')).not.toHaveProperty('scope');
  });

  it('start events interrupt unless they say otherwise; those of a process need no key', async () => {
    const model = await read(
      startOn('told', message('=name')),
      eventSubProcess('a', startOn('beside', signal('s'), { interrupting: false })),
      eventSubProcess('b', startOn('instead', signal('t'))),
    );
    expect(element(model, 'told').behaviour).toEqual({
      kind: 'start',
      interrupting: true,
      trigger: { kind: 'message', name: feel('name') },
    });
    expect(element(model, 'beside').behaviour).toMatchObject({ interrupting: false });
    expect(element(model, 'instead').behaviour).toMatchObject({ interrupting: true });
  });

  it('sub-processes nest, with flows and boundary events of their own', async () => {
    const model = await read(
      subProcess(
        'outer',
        subProcess(
          'inner',
          path(start('s'), task('deep'), end('e')),
          boundary('late', 'deep', after('PT1S')),
        ),
        boundary('late-too', 'inner', after('PT1S')),
        start('outer-start'),
      ),
      start(),
    );
    expect(element(model, 'deep')).toMatchObject({ scope: 'inner', boundaries: ['late'] });
    expect(element(model, 'inner')).toMatchObject({ scope: 'outer', boundaries: ['late-too'] });
    expect(model.flows.get('s-deep')).toBeDefined();
  });
});

describe('mappings and multi-instance', () => {
  it('mappings keep their order; targets are paths, empty sources are nothing', async () => {
    const { inputs, outputs } = await readOne(
      serviceTask('t', {
        inputs: { 'a.b': '=x', 'a.c': 'plain', d: null, e: '' },
        outputs: { result: '=r', 'deep.er.path': '=s' },
      }),
    );
    expect(inputs).toEqual([
      { source: feel('x'), target: ['a', 'b'] },
      { source: text('plain'), target: ['a', 'c'] },
      { source: undefined, target: ['d'] },
      { source: undefined, target: ['e'] },
    ]);
    expect(outputs).toEqual([
      { source: feel('r'), target: ['result'] },
      { source: feel('s'), target: ['deep', 'er', 'path'] },
    ]);
  });

  it('multi-instance: all of it, and as little as possible', async () => {
    const whole = await readOne(
      serviceTask('t', {
        multiInstance: {
          sequential: true,
          inputCollection: '=items',
          inputElement: 'item',
          outputCollection: 'results',
          outputElement: '=r',
          completionCondition: '=enough',
        },
      }),
    );
    expect(whole.multiInstance).toEqual({
      sequential: true,
      inputCollection: feel('items'),
      inputElement: 'item',
      outputCollection: 'results',
      outputElement: feel('r'),
      completionCondition: feel('enough'),
    });
    expect(whole.type).toBe('SERVICE_TASK');
    const model = await read(
      path(
        start(),
        subProcessWith('s', { multiInstance: { inputCollection: '=[1]' } }, start('inner')),
        end(),
      ),
    );
    expect(element(model, 's').multiInstance).toEqual({ sequential: false, inputCollection: feel('[1]') });
  });
});

describe('files', () => {
  it('all executable processes are read, with name and version tag', async () => {
    const models = await readAll(
      definitions(
        processWith('a', { name: 'First', versionTag: '1.2' }, path(start('a1'), end('a2'))),
        processWith('draft', { executable: false }),
        process('b', path(start('b1'), end('b2'))),
      ),
    );
    expect(models.map(({ id, name, versionTag }) => [id, name, versionTag])).toEqual([
      ['a', 'First', '1.2'],
      ['b', undefined, undefined],
    ]);
  });

  it('the prefixes of the file do not matter', async () => {
    const [model] = await readAll(`
      <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:z="http://camunda.org/schema/zeebe/1.0">
        <process id="p" isExecutable="true">
          <startEvent id="s"/><serviceTask id="t"><extensionElements><z:taskDefinition type="x"/></extensionElements></serviceTask>
        </process>
      </definitions>`);
    expect(model?.elements.get('t')?.behaviour).toMatchObject({ kind: 'job', type: text('x') });
  });

  it('what has no effect is left out: pictures, notes, data, lanes, properties, other vendors', async () => {
    const model = await read(
      path(
        start(),
        serviceTask('t', {
          extensions:
            '<zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties><foo:bar xmlns:foo="urn:foo" x="1"><foo:baz/></foo:bar>',
          attributes: { 'zeebe:modelerTemplate': 'x', 'zeebe:modelerTemplateVersion': '1' },
        }),
        end(),
      ),
      xml('<foo:bar xmlns:foo="urn:foo"><foo:baz/></foo:bar>'),
      xml('<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="dr" dataObjectRef="d"/>'),
      xml(
        '<bpmn:laneSet id="ls"><bpmn:lane id="l"><bpmn:flowNodeRef>t</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>',
      ),
      xml('<bpmn:textAnnotation id="n"><bpmn:text>note</bpmn:text></bpmn:textAnnotation>'),
      xml('<bpmn:association id="na" sourceRef="t" targetRef="n"/><bpmn:group id="g"/>'),
    );
    expect([...model.elements.keys()]).toEqual(['p', 'start', 't', 'end']);
  });

  it('the order of outgoing flows is that of the file', async () => {
    const model = await read(path(start(), task('t')), end('z'), end('a'), flow('t', 'z'), flow('t', 'a'));
    expect(element(model, 't').outgoing.map(({ target }) => target)).toEqual(['z', 'a']);
  });
});
