/** Input and output mappings: in order, each sees what those before it made. */
import { objectMembers } from '../../json/raw-json';
import type { Turn } from '../turn/turn';
import type { Mapping } from '../model/process';
import type { ElementRow } from '../state/rows';
import { evaluate, type Reader } from './expressions';
import { lookUp, merge, setLocal } from './variables';

/** A value that is being built: JSON text, or the members of an object. */
type Node = string | Map<string, Node>;

/**
 * Input mappings: all targets become local to the element; a nested target builds a new object.
 * @throws IncidentError IO_MAPPING_ERROR; nothing has changed then
 */
export function applyInputs(turn: Turn, row: ElementRow, mappings: readonly Mapping[]): void {
  const made = applyAll(
    turn,
    mappings,
    (name) => lookUp(turn.state, row.key, name),
    () => undefined,
  );
  for (const [name, node] of made) setLocal(turn, row, name, textOf(node));
}

/**
 * Output mappings: evaluated on the element, merged from the scope around it upwards; a nested target changes only its
 * leaf of the value that is there. Those of one instance of a multi-instance begin at the instance itself: they may make
 * the variable that is its output.
 * @throws IncidentError IO_MAPPING_ERROR; nothing has changed then
 */
export function applyOutputs(turn: Turn, row: ElementRow, mappings: readonly Mapping[]): void {
  const scope = row.loopCounter === undefined ? turn.scopeOf(row) : row;
  if (scope === undefined) return;
  const there = (name: string): string | undefined => lookUp(turn.state, scope.key, name);
  const made = applyAll(turn, mappings, (name) => lookUp(turn.state, row.key, name), there);
  merge(turn, scope, new Map([...made].map(([name, node]) => [name, textOf(node)])));
}

/** @param there what a nested target starts from */
function applyAll(turn: Turn, mappings: readonly Mapping[], read: Reader, there: Reader): Map<string, Node> {
  const made = new Map<string, Node>();
  const readBoth: Reader = (name) => {
    const node = made.get(name);
    return node === undefined ? read(name) : textOf(node);
  };
  for (const { source, target } of mappings) {
    const json = source === undefined ? 'null' : evaluate(turn, source, readBoth, 'IO_MAPPING_ERROR').json;
    const [name = '', ...path] = target;
    if (path.length === 0) made.set(name, json);
    else place(members(made, name, there(name)), path, json);
  }
  return made;
}

/** Puts a value at a path below an object that is being built. */
function place(object: Map<string, Node>, path: readonly string[], json: string): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) object.set(name, json);
  else place(members(object, name, undefined), rest, json);
}

/** The member as an object that can be built on; what is there and no object is replaced. */
function members(object: Map<string, Node>, name: string, otherwise: string | undefined): Map<string, Node> {
  const node = object.get(name) ?? otherwise;
  const opened = node === undefined || typeof node === 'string' ? openObject(node) : node;
  object.set(name, opened);
  return opened;
}

function openObject(json: string | undefined): Map<string, Node> {
  return json?.startsWith('{') ? objectMembers(json) : new Map<string, Node>();
}

function textOf(node: Node): string {
  if (typeof node === 'string') return node;
  const parts: string[] = [];
  for (const [name, member] of node) parts.push(`${JSON.stringify(name)}:${textOf(member)}`);
  return `{${parts.join(',')}}`;
}
