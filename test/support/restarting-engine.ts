/** The engine on a folder, dropped without a word at any moment and opened again, as after kill -9. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openFileStorage } from '../../src/engine/storage/file/open-file-storage';
import { snapshotOf } from './engine-invariants';
import { TestEngine } from './local-engine';

export class RestartingEngine {
  readonly #home = mkdtempSync(join(tmpdir(), 'engine-restarts-'));
  readonly #opened: TestEngine[] = [];

  get engine(): TestEngine {
    return this.#opened.at(-1)!;
  }

  /** @param now where the clock stands, ms since 1970 */
  async open(now?: number): Promise<TestEngine> {
    const folder = this.#folder(this.#opened.length);
    const engine = await TestEngine.open(
      {
        storage: (restore, snapshot) =>
          Promise.resolve(
            openFileStorage({
              folder,
              restore,
              snapshot,
              say: () => undefined,
              onFailure: (error) => {
                throw error;
              },
            }),
          ),
      },
      now,
    );
    this.#opened.push(engine);
    return engine;
  }

  /** What is written is what the next one finds. The one before is left as it is, on its own folder. */
  async restart(): Promise<TestEngine> {
    const { engine } = this;
    // What the engine does by itself is written a moment later.
    await engine.engine.read(() => undefined);
    const before = snapshotOf(engine.engine.state);
    const [from, to] = [this.#folder(this.#opened.length - 1), this.#folder(this.#opened.length)];
    cpSync(from, to, { recursive: true, filter: (path) => basename(path) !== 'lock' });
    const next = await this.open(engine.clock.now());
    expect(snapshotOf(next.engine.state)).toBe(before);
    return next;
  }

  async close(): Promise<void> {
    for (const engine of this.#opened) await engine.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  #folder(number: number): string {
    return join(this.#home, String(number));
  }
}
