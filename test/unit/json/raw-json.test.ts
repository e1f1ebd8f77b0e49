import * as fc from 'fast-check';
import { listElements, objectMembers } from '../../../src/json/raw-json';

test('the members of any object come out as the text they stand in', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(undefined, 2),
      (object, indent) => {
        const members = objectMembers(JSON.stringify(object, null, indent));
        expect(
          Object.fromEntries([...members].map(([name, text]) => [name, JSON.parse(text) as unknown])),
        ).toEqual(JSON.parse(JSON.stringify(object)));
      },
    ),
  );
});

test('the elements of any list come out as the text they stand in', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 2), (list, indent) => {
      const texts = listElements(JSON.stringify(list, null, indent));
      expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
});

test.each(['', '[', '{"a":', '{"a":1', '["x', '[1 2]', 'null', '{"a" 1}x'])('%j is refused', (text) => {
  expect(() => (text.startsWith('[') ? listElements(text) : objectMembers(text))).toThrow(SyntaxError);
});
