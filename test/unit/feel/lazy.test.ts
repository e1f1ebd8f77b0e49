import { evaluateJson, lazyContext } from '../../../src/feel';

describe('a context that is read when it is needed', () => {
  it('reads only the names an expression asks for, each once', () => {
    const asked: string[] = [];
    const context = lazyContext((name) => {
      asked.push(name);
      return { a: '9007199254740993', b: '{"c":[1,2]}', large: 'not even JSON' }[name];
    });
    expect(evaluateJson('{x: a, y: b.c[1], z: a}', context).json).toBe(
      '{"x":9007199254740993,"y":1,"z":9007199254740993}',
    );
    expect(asked.filter((name) => name === 'a')).toHaveLength(1);
    expect(asked).not.toContain('large');
  });

  it('gives null and a warning for a name that is not there', () => {
    const { json, warnings } = evaluateJson(
      'x',
      lazyContext(() => undefined),
    );
    expect(json).toBe('null');
    expect(warnings).toEqual([{ type: 'NO_VARIABLE_FOUND', message: "No variable found with name 'x'" }]);
  });
});
