/**
 * Contexts. Those that come from JSON stay the plain objects that JSON.parse made; those that an expression builds are
 * of class BuiltContext. Keys are read as own properties only, so no prototype shows through.
 */
import type { FeelFunction } from './function';
import type { Value } from './value';

/** A context as JSON.parse made it. */
export interface JsonContext {
  readonly [key: string]: Value;
}

/** A context built by an expression. */
export class BuiltContext {
  constructor(
    readonly entries: ReadonlyMap<string, Value>,
    /** Functions are not entries: they can only be called. */
    readonly functions: ReadonlyMap<string, readonly FeelFunction[]> | undefined = undefined,
    /** From a literal `{..}`: it is in a list only as the very same one. */
    readonly literal: boolean = false,
  ) {}
}

export type Context = BuiltContext | JsonContext;

export function isContext(value: Value): value is Context {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof BuiltContext || Object.getPrototypeOf(value) === Object.prototype;
}

/** undefined when there is no such entry. */
export function getEntry(context: Context, key: string): Value | undefined {
  if (context instanceof BuiltContext) return context.entries.get(key);
  return Object.hasOwn(context, key) ? context[key] : undefined;
}

export function entryCount(context: Context): number {
  return context instanceof BuiltContext ? context.entries.size : Object.keys(context).length;
}

/** Entries in no particular order. */
export function entriesOf(context: Context): Iterable<readonly [string, Value]> {
  return context instanceof BuiltContext ? context.entries : Object.entries(context);
}

/** Entries in the order in which feel-scala shows them: as written up to four, by hash of the key beyond. */
export function orderedEntries(context: Context): readonly (readonly [string, Value])[] {
  const entries = [...entriesOf(context)];
  return entries.length <= 4 ? entries : byHash(entries, 0);
}

type HashedEntry = readonly [string, Value];

/** Scala's immutable hash map: five bits of the hash choose the place; what has a place of its own comes first. */
function byHash(entries: readonly HashedEntry[], shift: number): HashedEntry[] {
  if (shift > 30) return [...entries];
  const places = new Map<number, HashedEntry[]>();
  for (const entry of entries) {
    const place = (scalaHash(entry[0]) >>> shift) & 31;
    const there = places.get(place);
    if (there === undefined) places.set(place, [entry]);
    else there.push(entry);
  }
  const sorted = [...places].sort(([a], [b]) => a - b).map(([, there]) => there);
  const alone = sorted.filter((there) => there.length === 1).flat();
  return alone.concat(...sorted.filter((there) => there.length > 1).map((there) => byHash(there, shift + 5)));
}

/** Java's hash of a text, spread as Scala's collections do. */
function scalaHash(key: string): number {
  let hash = 0;
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  let h = (hash + ~(hash << 9)) | 0;
  h ^= h >>> 14;
  h = (h + (h << 4)) | 0;
  return h ^ (h >>> 10);
}
