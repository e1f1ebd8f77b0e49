/** Gets the values of the secrets a job names. */
import type { SecretSource } from '../secrets/secret-source';
import type { Job } from './job';
import type { Manner } from './manner';

/**
 * @param names  in order of appearance; of several missing ones the first is reported
 * @param values takes what was found, so that it can be masked also when another one is missing
 * @throws ConnectorError SECRET_MISSING (no retry), SECRETS_UNAVAILABLE when the source cannot be asked
 */
export async function fetchSecrets(
  names: readonly string[],
  job: Job,
  source: SecretSource,
  manner: Manner,
  values: Map<string, string>,
): Promise<void> {
  const { tenantId, processDefinitionId } = job;
  let found: (string | undefined)[];
  try {
    found = await Promise.all(names.map((name) => source.lookup(name, { tenantId, processDefinitionId })));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw manner.secretsUnavailable(reason, error);
  }
  let missing: string | undefined;
  names.forEach((name, index) => {
    const value = found[index];
    if (value !== undefined) values.set(name, value);
    else missing ??= name;
  });
  if (missing !== undefined) throw manner.secretMissing(missing);
}
