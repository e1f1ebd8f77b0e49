/**
 * One page of a sorted list. A cursor holds the values that its item is sorted by, so it stays right when rows come and
 * go between two pages, the item itself included.
 */
import { isJsonList, isJsonObject, JsonNumber, type Json } from '../../../json/json';
import { invalid } from '../body';

const defaultLimit = 100;
const maxLimit = 10_000;

/** What an item is sorted by, one after the other; the last one is its key. */
export type Rank = readonly (string | number | boolean | null)[];

export interface PageRequest {
  readonly from: number;
  readonly limit: number;
  readonly after?: Rank;
  readonly before?: Rank;
}

export interface Page {
  readonly totalItems: number;
  /** Always false: all that fit are counted. */
  readonly hasMoreTotalItems: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** @param page the request's member `page` */
export function readPage(page: Json | undefined, rankLength: number): PageRequest {
  if (page === undefined || page === null) return { from: 0, limit: defaultLimit };
  if (!isJsonObject(page)) throw invalid('page must be an object.');
  const after = readCursor('after', page['after'], rankLength);
  const before = readCursor('before', page['before'], rankLength);
  if (after !== undefined && before !== undefined)
    throw invalid('page holds both after and before; give one of them.');
  return {
    from: wholeNumber('page.from', page['from'], 0, Number.MAX_SAFE_INTEGER),
    limit: wholeNumber('page.limit', page['limit'], defaultLimit, maxLimit),
    ...(after && { after }),
    ...(before && { before }),
  };
}

function wholeNumber(name: string, value: Json | undefined, absent: number, max: number): number {
  if (value === undefined || value === null) return absent;
  const number = value instanceof JsonNumber ? Number(value.text) : Number(value);
  if (!Number.isInteger(number) || number < 0 || number > max)
    throw invalid(`${name} must be a whole number from 0 to ${max}.`);
  return number;
}

function readCursor(name: string, value: Json | undefined, rankLength: number): Rank | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const rank = typeof value === 'string' ? rankOf(value) : undefined;
  if (rank?.length !== rankLength)
    throw invalid(`page.${name} is not a cursor of a search with this sorting.`);
  return rank;
}

function rankOf(cursor: string): Rank | undefined {
  let rank: Json;
  try {
    rank = JSON.parse(Buffer.from(cursor, 'base64').toString()) as Json;
  } catch {
    return undefined;
  }
  const fits = isJsonList(rank) && rank.every((part) => part === null || typeof part !== 'object');
  return fits ? (rank as Rank) : undefined;
}

/** Clients check that it is plain base64. */
function cursorOf(rank: Rank | undefined): string | null {
  return rank === undefined ? null : Buffer.from(JSON.stringify(rank)).toString('base64');
}

/**
 * @param ranked sorted
 * @returns the items of the page and what is said about it
 */
export function cutPage<T extends { readonly rank: Rank }>(
  ranked: readonly T[],
  request: PageRequest,
  compare: (a: Rank, b: Rank) => number,
): { readonly items: readonly T[]; readonly page: Page } {
  let items: readonly T[];
  if (request.before !== undefined) {
    const end = request.before;
    const those = ranked.filter(({ rank }) => compare(rank, end) < 0);
    items = request.limit === 0 ? [] : those.slice(-request.limit);
  } else {
    const start = request.after;
    const those = start === undefined ? ranked : ranked.filter(({ rank }) => compare(rank, start) > 0);
    items = those.slice(request.from, request.from + request.limit);
  }
  return {
    items,
    page: {
      totalItems: ranked.length,
      hasMoreTotalItems: false,
      startCursor: cursorOf(items[0]?.rank),
      endCursor: cursorOf(items.at(-1)?.rank),
    },
  };
}
