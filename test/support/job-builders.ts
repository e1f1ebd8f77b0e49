/** Jobs and ports for tests of the job's way: everything is quiet unless a test says otherwise. */
import { knownJson } from '../../src/json/text';
import type { Connector, Job, JobPorts, Task } from '../../src/job/job';
import { ourManner } from '../../src/job/manner';

/** What a job differs in; its variables are JSON text. */
type JobChanges = Partial<Omit<Job, 'variables'>> & { readonly variables?: string };

export function buildJob({ variables = '{}', ...changes }: JobChanges = {}): Job {
  return {
    key: '2251799813685301',
    type: 'test',
    processInstanceKey: '2251799813685300',
    processDefinitionKey: '2251799813685299',
    processDefinitionId: 'process',
    elementId: 'task',
    elementInstanceKey: '2251799813685302',
    tenantId: '<default>',
    retries: 3,
    customHeaders: {},
    variables: knownJson(variables),
    ...changes,
  };
}

export function buildPorts(changes: Partial<JobPorts> = {}): JobPorts {
  const unexpected = (): Promise<never> => Promise.reject(new Error('Not expected in this test'));
  return {
    openCall: () => unexpected,
    fetch: unexpected,
    secrets: { lookup: () => Promise.resolve(undefined) },
    documents: { download: unexpected, upload: unexpected },
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
    now: () => 0,
    random: () => 0.5,
    extendLease: () => Promise.resolve(),
    onWarning: () => undefined,
    mayPostpone: () => true,
    ...changes,
  };
}

/** A connector that gives a response or throws; `task` changes what a job is opened to. */
export function buildConnector(
  run: () => string | Promise<string>,
  changes: Partial<Connector> = {},
  task: Partial<Task> = {},
): Connector {
  return {
    name: 'test',
    manner: ourManner,
    fetchVariables: [],
    open: () => ({
      operation: undefined,
      secretNames: [],
      run: () => Promise.resolve().then(run).then(knownJson),
      ...task,
    }),
    ...changes,
  };
}
