/** The built product, which engines and workers are started from. */
import { execSync } from 'node:child_process';
import { join } from 'node:path';

/** The program that is worker and engine, in the checkout that the command runs in. */
export function productProgram(): string {
  return join(process.cwd(), 'dist', 'main.js');
}

/** Builds the product, unless it was made from the very files that are here. */
export function buildProduct(): void {
  execSync('node dev/build-if-changed.mjs', { stdio: ['ignore', 'inherit', 'inherit'] });
}
