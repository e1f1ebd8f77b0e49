import { CheckedBody } from '../../../../src/engine/rest/body';
import { defaultLimits } from '../../../../src/engine/rest/limits';
import { readSearch, runSearch, type SearchResult } from '../../../../src/engine/rest/search/search';
import {
  date,
  flag,
  hidden,
  key,
  number,
  text,
  texts,
  type Entity,
} from '../../../../src/engine/rest/search/fields';
import { EngineState } from '../../../../src/engine/state/state';

interface Thing {
  readonly key: string;
  readonly name: string | null;
  readonly size: number;
  readonly made: number;
  readonly done: boolean;
  readonly tags: readonly string[];
}

const thing = (id: string, members: Partial<Thing> = {}): Thing => ({
  key: id,
  name: `thing ${id}`,
  size: Number(id),
  made: Date.UTC(2026, 0, Number(id)),
  done: false,
  tags: [],
  ...members,
});

const entityOf = (rows: readonly Thing[]): Entity<Thing> => ({
  label: 'thing',
  get: () => undefined,
  rows: () => rows,
  variables: { variables: (row) => row.key },
  fields: {
    thingKey: key((row) => row.key),
    name: text((row) => row.name),
    size: number((row) => row.size),
    made: date((row) => row.made),
    done: flag((row) => row.done),
    tags: texts((row) => row.tags),
    secret: hidden(text((row) => row.name)),
  },
});

const state = new EngineState();
const view = { state, processOf: () => undefined };
const search = (rows: readonly Thing[], request: unknown): SearchResult => {
  const body = CheckedBody.parse(
    typeof request === 'string' ? request : JSON.stringify(request),
    defaultLimits,
  );
  return runSearch(readSearch(body, entityOf(rows)), view);
};
const keys = ({ items }: SearchResult): unknown[] => items.map((item) => item['thingKey']);

describe('a filter', () => {
  const rows = [
    thing('1', { name: 'alpha', tags: ['x', 'y'] }),
    thing('2', { name: 'Beta', done: true }),
    thing('3', { name: null, tags: ['y'] }),
    thing('9007199254740993', { name: 'a*b', size: 1.5, made: 0 }),
  ];
  const big = '9007199254740993';

  it.each<[string, string[]]>([
    ['{}', ['1', '2', '3', big]],
    ['{"name":"alpha"}', ['1']],
    ['{"name":null}', ['1', '2', '3', big]],
    ['{"name":{"$eq":"alpha"}}', ['1']],
    ['{"name":{"$neq":"alpha"}}', ['2', '3', big]],
    ['{"name":{"$exists":false}}', ['3']],
    ['{"name":{"$exists":true}}', ['1', '2', big]],
    ['{"name":{"$in":["alpha","Beta"]}}', ['1', '2']],
    ['{"name":{"$notIn":["alpha","Beta"]}}', ['3', big]],
    ['{"name":{"$like":"*a"}}', ['1', '2']],
    ['{"name":{"$like":"a\\\\*?"}}', [big]],
    ['{"thingKey":9007199254740993}', [big]],
    ['{"thingKey":"9007199254740993"}', [big]],
    ['{"thingKey":{"$in":[1,"2"]}}', ['1', '2']],
    ['{"thingKey":{"$gt":"3"}}', [big]],
    ['{"size":{"$gte":2,"$lt":3}}', ['2']],
    ['{"size":1.5}', [big]],
    ['{"size":{"$lte":"1.5"}}', ['1', big]],
    ['{"made":{"$gte":"2026-01-02T00:00:00.000Z"}}', ['2', '3']],
    ['{"made":"2026-01-02T01:00:00+01:00"}', ['2']],
    ['{"done":true}', ['2']],
    ['{"done":{"$neq":true}}', ['1', '3', big]],
    ['{"tags":["y"]}', ['1', '3']],
    ['{"tags":["y","x"]}', ['1']],
    ['{"tags":{"$exists":false}}', ['2', big]],
    ['{"secret":"alpha"}', ['1']],
    ['{"$or":[{"name":"alpha"},{"done":true}]}', ['1', '2']],
    ['{"$or":[{"name":"alpha"},{"done":true}],"size":{"$gt":1}}', ['2']],
    ['{"$or":[]}', []],
  ])('%s finds %j', (filter, expected) => {
    expect(keys(search(rows, `{"filter":${filter}}`))).toEqual(expected);
  });

  it.each([
    ['{"unknown":1}', "cannot filter by 'unknown'"],
    ['{"toString":1}', "cannot filter by 'toString'"],
    ['{"name":{"$regex":"a"}}', "does not know the operator '$regex'"],
    ['{"thingKey":"abc"}', 'must be the number of a key'],
    ['{"size":"big"}', 'must be a number'],
    ['{"made":"yesterday"}', 'ISO notation'],
    ['{"done":"yes"}', 'must be true or false'],
    ['{"name":{"$in":"alpha"}}', '$in must be a list'],
    ['{"$or":{"name":"a"}}', '$or must be a list'],
    ['{"$or":["a"]}', 'must be an object'],
    ['{"variables":[{"value":"1"}]}', 'needs a name and a value'],
    ['[]', 'filter must be an object'],
  ])('%s is refused: %s', (filter, reason) => {
    expect(() => search(rows, `{"filter":${filter}}`)).toThrow(reason);
  });

  it('on variables compares JSON texts of the scope', () => {
    const row = { key: '50', instance: '1', scope: '1', name: 'color', value: '"red"' };
    state.variables.put(row);
    state.variables.put({ ...row, key: '51', scope: '2', value: '"blue"' });
    const filter = (value: unknown): unknown => ({ filter: { variables: [{ name: 'color', value }] } });
    expect(keys(search(rows, filter('"red"')))).toEqual(['1']);
    expect(keys(search(rows, filter({ $like: '*e*' })))).toEqual(['1', '2']);
    expect(keys(search(rows, filter({ $neq: '"red"' })))).toEqual(['2']);
    expect(keys(search(rows, filter({ $exists: true })))).toEqual(['1', '2']);
  });
});

