/** Writes processes made of blocks as BPMN. */
import type {
  ActivityBlock,
  Block,
  Boundary,
  Branch,
  Call,
  Choice,
  End,
  EventSub,
  Flow,
  Line,
  Loop,
  Mapping,
  Parallel,
  Race,
  RandomProcess,
  Trigger,
} from './blocks';
import * as dsl from './engine-bpmn';
import type { ActivityOptions, EventDefinition, Part } from './engine-bpmn';

/** A block as it stands in its scope. */
interface Drawn {
  readonly parts: readonly Part[];
  /** Id of the element that a token comes in by. */
  readonly first: string;
  /** Id of the element that it leaves by; absent when it never does. */
  readonly last?: string;
}

/** One file with a process and all the processes that it calls. */
export function toBpmn({ id, flow }: RandomProcess): string {
  return dsl.definitions(
    dsl.process(id, ...drawFlow(id, flow)),
    ...callsOf(flow).map((call) => dsl.process(calledBy(call), ...drawFlow(call.id, call.flow))),
  );
}

/** Process id of what a call activity calls. */
export function calledBy({ id }: Call): string {
  return `p_${id}`;
}

function callsOf(flow: Flow): Call[] {
  const calls: Call[] = [];
  const look = (block: Block): void => {
    if (block.kind === 'call') calls.push(block);
    for (const inner of innerBlocks(block)) look(inner);
  };
  for (const line of linesOf(flow)) look(line);
  return calls;
}

export function linesOf({ line, eventSubs }: Flow): Line[] {
  return [line, ...eventSubs.map(({ body }) => body)];
}

/** The blocks directly within a block, those of its boundary events and of called processes included. */
export function innerBlocks(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'line':
      return block.blocks;
    case 'task':
      return handlersOf(block);
    case 'sub':
    case 'call':
      return [...linesOf(block.flow), ...handlersOf(block)];
    case 'exclusive':
    case 'inclusive':
      return [...block.branches.map(({ line }) => line), ...(block.otherwise ? [block.otherwise] : [])];
    case 'parallel':
      return block.lines;
    case 'loop':
      return [block.line];
    case 'race':
      return block.events.map(({ line }) => line);
    case 'wait':
    case 'pass':
    case 'end':
      return [];
  }
}

function handlersOf({ boundaries }: ActivityBlock): Line[] {
  return boundaries.map(({ handler }) => handler);
}

/** @param name makes the ids of start and end events */
function drawFlow(name: string, { line, eventSubs }: Flow): Part[] {
  return [...between(dsl.start(`${name}-start`), line), ...eventSubs.map(drawEventSub)];
}

function drawEventSub({ id, trigger, interrupting, body }: EventSub): Part {
  const start = dsl.startOn(`${id}-on`, definition(id, trigger), { interrupting });
  return dsl.eventSubProcess(id, ...between(start, body));
}

/** A start event, a line, and an end event if the line comes to it. */
function between(start: Part, line: Line): Part[] {
  const drawn = draw(line);
  const parts = [start, ...drawn.parts, dsl.flow(start.id!, drawn.first)];
  if (drawn.last !== undefined) parts.push(dsl.path(drawn.last, dsl.end(`${start.id}-end`)));
  return parts;
}

function draw(block: Block): Drawn {
  switch (block.kind) {
    case 'line':
      return drawLine(block);
    case 'task':
    case 'sub':
    case 'call':
      return drawActivity(block);
    case 'exclusive':
    case 'inclusive':
      return drawChoice(block);
    case 'parallel':
      return drawParallel(block);
    case 'loop':
      return drawLoop(block);
    case 'race':
      return drawRace(block);
    case 'wait':
      return alone(dsl.catchEvent(block.id, definition(block.id, block.trigger)));
    case 'pass':
      return alone(dsl.task(block.id));
    case 'end':
      return { parts: [dsl.end(block.id, effectOf(block))], first: block.id };
  }
}

function effectOf({ effect, code }: End): EventDefinition | undefined {
  if (effect === 'none') return undefined;
  return effect === 'terminate' ? dsl.terminate() : dsl[effect](code);
}

function alone(part: Part): Drawn {
  return { parts: [part], first: part.id!, last: part.id! };
}

function drawLine({ blocks }: Line): Drawn {
  const drawn = blocks.map(draw);
  const flows = drawn.slice(1).map((next, index) => dsl.flow(drawn[index]!.last!, next.first));
  const last = drawn.at(-1)!.last;
  return {
    parts: [...drawn.flatMap(({ parts }) => parts), ...flows],
    first: drawn[0]!.first,
    ...(last !== undefined && { last }),
  };
}

/** A gateway that opens, branches, and a gateway that closes; the latter only if a branch comes to it. */
function drawBranches(
  opening: Part,
  closing: Part,
  branches: readonly (Drawn & { condition?: string })[],
): Drawn {
  const arriving = branches.filter(({ last }) => last !== undefined);
  const parts = [
    opening,
    ...branches.flatMap(({ parts: inner }) => inner),
    ...branches.map(({ first, condition }) => dsl.flow(opening.id!, first, condition)),
    ...arriving.map(({ last }) => dsl.flow(last!, closing.id!)),
  ];
  if (arriving.length === 0) return { parts, first: opening.id! };
  return { parts: [...parts, closing], first: opening.id!, last: closing.id! };
}

