/**
 * Gives random blocks their ids, and makes of them what can be deployed and has one outcome only: nothing here depends
 * on which of two tokens moves first within one command.
 */
import {
  canArrive,
  type ActivityBlock,
  type Block,
  type Boundary,
  type Choice,
  type EventSub,
  type Flow,
  type Line,
  type Mapping,
  type RandomProcess,
  type Task,
  type Trigger,
} from './blocks';

/** Where a block stands. */
interface Place {
  /** At most one token of an instance can be here, so one message has one receiver. */
  readonly isSingle: boolean;
  /** Tokens can come here again and again. */
  readonly inLoop: boolean;
  /** And they can do so while others are here, for which an inclusive gateway would have to wait. */
  readonly isShared: boolean;
  /** Begun anew while it runs, within one scope: tokens of both would meet at one joining gateway. */
  readonly isRepeated: boolean;
}

const atFirst: Place = { isSingle: true, inLoop: false, isShared: false, isRepeated: false };

/** @returns with the number of blocks */
export function nameBlocks({ id, flow }: RandomProcess): { process: RandomProcess; blocks: number } {
  const namer = new Namer();
  const process = { id, flow: namer.flow(flow, true, false) };
  return { process, blocks: namer.count };
}

class Namer {
  count = 0;

  flow({ line, eventSubs }: Flow, isSingle: boolean, waits: boolean): Flow {
    const place = { ...atFirst, isSingle };
    const named = this.#line(line, place);
    return {
      line: waits ? this.#waiting(named) : named,
      eventSubs: withoutDoubles(eventSubs.map((eventSub) => this.#eventSub(eventSub, isSingle))),
    };
  }

  #id(letter: string): string {
    return `${letter}${++this.count}`;
  }

  #trigger(trigger: Trigger, isSingle: boolean, interrupting: boolean): Trigger {
    if (trigger.kind !== 'timer' && (trigger.kind !== 'message' || isSingle)) return trigger;
    const { ms, times } = trigger.kind === 'timer' ? trigger : { ms: 7, times: 1 };
    // No two timers take equally long, so hardly ever two of them are due at the same time.
    return { kind: 'timer', ms: ms * 1000 + this.count, times: interrupting ? 1 : times };
  }

