import {
  bpmn,
  catchEvent,
  end,
  eventBased,
  exclusive,
  flow,
  inclusive,
  link,
  message,
  after,
  parallel,
  path,
  serviceTask,
  start,
  subProcess,
  terminate,
  throwEvent,
  when,
} from '../../../support/engine-bpmn';
import { TestEngine } from '../../../support/local-engine';

let engine: TestEngine;
beforeEach(async () => (engine = await TestEngine.open()));
afterEach(() => engine.close());

describe('an exclusive gateway', () => {
  const choice = (otherwise?: string) =>
    bpmn(
      'p',
      path(
        start(),
        exclusive('which', otherwise === undefined ? {} : { otherwise }),
        when('=x > 10'),
        end('large'),
      ),
      path('which', when('=x > 5'), end('medium')),
      otherwise === undefined ? path('which', when('=x > 7'), end('never')) : path('which', end('small')),
    );

  it.each([
    [11, 'large'],
    [6, 'medium'],
    [1, 'small'],
  ])('takes the first flow whose condition is true, else the default: %d goes to %s', async (x, target) => {
    await engine.deploy(choice('small'));
    const key = await engine.start('p', { x });
    expect(await engine.completed(key)).toEqual(['start', 'which', target]);
  });

  it('without a true condition and a default is an incident that can be resolved', async () => {
    await engine.deploy(choice());
    const key = await engine.start('p', { x: 1 });
    expect(engine.incident(key)).toMatchObject({
      type: 'CONDITION_ERROR',
      message: 'Expected at least one condition to evaluate to true, or to have a default flow',
      elementId: 'which',
    });
    const { key: first } = engine.incident(key);
    await engine.resolve(key);
    expect(engine.incident(key).key).not.toBe(first);
    await engine.engine.setVariables(key, '{"x":6}', false);
    await engine.resolve(key);
    expect(await engine.completed(key)).toEqual(['start', 'which', 'medium']);
  });

  it('says what a condition gave that is neither true nor false', async () => {
    await engine.deploy(choice());
    const key = await engine.start('p');
    expect(engine.incident(key)).toMatchObject({
      type: 'EXTRACT_VALUE_ERROR',
      message: expect.stringMatching(
        /^Expected result of the expression 'x > 10' to be 'BOOLEAN', but was 'NULL'\. The evaluation reported the following warnings:\n\[NO_VARIABLE_FOUND\] No variable found with name 'x'/,
      ) as string,
    });
  });
});

describe('a parallel gateway', () => {
  it('forks and waits for one token of each flow', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), parallel('join'), end()),
        path('fork', serviceTask('b'), 'join'),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('a');
    expect(engine.resting(key)).toEqual(['b']);
    await engine.complete('b');
    expect(await engine.completed(key)).toEqual(['start', 'fork', 'a', 'b', 'join', 'end']);
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('keeps surplus tokens of one flow for the next round', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), exclusive('merge'), parallel('join'), end()),
        path('fork', serviceTask('b'), 'merge'),
        path('fork', serviceTask('c'), 'join'),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('a');
    await engine.complete('b');
    await engine.complete('c');
    expect(engine.stateOf(key)).toBe('ACTIVE');
    expect(engine.resting(key)).toEqual([]);
    await engine.engine.cancelInstance(key);
    expect(engine.stateOf(key)).toBe('TERMINATED');
  });

  it('waits for flows whatever their ids are', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('task')),
        path('fork', parallel('join'), end()),
        flow('task', 'join', undefined, 'toString'),
        path('fork', serviceTask('other')),
        flow('other', 'join', undefined, '__proto__'),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('task');
    expect(engine.resting(key)).toEqual(['other']);
    await engine.complete('other');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('two tokens at one task are two jobs', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), exclusive('merge'), serviceTask('task'), end()),
        path('fork', 'second', 'merge'),
        path(exclusive('second')),
      ),
    );
    const key = await engine.start('p');
    expect(await engine.jobs('task', { timeoutMs: 1 })).toHaveLength(2);
    await engine.pass(5);
    await engine.complete('task');
    expect(engine.stateOf(key)).toBe('ACTIVE');
    await engine.complete('task');
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });
});

