/** Values -> text, as the `string` function shows them. */
import { Failure } from '../errors';
import type { Run } from '../run';
import { checkText } from '../limits';
import { isContext, orderedEntries, type Context } from './context';
import { isFunction } from './function';
import { isNum, numberText } from './number';
import { Range } from './range';
import { temporalText } from './temporal-text';
import { isList, type Value } from './value';

/** @throws FeelError of kind limit when the text becomes too long */
export function textOf(value: Value, run: Run): string {
  const parts: string[] = [];
  let length = 0;
  const put = (part: string): void => {
    run.spend(1);
    length += part.length;
    checkText(length, run.limits);
    parts.push(part);
  };
  write(value, put);
  return parts.join('');
}

function write(value: Value, put: (part: string) => void): void {
  if (value === null) put('null');
  else if (typeof value === 'string') put(`"${value}"`);
  else if (typeof value === 'boolean') put(String(value));
  else if (isNum(value)) put(numberText(value));
  else if (isList(value)) writeList(value, put);
  else if (value instanceof Range) writeRange(value, put);
  else if (isFunction(value)) put(`function(${value.params.join(', ')})`);
  else if (value instanceof Failure) put(`error("${value.message}")`);
  else if (isContext(value)) writeContext(value, put);
  else put(temporalText(value));
}

function writeList(list: readonly Value[], put: (part: string) => void): void {
  put('[');
  list.forEach((item, i) => {
    if (i > 0) put(', ');
    write(item, put);
  });
  put(']');
}

function writeContext(context: Context, put: (part: string) => void): void {
  put('{');
  orderedEntries(context).forEach(([key, value], i) => {
    put(`${i > 0 ? ', ' : ''}${key}:`);
    write(value, put);
  });
  put('}');
}

function writeRange(range: Range, put: (part: string) => void): void {
  put(range.start.closed ? '[' : '(');
  write(range.start.value, put);
  put('..');
  write(range.end.value, put);
  put(range.end.closed ? ']' : ')');
}
