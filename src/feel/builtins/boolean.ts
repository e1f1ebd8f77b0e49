/** Truth, presence and assertions. */
import { Failure } from '../errors';
import type { Value } from '../values/value';
import { builtin } from './define';

const firstOf = ([value = null]: readonly Value[]): Value => value;
const fromAiParams = ['value', 'description', 'type', 'schema', 'options'];

export const booleanBuiltins = [
  builtin('not', ['negand'], ([negand]) => (typeof negand === 'boolean' ? !negand : null)),
  builtin('is defined', ['value'], ([value]) => value !== null),
  builtin('get or else', ['value', 'default'], ([value, fallback]) => (value === null ? fallback : value)),
  builtin('assert', ['value', 'condition'], ([value, condition]) =>
    condition === true ? value : new Failure('The condition is not fulfilled'),
  ),
  builtin('assert', ['value', 'condition', 'cause'], ([value, condition, cause]) => {
    if (condition === true) return value;
    return typeof cause === 'string' ? new Failure(cause) : undefined;
  }),
  // Marks a value that a model has to provide; to everyone else it is the value.
  ...fromAiParams.map((_, i) => builtin('fromAi', fromAiParams.slice(0, i + 1), firstOf)),
];
