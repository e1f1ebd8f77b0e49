import { checkSchema, readStructured } from '../../../src/operations/kit/structured-output';

describe('a schema that is validated later', () => {
  const later = { $async: true, type: 'object', required: ['x'] };

  it.each([
    ['as a whole', later],
    ['in a part', { type: 'object', properties: { a: later } }],
    ['behind a reference', { $defs: { a: later }, $ref: '#/$defs/a' }],
  ])('is refused before the call, %s', (_title, schema) => {
    expect(() => checkSchema(schema)).toThrow(/\$async|async/);
  });

  it('is never asked, so no promise is taken for an answer', () => {
    expect(() => readStructured('{}', later)).toThrow(/input\.schema/);
  });
});

it('a property that is called $async is like any other', () => {
  const schema = { type: 'object', properties: { $async: { type: 'boolean' } }, required: ['$async'] };
  expect(readStructured('{"$async":true}', schema)).toEqual({ json: { $async: true } });
  expect(readStructured('{}', schema).caveat?.cause).toBe('SCHEMA_MISMATCH');
});
