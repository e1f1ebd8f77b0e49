/** Runs once after the tests with an engine: stops what the setup started. */
export default async function tearDown(): Promise<void> {
  await globalThis.sharedEngineOfThisRun?.close();
}
