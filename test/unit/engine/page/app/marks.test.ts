/** What the page says on the diagram. */
import { marksOf, takenFlows, type Seen } from '../../../../../src/engine/page/app/marks';
import type { ElementInstance, Incident, Instance, JobItem } from '../../../../../src/engine/page/app/shapes';

const now = new Date(2026, 0, 1, 12, 0, 30);
const noon = new Date(2026, 0, 1, 12).toISOString();
let lastKey = 0;

function at(elementId: string, state: ElementInstance['state'], type = 'SERVICE_TASK'): ElementInstance {
  const elementInstanceKey = String(++lastKey);
  return {
    elementInstanceKey,
    elementId,
    elementName: elementId,
    type,
    state,
    startDate: noon,
    endDate: null,
  };
}

function job(elementId: string, more: Partial<JobItem>): JobItem {
  return {
    jobKey: '77',
    type: 'work',
    worker: '',
    state: 'CREATED',
    retries: 3,
    errorCode: null,
    errorMessage: null,
    deadline: null,
    creationTime: noon,
    lastUpdateTime: noon,
    processInstanceKey: '1',
    elementId,
    ...more,
  };
}

function seen(more: Partial<Seen>): Seen {
  return { elements: [], incidents: [], jobs: [], called: [], ...more };
}

it('tokens are counted per element, the body of a multi-instance only while it is empty', () => {
  const body = at('each', 'ACTIVE', 'MULTI_INSTANCE_BODY');
  const marks = (...elements: ElementInstance[]) => marksOf(seen({ elements }), now).get('each');
  expect(marks(body)).toMatchObject({ tokens: 1 });
  expect(marks(body, at('each', 'ACTIVE'), at('each', 'ACTIVE'), at('each', 'COMPLETED'))).toMatchObject({
    tokens: 2,
    completed: 1,
  });
});

it('an incident stands at its element, and at the call activity above it', () => {
  const own = at('task', 'ACTIVE');
  const call = at('call', 'ACTIVE', 'CALL_ACTIVITY');
  const incidents = [{ elementInstanceKey: own.elementInstanceKey, elementId: 'task' } as Incident];
  const called = [{ hasIncident: true, parentElementInstanceKey: call.elementInstanceKey } as Instance];
  const marks = marksOf(seen({ elements: [own, call], incidents, called }), now);
  expect([marks.get('task')?.incidents, marks.get('call')?.incidents]).toEqual([1, 1]);
});

it.each([
  [{}, 'waiting', "No worker takes jobs of type 'work' yet. Waiting since 12:00:00."],
  [{ worker: 'w' }, 'waiting', "Waiting for a worker again since 12:00:00; worker 'w' had it."],
  [
    { worker: 'w', deadline: new Date(2026, 0, 2, 9, 5).toISOString() },
    'taken',
    "Taken by worker 'w' until 2026-01-02 09:05:00.",
  ],
  [
    { state: 'FAILED', retries: 2 },
    'back-off',
    'Failed at 12:00:00, in back-off, comes back by itself; 2 retries left.',
  ],
  [
    { state: 'FAILED', retries: 0, jobKey: '5' },
    'failed',
    'Failed at 12:00:00, no retries left. Waits until its incident is resolved.',
  ],
  [
    { state: 'FAILED', retries: 1, jobKey: '5' },
    'failed',
    'Failed at 12:00:00, 1 retry left. Waits until its incident is resolved.',
  ],
  [{ state: 'ERROR_THROWN', errorCode: 'X' }, 'failed', "Threw the error 'X', which nothing catches."],
] as const)('a job %j is %s', (more, condition, sentence) => {
  const incidents = [{ jobKey: '5', elementInstanceKey: '-' } as Incident];
  const marks = marksOf(
    seen({ elements: [at('task', 'ACTIVE')], jobs: [job('task', more)], incidents }),
    now,
  );
  expect(marks.get('task')?.jobs).toEqual([{ condition, count: 1, sentences: [sentence] }]);
});

describe('flows that were taken', () => {
  const flow = (source: string, target: string) => ({ id: `${source}-${target}`, source, target });
  const taken = (
    completed: string[],
    active: string[],
    choosing: string[],
    ...flows: ReturnType<typeof flow>[]
  ) => {
    const elements = [...completed.map((id) => at(id, 'COMPLETED')), ...active.map((id) => at(id, 'ACTIVE'))];
    return [...takenFlows(flows, new Set(choosing), marksOf(seen({ elements }), now))];
  };

  it('are all those of an element that completed, unless it chooses', () => {
    const flows = [flow('start', 'fork'), flow('fork', 'a'), flow('fork', 'b'), flow('a', 'end')];
    expect(taken(['start', 'fork'], ['a', 'b'], [], ...flows)).toEqual(['start-fork', 'fork-a', 'fork-b']);
    expect(taken(['start', 'fork'], ['a'], ['fork'], ...flows)).toEqual(['start-fork', 'fork-a']);
  });

  it('are left out where two ways lead to the same place', () => {
    const flows = [flow('choice', 'a'), flow('choice', 'join'), flow('a', 'join')];
    expect(taken(['choice', 'a'], ['join'], ['choice'], ...flows)).toEqual(['choice-a', 'a-join']);
  });
});
