/** How points and ranges lie to each other. Both must be of one type, texts excluded. */
import { EvaluationError } from '../errors';
import { isPoint, order, sameKind } from '../values/compare';
import { Range, type Bound } from '../values/range';
import type { Value } from '../values/value';
import { builtin, type Builtin } from './define';

/** What a function says of two ranges, of a point and a range, and so on; absent: the evaluation fails. */
interface Relation {
  readonly ranges?: (x: Range, y: Range) => boolean;
  readonly pointRange?: (point: Value, range: Range) => boolean;
  readonly rangePoint?: (range: Range, point: Value) => boolean;
  readonly points?: (x: Value, y: Value) => boolean;
}

const pointRangeParams = ['point', 'range'];
const rangePointParams = ['range', 'point'];
const pointsParams = ['point1', 'point2'];
const rangesParams = ['range1', 'range2'];

function sample(value: Value): Value {
  return value instanceof Range ? value.start.value : value;
}

function relation(
  name: string,
  signatures: readonly (readonly string[])[],
  { ranges, pointRange, rangePoint, points }: Relation,
): Builtin[] {
  return signatures.map((params) =>
    builtin(name, params, ([x = null, y = null]) => {
      if (!isPoint(sample(x)) || !sameKind(sample(x), sample(y))) return undefined;
      if (x instanceof Range && y instanceof Range && ranges) return ranges(x, y);
      if (!(x instanceof Range) && y instanceof Range && pointRange) return pointRange(x, y);
      if (x instanceof Range && !(y instanceof Range) && rangePoint) return rangePoint(x, y);
      if (points) return !(x instanceof Range) && !(y instanceof Range) && points(x, y);
      throw new EvaluationError(`The function '${name}' does not take these points and ranges.`);
    }),
  );
}

const less = (x: Value, y: Value) => order(x, y) < 0;
const same = (x: Value, y: Value) => order(x, y) === 0;
const touch = (x: Bound, y: Bound) => x.closed && y.closed && same(x.value, y.value);
const equalBounds = (x: Bound, y: Bound) => x.closed === y.closed && same(x.value, y.value);

/** Does a range that starts with x begin before one that starts with y, or with it? */
const startsByThen = (x: Bound, y: Bound) =>
  less(x.value, y.value) || (same(x.value, y.value) && (x.closed || !y.closed));
/** Does a range that ends with x end after one that ends with y, or with it? */
const endsAfterOrThen = (x: Bound, y: Bound) =>
  less(y.value, x.value) || (same(x.value, y.value) && (x.closed || !y.closed));

/** x begins first, reaches into y, and ends in it. */
function overlapsBefore(x: Range, y: Range): boolean {
  const beginsFirst =
    less(x.start.value, y.start.value) ||
    (same(x.start.value, y.start.value) && x.start.closed && !y.start.closed);
  const reaches = less(y.start.value, x.end.value) || touch(x.end, y.start);
  const endsIn =
    less(x.end.value, y.end.value) || (same(x.end.value, y.end.value) && (!x.end.closed || y.end.closed));
  return beginsFirst && reaches && endsIn;
}

function overlaps(x: Range, y: Range): boolean {
  return (
    (less(y.start.value, x.end.value) || touch(x.end, y.start)) &&
    (less(x.start.value, y.end.value) || touch(x.start, y.end))
  );
}

function before(x: Range, y: Range): boolean {
  return (
    less(x.end.value, y.start.value) ||
    (same(x.end.value, y.start.value) && (!x.end.closed || !y.start.closed))
  );
}

const pointBefore = (point: Value, { start }: Range) =>
  less(point, start.value) || (same(point, start.value) && !start.closed);
const pointAfter = (point: Value, { end }: Range) =>
  less(end.value, point) || (same(point, end.value) && !end.closed);
const contains = ({ start, end }: Range, point: Value) =>
  (less(start.value, point) && less(point, end.value)) ||
  (same(start.value, point) && start.closed) ||
  (same(end.value, point) && end.closed);
const includes = (x: Range, y: Range) => startsByThen(x.start, y.start) && endsAfterOrThen(x.end, y.end);
const finishes = (x: Range, y: Range) => equalBounds(x.end, y.end) && startsByThen(y.start, x.start);
const starts = (x: Range, y: Range) => equalBounds(x.start, y.start) && endsAfterOrThen(y.end, x.end);
const endsWith = ({ end }: Range, point: Value) => end.closed && same(end.value, point);
const startsWith = ({ start }: Range, point: Value) => start.closed && same(start.value, point);

export const rangeBuiltins = [
  ...relation('before', [pointsParams, pointRangeParams, rangePointParams, rangesParams], {
    ranges: before,
    pointRange: pointBefore,
    rangePoint: (range, point) => pointAfter(point, range),
    points: less,
  }),
  ...relation('after', [pointsParams, pointRangeParams, rangePointParams, rangesParams], {
    ranges: (x, y) => before(y, x),
    pointRange: pointAfter,
    rangePoint: (range, point) => pointBefore(point, range),
    points: (x, y) => less(y, x),
  }),
  ...relation('meets', [rangesParams], { ranges: (x, y) => touch(x.end, y.start) }),
  ...relation('met by', [rangesParams], { ranges: (x, y) => touch(x.start, y.end) }),
  ...relation('overlaps', [rangesParams], { ranges: overlaps }),
  ...relation('overlaps before', [rangesParams], { ranges: overlapsBefore }),
  ...relation('overlaps after', [rangesParams], { ranges: (x, y) => overlapsBefore(y, x) }),
  ...relation('finishes', [pointRangeParams, rangesParams], {
    ranges: finishes,
    pointRange: (point, range) => endsWith(range, point),
  }),
  // feel-scala's own order of the names: the range is called point, and the point range.
  ...relation('finished by', [pointRangeParams, rangesParams], {
    ranges: (x, y) => finishes(y, x),
    rangePoint: endsWith,
  }),
  ...relation('includes', [rangePointParams, rangesParams], { ranges: includes, rangePoint: contains }),
  ...relation('during', [pointRangeParams, rangesParams], {
    ranges: (x, y) => includes(y, x),
    pointRange: (point, range) => contains(range, point),
  }),
  ...relation('starts', [pointRangeParams, rangesParams], {
    ranges: starts,
    pointRange: (point, range) => startsWith(range, point),
  }),
  ...relation('started by', [rangePointParams, rangesParams], {
    ranges: (x, y) => starts(y, x),
    rangePoint: startsWith,
  }),
  ...relation('coincides', [pointsParams, rangesParams], {
    ranges: (x, y) => equalBounds(x.start, y.start) && equalBounds(x.end, y.end),
    points: same,
  }),
];
