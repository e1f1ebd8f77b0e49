import { parseJson, stringifyJson } from '../../../src/json/json';
import { asJavaWrites, fitEngineNumbers, javaDouble, withJavaNumbers } from '../../../src/json/java-number';

describe('a double in Java notation', () => {
  it.each([
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [1.5, '1.5'],
    [-2.25, '-2.25'],
    [1e21, '1.0E21'],
    [1e-7, '1.0E-7'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [9999999, '9999999.0'],
    [1e7, '1.0E7'],
    [123456789.12345679, '1.2345678912345679E8'],
  ])('%d is %s', (value, text) => {
    expect(javaDouble(value)).toBe(text);
  });
});

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

describe('numbers the engine can hold', () => {
  it.each([
    [
      '{"a":18446744073709551615,"b":-9223372036854775808}',
      '{"a":18446744073709551615,"b":-9223372036854775808}',
    ],
    ['{"a":18446744073709551616}', '{"a":1.8446744073709552E19}'],
    ['{"a":[-9223372036854775809]}', '{"a":[-9.223372036854776E18]}'],
    ['{"a":1e400}', '{"a":"Infinity"}'],
    ['{"a":"99999999999999999999999"}', '{"a":"99999999999999999999999"}'],
    ['{"a":1.0E21,"b":1.10}', '{"a":1.0E21,"b":1.10}'],
  ])('%s is sent as %s', (text, expected) => {
    expect(fitEngineNumbers(text)).toBe(expected);
  });
});
