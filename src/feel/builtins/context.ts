/** Contexts: reading, changing and merging entries. */
import { checkItems } from '../limits';
import type { Run } from '../run';
import {
  BuiltContext,
  entriesOf,
  getEntry,
  isContext,
  orderedEntries,
  type Context,
} from '../values/context';
import { isList, type Value } from '../values/value';
import { builtin, varargs } from './define';

function areTexts(values: readonly Value[]): values is readonly string[] {
  return values.every((value) => typeof value === 'string');
}

function getEntries([context]: readonly Value[]): Value | undefined {
  if (context === undefined || !isContext(context)) return undefined;
  return orderedEntries(context).map(
    ([key, value]) =>
      new BuiltContext(
        new Map<string, Value>([
          ['key', key],
          ['value', value],
        ]),
      ),
  );
}

function getValue([context, key]: readonly Value[]): Value | undefined {
  if (context === undefined || key === undefined || !isContext(context)) return undefined;
  if (typeof key === 'string') return getEntry(context, key) ?? null;
  if (!isList(key)) return undefined;
  return areTexts(key) && key.length > 0 ? valueAt(context, key) : null;
}

function valueAt(context: Context, keys: readonly string[]): Value {
  let value: Value = context;
  for (const key of keys) value = isContext(value) ? (getEntry(value, key) ?? null) : null;
  return value;
}

function contextPut([context, key, value = null]: readonly Value[], run: Run): Value | undefined {
  if (context === undefined || key === undefined || !isContext(context)) return undefined;
  if (typeof key === 'string') return withEntry(context, [key], value, run);
  if (!isList(key)) return undefined;
  if (key.length === 0) return null;
  return areTexts(key) ? withEntry(context, key, value, run) : undefined;
}

/** Levels that are missing or no contexts are created. */
function withEntry(context: Context, keys: readonly string[], value: Value, run: Run): Value {
  const [key, ...deeper] = keys;
  if (key === undefined) return value;
  const entries = new Map(entriesOf(context));
  run.spend(entries.size);
  const next = entries.get(key) ?? null;
  const inner = isContext(next) ? next : new BuiltContext(new Map());
  entries.set(key, deeper.length === 0 ? value : withEntry(inner, deeper, value, run));
  return new BuiltContext(entries);
}

/** A later entry of the same name wins. */
function contextMerge([contexts = null]: readonly Value[], run: Run): Value {
  if (!isList(contexts) || !contexts.every(isContext)) return null;
  const entries = new Map<string, Value>();
  for (const context of contexts) {
    for (const [key, value] of entriesOf(context)) entries.set(key, value);
    run.spend(entries.size);
    checkItems(entries.size, run.limits);
  }
  return new BuiltContext(entries);
}

function contextOf([entries = null]: readonly Value[]): Value {
  if (!isList(entries)) return null;
  const result = new Map<string, Value>();
  for (const entry of entries) {
    const key = isContext(entry) ? getEntry(entry, 'key') : undefined;
    const value = isContext(entry) ? getEntry(entry, 'value') : undefined;
    if (typeof key !== 'string' || value === undefined) return null;
    result.set(key, value);
  }
  return new BuiltContext(result);
}

export const contextBuiltins = [
  builtin('get entries', ['context'], getEntries),
  builtin('get entries', ['m'], getEntries),
  builtin('get value', ['m', 'key'], getValue),
  builtin('get value', ['context', 'key'], getValue),
  builtin('get value', ['context', 'keys'], getValue),
  builtin('context put', ['context', 'key', 'value'], contextPut),
  builtin('context put', ['context', 'keys', 'value'], contextPut),
  builtin('put', ['context', 'key', 'value'], contextPut),
  varargs('context merge', ['contexts'], contextMerge),
  varargs('put all', ['contexts'], contextMerge),
  builtin('context', ['entries'], contextOf),
];