  #eventSub({ trigger, interrupting, body }: EventSub, isSingle: boolean): EventSub {
    const id = this.#id('v');
    const stops = interrupting || trigger.kind === 'error';
    const place = { ...atFirst, isSingle: isSingle && stops };
    return {
      id,
      trigger: this.#trigger(trigger, isSingle, stops),
      interrupting: stops,
      body: this.#begun(trigger, this.#line(body, place)),
    };
  }

  #boundary(boundary: Boundary, place: Place): Boundary {
    const id = this.#id('b');
    const interrupting = boundary.interrupting || boundary.trigger.kind === 'error';
    const rejoins = boundary.rejoins && interrupting;
    // An activity that goes on can have its handler begun again, beside the one that runs.
    const inside = interrupting ? place : { ...place, inLoop: true, isShared: true, isRepeated: true };
    return {
      id,
      trigger: this.#trigger(boundary.trigger, place.isSingle, interrupting),
      interrupting,
      handler: this.#begun(
        boundary.trigger,
        this.#line(boundary.handler, { ...inside, isSingle: place.isSingle && interrupting }),
      ),
      rejoins,
    };
  }

  /** What others may notice at once follows a task, so one command brings about one such thing at most. */
  #line({ blocks }: Line, place: Place): Line {
    const named: Block[] = [];
    for (const block of blocks) {
      const previous = named.at(-1);
      const isSafe = previous?.kind === 'task' && previous.multi === undefined;
      if (!isSafe && needsTask(block)) named.push(this.#plainTask());
      named.push(this.#block(block, place));
      if (!canArrive(named.at(-1)!)) break;
    }
    return { kind: 'line', blocks: named };
  }

  #waiting(line: Line): Line {
    return isInstant(line) ? { ...line, blocks: [this.#plainTask(), ...line.blocks] } : line;
  }

  /**
   * A signal lets many tokens go on at once, an escalation two, and a message that was kept comes in the middle of a
   * command: what they trigger stops before it does anything else.
   */
  #begun({ kind }: Trigger, line: Line): Line {
    const isAlone = kind === 'timer' || kind === 'error';
    return isAlone ? line : { ...line, blocks: [this.#plainTask(), ...line.blocks] };
  }

  /** Only one that waits for a message can be over at once, when the message was kept. */
  #task({ multi, ...block }: Task, place: Place): Block {
    const task = { ...block, ...this.#activity('t', block, place) };
    if (block.flavour !== 'receive') return { ...task, ...(multi !== undefined && { multi }) };
    if (!place.isSingle) return { ...task, flavour: 'service' };
    return { kind: 'line', blocks: [this.#plainTask(), task, this.#plainTask()] };
  }

  #plainTask(): Task {
    const id = this.#id('t');
    return { kind: 'task', id, flavour: 'service', inputs: [], outputs: [], boundaries: [] };
  }

  #block(block: Block, place: Place): Block {
    switch (block.kind) {
      case 'line':
        return this.#line(block, place);
      case 'task':
        return this.#task(block, place);
      case 'sub': {
        const named = this.#activity('s', block, place);
        const waits = named.outputs.length > 0;
        return { ...block, ...named, flow: this.flow(block.flow, insideIsSingle(block, place), waits) };
      }
      case 'call': {
        const named = this.#activity('c', block, place);
        const inputs = block.takesAll ? named.inputs : [...passedOn, ...named.inputs];
        return {
          ...block,
          ...named,
          inputs,
          flow: this.flow(block.flow, insideIsSingle(block, place), true),
        };
      }
      case 'exclusive':
      case 'inclusive':
        return this.#choice(block, place);
      case 'parallel': {
        if (place.isRepeated) return this.#line({ kind: 'line', blocks: block.lines }, place);
        const id = this.#id('f');
        return { ...block, id, lines: block.lines.map((line) => this.#line(line, beside(place))) };
      }
      case 'loop': {
        const id = this.#id('l');
        const line = this.#waiting(this.#line(block.line, { ...place, inLoop: true }));
        return canArrive(line) ? { ...block, id, line } : line;
      }
      case 'race': {
        const id = this.#id('r');
        const events = block.events.map(({ trigger, line }) => {
          const event = this.#id('w');
          const named = this.#trigger(trigger, place.isSingle, true);
          return { id: event, trigger: named, line: this.#begun(named, this.#line(line, place)) };
        });
        const [first, ...others] = withoutDoubles(events);
        // An event-based gateway has at least two ways.
        if (others.length === 0)
          return {
            kind: 'line',
            blocks: [{ kind: 'wait', id: first!.id, trigger: first!.trigger }, first!.line],
          };
        return { ...block, id, events: [first!, ...others] };
      }
      case 'wait': {
        const id = this.#id('w');
        const trigger = this.#trigger(block.trigger, place.isSingle, true);
        const wait: Block = { ...block, id, trigger };
        return trigger.kind === 'timer' ? wait : { kind: 'line', blocks: [wait, this.#plainTask()] };
      }
      case 'pass':
        return { ...block, id: this.#id('n') };
      case 'end':
        return { ...block, id: this.#id('e') };
    }
  }

  #choice(block: Choice, place: Place): Block {
    const id = this.#id('x');
    const inside = block.kind === 'inclusive' ? beside(place) : place;
    const branches = block.branches.map(({ test, line }) => ({ test, line: this.#line(line, inside) }));
    const otherwise = block.otherwise && this.#line(block.otherwise, inside);
    const kind = place.isShared ? 'exclusive' : block.kind;
    const { otherwise: _otherwise, ...rest } = block;
    // A gateway with one way out does not look at conditions.
    if (branches.length === 1 && otherwise === undefined)
      return { ...rest, id, kind, branches, otherwise: { kind: 'line', blocks: [this.#plainTask()] } };
    return { ...rest, id, kind, branches, ...(otherwise !== undefined && { otherwise }) };
  }

  #activity(
    letter: string,
    block: ActivityBlock,
    place: Place,
  ): Pick<ActivityBlock, 'id' | 'boundaries' | 'inputs' | 'outputs'> {
    const id = this.#id(letter);
    const boundaries = block.boundaries.map((boundary) => this.#boundary(boundary, place));
    return { id, boundaries: withoutDoubles(boundaries), inputs: block.inputs, outputs: block.outputs };
  }
}

/** What ends more than its own token, or writes a variable at once. */
function needsTask(block: Block): boolean {
  if (block.kind === 'end') return block.effect !== 'none';
  return 'multi' in block && block.multi?.output !== undefined && mayBeEmpty(block);
}

/** What a called process that is not given all variables needs. */
const passedOn: readonly Mapping[] = [
  { target: 'k', source: 'k' },
  { target: 'a', source: 'a' },
];

function beside(place: Place): Place {
  return { ...place, isShared: place.inLoop };
}

function insideIsSingle({ multi }: ActivityBlock, { isSingle }: Place): boolean {
  return isSingle && (multi === undefined || multi.sequential);
}

/** Whether a token may come through without a rest. */
function isInstant(block: Block): boolean {
  switch (block.kind) {
    case 'line':
      return block.blocks.every(isInstant);
    case 'task':
      return mayBeEmpty(block);
    case 'sub':
    case 'call':
      return mayBeEmpty(block) || isInstant(block.flow.line);
    case 'exclusive':
    case 'inclusive':
      return [...block.branches.map(({ line }) => line), ...(block.otherwise ? [block.otherwise] : [])].some(
        isInstant,
      );
    case 'parallel':
      return block.lines.every(isInstant);
    case 'loop':
      return isInstant(block.line);
    case 'race':
    case 'wait':
      return false;
    case 'pass':
    case 'end':
      return true;
  }
}

function mayBeEmpty({ multi }: ActivityBlock): boolean {
  return multi !== undefined && (typeof multi.items === 'string' || multi.items.length === 0);
}

/** Two that catch the same at one place could not be deployed. */
function withoutDoubles<T extends { readonly trigger: Trigger }>(events: readonly T[]): T[] {
  const key = ({ trigger }: T): string | undefined => {
    if (trigger.kind === 'timer' || trigger.kind === 'message') return undefined;
    return trigger.kind === 'signal' ? 'signal' : `${trigger.kind} ${trigger.code}`;
  };
  return events.filter((event, index) => {
    const first = events.findIndex((other) => key(other) === key(event));
    return key(event) === undefined || first === index;
  });
}
