// Builds the engine's web page: its script and its styles bundled for browsers, and beside them what is served as it is.
// The folder is that of the built product unless another one is named: node dev/build-page.mjs [FOLDER]
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, 'src', 'engine', 'page', 'app');
const folder = resolve(process.argv[2] ?? join(root, 'dist', 'engine', 'page'));
const bpmnJs = dirname(createRequire(import.meta.url).resolve('bpmn-js/package.json'));

mkdirSync(folder, { recursive: true });
for (const file of ['index.html', 'icon.svg']) copyFileSync(join(source, file), join(folder, file));
for (const [from, to] of [
  ['dist/bpmn-navigated-viewer.production.min.js', 'bpmn-js.js'],
  ['dist/assets/bpmn-js.css', 'bpmn-js.css'],
  ['dist/assets/diagram-js.css', 'diagram-js.css'],
  ['LICENSE', 'bpmn-js.LICENSE'],
])
  copyFileSync(join(bpmnJs, from), join(folder, to));
await build({
  entryPoints: [
    { in: join(source, 'main.ts'), out: 'app' },
    { in: join(source, 'app.css'), out: 'app' },
  ],
  outdir: folder,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  tsconfig: join(source, 'tsconfig.json'),
  logLevel: 'warning',
});
