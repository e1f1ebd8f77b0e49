/** Deployed processes as clients see them. */
import type { Deployment } from '../../api';
import type { DefinitionRow } from '../../state/rows';
import { defaultTenant, flag, hidden, key, number, tenantId, text, type Entity } from '../search/fields';

export const processDefinition: Entity<DefinitionRow> = {
  label: 'process definition',
  get: (state, found) => state.definitions.get(found),
  rows: (state) => state.definitions.values(),
  fields: {
    processDefinitionKey: key((row) => row.key),
    processDefinitionId: text((row) => row.processId),
    name: text((row) => row.name),
    version: number((row) => row.version),
    versionTag: text((row) => row.versionTag),
    resourceName: text((row) => row.resourceName),
    hasStartForm: flag(() => false),
    state: text(() => 'ACTIVE'),
    tenantId,
    isLatestVersion: hidden(flag((row, { state }) => state.latest(row.processId)?.key === row.key)),
  },
};

/** What a deployment is answered with. */
export function deploymentShape({ key: deploymentKey, processes }: Deployment): object {
  return {
    deploymentKey,
    tenantId: defaultTenant,
    deployments: processes.map((deployed) => ({
      processDefinition: {
        processDefinitionId: deployed.processId,
        processDefinitionVersion: deployed.version,
        processDefinitionKey: deployed.key,
        resourceName: deployed.resourceName,
        tenantId: defaultTenant,
      },
      decisionDefinition: null,
      decisionRequirements: null,
      form: null,
      resource: null,
    })),
  };
}
