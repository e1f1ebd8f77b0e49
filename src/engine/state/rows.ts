/**
 * The rows of the engine's state, as they are in memory and, as JSON, in the journal. A row is never changed, only
 * replaced. Keys are decimal texts, times are ms since 1970 on the engine's clock, variables are JSON texts.
 */
import type { ElementType } from '../model/process';

export interface ResourceRow {
  /** Hash of name and content. */
  readonly key: string;
  readonly name: string;
  /** The BPMN as it was deployed. */
  readonly text: string;
}

/** One version of one process. */
export interface DefinitionRow {
  readonly key: string;
  readonly processId: string;
  readonly name: string | null;
  readonly version: number;
  readonly versionTag: string | null;
  readonly resource: string;
  readonly resourceName: string;
  readonly deployment: string;
}

export type InstanceState = 'ACTIVE' | 'COMPLETED' | 'TERMINATED';

export interface InstanceRow {
  readonly key: string;
  readonly definition: string;
  readonly processId: string;
  readonly version: number;
  readonly state: InstanceState;
  readonly startDate: number;
  readonly endDate: number | null;
  /** The call activity that started it. */
  readonly parentInstance: string | null;
  readonly parentElement: string | null;
  /** The instance at the top of the calls. */
  readonly rootInstance: string;
  readonly tags: readonly string[];
  /** Correlation key of the message that started it: no second one with the same key beside it. */
  readonly messageKey: string | null;
  /** It never came to rest and is left alone until somebody cancels it. */
  readonly banned?: true;
}

export type ElementState =
  'ACTIVATING' | 'ACTIVE' | 'COMPLETING' | 'TERMINATING' | 'COMPLETED' | 'TERMINATED';

export interface ElementRow {
  readonly key: string;
  readonly instance: string;
  readonly definition: string;
  readonly elementId: string;
  readonly type: ElementType;
  /** Key of the element instance around it; null for the process. */
  readonly scope: string | null;
  readonly state: ElementState;
  readonly startDate: number;
  readonly endDate: number | null;
  /** Of a scope: tokens that wait in front of joining gateways, by flow id. */
  readonly tokens?: Readonly<Record<string, number>>;
  /** Of a scope: an interrupting event sub-process runs, the rest has ended. */
  readonly interrupted?: true;
  /** Of a multi-instance body. `created` counts instances so far, `completed` and `terminated` those that ended. */
  readonly loop?: {
    readonly size: number;
    /** Name of the variable that gathers the outputs. */
    readonly outputCollection: string | null;
    readonly created: number;
    readonly completed: number;
    readonly terminated: number;
  };
  /** Of one instance of a multi-instance: its number, from 1. */
  readonly loopCounter?: number;
  /** An event that something has triggered before it was entered; it waits for nothing. */
  readonly triggered?: true;
}

export interface VariableRow {
  readonly key: string;
  readonly instance: string;
  /** Key of the element instance it belongs to; that of the process instance for the outermost ones. */
  readonly scope: string;
  readonly name: string;
  readonly value: string;
}

/** The list a multi-instance goes over, as JSON text; its key is that of the body. Kept only while instances are to come. */
export interface CollectionRow {
  readonly key: string;
  readonly items: string;
}

/** What one instance of a multi-instance gave; key is `<body>/<number from 1>`. */
export interface OutputRow {
  readonly key: string;
  readonly body: string;
  readonly index: number;
  readonly value: string;
}

/** `BACKOFF`: failed, comes back by itself. `FAILED`: no retries left. The last three are ends. */
export type JobState =
  | 'ACTIVATABLE'
  | 'ACTIVATED'
  | 'BACKOFF'
  | 'FAILED'
  | 'ERROR_THROWN'
  | 'COMPLETED'
  | 'CANCELED'
  | 'ERROR_CAUGHT';

export interface JobRow {
  readonly key: string;
  readonly type: string;
  readonly instance: string;
  readonly definition: string;
  readonly elementId: string;
  readonly elementInstance: string;
  readonly state: JobState;
  readonly retries: number;
  readonly worker: string;
  /** ACTIVATED: when the time is over; BACKOFF: when it comes back; else null. */
  readonly due: number | null;
  readonly errorMessage: string | null;
  readonly errorCode: string | null;
  readonly creationTime: number;
  readonly lastUpdateTime: number;
  readonly endTime: number | null;
}

