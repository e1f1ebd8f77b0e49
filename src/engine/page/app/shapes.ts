/** What the page reads of the REST API's answers. Keys are decimal texts, dates are ISO texts. */

export interface List<T> {
  readonly items: readonly T[];
  readonly page: { readonly totalItems: number };
}

export interface Definition {
  readonly processDefinitionKey: string;
  readonly processDefinitionId: string;
  readonly name: string | null;
  readonly version: number;
}

export interface Instance {
  readonly processInstanceKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionName: string | null;
  readonly processDefinitionVersion: number;
  readonly processDefinitionKey: string;
  readonly parentProcessInstanceKey: string | null;
  readonly parentElementInstanceKey: string | null;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly hasIncident: boolean;
  readonly tags: readonly string[];
}

export interface ElementInstance {
  readonly elementInstanceKey: string;
  readonly elementId: string;
  readonly elementName: string;
  readonly type: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly startDate: string;
  readonly endDate: string | null;
}

export interface JobItem {
  readonly jobKey: string;
  readonly type: string;
  /** Empty until a worker has taken it. */
  readonly worker: string;
  /** `CREATED` also while a worker has it, `FAILED` also in back-off. */
  readonly state: 'CREATED' | 'FAILED' | 'ERROR_THROWN' | 'COMPLETED' | 'CANCELED';
  readonly retries: number;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  /** Set only while a worker has it. */
  readonly deadline: string | null;
  readonly creationTime: string;
  readonly lastUpdateTime: string;
  readonly processInstanceKey: string;
  readonly elementId: string;
}

export interface Incident {
  readonly incidentKey: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly creationTime: string;
  readonly processDefinitionId: string;
  readonly processInstanceKey: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly jobKey: string | null;
}

export interface UserTask {
  readonly userTaskKey: string;
  readonly name: string;
  readonly assignee: string | null;
  readonly candidateGroups: readonly string[];
  readonly candidateUsers: readonly string[];
  readonly elementId: string;
  readonly creationDate: string;
}

export interface Variable {
  readonly variableKey: string;
  readonly name: string;
  /** JSON text; only its beginning when `isTruncated`. */
  readonly value: string;
  readonly isTruncated: boolean;
  readonly scopeKey: string;
}
