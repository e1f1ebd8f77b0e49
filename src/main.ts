/**
 * The entry: without arguments the worker, with `engine` the local engine. Each is loaded only when it is asked for, so
 * neither waits for the other's modules.
 */
async function main([command, ...rest]: readonly string[]): Promise<void> {
  if (command === 'engine') {
    const { runEngine } = await import('./engine/main.js');
    process.exit(await runEngine(rest));
  }
  const { runWorker } = await import('./run-worker.js');
  await runWorker();
}

void main(process.argv.slice(2));
