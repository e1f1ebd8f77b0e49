import { FeelError, evaluate, evaluateJson, prepare } from '../../../src/feel';
import { Cache } from '../../../src/feel/cache';

function errorOf(action: () => unknown): FeelError {
  try {
    action();
  } catch (error) {
    if (error instanceof FeelError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('expressions', () => {
  test.each(['1 + 1', '=1 + 1', '  = 1 + 1  ', ' \n=1 + 1'])(
    '%j has white space and one = dropped',
    (expression) => {
      expect(evaluate(expression).value).toBe(2);
    },
  );

  test('a second = is a syntax error', () => {
    expect(errorOf(() => evaluate('== 1')).kind).toBe('parse');
  });

  test('a syntax error says where and what', () => {
    const error = errorOf(() => prepare('if a = 1 then\n  bpmnError("x"\nelse null'));
    expect(error.kind).toBe('parse');
    expect(error.message).toMatch(/line 3, column 1: found 'else null', expected/);
    expect(error.offset).toBe(30);
  });

  test('an open comment is a syntax error', () => {
    expect(errorOf(() => evaluate('1 /* never closed')).message).toMatch(/comment.*line 1, column 3/);
  });

  test('a prepared expression is evaluated again and again', () => {
    const prepared = prepare('=x + 1');
    expect([1, 2, 3].map((x) => evaluate(prepared, { x }).value)).toEqual([2, 3, 4]);
    expect(prepared.text).toBe('x + 1');
  });

  test('the same text is read once', () => {
    expect(prepare('1 + 41')).toBe(prepare('1 + 41'));
  });
});

describe('surroundings', () => {
  test('clock, chance and zone can be given', () => {
    const options = { now: () => 0, random: () => 0.25, zone: 'America/New_York' };
    expect(evaluate('string(now())', {}, options).value).toBe('1969-12-31T19:00:00@America/New_York');
    expect(evaluate('random number()', {}, options).value).toBe(0.25);
    expect(evaluate('backoff(1, @"PT1S", 2, @"PT5S", 0.5)', {}, options).value).toBe('PT0.75S');
    expect(evaluate('uuid()', {}, options).value).toBe('00000000-0000-7444-9444-444444444444');
  });

  test('without them those of the process are taken', () => {
    const value = evaluate(
      '{chance: random number(), ids: [uuid(), uuid()], later: now() > @"2024-01-01T00:00:00Z"}',
    ).value as { chance: number; ids: string[]; later: boolean };
    expect(value.chance).toBeGreaterThanOrEqual(0);
    expect(value.chance).toBeLessThan(1);
    expect(new Set(value.ids).size).toBe(2);
    expect(value.ids[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(value.later).toBe(true);
  });
});

describe('warnings', () => {
  test.each([
    ['x', 'NO_VARIABLE_FOUND'],
    ['{}.x', 'NO_CONTEXT_ENTRY_FOUND'],
    ['"a".x', 'NO_PROPERTY_FOUND'],
    ['1 = "a"', 'NOT_COMPARABLE'],
    ['1 + "a"', 'INVALID_TYPE'],
    ['if "x" then 1 else 2', 'INVALID_TYPE'],
    ['nope(1)', 'NO_FUNCTION_FOUND'],
    ['count(1)', 'FUNCTION_INVOCATION_FAILURE'],
  ])('%s warns of %s', (expression, type) => {
    expect(evaluateJson(expression).warnings.map((warning) => warning.type)).toContain(type);
  });

  test('name things, and never show values', () => {
    const { warnings } = evaluateJson(
      '{a: secret + 1, b: nope.key, c: secret.key, d: count(secret)}',
      '{"secret": "s3cr3t"}',
    );
    expect(warnings).toHaveLength(4);
    expect(JSON.stringify(warnings)).not.toContain('s3cr3t');
    expect(JSON.stringify(warnings)).toContain('nope');
  });

  test('are at most 100', () => {
    expect(evaluateJson('count(for i in 1..1000 return x)').warnings).toHaveLength(100);
  });
});

describe('failures of the evaluation', () => {
  test.each([
    ['assert(x, x != null, "x is missing")', /x is missing/],
    [
      'jobError("failed: " + error.message)',
      /'errorMessage' of function 'jobError' must be a string, found null/,
    ],
    ['bpmnError(404, "gone")', /'errorCode' of function 'bpmnError' must be a string, found number/],
    ['jobError("m", {}, 1, "PT30S")', /'retryBackoff'.*must be a days and time duration, found string/],
    ['? > 1', /'\?' can only be used inside an unary test/],
    ['0 ** -1', /Division by zero/],
    ['date and time(@"2024-01-01T00:00:00", "Nowhere")', /no time zone 'Nowhere'/],
  ])('%s', (expression, message) => {
    const error = errorOf(() => evaluate(expression, { error: { message: null } }));
    expect(error.kind).toBe('evaluation');
    expect(error.message).toMatch(message);
  });
});

test('a cache forgets what was not used for longest', () => {
  const cache = new Cache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.size]).toEqual([1, undefined, 3, 2]);
});
