/** The `to json` function: numbers keep their decimal text, a region stays visible, keys come in feel-scala's order. */
import { EvaluationError, Failure } from './errors';
import { checkText } from './limits';
import type { Run } from './run';
import { isContext, orderedEntries } from './values/context';
import { isFunction } from './values/function';
import { isNum, numberText } from './values/number';
import { Range } from './values/range';
import { temporalToJson } from './values/temporal-text';
import { textOf } from './values/text';
import { isList, type Value } from './values/value';

/**
 * @throws EvaluationError when it holds a failure, which has no JSON
 * @throws FeelError of kind limit when the text becomes too long
 */
export function toJsonText(value: Value, run: Run): string {
  const parts: string[] = [];
  let length = 0;
  const put = (part: string): void => {
    run.spend(1);
    length += part.length;
    checkText(length, run.limits);
    parts.push(part);
  };
  write(value, put, run);
  return parts.join('');
}

function write(value: Value, put: (part: string) => void, run: Run): void {
  if (value === null || typeof value === 'boolean') put(String(value));
  else if (typeof value === 'string') put(quoted(value));
  else if (isNum(value)) put(numberText(value));
  else if (isList(value)) {
    put('[');
    value.forEach((item, i) => {
      if (i > 0) put(',');
      write(item, put, run);
    });
    put(']');
  } else if (isContext(value)) {
    put('{');
    orderedEntries(value).forEach(([key, item], i) => {
      put(`${i > 0 ? ',' : ''}${quoted(key)}:`);
      write(item, put, run);
    });
    put('}');
  } else if (value instanceof Failure) throw new EvaluationError('A failure has no JSON');
  else if (value instanceof Range || isFunction(value)) put(quoted(textOf(value, run)));
  else put(quoted(temporalToJson(value)));
}

/** Half of a surrogate pair stays as it is. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/\\(?:\\|ud[89a-f][\da-f]{2})/g, (escape) =>
    escape === '\\\\' ? escape : String.fromCharCode(parseInt(escape.slice(2), 16)),
  );
}
