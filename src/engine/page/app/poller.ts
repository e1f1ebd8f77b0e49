/**
 * When the engine is asked: about once a second while somebody can see the page.
 *
 *   waiting --time is over, or `now`--> asking
 *   asking  --answered, or not-------> waiting    ten times as long as the answers took, at least a second
 *   waiting --tab is hidden----------> resting
 *   resting --tab is seen------------> asking
 *   asking  --`now`------------------> asking     again, as soon as it has ended: what is under way may be old
 */

const restMs = 1000;
const longestRestMs = 10_000;
/** The page takes at most a tenth of an engine's time. */
const restPerWork = 10;

export class Poller {
  readonly #ask: () => Promise<void>;
  #timer: number | undefined;
  #asking = false;
  #again = false;

  /** @param ask must not reject */
  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
    document.addEventListener('visibilitychange', () => this.now());
  }

  /** Asks at once. */
  now(): void {
    this.#again = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    let workMs = 0;
    while (this.#again && !document.hidden) {
      this.#again = false;
      const start = performance.now();
      await this.#ask();
      workMs = performance.now() - start;
    }
    this.#asking = false;
    if (document.hidden) return;
    const waitMs = Math.min(longestRestMs, Math.max(restMs, workMs * restPerWork));
    this.#timer = setTimeout(() => this.now(), waitMs);
  }
}
