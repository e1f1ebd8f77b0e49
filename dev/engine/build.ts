/** The built product, which engines and workers are started from. */
import { execSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The program that is worker and engine, in the checkout that the command runs in. */
export function productProgram(): string {
  return join(process.cwd(), 'dist', 'main.js');
}

/** Builds the product again. */
export function buildProduct(): void {
  execSync('npm run -s build', { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Builds the product where that was not done before. */
export function buildIfMissing(): void {
  if (!existsSync(productProgram())) buildProduct();
}
