// Runs a TypeScript file of the repository: bundles it with esbuild into a temporary file and executes it. For development only.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [entry, ...args] = process.argv.slice(2);
const folder = mkdtempSync(join(root, 'node_modules', '.run-'));
const outfile = join(folder, 'script.cjs');
try {
  await build({
    entryPoints: [resolve(root, entry)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((done) =>
    child.on('exit', (code, signal) => done(code ?? (signal ? 1 : 0))),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
