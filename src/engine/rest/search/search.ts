/** One search for all: filter, sort, page, over the table of fields of whatever is searched. */
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../../json/json';
import type { Row } from '../../state/table';
import { invalid, type CheckedBody } from '../body';
import { keyFromText } from '../keys';
import { own, shapeOf, type Entity, type SearchFieldKind, type View } from './fields';
import { compareValues, compileFilter, type Test } from './filter';
import { cutPage, readPage, type Page, type PageRequest, type Rank } from './page';

interface Order {
  readonly name: string;
  readonly kind: SearchFieldKind;
  readonly descending: boolean;
}

/** A search that is checked and can be run, on any state. */
export interface Search<R extends Row> {
  readonly entity: Entity<R>;
  readonly test: Test<R>;
  readonly orders: readonly Order[];
  readonly page: PageRequest;
  /** Only rows of this process instance can fit. */
  readonly instance: string | undefined;
}

export interface SearchResult {
  readonly items: readonly Record<string, unknown>[];
  readonly page: Page;
}

/** @throws Rejection when the request asks for what the entity does not have */
export function readSearch<R extends Row>(body: CheckedBody, entity: Entity<R>): Search<R> {
  const filter = body.json('filter') ?? {};
  if (!isJsonObject(filter)) throw invalid('filter must be an object.');
  const orders = readOrders(body.json('sort'), entity);
  return {
    entity,
    test: compileFilter(filter, entity),
    orders,
    page: readPage(body.json('page'), orders.length + 1),
    instance: instanceOf(filter),
  };
}

/** The process instance that a filter names; there are indexes for it. */
function instanceOf(filter: JsonObject): string | undefined {
  const condition = filter['processInstanceKey'];
  const key = isJsonObject(condition) ? condition['$eq'] : condition;
  return typeof key === 'string' || typeof key === 'number'
    ? keyFromText(String(key), 'processInstanceKey')
    : undefined;
}

function readOrders<R extends Row>(sort: Json | undefined, entity: Entity<R>): readonly Order[] {
  if (sort === undefined) return [];
  if (!isJsonList(sort)) throw invalid('sort must be a list.');
  return sort.map((entry) => {
    const name = isJsonObject(entry) ? entry['field'] : undefined;
    const order = isJsonObject(entry) ? (entry['order'] ?? 'ASC') : undefined;
    const field = typeof name === 'string' ? own(entity.fields, name) : undefined;
    if (field === undefined || field.only)
      throw invalid(
        `The local engine cannot sort by '${typeof name === 'string' ? name : 'that'}': a ${entity.label} has no such field.`,
      );
    if (typeof order !== 'string' || !/^(asc|desc)$/i.test(order))
      throw invalid('order must be ASC or DESC.');
    return { name: name as string, kind: field.kind, descending: /^desc$/i.test(order) };
  });
}

/** @param narrow a further condition, of the path rather than of the filter */
export function runSearch<R extends Row>(
  search: Search<R>,
  view: View,
  narrow?: (row: R) => boolean,
): SearchResult {
  const { entity, orders } = search;
  const ranked: { readonly row: R; readonly rank: Rank }[] = [];
  for (const row of entity.rows(view.state, search.instance)) {
    if (narrow?.(row) === false || !search.test(row, view)) continue;
    ranked.push({ row, rank: rankOf(search, row, view) });
  }
  const compare = (a: Rank, b: Rank): number => compareRanks(orders, a, b);
  ranked.sort((a, b) => compare(a.rank, b.rank));
  const { items, page } = cutPage(ranked, search.page, compare);
  return { items: items.map(({ row }) => shapeOf(entity, row, view)), page };
}

function rankOf<R extends Row>({ entity, orders }: Search<R>, row: R, view: View): Rank {
  const rank: Rank = orders.map(({ name }) => {
    const value = entity.fields[name]!.of(row, view);
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  });
  return [...rank, row.key];
}

/** By each order in turn, null always last; then the older one first. */
function compareRanks(orders: readonly Order[], a: Rank, b: Rank): number {
  for (const [at, { kind, descending }] of orders.entries()) {
    const left = a[at] ?? null;
    const right = b[at] ?? null;
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1;
      continue;
    }
    const order = compareValues(kind, left, right);
    if (order !== 0) return descending ? -order : order;
  }
  return compareValues('key', a.at(-1)!, b.at(-1)!);
}
