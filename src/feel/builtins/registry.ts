/** All builtins by name. */
import type { FeelFunction } from '../values/function';
import { booleanBuiltins } from './boolean';
import { connectorBuiltins } from './connector';
import { contextBuiltins } from './context';
import { conversionBuiltins } from './conversion';
import type { Builtin } from './define';
import { listBuiltins } from './list';
import { numberBuiltins } from './number';
import { rangeBuiltins } from './range';
import { statisticsBuiltins } from './statistics';
import { stringBuiltins } from './string';
import { temporalBuiltins } from './temporal';

const allBuiltins: readonly Builtin[] = [
  ...booleanBuiltins,
  ...connectorBuiltins,
  ...contextBuiltins,
  ...conversionBuiltins,
  ...listBuiltins,
  ...numberBuiltins,
  ...rangeBuiltins,
  ...statisticsBuiltins,
  ...stringBuiltins,
  ...temporalBuiltins,
];

const builtinsByName = new Map<string, FeelFunction[]>();
for (const { name, overload } of allBuiltins) {
  const overloads = builtinsByName.get(name);
  if (overloads === undefined) builtinsByName.set(name, [overload]);
  else overloads.push(overload);
}

/** The overloads of a builtin in the order in which they are tried. */
export function findBuiltin(name: string): readonly FeelFunction[] | undefined {
  return builtinsByName.get(name);
}

/** For documentation and tests. */
export function builtinNames(): readonly string[] {
  return [...builtinsByName.keys()].sort();
}
