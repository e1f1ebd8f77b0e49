/** What an expression can yield, and the names of the types. */
import type { Failure } from '../errors';
import { isContext, type Context } from './context';
import { isFunction, type FeelFunction } from './function';
import type { Num } from './number';
import { Decimal } from './decimal';
import { Range } from './range';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from './temporal';

export type Temporal =
  LocalDate | LocalTime | ZonedTime | LocalDateTime | DateTime | DaysDuration | MonthsDuration;

export type Value =
  null | boolean | string | Num | readonly Value[] | Context | Temporal | Range | FeelFunction | Failure;

export type TypeName =
  | 'null'
  | 'boolean'
  | 'number'
  | 'string'
  | 'list'
  | 'context'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration'
  | 'range'
  | 'function'
  | 'error';

/** The type as `instance of` names it. */
export function typeName(value: Value): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || value instanceof Decimal) return 'number';
  if (isList(value)) return 'list';
  if (value instanceof LocalDate) return 'date';
  if (value instanceof LocalTime || value instanceof ZonedTime) return 'time';
  if (value instanceof LocalDateTime || value instanceof DateTime) return 'date and time';
  if (value instanceof DaysDuration) return 'days and time duration';
  if (value instanceof MonthsDuration) return 'years and months duration';
  if (value instanceof Range) return 'range';
  if (isFunction(value)) return 'function';
  return isContext(value) ? 'context' : 'error';
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
