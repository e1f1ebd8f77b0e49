/**
 * Random processes, driven at random: the engine does what a plain model computes, a command that is refused changes
 * nothing, and the tables hold together after each command. For longer runs: ENGINE_RUNS=10000.
 */
import fc from 'fast-check';
import { brokenInvariants, leftovers } from '../../support/engine-invariants';
import { TestEngine } from '../../support/local-engine';
import { ProcessDriver } from '../../support/process-driver';
import { randomActions, startVariables } from '../../support/random-actions';
import { randomProcess } from '../../support/random-process';
import { graphToBpmn, randomGraph, TokenGame } from '../../support/token-game';

const numRuns = Number(process.env['ENGINE_RUNS'] ?? 250);
jest.setTimeout(60_000 + numRuns * 1_000);

let engine: TestEngine;

it('a process of blocks does what the model does', () =>
  fc.assert(
    fc
      .asyncProperty(
        randomProcess,
        fc.array(startVariables, { minLength: 1, maxLength: 2 }),
        randomActions({ restarts: false, maxLength: 40 }),
        async (process, starts, actions) => {
          const driver = await ProcessDriver.start(engine, process, starts);
          for (const action of actions) await driver.do(action);
          await driver.finish();
        },
      )
      .beforeEach(async () => void (engine = await TestEngine.open()))
      .afterEach(() => engine.close()),
    // Small ones first would leave few large ones.
    { numRuns, unbiased: true },
  ));

it('tokens move over any graph as in the plain token game', () =>
  fc.assert(
    fc
      .asyncProperty(
        randomGraph,
        fc.array(fc.record({ pick: fc.nat(1000), a: fc.nat(2) }), {
          minLength: 1,
          maxLength: 40,
          size: 'max',
        }),
        async (graph, choices) => {
          await engine.deploy(graphToBpmn('p', graph));
          const [{ a }, ...steps] = choices as [(typeof choices)[number]];
          const key = await engine.start('p', { a });
          const game = new TokenGame(graph, { a });
          compare(key, game);
          for (const { pick, a: next } of steps) {
            const jobs = [...engine.engine.state.jobs.values()].filter(({ endTime }) => endTime === null);
            const job = jobs[pick % jobs.length];
            if (job === undefined) break;
            await engine.engine.completeJob(job.key, JSON.stringify({ a: next }));
            game.complete(job.elementId, { a: next });
            compare(key, game);
          }
          if (engine.stateOf(key) === 'ACTIVE') await engine.engine.cancelInstance(key);
          expect(leftovers(engine.engine.state)).toEqual([]);
        },
      )
      .beforeEach(async () => void (engine = await TestEngine.open()))
      .afterEach(() => engine.close()),
    { numRuns: numRuns * 2, unbiased: true },
  ));

function compare(key: string, game: TokenGame): void {
  expect(tokensOf(key)).toEqual(game.tokens);
  expect(engine.stateOf(key)).toBe(game.tokens.length === 0 ? 'COMPLETED' : 'ACTIVE');
  expect(brokenInvariants(engine.engine.state)).toEqual([]);
}

function tokensOf(key: string): string[] {
  const rows = engine.elements(key).filter(({ state }) => state === 'ACTIVE');
  const tasks = rows.filter(({ type }) => type === 'SERVICE_TASK').map(({ elementId }) => elementId);
  const flows = rows.flatMap(({ tokens = {} }) =>
    Object.entries(tokens).flatMap(([flow, count]) => new Array<string>(count).fill(flow)),
  );
  return [...tasks, ...flows].sort();
}
