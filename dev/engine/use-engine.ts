/** The one question demo, tests and measurements ask: give me an engine. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalEngine } from './local-engine';
import { freePorts } from './processes';

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
