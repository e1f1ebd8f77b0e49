/**
 * Faults that tests order from the engine, over the management port or in the same process. Each waits for requests whose
 * "METHOD /path" fits its pattern, and is used up after some of them. Switches stay until they are set back.
 *
 *   status, no cut   answered with the status, nothing is done
 *   status, "after"  the command is done, then answered with the status
 *   cut "before"     the connection is reset, nothing is done
 *   cut "after"      the command is done, the answer is lost with the connection
 *   delayMs          waits before the command, or between command and answer with "after"; alone: only slow
 */
import { invalid } from './body';
import { defaultLimits, type SizeLimits } from './limits';
import { matchesWildcard } from './wildcard';

export interface Fault {
  /** `POST /v2/jobs/*\/completion`, `* /v2/*`; `*` is any text. Without a method: any. */
  readonly path: string;
  /** How many requests it meets; absent: one, -1: all until it is taken back. */
  readonly times?: number;
  readonly status?: number;
  readonly title?: string;
  readonly detail?: string;
  readonly delayMs?: number;
  readonly cut?: 'before' | 'after';
}

export interface Switches {
  /** A poll whose client has gone still takes jobs until its time is over, as clusters do. */
  deadPolls: boolean;
  /** The topology calls every partition unhealthy. */
  unhealthyTopology: boolean;
  /** Timers, job time-outs and back-offs are late by up to this many ms, as with clusters that look once a second. */
  lateTimersMs: number;
  limits: SizeLimits;
}

const usualSwitches: Readonly<Switches> = {
  deadPolls: false,
  unhealthyTopology: false,
  lateTimersMs: 0,
  limits: defaultLimits,
};

export class Faults {
  #orders: { readonly fault: Fault; left: number }[] = [];
  readonly switches: Switches = { ...usualSwitches };

  order(fault: Fault): void {
    this.#orders.push({ fault, left: fault.times ?? 1 });
  }

  /** Ordered faults that have not been used up, with what is left of them. */
  list(): readonly Fault[] {
    return this.#orders.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  /** Takes back all faults and sets the switches back. */
  clear(): void {
    this.#orders = [];
    Object.assign(this.switches, usualSwitches);
  }

  /** The fault that meets this request, if any: the one ordered first. */
  take(method: string, path: string): Fault | undefined {
    const order = this.#orders.find(({ fault }) => fits(fault.path, method, path));
    if (order === undefined) return undefined;
    if (order.left > 0 && --order.left === 0) this.#orders = this.#orders.filter((other) => other !== order);
    return order.fault;
  }
}

function fits(pattern: string, method: string, path: string): boolean {
  return matchesWildcard(pattern, pattern.startsWith('/') ? path : `${method} ${path}`);
}

type Types = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'object'>>;
const faultTypes: Types = {
  path: 'string',
  times: 'number',
  status: 'number',
  title: 'string',
  detail: 'string',
  delayMs: 'number',
  cut: 'string',
};
const switchTypes: Types = {
  deadPolls: 'boolean',
  unhealthyTopology: 'boolean',
  lateTimersMs: 'number',
  limits: 'object',
};
const limitTypes: Types = { variables: 'number', message: 'number', document: 'number' };

/**
 * Carries out an order in JSON: a fault, or `{"switches": {...}}` with those that change.
 * @throws Rejection when something in it is not known; a test must not wait for a fault that never comes
 */
export function orderFromJson(faults: Faults, text: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid('An order must be JSON.');
  }
  if (typeof json === 'object' && json !== null && 'switches' in json) {
    const { switches } = checked<{ switches: Partial<Switches> }>(json, { switches: 'object' });
    const { limits, ...others } = checked<Partial<Switches>>(switches, switchTypes);
    if (limits !== undefined)
      faults.switches.limits = {
        ...faults.switches.limits,
        ...checked<Partial<SizeLimits>>(limits, limitTypes),
      };
    Object.assign(faults.switches, others);
    return;
  }
  const fault = checked<Fault>(json, faultTypes);
  if (fault.path === undefined) throw invalid("A fault needs a path, such as 'POST /v2/jobs/*/completion'.");
  if (fault.cut !== undefined && fault.cut !== 'before' && fault.cut !== 'after')
    throw invalid("cut must be 'before' or 'after'.");
  if (fault.status !== undefined && !(fault.status >= 200 && fault.status <= 599))
    throw invalid('status must be an HTTP status from 200 to 599.');
  faults.order(fault);
}

/** The value, when it is an object with known members of the right types only. */
function checked<T>(value: unknown, types: Types): T {
  if (typeof value !== 'object' || value === null) throw invalid('An order must be a JSON object.');
  for (const [name, member] of Object.entries(value)) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined)
      throw invalid(
        `'${name}' is not known; here are ${Object.keys(types).join(', ')} and {"switches": {...}}.`,
      );
    if (typeof member !== type || member === null) throw invalid(`${name} must be of type ${type}.`);
  }
  return value as T;
}
