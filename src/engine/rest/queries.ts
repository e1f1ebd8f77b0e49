/** Reading what is there: searches, single rows by key, the XML of a process. */
import { Rejection, type ProcessOf } from '../api';
import type { EngineState } from '../state/state';
import type { Row } from '../state/table';
import { jsonAnswer, type Answer } from './answer';
import type { ApiCall, Handler, Route } from './call';
import { keyFromText } from './keys';
import { shapeOf, type Entity, type View } from './search/fields';
import { readSearch, runSearch, type SearchResult } from './search/search';
import { incident, job } from './shapes/job';
import { processDefinition } from './shapes/process-definition';
import { calledTree, elementInstance, processInstance } from './shapes/process-instance';
import { userTask } from './shapes/user-task';
import { cutValue, truncatedVariable, wholeVariable } from './shapes/variable';

export const queryRoutes: readonly Route[] = [
  ...routesOf('process-instances', processInstance),
  ...routesOf('element-instances', elementInstance),
  ...routesOf('incidents', incident),
  ...routesOf('process-definitions', processDefinition),
  ...routesOf('user-tasks', userTask),
  ['POST', '/v2/jobs/search', search(job)],
  ['POST', '/v2/variables/search', searchVariables],
  ['GET', '/v2/variables/{key}', one(wholeVariable)],
  ['POST', '/v2/process-instances/{key}/incidents/search', searchIncidentsOfInstance],
  ['GET', '/v2/process-definitions/{key}/xml', xml],
];

function routesOf<R extends Row>(name: string, entity: Entity<R>): readonly Route[] {
  return [
    ['POST', `/v2/${name}/search`, search(entity)],
    ['GET', `/v2/${name}/{key}`, one(entity)],
  ];
}

function search<R extends Row>(entity: Entity<R>): Handler {
  return async ({ engine, body }) => {
    const query = readSearch(await body(), entity);
    return listAnswer(await engine.read((state, processOf) => runSearch(query, { state, processOf })));
  };
}

async function searchVariables({ engine, body, query }: ApiCall): Promise<Answer> {
  const whole = query.get('truncateValues') === 'false';
  const wanted = readSearch(await body(), whole ? wholeVariable : truncatedVariable);
  const { items, page } = await engine.read((state, processOf) => runSearch(wanted, { state, processOf }));
  return listAnswer({ items: items.map(cutValue), page });
}

/** Also those of the instances that it has called. */
async function searchIncidentsOfInstance({ engine, body, params }: ApiCall): Promise<Answer> {
  const key = keyFromText(params['key']!, 'processInstanceKey');
  const wanted = readSearch(await body(), incident);
  return listAnswer(
    await engine.read((state, processOf) => {
      const instances = new Set(calledTree(state, rowOf(processInstance, key, state)));
      return runSearch(wanted, { state, processOf }, (row) => instances.has(row.instance));
    }),
  );
}

function one<R extends Row>(entity: Entity<R>): Handler {
  return async ({ engine, params }) => {
    const key = keyFromText(params['key']!, 'key');
    const shape = await engine.read((state: EngineState, processOf: ProcessOf) => {
      const view: View = { state, processOf };
      return shapeOf(entity, rowOf(entity, key, state), view);
    });
    return jsonAnswer(JSON.stringify(shape));
  };
}

async function xml({ engine, params }: ApiCall): Promise<Answer> {
  const key = keyFromText(params['key']!, 'key');
  const text = await engine.read(
    (state) => state.resources.get(rowOf(processDefinition, key, state).resource)?.text ?? '',
  );
  return { status: 200, type: 'text/xml; charset=utf-8', body: text };
}

function rowOf<R extends Row>(entity: Entity<R>, key: string, state: EngineState): R {
  const row = entity.get(state, key);
  if (row === undefined)
    throw new Rejection(404, 'NOT_FOUND', `There is no ${entity.label} with key '${key}'.`);
  return row;
}

function listAnswer({ items, page }: SearchResult): Answer {
  return jsonAnswer(JSON.stringify({ items, page }));
}
