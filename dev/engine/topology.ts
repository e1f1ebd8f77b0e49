/** Asks an engine whether it can work. */
import { pause } from './processes';

interface Topology {
  readonly brokers?: readonly {
    readonly partitions?: readonly { readonly role?: string; readonly health?: string }[];
  }[];
  readonly partitionsCount?: number;
}

/**
 * @param restAddress base URL, such as http://localhost:8080
 * @param authHeaders where the cluster asks for authentication
 * @returns whether every partition has a healthy leader; false when nothing answers
 */
export async function isHealthy(
  restAddress: string,
  authHeaders: () => Promise<Record<string, string>> = () => Promise.resolve({}),
): Promise<boolean> {
  try {
    const response = await fetch(`${restAddress.replace(/\/+$/, '')}/v2/topology`, {
      headers: await authHeaders(),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) return false;
    const topology = (await response.json()) as Topology;
    const leaders = (topology.brokers ?? [])
      .flatMap((broker) => broker.partitions ?? [])
      .filter(({ role, health }) => role === 'leader' && health === 'healthy');
    return leaders.length > 0 && leaders.length >= (topology.partitionsCount ?? 1);
  } catch {
    return false;
  }
}

/**
 * @param gaveUp asked between two looks; a text ends the waiting and becomes the error
 * @throws Error after `timeoutMs`, or with what `gaveUp` says
 */
export async function waitUntilHealthy(
  restAddress: string,
  timeoutMs: number,
  gaveUp: () => string | undefined,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await isHealthy(restAddress))) {
    const reason = gaveUp();
    if (reason !== undefined) throw new Error(reason);
    if (Date.now() > end)
      throw new Error(`The engine at ${restAddress} was not healthy after ${timeoutMs / 1000} s.`);
    await pause(100);
  }
}
