/**
 * Processes as trees of blocks, each with one way in and at most one way out: what random-process.ts makes up,
 * blocks-bpmn.ts writes as BPMN, and process-model.ts runs by the book.
 */

/** What starts a boundary event, an event sub-process or a way out of a race. */
export type Trigger =
  /** Without code: any error, any escalation. */
  | { readonly kind: 'error' | 'escalation'; readonly code?: string }
  /** All wait for the same one. */
  | { readonly kind: 'signal' }
  /** Its name is the id of the event; its key is the variable `k`. */
  | { readonly kind: 'message' }
  /** `times` above 1: a cycle. */
  | { readonly kind: 'timer'; readonly ms: number; readonly times: number };

export interface Boundary {
  readonly id: string;
  readonly trigger: Trigger;
  readonly interrupting: boolean;
  readonly handler: Line;
  /** The handler leads to where the activity would have led; else to an end event of its own. Only if interrupting. */
  readonly rejoins: boolean;
}

export interface EventSub {
  readonly id: string;
  readonly trigger: Trigger;
  readonly interrupting: boolean;
  readonly body: Line;
}

/** `target` becomes the value of the variable `source`; cannot be done while that has the value `unless`. */
export interface Mapping {
  readonly target: string;
  readonly source: string;
  readonly unless?: number;
}

export interface Multi {
  readonly sequential: boolean;
  /** A list of its own, or the name of a variable. */
  readonly items: readonly number[] | string;
  /** What each instance gives: the variable `r`, or its number times ten. They are gathered in `o_<id>`. */
  readonly output?: 'result' | 'counter';
  /** So many instances are enough. */
  readonly enough?: number;
}

interface Activity {
  readonly id: string;
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  readonly boundaries: readonly Boundary[];
  readonly multi?: Multi;
}

/** What happens within a process or a sub-process. */
export interface Flow {
  readonly line: Line;
  readonly eventSubs: readonly EventSub[];
}

export interface Task extends Activity {
  readonly kind: 'task';
  /** All but user and receive tasks are jobs; the latter waits for the message that is called like it. */
  readonly flavour: 'service' | 'send' | 'script' | 'rule' | 'user' | 'receive';
}

export interface Sub extends Activity {
  readonly kind: 'sub';
  readonly flow: Flow;
}

/** Calls the process `p_<id>`. */
export interface Call extends Activity {
  readonly kind: 'call';
  readonly flow: Flow;
  readonly takesAll: boolean;
  readonly givesAll: boolean;
}

/** Blocks one after the other. */
export interface Line {
  readonly kind: 'line';
  readonly blocks: readonly Block[];
}

/** True when the variable has this value. */
export interface Test {
  readonly name: string;
  readonly value: number;
}

export interface Branch {
  readonly test: Test;
  readonly line: Line;
}

/** An exclusive gateway or an inclusive one, and the gateway that merges its branches. */
export interface Choice {
  readonly kind: 'exclusive' | 'inclusive';
  readonly id: string;
  readonly branches: readonly Branch[];
  readonly otherwise?: Line;
}

export interface Parallel {
  readonly kind: 'parallel';
  readonly id: string;
  readonly lines: readonly Line[];
}

/** Goes round until it has done so `rounds` times, counted in the variable `n_<id>`. */
export interface Loop {
  readonly kind: 'loop';
  readonly id: string;
  readonly line: Line;
  readonly rounds: number;
}

export interface Wait {
  readonly kind: 'wait';
  readonly id: string;
  readonly trigger: Trigger;
}

/** An event-based gateway. */
export interface Race {
  readonly kind: 'race';
  readonly id: string;
  readonly events: readonly { readonly id: string; readonly trigger: Trigger; readonly line: Line }[];
}

/** Passes at once. */
export interface Pass {
  readonly kind: 'pass';
  readonly id: string;
}

/** An end event: the last block of a line. */
export interface End {
  readonly kind: 'end';
  readonly id: string;
  readonly effect: 'none' | 'terminate' | 'error' | 'escalation';
  /** Of errors and escalations. */
  readonly code: string;
}

export type ActivityBlock = Task | Sub | Call;
export type Block = ActivityBlock | Line | Choice | Parallel | Loop | Wait | Race | Pass | End;

export interface RandomProcess {
  readonly id: string;
  readonly flow: Flow;
}

/** Whether a token that comes in can leave: false when all ways lead to end events. */
export function canArrive(block: Block): boolean {
  switch (block.kind) {
    case 'line':
      return block.blocks.every(canArrive);
    case 'exclusive':
    case 'inclusive':
      return [...block.branches.map(({ line }) => line), block.otherwise].some(
        (line) => line && canArrive(line),
      );
    case 'parallel':
      return block.lines.some(canArrive);
    case 'race':
      return block.events.some(({ line }) => canArrive(line));
    case 'end':
      return false;
    default:
      return true;
  }
}
