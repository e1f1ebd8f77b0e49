import { javaText } from '../../../src/java/text';
import { parseJson } from '../../../src/json/json';

describe('data in Java notation', () => {
  it.each([
    ['{"a":1,"b":["x",null,true],"c":{"d":1.0}}', '{a=1, b=[x, null, true], c={d=1.0}}'],
    ['"text"', 'text'],
    ['[]', '[]'],
    ['1e3', '1000.0'],
    ['null', 'null'],
  ])('%s is %s', (json, text) => {
    expect(javaText(parseJson(json))).toBe(text);
  });
});
