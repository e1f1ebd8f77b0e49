/**
 * One command while it is carried out: the state it may change, the steps that are still to be done, the records that
 * describe it. All of it can be taken back to a mark, so nothing of a step that fails remains.
 */
import { partitionOf, type Keys } from '../keys';
import type { Models } from '../model/models';
import type { ElementModel, ProcessModel } from '../model/process';
import type { ElementRow, InstanceRow, Step } from '../state/rows';
import type { EngineState } from '../state/state';

/** What the rules need of the engine around them. */
export interface TurnSurroundings {
  readonly state: EngineState;
  readonly keys: Keys;
  readonly models: Models;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Items of the lists that multi-instances go over, by key of the body: read once, not with each item. */
  readonly items: Map<string, readonly string[]>;
}

/** A record as tests and people read it, without its position. */
export interface RecordHead {
  readonly valueType: string;
  readonly intent: string;
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** Members of `value` that are JSON texts already. */
  readonly raw?: Readonly<Record<string, string>>;
  readonly rejection?: { readonly type: string; readonly reason: string };
}

export class Turn {
  readonly state: EngineState;
  readonly keys: Keys;
  readonly random: () => number;
  readonly items: Map<string, readonly string[]>;
  readonly #models: Models;
  #steps: Step[] = [];
  #next = 0;
  #records: string[] = [];
  /** Types of jobs that can be taken since this turn. */
  readonly wokenTypes = new Set<string>();
  /** Instances that came to their end in this turn. */
  readonly ended: string[] = [];

  constructor(
    around: TurnSurroundings,
    /** ms since 1970 on the engine's clock; the same for the whole turn. */
    readonly now: number,
  ) {
    this.state = around.state;
    this.keys = around.keys;
    this.random = around.random;
    this.items = around.items;
    this.#models = around.models;
  }

  process(definition: string): ProcessModel {
    return this.#models.get(definition);
  }

  /** @throws Error when the process has no such element */
  model(row: { readonly definition: string; readonly elementId: string }): ElementModel {
    return this.element(row.definition, row.elementId);
  }

  element(definition: string, elementId: string): ElementModel {
    const model = this.process(definition).elements.get(elementId);
    if (model === undefined) throw new Error(`The process has no element ${elementId}.`);
    return model;
  }

  instance(row: { readonly instance: string }): InstanceRow {
    const instance = this.state.instances.get(row.instance);
    if (instance === undefined) throw new Error(`There is no process instance ${row.instance}.`);
    return instance;
  }

  /** The element instance around another one; undefined for a process. */
  scopeOf(row: ElementRow): ElementRow | undefined {
    return row.scope === null ? undefined : this.state.elements.get(row.scope);
  }

  addStep(step: Step): void {
    this.#steps.push(step);
  }

  takeStep(): Step | undefined {
    return this.#steps[this.#next++];
  }

  /** The steps that were added and not taken; there are none afterwards. */
  takeRest(): readonly Step[] {
    const rest = this.#steps.slice(this.#next);
    this.#steps = [];
    this.#next = 0;
    return rest;
  }

  record({ valueType, intent, key, value, raw, rejection }: RecordHead): void {
    const head = JSON.stringify({
      timestamp: this.now,
      key,
      partitionId: key === '-1' ? 1 : partitionOf(key),
      recordType: rejection === undefined ? 'EVENT' : 'COMMAND_REJECTION',
      valueType,
      intent,
      rejectionType: rejection?.type ?? 'NULL_VAL',
      rejectionReason: rejection?.reason ?? '',
    });
    this.#records.push(`${head.slice(0, -1)},"value":${withRaw(JSON.stringify(value), raw)}}`);
  }

  /** The records of this turn, without positions. */
  get records(): readonly string[] {
    return this.#records;
  }

  /** A place to go back to. */
  mark(): TurnMark {
    return { log: this.state.log.mark(), steps: this.#steps.length, records: this.#records.length };
  }

  /** Takes back all that was changed, added and recorded since the mark. */
  rollBackTo(mark: TurnMark): void {
    this.state.log.rollBackTo(mark.log);
    this.#steps.length = mark.steps;
    this.#records.length = mark.records;
  }
}

export interface TurnMark {
  readonly log: number;
  readonly steps: number;
  readonly records: number;
}

function withRaw(json: string, raw: Readonly<Record<string, string>> | undefined): string {
  if (raw === undefined) return json;
  const members = Object.entries(raw).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return json === '{}' ? `{${members.join(',')}}` : `${json.slice(0, -1)},${members.join(',')}}`;
}
