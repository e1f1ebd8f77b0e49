/** Rounding, remainders and functions of single numbers. */
import { Failure } from '../errors';
import type { Run } from '../run';
import type { RoundingMode } from '../values/decimal';
import {
  absoluteNumber,
  addNumbers,
  compareNumbers,
  fromDouble,
  isNum,
  remainderNumbers,
  roundNumber,
  toDouble,
  type Num,
} from '../values/number';
import { DaysDuration, MonthsDuration } from '../values/temporal';
import { preciseCost, exp, log } from '../values/precise';
import type { Value } from '../values/value';
import { builtin, type Builtin } from './define';

const modes: readonly RoundingMode[] = [
  'UP',
  'DOWN',
  'CEILING',
  'FLOOR',
  'HALF_UP',
  'HALF_DOWN',
  'HALF_EVEN',
  'UNNECESSARY',
];

function round(n: Value | undefined, scale: Value | undefined, mode: RoundingMode): Value | undefined {
  if (n === undefined || scale === undefined || !isNum(n) || !isNum(scale)) return undefined;
  return roundNumber(n, scale, mode) ?? new Failure('The number cannot be written with this scale');
}

function rounding(name: string, mode: RoundingMode, scaleName: string): Builtin {
  return builtin(name, ['n', scaleName], ([n, scale]) => round(n, scale, mode));
}

function decimalWithMode([n, scale, mode]: readonly Value[]): Value | undefined {
  if (typeof mode !== 'string') return undefined;
  const known = modes.find((name) => name === mode.toUpperCase());
  return known === undefined
    ? new Failure(`The rounding mode must be one of ${modes.join(', ')}`)
    : round(n, scale, known);
}

function absolute([n]: readonly Value[]): Value | undefined {
  if (n === undefined) return undefined;
  if (isNum(n)) return absoluteNumber(n);
  if (n instanceof MonthsDuration) return n.months < 0 ? n.times(-1) : n;
  if (n instanceof DaysDuration) return n.nanos < 0n ? DaysDuration.of(-n.nanos) : n;
  return undefined;
}

/** The rest with the sign of the divisor. */
function modulo([dividend, divisor]: readonly Value[]): Value | undefined {
  if (dividend === undefined || divisor === undefined || !isNum(dividend) || !isNum(divisor))
    return undefined;
  return remainderNumbers(addNumbers(remainderNumbers(dividend, divisor), divisor), divisor);
}

function ofNumber(name: string, compute: (n: Num, run: Run) => Value): Builtin {
  return builtin(name, ['number'], ([n], run) => (n !== undefined && isNum(n) ? compute(n, run) : undefined));
}

/** A function of doubles that takes its time. */
function precise(name: string, compute: (x: number) => number): Builtin {
  return ofNumber(name, (n, run) => {
    run.spend(preciseCost);
    return fromDouble(compute(toDouble(n)));
  });
}

export const numberBuiltins = [
  rounding('decimal', 'HALF_EVEN', 'scale'),
  builtin('decimal', ['n', 'scale', 'mode'], decimalWithMode),
  builtin('floor', ['n'], ([n]) => round(n, 0, 'FLOOR')),
  // feel-scala's own spelling of the parameter.
  rounding('floor', 'FLOOR', 'scala'),
  builtin('ceiling', ['n'], ([n]) => round(n, 0, 'CEILING')),
  rounding('ceiling', 'CEILING', 'scale'),
  builtin('abs', ['number'], absolute),
  builtin('abs', ['n'], absolute),
  builtin('modulo', ['dividend', 'divisor'], modulo),
  ofNumber('sqrt', (n) => (compareNumbers(n, 0) < 0 ? null : fromDouble(Math.sqrt(toDouble(n))))),
  precise('log', log),
  precise('exp', exp),
  ofNumber('odd', (n) => compareNumbers(remainderNumbers(absoluteNumber(n), 2), 1) === 0),
  ofNumber('even', (n) => compareNumbers(remainderNumbers(n, 2), 0) === 0),
  rounding('round up', 'UP', 'scale'),
  rounding('round down', 'DOWN', 'scale'),
  rounding('round half up', 'HALF_UP', 'scale'),
  rounding('round half down', 'HALF_DOWN', 'scala'),
  builtin('random number', [], (_, run) => fromDouble(run.surroundings.random())),
];