function drawChoice({ kind, id, branches, otherwise }: Choice): Drawn {
  const drawn = branches.map(({ test, line }: Branch) => ({
    ...draw(line),
    condition: `=${test.name} = ${test.value}`,
  }));
  const last = otherwise && draw(otherwise);
  const gateway = dsl[kind];
  const opening = gateway(id, last === undefined ? {} : { otherwise: last.first });
  const closing = kind === 'exclusive' ? dsl.exclusive(`${id}-m`) : dsl.inclusive(`${id}-j`);
  return drawBranches(opening, closing, last === undefined ? drawn : [...drawn, last]);
}

function drawParallel({ id, lines }: Parallel): Drawn {
  return drawBranches(dsl.parallel(id), dsl.parallel(`${id}-j`), lines.map(draw));
}

function drawLoop({ id, line, rounds }: Loop): Drawn {
  const inner = draw(line);
  const count = dsl.scriptTask(`${id}-count`, `=if n_${id} = null then 1 else n_${id} + 1`, `n_${id}`);
  const back = dsl.when(`=n_${id} < ${rounds}`);
  return {
    parts: [
      dsl.path(dsl.exclusive(`${id}-in`), inner.first),
      ...inner.parts,
      dsl.path(inner.last!, count, dsl.exclusive(`${id}-out`, { otherwise: `${id}-over` }), back, `${id}-in`),
      dsl.path(`${id}-out`, dsl.throwEvent(`${id}-over`)),
    ],
    first: `${id}-in`,
    last: `${id}-over`,
  };
}

function drawRace({ id, events }: Race): Drawn {
  const drawn = events.map(({ id: event, trigger, line }) => {
    const inner = draw(line);
    const parts = [dsl.path(dsl.catchEvent(event, definition(event, trigger)), inner.first), ...inner.parts];
    return { ...inner, parts, first: event };
  });
  return drawBranches(dsl.eventBased(id), dsl.exclusive(`${id}-m`), drawn);
}

function drawActivity(block: ActivityBlock): Drawn {
  const handlers = block.boundaries.map((boundary) => drawBoundary(block.id, boundary));
  const back = block.boundaries.flatMap(({ rejoins }, index) => {
    const last = handlers[index]!.last;
    return rejoins && last !== undefined ? [dsl.flow(last, `${block.id}-m`)] : [];
  });
  const parts = [drawn(block), ...handlers.flatMap((handler) => handler.parts)];
  if (back.length === 0) return { parts, first: block.id, last: block.id };
  const merge = dsl.path(block.id, dsl.exclusive(`${block.id}-m`));
  return { parts: [...parts, merge, ...back], first: block.id, last: `${block.id}-m` };
}

function drawBoundary(host: string, { id, trigger, interrupting, handler, rejoins }: Boundary): Drawn {
  const event = dsl.boundary(id, host, definition(id, trigger), { interrupting });
  if (!rejoins) return { parts: between(event, handler), first: id };
  const inner = draw(handler);
  return { ...inner, parts: [event, ...inner.parts, dsl.flow(id, inner.first)] };
}

function drawn(block: ActivityBlock): Part {
  const options = optionsOf(block);
  if (block.kind === 'sub') return dsl.subProcessWith(block.id, options, ...drawFlow(block.id, block.flow));
  if (block.kind === 'call')
    return dsl.callActivity(block.id, calledBy(block), {
      ...options,
      propagateAllParentVariables: block.takesAll,
      propagateAllChildVariables: block.givesAll,
    });
  const tasks = {
    service: dsl.serviceTask,
    send: dsl.sendTask,
    script: dsl.scriptJob,
    rule: dsl.businessRuleTask,
    user: dsl.userTask,
  };
  if (block.flavour === 'receive') return dsl.receiveTask(block.id, block.id, '=k', options);
  return tasks[block.flavour](block.id, options);
}

function optionsOf({ id, inputs, outputs, multi }: ActivityBlock): ActivityOptions {
  const mappings = (all: readonly Mapping[]): Record<string, string> =>
    Object.fromEntries(all.map((mapping) => [mapping.target, sourceOf(mapping)]));
  return {
    inputs: mappings(inputs),
    outputs: mappings(outputs),
    ...(multi !== undefined && {
      multiInstance: {
        sequential: multi.sequential,
        inputCollection: typeof multi.items === 'string' ? `=${multi.items}` : `=[${multi.items.join(',')}]`,
        inputElement: `i_${id}`,
        ...(multi.output !== undefined && {
          outputCollection: `o_${id}`,
          outputElement: multi.output === 'result' ? '=r' : '=loopCounter * 10',
        }),
        ...(multi.enough !== undefined && {
          completionCondition: `=numberOfCompletedInstances >= ${multi.enough}`,
        }),
      },
    }),
  };
}

function sourceOf({ source, unless }: Mapping): string {
  return unless === undefined ? `=${source}` : `=assert(${source}, ${source} != ${unless})`;
}

function definition(id: string, trigger: Trigger): EventDefinition {
  if (trigger.kind === 'message') return dsl.message(id, '=k');
  if (trigger.kind === 'signal') return dsl.signal('S');
  if (trigger.kind !== 'timer') return dsl[trigger.kind](trigger.code);
  const duration = `PT${trigger.ms / 1000}S`;
  return trigger.times === 1 ? dsl.after(duration) : dsl.every(`R${trigger.times}/${duration}`);
}
