import { Rejection } from '../../../../src/engine/api';
import { checkTenant, CheckedBody } from '../../../../src/engine/rest/body';
import { defaultLimits } from '../../../../src/engine/rest/limits';

const parse = (text: string): CheckedBody => CheckedBody.parse(text, defaultLimits);
const refusal = (work: () => unknown): Rejection => {
  try {
    work();
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
};

describe('RequestBody', () => {
  it.each(['', '  \n', 'null', '{}'])('"%s" is an object without members', (text) => {
    expect(parse(text).variables()).toBe('{}');
    expect(parse(text).text('name')).toBeUndefined();
  });

  it.each(['[]', '"x"', '1', 'true', '{', '{"a":}', 'NaN', '[1]{}'])('%s is refused', (text) => {
    expect(refusal(() => parse(text))).toMatchObject({ status: 400, title: 'INVALID_ARGUMENT' });
  });

  it('a member that is null counts as absent', () => {
    const body = parse('{"name":null,"variables":null,"tags":null,"changeset":null}');
    expect(body.text('name')).toBeUndefined();
    expect(body.variables()).toBe('{}');
    expect(body.texts('tags')).toEqual([]);
    expect(body.object('changeset')).toBeUndefined();
  });

  it('variables keep their digits', () => {
    expect(parse('{"variables": {"a": 9007199254740993, "b": [1.0, 2.50]}}').variables()).toBe(
      '{"a":9007199254740993,"b":[1.0,2.5]}',
    );
  });

  it.each(['[1]', '"x"', '1', 'true'])('variables %s are refused', (variables) => {
    expect(refusal(() => parse(`{"variables":${variables}}`).variables())).toMatchObject({ status: 400 });
  });

  it('variables beyond half of a message are refused as a cluster does', () => {
    const variables = `{"a":"${'x'.repeat(2_100_001)}"}`;
    expect(refusal(() => parse(`{"variables":${variables}}`).variables())).toMatchObject({
      status: 500,
      title: 'EXCEEDED_BATCH_RECORD_SIZE',
    });
  });

  it.each([
    ['{"key":"9007199254740993"}', '9007199254740993'],
    ['{"key":9007199254740993}', '9007199254740993'],
    ['{"key":"007"}', '7'],
    ['{"key":-1}', '-1'],
  ])('the key of %s is %s', (text, key) => {
    expect(parse(text).key('key')).toBe(key);
  });

  it.each(['"abc"', '""', '1.5', '{}', '"9223372036854775808"', `"${'9'.repeat(1000)}"`])(
    'the key %s is refused',
    (key) => {
      expect(refusal(() => parse(`{"key":${key}}`).key('key'))).toMatchObject({ status: 400 });
    },
  );

  it('numbers may be texts, texts may be numbers', () => {
    const body = parse('{"timeout":"500","name":12,"long":1000000000000000000,"whole":2.0}');
    expect(body.integer('timeout')).toBe(500);
    expect(body.text('name')).toBe('12');
    expect(body.integer('long')).toBe(1e18);
    expect(body.integer('whole')).toBe(2);
  });

  it.each(['1.5', '"x"', 'true', '[]', '""', `"${'9'.repeat(20)}"`])('%s is not a whole number', (value) => {
    expect(refusal(() => parse(`{"n":${value}}`).integer('n'))).toMatchObject({ status: 400 });
  });

  it('a wait never exceeds what timers can do', () => {
    expect(parse('{"requestTimeout":1000000000000}').waitMs('requestTimeout')).toBe(2 ** 31 - 1);
  });

  it('flags and lists are checked', () => {
    expect(parse('{"a":true,"b":"false"}').flag('a')).toBe(true);
    expect(parse('{"a":true,"b":"false"}').flag('b')).toBe(false);
    expect(refusal(() => parse('{"a":1}').flag('a'))).toMatchObject({ status: 400 });
    expect(parse('{"a":["x",""]}').texts('a')).toEqual(['x', '']);
    expect(refusal(() => parse('{"a":[1]}').texts('a'))).toMatchObject({ status: 400 });
    expect(refusal(() => parse('{"a":"x"}').texts('a'))).toMatchObject({ status: 400 });
  });

  it('what is needed must be there and not empty', () => {
    expect(parse('{"type":"t"}').needed('type')).toBe('t');
    expect(refusal(() => parse('{"type":""}').needed('type')).detail).toBe('No type provided.');
    expect(refusal(() => parse('{}').needed('type')).detail).toBe('No type provided.');
  });
});

describe('checkTenant', () => {
  it.each([undefined, '', '<default>'])('takes %s', (tenant) => {
    expect(() => checkTenant(tenant)).not.toThrow();
  });

  it('refuses another tenant', () => {
    expect(refusal(() => checkTenant('other')).detail).toContain("not 'other'");
  });
});
