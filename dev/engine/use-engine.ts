/** The one question demo, tests and measurements ask: give me an engine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalEngine } from './local-engine';
import { freePorts } from './processes';

/**
 * Whether the built product has an engine. Until then nothing is started: tests that need it are skipped, everything else
 * ends with `noEngine`.
 */
export const localEngineIsThere: boolean = false;

/** Why demo, tests and measurements do nothing. */
export const noEngine =
  'No engine: the local engine is not there yet; set ZEEBE_REST_ADDRESS to run the demo and the tests of the job protocol on a cluster.';

/** @throws Error while there is no local engine to start */
export function requireLocalEngine(): void {
  if (!localEngineIsThere) throw new Error(noEngine);
}

/** The cluster named by ZEEBE_REST_ADDRESS, if any; then nothing is to be started. */
export function givenRestAddress(): string | undefined {
  const address = process.env['ZEEBE_REST_ADDRESS']?.trim();
  return address ? address.replace(/\/+$/, '') : undefined;
}

/**
 * An engine on free ports with a folder of its own. It gets the terminal's signals too; the caller wipes it.
 * @param name what the folder's name begins with
 */
export async function startEngine(
  name: string,
  options: { readonly partitions?: number } = {},
): Promise<LocalEngine> {
  requireLocalEngine();
  const [rest = 0, management = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const engine = new LocalEngine({ folder, ports: { rest, management }, ...options });
  try {
    await engine.start({ detached: false });
  } catch (error) {
    await engine.wipe();
    throw error;
  }
  return engine;
}
