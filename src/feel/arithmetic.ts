/** `+ - * / **` for every pair of types that has them. */
import { EvaluationError, Failure, type WarningType } from './errors';
import { checkText } from './limits';
import type { Run } from './run';
import {
  DateTime,
  DaysDuration,
  LocalDate,
  LocalDateTime,
  LocalTime,
  MonthsDuration,
  ZonedTime,
} from './values/temporal';
import {
  addNumbers,
  divideNumbers,
  fromBigInt,
  isNum,
  isWholeNumber,
  isZero,
  multiplyNumbers,
  powerNumbers,
  subtractNumbers,
  toInt32,
  type Num,
} from './values/number';
import { defaultDigits } from './values/decimal';
import { preciseCost } from './values/precise';
import { typeName, type Value } from './values/value';

const invalidType: WarningType = 'INVALID_TYPE';

/** Failures become null unless they are fatal; what has no result warns and becomes null. */
function finish(operator: string, x: Value, y: Value, result: Value | undefined, run: Run): Value {
  if (result !== undefined) return result;
  for (const operand of [x, y]) if (operand instanceof Failure) return operand.fatal ? operand : null;
  run.warn(invalidType, `Can't compute ${typeName(x)} ${operator} ${typeName(y)}.`);
  return null;
}

/** A power with a whole exponent takes some sixty multiplications. */
const powerCost = 60;

/** Long numbers take time by their digits. */
function charge(x: Num, y: Num, run: Run): void {
  if (typeof x !== 'number' && x.digits > defaultDigits) run.spend(x.digits);
  if (typeof y !== 'number' && y.digits > defaultDigits) run.spend(y.digits);
}

export function add(x: Value, y: Value, run: Run): Value {
  if (typeof x === 'string' && typeof y === 'string') {
    checkText(x.length + y.length, run.limits);
    return x + y;
  }
  if (isNum(x) && isNum(y)) {
    charge(x, y, run);
    return addNumbers(x, y);
  }
  return finish('+', x, y, plusDuration(x, y) ?? plusDuration(y, x), run);
}

/** A duration on the right side of anything that takes one. */
function plusDuration(x: Value, y: Value): Value | undefined {
  if (y instanceof DaysDuration) {
    if (x instanceof DaysDuration) return DaysDuration.of(x.nanos + y.nanos);
    return shifted(x, y.nanos);
  }
  if (y instanceof MonthsDuration) {
    if (x instanceof MonthsDuration) return MonthsDuration.of(x.months + y.months);
    return shiftedByMonths(x, y.months);
  }
  return undefined;
}

function shifted(x: Value, nanos: bigint): Value | undefined {
  if (x instanceof LocalDate) return new LocalDateTime(x, new LocalTime(0)).plus(nanos).date;
  if (x instanceof LocalTime || x instanceof ZonedTime || x instanceof LocalDateTime || x instanceof DateTime)
    return x.plus(nanos);
  return undefined;
}

function shiftedByMonths(x: Value, months: number): Value | undefined {
  if (x instanceof LocalDate || x instanceof LocalDateTime || x instanceof DateTime)
    return x.plusMonths(months);
  return undefined;
}

export function subtract(x: Value, y: Value, run: Run): Value {
  if (isNum(x) && isNum(y)) {
    charge(x, y, run);
    return subtractNumbers(x, y);
  }
  return finish('-', x, y, difference(x, y), run);
}

function difference(x: Value, y: Value): Value | undefined {
  if (y instanceof DaysDuration) {
    if (x instanceof DaysDuration) return DaysDuration.of(x.nanos - y.nanos);
    return shifted(x, -y.nanos);
  }
  if (y instanceof MonthsDuration) {
    if (x instanceof MonthsDuration) return MonthsDuration.of(x.months - y.months);
    return shiftedByMonths(x, -y.months);
  }
  const nanos = elapsed(x, y);
  return nanos === undefined ? undefined : DaysDuration.of(nanos);
}

/** Nanoseconds from y to x; never negative between times with an offset. */
function elapsed(x: Value, y: Value): bigint | undefined {
  if (x instanceof LocalTime && y instanceof LocalTime) return BigInt(x.nanoOfDay - y.nanoOfDay);
  if (x instanceof ZonedTime && y instanceof ZonedTime) return BigInt(Math.abs(x.utcNanos - y.utcNanos));
  if (x instanceof LocalDate && y instanceof LocalDate)
    return BigInt(x.epochDay - y.epochDay) * 86_400_000_000_000n;
  if (x instanceof LocalDateTime && y instanceof LocalDateTime) return x.nanos - y.nanos;
  if (x instanceof DateTime && y instanceof DateTime) return x.instant - y.instant;
  return undefined;
}

export function multiply(x: Value, y: Value, run: Run): Value {
  if (isNum(x) && isNum(y)) {
    charge(x, y, run);
    return multiplyNumbers(x, y);
  }
  const product = isNum(x) ? scaled(y, x) : isNum(y) ? scaled(x, y) : undefined;
  return finish('*', x, y, product, run);
}

/** Only the low 32 bits of the whole part of the factor count. */
function scaled(duration: Value, factor: Num): Value | undefined {
  if (duration instanceof DaysDuration) return DaysDuration.of(duration.nanos * BigInt(toInt32(factor)));
  if (duration instanceof MonthsDuration) return duration.times(toInt32(factor));
  return undefined;
}

export function divide(x: Value, y: Value, run: Run): Value {
  if (isNum(y) && !isZero(y)) {
    if (isNum(x)) {
      charge(x, y, run);
      return divideNumbers(x, y);
    }
    if (x instanceof DaysDuration) {
      const millis = toInt32(divideNumbers(fromBigInt(x.millis), y));
      return DaysDuration.of(BigInt(millis) * 1_000_000n);
    }
    if (x instanceof MonthsDuration) return MonthsDuration.of(toInt32(divideNumbers(x.months, y)));
  }
  return finish('/', x, y, ratio(x, y), run);
}

/** How often one duration fits into the other, as a whole number. */
function ratio(x: Value, y: Value): Value | undefined {
  if (x instanceof MonthsDuration && y instanceof MonthsDuration && y.months !== 0)
    return Math.trunc(x.months / y.months) + 0;
  if (!(x instanceof DaysDuration && y instanceof DaysDuration) || y.nanos === 0n) return undefined;
  const dividend = x.millis;
  const divisor = y.millis;
  if (divisor === 0n) throw new EvaluationError('Division by a duration of less than a millisecond.');
  return fromBigInt(dividend / divisor);
}

export function raise(x: Value, y: Value, run: Run): Value {
  if (isNum(x) && isNum(y)) {
    charge(x, y, run);
    run.spend(isWholeNumber(y) ? powerCost : preciseCost);
    return powerNumbers(x, y);
  }
  // The base is looked at first: when it is not a number, the exponent does not count.
  return finish('**', x, isNum(x) || x instanceof Failure ? y : null, undefined, run);
}
