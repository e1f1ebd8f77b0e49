import { asJavaWrites, withJavaNumbers } from '../../../src/java/number';
import { parseJson, stringifyJson } from '../../../src/json/json';

describe('numbers as Java reads them', () => {
  it('keeps integers of any size and puts the others through a double', () => {
    const text = '[1,-0,12345678901234567890123,1.10,1.0,1e3,1E-10,0.0001]';
    expect(stringifyJson(withJavaNumbers(parseJson(text)))).toBe(
      '[1,0,12345678901234567890123,1.1,1.0,1000.0,1.0E-10,1.0E-4]',
    );
  });

  it('keeps a number beyond a double for FEEL and writes it as text', () => {
    expect(stringifyJson(withJavaNumbers(parseJson('{"a":1e400}')))).toBe('{"a":1e400}');
    expect(stringifyJson(asJavaWrites(parseJson('{"a":[1e400,-1e400]}')))).toBe(
      '{"a":["Infinity","-Infinity"]}',
    );
  });
});
