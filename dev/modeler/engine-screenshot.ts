/** A picture of the engine's page with some work in it, for the docs: `node dev/run.mjs dev/modeler/engine-screenshot.ts`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { Engine } from '../../src/engine/engine';
import { createPages } from '../../src/engine/page/pages';
import { startRestServer } from '../../src/engine/rest/server';
import { findChromium } from './modeler';

const picture = 'docs/images/engine.png';
const examples = 'bpmn-examples';
const jobType = 'zeebe-openai-connector:openai:1';
const variables = `{
  "question": "How long may I keep goods that I want to return?",
  "customer": { "id": 9007199254740993, "name": "Ada Lovelace", "orders": [118, 131] }
}`;
const failure =
  '429 from the API: You exceeded your current quota, please check your plan and billing details.';

/** @returns the key of an instance that has come some way and has an incident; a few others are at work */
async function work(engine: Engine): Promise<string> {
  const files = readdirSync(examples).filter((name) => name.endsWith('.bpmn'));
  await engine.deploy(files.map((name) => ({ name, content: readFileSync(join(examples, name), 'utf8') })));
  const start = (processId: string) => engine.createInstance({ processId, variables, tags: [] });
  const { key: shown } = await start('moderated-answer');
  await engine.completeJob(await takeJob(engine), '{"flagged": false}');
  await engine.failJob(await takeJob(engine), {
    retries: 0,
    errorMessage: failure,
    retryBackOffMs: 0,
    variables: '{}',
  });
  await start('moderated-answer');
  await takeJob(engine);
  for (const id of ['moderated-answer', 'mail-triage', 'mail-triage', 'summarize']) await start(id);
  return shown;
}

async function takeJob(engine: Engine): Promise<string> {
  const poll = engine.activateJobs({
    type: jobType,
    worker: 'worker-1',
    timeoutMs: 300_000,
    maxJobs: 1,
    fetchVariables: [],
    waitMs: 0,
  });
  const [taken] = await poll.jobs;
  if (taken === undefined) throw new Error(`There is no job of type ${jobType}.`);
  return taken.job.key;
}

async function main(): Promise<void> {
  const executablePath = findChromium(process.env);
  if (executablePath === undefined)
    throw new Error('Install Chromium, or say where it is: CHROMIUM=/path/to/chromium');
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  execFileSync(process.execPath, ['dev/build-page.mjs', folder], { stdio: 'inherit' });
  const engine = await Engine.open();
  const server = await startRestServer(engine, { port: 0, pages: createPages(folder) });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const key = await work(engine);
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
    await page.goto(`http://127.0.0.1:${server.port}/#/instance/${key}`);
    await page.locator('#canvas .badge-incident').waitFor();
    await page.screenshot({ path: picture });
  } finally {
    await browser.close();
    await server.close();
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
