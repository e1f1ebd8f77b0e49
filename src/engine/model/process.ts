/**
 * A process as the engine runs it: what the BPMN says, without its notation. Made by read-bpmn.ts, never changed after.
 * Scopes (the process itself, sub-processes, event sub-processes) are elements too; the process is the element with its own id.
 */

/** A text of the model: FEEL when it began with `=` (which is cut off), a literal text otherwise. */
export interface Expression {
  readonly feel: boolean;
  readonly text: string;
}

/** Names as the API and the records show them. A multi-instance body carries the id of its element. */
export type ElementType =
  | 'PROCESS'
  | 'SUB_PROCESS'
  | 'EVENT_SUB_PROCESS'
  | 'START_EVENT'
  | 'INTERMEDIATE_CATCH_EVENT'
  | 'INTERMEDIATE_THROW_EVENT'
  | 'BOUNDARY_EVENT'
  | 'END_EVENT'
  | 'TASK'
  | 'MANUAL_TASK'
  | 'SERVICE_TASK'
  | 'SEND_TASK'
  | 'SCRIPT_TASK'
  | 'BUSINESS_RULE_TASK'
  | 'USER_TASK'
  | 'RECEIVE_TASK'
  | 'EXCLUSIVE_GATEWAY'
  | 'PARALLEL_GATEWAY'
  | 'INCLUSIVE_GATEWAY'
  | 'EVENT_BASED_GATEWAY'
  | 'CALL_ACTIVITY'
  | 'MULTI_INSTANCE_BODY';

export interface SequenceFlow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** Absent: always taken. */
  readonly condition?: Expression;
}

/** One line of an element's input or output mapping. */
export interface Mapping {
  /** Absent or empty in the model: null. */
  readonly source: Expression | undefined;
  /** Names from the outermost on: `a.b` is `['a', 'b']`. */
  readonly target: readonly string[];
}

export interface MultiInstance {
  readonly sequential: boolean;
  readonly inputCollection: Expression;
  /** Name of the variable that holds one item in each instance. */
  readonly inputElement?: string;
  /** Name of the variable that holds the list of all outputs. */
  readonly outputCollection?: string;
  readonly outputElement?: Expression;
  readonly completionCondition?: Expression;
}

export interface TimerDefinition {
  readonly kind: 'date' | 'duration' | 'cycle';
  readonly expression: Expression;
}

/** What a catching event waits for. */
export type CatchTrigger =
  | {
      readonly kind: 'message';
      readonly name: Expression;
      /** Absent only for start events of a process. */
      readonly correlationKey?: Expression;
    }
  | { readonly kind: 'timer'; readonly timer: TimerDefinition }
  | { readonly kind: 'signal'; readonly name: Expression }
  /** Without code: any error, any escalation. */
  | { readonly kind: 'error'; readonly code?: string }
  | { readonly kind: 'escalation'; readonly code?: string };

/** What a throwing event does. A message is a job, see `Behaviour`. */
export type ThrowEffect =
  | { readonly kind: 'signal'; readonly name: Expression }
  | { readonly kind: 'error'; readonly code: Expression }
  | { readonly kind: 'escalation'; readonly code: Expression }
  /** Goes on at the catching link event with this element id. */
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'terminate' };

/** What an element does between its input and its output mapping. */
export type Behaviour =
  /** Nothing: undefined and manual tasks, none events, catching link events. */
  | { readonly kind: 'pass' }
  | {
      readonly kind: 'job';
      readonly type: Expression;
      readonly retries: Expression;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'script'; readonly expression: Expression; readonly resultVariable: string }
  | {
      readonly kind: 'userTask';
      readonly assignee?: Expression;
      readonly candidateGroups?: Expression;
      readonly candidateUsers?: Expression;
      readonly dueDate?: Expression;
      readonly followUpDate?: Expression;
      readonly priority?: Expression;
      readonly formId?: string;
      readonly externalFormReference?: string;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** Intermediate catching events and receive tasks. */
  | { readonly kind: 'catch'; readonly trigger: CatchTrigger }
  | { readonly kind: 'throw'; readonly effect: ThrowEffect }
  /** A start event; a process and an event sub-process may have one with a trigger. */
  | { readonly kind: 'start'; readonly trigger?: CatchTrigger; readonly interrupting: boolean }
  | {
      readonly kind: 'boundary';
      readonly trigger: CatchTrigger;
      readonly attachedTo: string;
      readonly interrupting: boolean;
    }
  /** `defaultFlow` is a flow id. */
  | { readonly kind: 'exclusive' | 'inclusive'; readonly defaultFlow?: string }
  | { readonly kind: 'parallel' }
  /** The catching events behind it are the targets of its outgoing flows. */
  | { readonly kind: 'eventBased' }
  | {
      readonly kind: 'scope';
      /** The none start event; absent in an event sub-process and in a process that only events start. */
      readonly start?: string;
      /** Start events with a trigger: of the process itself, or the one of an event sub-process. */
      readonly triggeredStarts: readonly string[];
      readonly eventSubProcesses: readonly string[];
      /** Ids of all elements directly in it. */
      readonly children: readonly string[];
    }
  | {
      readonly kind: 'call';
      readonly processId: Expression;
      readonly propagateAllParentVariables: boolean;
      readonly propagateAllChildVariables: boolean;
    };

export interface ElementModel {
  readonly id: string;
  readonly name?: string;
  readonly type: ElementType;
  /** Id of the scope around it; absent for the process. */
  readonly scope?: string;
  readonly incoming: readonly SequenceFlow[];
  readonly outgoing: readonly SequenceFlow[];
  readonly inputs: readonly Mapping[];
  readonly outputs: readonly Mapping[];
  /** Ids of the boundary events attached to it. */
  readonly boundaries: readonly string[];
  readonly multiInstance?: MultiInstance;
  readonly behaviour: Behaviour;
}

export interface ProcessModel {
  readonly id: string;
  readonly name?: string;
  readonly versionTag?: string;
  readonly elements: ReadonlyMap<string, ElementModel>;
  readonly flows: ReadonlyMap<string, SequenceFlow>;
}

/** One thing that keeps a file from being deployed. */
export interface DeploymentFault {
  /** Absent when the file as a whole is meant. */
  readonly elementId?: string;
  /** A sentence that says what is wrong and what to do. */
  readonly reason: string;
}

/** What reading one BPMN file gives: its executable processes, or all its faults. */
export type ReadResult =
  { readonly processes: readonly ProcessModel[] } | { readonly faults: readonly DeploymentFault[] };
