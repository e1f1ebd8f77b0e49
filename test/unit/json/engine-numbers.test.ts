import { knownJson } from '../../../src/json/text';
import { doubleText, fitEngineNumbers } from '../../../src/json/engine-numbers';

describe('a double in the notation of the engine', () => {
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
    expect(doubleText(value)).toBe(text);
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
    expect(fitEngineNumbers(knownJson(text))).toBe(expected);
  });
});