describe('sorting', () => {
  const rows = [
    thing('10', { name: 'b', size: 1 }),
    thing('9', { name: 'a', size: 1 }),
    thing('8', { name: null, size: 2 }),
    thing('70', { name: 'c', size: 0 }),
  ];

  it.each<[unknown, string[]]>([
    [[], ['8', '9', '10', '70']],
    [[{ field: 'name' }], ['9', '10', '70', '8']],
    [[{ field: 'name', order: 'DESC' }], ['70', '10', '9', '8']],
    [
      [{ field: 'size' }, { field: 'name', order: 'desc' }],
      ['70', '10', '9', '8'],
    ],
    [[{ field: 'thingKey', order: 'DESC' }], ['70', '10', '9', '8']],
  ])('%j', (sort, expected) => {
    expect(keys(search(rows, { sort }))).toEqual(expected);
  });

  it.each([[{ field: 'secret' }], [{ field: 'other' }], [{}], ['name'], [{ field: 'name', order: 'UP' }]])(
    '%j is refused',
    (sort) => {
      expect(() => search(rows, { sort: [sort] })).toThrow(/cannot sort by|order must be/);
    },
  );
});

describe('a page', () => {
  const rows = Array.from({ length: 250 }, (_, at) => thing(String(at + 1), { size: at % 7 }));

  it('holds 100 items unless the request says otherwise, and counts all', () => {
    const { items, page } = search(rows, {});
    expect(items).toHaveLength(100);
    expect(page).toMatchObject({ totalItems: 250, hasMoreTotalItems: false });
    expect(search(rows, { page: { limit: 0 } }).items).toEqual([]);
  });

  it('may begin anywhere', () => {
    expect(keys(search(rows, { page: { from: 248, limit: 5 } }))).toEqual(['249', '250']);
  });

  it.each([{}, { sort: [{ field: 'size', order: 'DESC' }, { field: 'name' }] }])(
    'cursors lead through everything and back: %j',
    (request) => {
      const all = keys(search(rows, { ...request, page: { limit: 1000 } }));
      const forth: unknown[] = [];
      let last = search(rows, { ...request, page: { limit: 40 } });
      for (let page = last; page.items.length > 0;) {
        forth.push(...keys(page));
        last = page;
        page = search(rows, { ...request, page: { limit: 40, after: page.page.endCursor } });
      }
      expect(forth).toEqual(all);
      const back = search(rows, { ...request, page: { limit: 40, before: last.page.startCursor } });
      expect(keys(back)).toEqual(all.slice(200, 240));
    },
  );

  it('a cursor stays right when its item has gone', () => {
    const { page } = search(rows, { page: { limit: 10 } });
    const rest = rows.filter((row) => row.key !== '10');
    expect(keys(search(rest, { page: { limit: 2, after: page.endCursor } }))).toEqual(['11', '12']);
  });

  it('without items has no cursors', () => {
    expect(search([], {}).page).toEqual({
      totalItems: 0,
      hasMoreTotalItems: false,
      startCursor: null,
      endCursor: null,
    });
  });

  it.each([
    [{ limit: -1 }, 'page.limit'],
    [{ limit: 10_001 }, 'page.limit'],
    [{ from: 0.5 }, 'page.from'],
    [{ after: 'rubbish' }, 'not a cursor'],
    [{ after: 'WzEsMl0', before: 'WzEsMl0' }, 'not a cursor'],
    ['first', 'page must be an object'],
  ])('%j is refused', (page, reason) => {
    expect(() => search(rows, { page })).toThrow(reason);
  });

  it('after and before exclude one another', () => {
    const cursor = search(rows, { page: { limit: 1 } }).page.endCursor;
    expect(() => search(rows, { page: { after: cursor, before: cursor } })).toThrow('one of them');
  });
});

it('dates are ISO texts, however far away', () => {
  const [item] = search([thing('1', { made: 1e18 })], {}).items;
  expect(item).toMatchObject({ made: '+275760-09-13T00:00:00.000Z' });
  expect(item).not.toHaveProperty('secret');
});