describe('an inclusive gateway', () => {
  const split = bpmn(
    'p',
    path(
      start(),
      inclusive('fork', { otherwise: 'z' }),
      when('=a'),
      serviceTask('x'),
      inclusive('join'),
      end(),
    ),
    path('fork', when('=b'), serviceTask('y'), 'join'),
    path('fork', serviceTask('z'), 'join'),
  );

  it('takes all flows that are true, and joins those', async () => {
    await engine.deploy(split);
    const key = await engine.start('p', { a: true, b: true });
    expect(engine.resting(key)).toEqual(['x', 'y']);
    await engine.complete('y');
    expect(engine.resting(key)).toEqual(['x']);
    await engine.complete('x');
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect((await engine.completed(key)).filter((id) => id === 'join')).toHaveLength(1);
  });

  it('takes the default when none is true', async () => {
    await engine.deploy(split);
    const key = await engine.start('p', { a: false, b: false });
    await engine.complete('z');
    expect(await engine.completed(key)).toEqual(['start', 'fork', 'z', 'join', 'end']);
  });

  it('joins when a token that was on its way has gone another way', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), inclusive('join'), serviceTask('last'), end()),
        path(
          'fork',
          serviceTask('b'),
          exclusive('which', { otherwise: 'join' }),
          when('=away'),
          end('elsewhere'),
        ),
        path('which', 'join'),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('a');
    expect(engine.resting(key)).toEqual(['b']);
    await engine.complete('b', { away: true });
    expect(engine.resting(key)).toEqual(['last']);
  });

  it('does not wait for a token that waits at a parallel gateway for ever', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), inclusive('join'), serviceTask('last'), end()),
        path('fork', serviceTask('b'), parallel('stuck'), 'join'),
        path('fork', serviceTask('c'), exclusive('which', { otherwise: 'elsewhere' }), when('=x'), 'stuck'),
        path('which', end('elsewhere')),
      ),
    );
    await engine.start('p', { x: false });
    await engine.complete('a');
    await engine.complete('b');
    expect(await engine.jobs('last')).toEqual([]);
    await engine.complete('c');
    await engine.complete('last');
  });

  it('within a parallel branch of a loop does not wait for the other branch, which waits for it', async () => {
    const branch = (id: string) => [
      path(
        'fork',
        inclusive(`${id}-fork`, { otherwise: `${id}2` }),
        when('=true'),
        serviceTask(`${id}1`),
        inclusive(`${id}-join`),
        'join',
      ),
      path(`${id}-fork`, serviceTask(`${id}2`), `${id}-join`),
    ];
    await engine.deploy(
      bpmn(
        'p',
        path(start(), exclusive('again'), parallel('fork')),
        ...branch('a'),
        ...branch('b'),
        path('fork', serviceTask('c'), parallel('join'), exclusive('more', { otherwise: 'end' })),
        path('more', when('=more'), 'again'),
        path('more', end()),
      ),
    );
    const key = await engine.start('p', { more: true });
    await engine.complete('a1');
    await engine.complete('b1');
    await engine.complete('c');
    expect(engine.resting(key).sort()).toEqual(['a1', 'b1', 'c']);
    for (const type of ['c', 'b1', 'a1']) await engine.complete(type, { more: false });
    expect(engine.stateOf(key)).toBe('COMPLETED');
  });

  it('comes after another one that leads to it', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), exclusive('d', { otherwise: 'out' }), when('=x'), inclusive('first')),
        path('d', end('out')),
        path('fork', serviceTask('a'), 'first', inclusive('second'), serviceTask('last'), end()),
        path('fork', serviceTask('b'), 'second'),
        path('fork', serviceTask('c'), exclusive('e', { otherwise: 'out2' }), when('=x'), 'first'),
        path('e', end('out2')),
      ),
    );
    await engine.start('p', { x: false });
    for (const type of ['b', 'a', 'c']) await engine.complete(type);
    expect(await engine.jobs('last')).toHaveLength(1);
  });

  it('waits while a token can still come to it through a boundary event or a link', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), inclusive('join'), serviceTask('last'), end()),
        path('fork', serviceTask('b'), throwEvent('jump', link('there'))),
        path(catchEvent('landing', link('there')), 'join'),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('a');
    expect(engine.resting(key)).toEqual(['b']);
    await engine.complete('b');
    expect(engine.resting(key)).toEqual(['last']);
    expect(await engine.completed(key)).toEqual(['start', 'fork', 'a', 'b', 'jump', 'landing', 'join']);
  });
});

it('the first event behind an event-based gateway closes the others', async () => {
  await engine.deploy(
    bpmn(
      'p',
      path(start(), eventBased('race'), catchEvent('answer', message('answer', '=id')), end('answered')),
      path('race', catchEvent('late', after('PT10S')), end('was-late')),
    ),
  );
  const answered = await engine.start('p', { id: 'A' });
  const late = await engine.start('p', { id: 'B' });
  await engine.publish('answer', 'A', { said: 'yes' });
  expect(await engine.completed(answered)).toEqual(['start', 'race', 'answer', 'answered']);
  expect(engine.variables(answered)).toEqual({ id: 'A', said: 'yes' });
  await engine.pass(10_000);
  expect(await engine.completed(late)).toEqual(['start', 'race', 'late', 'was-late']);
  expect([engine.stateOf(answered), engine.stateOf(late)]).toEqual(['COMPLETED', 'COMPLETED']);
  expect(engine.engine.state.subscriptions.size + engine.engine.state.timers.size).toBe(0);
});

describe('a terminate end event', () => {
  it('ends the rest of the process, which then completes', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(start(), parallel('fork'), serviceTask('a'), end()),
        path('fork', serviceTask('b'), end('stop', terminate())),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('b');
    expect(engine.stateOf(key)).toBe('COMPLETED');
    expect(await engine.jobs('a')).toEqual([]);
  });

  it('ends only its own scope, tokens at joins included', async () => {
    await engine.deploy(
      bpmn(
        'p',
        path(
          start(),
          subProcess(
            'sub',
            path(start('s'), parallel('fork'), serviceTask('a'), parallel('join'), end('e')),
            path('fork', 'join'),
            path('fork', serviceTask('b'), end('stop', terminate())),
          ),
          serviceTask('after'),
          end(),
        ),
      ),
    );
    const key = await engine.start('p');
    await engine.complete('b');
    expect(engine.resting(key)).toEqual(['after']);
  });
});
