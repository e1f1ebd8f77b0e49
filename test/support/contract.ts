/** Captured requests checked against the published contracts in test/fixtures/contracts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Captured {
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Fields that the stored document of Azure v1 does not know yet, or describes wrongly (`modalities`, `prediction`). */
export const newerThanAzureDocument = [
  'verbosity',
  'modalities',
  'audioSettings',
  'prediction',
  'conversation',
];

/** @returns a line per request that breaks its contract */
export function contractFaults(requests: readonly Captured[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  try {
    const file = join(folder, 'captured.json');
    writeFileSync(file, JSON.stringify(requests));
    const results = JSON.parse(run(file)) as { name: string; errors: string[] }[];
    return results
      .filter(({ errors }) => errors.length > 0)
      .map(({ name, errors }) => `${name}: ${errors.join('; ')}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(file: string): string {
  const script = join(__dirname, '../fixtures/contracts/validate.mjs');
  try {
    return execFileSync(process.execPath, [script, file, '--json'], {
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    });
  } catch (error) {
    // Exit code 1: some requests do not conform; the output says which.
    return (error as { stdout: string }).stdout;
  }
}