export type IncidentType =
  | 'IO_MAPPING_ERROR'
  | 'CONDITION_ERROR'
  | 'EXTRACT_VALUE_ERROR'
  | 'CALLED_ELEMENT_ERROR'
  | 'UNHANDLED_ERROR_EVENT'
  | 'JOB_NO_RETRIES'
  | 'MESSAGE_SIZE_EXCEEDED'
  | 'UNKNOWN';

export interface IncidentRow {
  readonly key: string;
  readonly type: IncidentType;
  readonly message: string;
  readonly instance: string;
  readonly definition: string;
  readonly elementId: string;
  readonly elementInstance: string;
  readonly job: string | null;
  readonly state: 'ACTIVE' | 'RESOLVED';
  readonly creationTime: number;
  /** The step that failed and is repeated when the incident is resolved; absent for incidents of jobs. */
  readonly step?: Step;
}

export interface TimerRow {
  readonly key: string;
  readonly due: number;
  /** The element instance that waits; null for a start event of a process. */
  readonly elementInstance: string | null;
  /** null for a start event of a process. */
  readonly instance: string | null;
  readonly definition: string;
  /** The catching event. */
  readonly elementId: string;
  /** How often it fires from now on, this time included; -1: without end. */
  readonly repetitions: number;
  /** The cycle as text, when it repeats. */
  readonly cycle: string | null;
}

/** Something that waits for a message or a signal. */
export interface SubscriptionRow {
  readonly key: string;
  readonly kind: 'message' | 'signal';
  readonly name: string;
  /** null for signals and for start events. */
  readonly correlationKey: string | null;
  /** null for a start event of a process. */
  readonly elementInstance: string | null;
  readonly instance: string | null;
  readonly definition: string;
  readonly processId: string;
  /** The catching event. */
  readonly elementId: string;
}

/** A message that is kept until its time is over. */
export interface MessageRow {
  readonly key: string;
  readonly name: string;
  readonly correlationKey: string;
  readonly messageId: string;
  readonly variables: string;
  readonly due: number;
  /** Process ids it went to already: once to each. */
  readonly correlated: readonly string[];
}

export interface UserTaskRow {
  readonly key: string;
  readonly instance: string;
  readonly definition: string;
  readonly elementId: string;
  readonly elementInstance: string;
  readonly state: 'CREATED' | 'COMPLETED' | 'CANCELED';
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
  readonly dueDate: string | null;
  readonly followUpDate: string | null;
  readonly priority: number;
  readonly formId: string | null;
  readonly externalFormReference: string | null;
  readonly creationDate: number;
  readonly completionDate: number | null;
}

/** What is known of a document; its bytes lie beside the journal. */
export interface DocumentRow {
  /** The document's id. */
  readonly key: string;
  readonly storeId: string;
  readonly contentHash: string;
  readonly contentType: string;
  readonly fileName: string;
  readonly size: number;
  /** ISO text. */
  readonly expiresAt: string | null;
  readonly processDefinitionId: string | null;
  readonly processInstanceKey: string | null;
  /** JSON text of an object. */
  readonly customProperties: string;
}

/** Steps that are still to be done, after a command that was too long for one turn. */
export interface ContinuationRow {
  readonly key: string;
  readonly steps: readonly Step[];
  /** Steps done before, since the command began. */
  readonly done: number;
}

/** A number that must survive: `keys` (the last key), `clock` (offset in ms), `deployments`. */
export interface CounterRow {
  readonly key: string;
  readonly value: number;
}

/** One step of the interpreter; see rules/steps.ts. */
export type Step =
  | { readonly kind: 'activate'; readonly element: string }
  | { readonly kind: 'complete'; readonly element: string }
  /** The called process has ended: its variables come back to the call activity. */
  | { readonly kind: 'return'; readonly element: string; readonly called: string }
  /** Throws the error of an end event. */
  | { readonly kind: 'throwError'; readonly element: string }
  /** Creates further instances of a multi-instance. */
  | { readonly kind: 'nextInstances'; readonly element: string }
  /** A message that was kept may be what a new subscription waits for. */
  | { readonly kind: 'correlate'; readonly subscription: string }
  /** A message that was kept may start a process, now that the instance with the same key has ended. */
  | { readonly kind: 'startByMessage'; readonly processId: string; readonly correlationKey: string };
