/** Gets the values of the secrets a job names. */
import { ConnectorError, inputError } from '../errors';
import type { Job, SecretSource } from './job';

/**
 * @param names  in order of appearance; of several missing ones the first is reported
 * @param values takes what was found, so that it can be masked also when another one is missing
 * @throws ConnectorError SECRET_MISSING (no retry), SECRETS_UNAVAILABLE when the source cannot be asked
 */
export async function fetchSecrets(
  names: readonly string[],
  job: Job,
  source: SecretSource,
  official: boolean,
  values: Map<string, string>,
): Promise<void> {
  const { tenantId, processDefinitionId } = job;
  let found: (string | undefined)[];
  try {
    found = await Promise.all(names.map((name) => source.lookup(name, { tenantId, processDefinitionId })));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConnectorError(
      official
        ? `Fetching secrets failed, original error can't be displayed as the error message might contain secrets: ${reason}`
        : `The secrets cannot be read at the moment: ${reason}`,
      { cause: 'SECRETS_UNAVAILABLE', type: 'java.lang.RuntimeException', origin: error },
    );
  }
  let missing: string | undefined;
  names.forEach((name, index) => {
    const value = found[index];
    if (value !== undefined) values.set(name, value);
    else missing ??= name;
  });
  if (missing === undefined) return;
  const message = `Secret with name '${missing}' is not available`;
  const remedy = `. Give it to the worker: as environment variable (by default SECRET_${missing}) or as file ${missing} in its secrets folder.`;
  throw inputError(official ? message : message + remedy, { cause: 'SECRET_MISSING' });
}
