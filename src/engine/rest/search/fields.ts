/**
 * What clients see of a row, field by field. One table serves answers, filters and sorting, so all three speak of the
 * same fields.
 */
import type { ProcessOf } from '../../api';
import type { EngineState } from '../../state/state';
import type { Row } from '../../state/table';

/** What a field may look at beside its row. */
export interface View {
  readonly state: EngineState;
  readonly processOf: ProcessOf;
}

/** How values are written, read and compared. A date is ms since 1970, written as ISO text. */
export type SearchFieldKind = 'key' | 'text' | 'number' | 'date' | 'flag';
export type Scalar = string | number | boolean | null;

export interface Field<R> {
  readonly kind: SearchFieldKind;
  readonly of: (row: R, view: View) => Scalar | readonly string[] | Readonly<Record<string, string>>;
  /** `filter`: not shown. `answer`: neither filtered nor sorted by. */
  readonly only?: 'filter' | 'answer';
}

/** One kind of thing that can be searched. */
export interface Entity<R extends Row> {
  /** For people: `process instance`. */
  readonly label: string;
  readonly fields: Readonly<Record<string, Field<R>>>;
  /** Filters on variables, by name: the scope in which a row's variables are looked up. */
  readonly variables?: Readonly<Record<string, (row: R) => string>>;
  readonly get: (state: EngineState, key: string) => R | undefined;
  /** All rows, or those of one process instance. */
  readonly rows: (state: EngineState, instance: string | undefined) => Iterable<R>;
}

type Of<R, T> = (row: R, view: View) => T;

export const key = <R>(of: Of<R, string | null>): Field<R> => ({ kind: 'key', of });
export const text = <R>(of: Of<R, string | null>): Field<R> => ({ kind: 'text', of });
export const number = <R>(of: Of<R, number | null>): Field<R> => ({ kind: 'number', of });
export const date = <R>(of: Of<R, number | null>): Field<R> => ({ kind: 'date', of });
export const flag = <R>(of: Of<R, boolean | null>): Field<R> => ({ kind: 'flag', of });
/** Filters fit when one of the texts does; a list as filter when all of it is among them. */
export const texts = <R>(of: Of<R, readonly string[]>): Field<R> => ({ kind: 'text', of });
export const headers = <R>(of: Of<R, Readonly<Record<string, string>>>): Field<R> => ({
  kind: 'text',
  of,
  only: 'answer',
});
export const hidden = <R>(field: Field<R>): Field<R> => ({ ...field, only: 'filter' });
/** The local engine has no such thing. */
export const nothing: Field<unknown> = { kind: 'text', of: () => null };
/** There is one tenant. */
export const tenantId: Field<unknown> = { kind: 'text', of: () => defaultTenant };
export const defaultTenant = '<default>';

/** A member that was put there; names come from clients, who may ask for `toString`. */
export function own<T>(members: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** The rows of a group that an index has by the key of the process instance, or all of them. */
export function rowsOf<R extends Row>(
  table: { get(key: string): R | undefined; values(): Iterable<R> },
  byInstance: { of(instance: string): Iterable<string> },
  instance: string | undefined,
): Iterable<R> {
  if (instance === undefined) return table.values();
  return [...byInstance.of(instance)].map((found) => table.get(found)!);
}

/** The last moment that ISO notation has a text for; a worker may lock a job for longer. */
const lastMoment = 8.64e15;

function isoText(ms: number): string {
  return new Date(Math.min(ms, lastMoment)).toISOString();
}

/** What an answer shows of a row. */
export function shapeOf<R extends Row>(entity: Entity<R>, row: R, view: View): Record<string, unknown> {
  const shape: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(entity.fields)) {
    if (field.only === 'filter') continue;
    const value = field.of(row, view);
    shape[name] = field.kind === 'date' && typeof value === 'number' ? isoText(value) : value;
  }
  return shape;
}
