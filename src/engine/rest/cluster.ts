/** What clients ask about the cluster, answered by a program that is not a cluster. */
import { jsonAnswer, noContent, type Answer } from './answer';
import { invalid } from './body';
import type { ApiCall, Route } from './call';
import { defaultTenant } from './search/fields';

/** Clients parse it to find out what they may send; the surface offered here is that of 8.8. */
const gatewayVersion = '8.8.0';
/** Shown wherever somebody might take the engine for more than it is. */
export const whatItIs =
  'A stand-in for development, tests and dry runs, not a replacement for a Zeebe cluster';

export const clusterRoutes: readonly Route[] = [
  ['GET', '/v2/topology', topology],
  ['GET', '/v2/status', () => noContent],
  ['GET', '/v2/license', license],
  ['GET', '/v2/authentication/me', currentUser],
  ['PUT', '/v2/clock', moveClock],
];

function topology({ engine, switches, address }: ApiCall): Answer {
  const partitions = Array.from({ length: engine.partitions }, (_, index) => ({
    partitionId: index + 1,
    role: 'leader',
    health: switches.unhealthyTopology ? 'unhealthy' : 'healthy',
    state: 'active',
  }));
  const broker = { nodeId: 0, brokerId: 0, ...address, version: gatewayVersion, partitions };
  return jsonAnswer(
    JSON.stringify({
      brokers: [broker],
      clusterId: 'local-engine',
      clusterSize: 1,
      partitionsCount: engine.partitions,
      replicationFactor: 1,
      gatewayVersion,
      lastCompletedChangeId: '-1',
    }),
  );
}

function license(): Answer {
  return jsonAnswer(
    JSON.stringify({
      validLicense: true,
      licenseType: `Apache-2.0. ${whatItIs}.`,
      isCommercial: false,
      expiresAt: null,
    }),
  );
}

/** Nobody logs in here: everyone is the same user, who may do everything. */
function currentUser(): Answer {
  return jsonAnswer(
    JSON.stringify({
      username: 'local',
      displayName: 'Local engine',
      email: null,
      authorizedComponents: ['*'],
      authorizedApplications: ['*'],
      tenants: [{ tenantId: defaultTenant, name: 'Default', description: null }],
      groups: [],
      roles: [],
      salesPlanType: null,
      c8Links: {},
      canLogout: false,
    }),
  );
}

/** A cluster pins its clock here; ours goes on from the new time. */
async function moveClock({ engine, body }: ApiCall): Promise<Answer> {
  const timestamp = (await body()).integer('timestamp');
  if (timestamp === undefined) throw invalid('No timestamp provided.');
  const ms = timestamp - engine.now();
  if (ms < 0) throw invalid('The clock of the local engine moves forward only.');
  await engine.advanceClock(ms);
  return noContent;
}
