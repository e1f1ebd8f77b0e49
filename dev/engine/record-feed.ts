/** Fetches an engine's records as they come, each once and in the engine's order. */
import { pause } from './processes';

/** The engine cuts what it hands out at once; a short answer was not cut. */
const maybeCutLength = 1_000_000;
const followIntervalMs = 200;
/** What fetch gives as the cause where nobody listens, or the answer breaks off. */
const connectionIsGone = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export class RecordFeed {
  #lastPosition = 0;

  /** @param managementAddress base URL of the engine's management port */
  constructor(private readonly managementAddress: string) {}

  /**
   * @returns the records since the last call, as JSON texts. Tests kill engines: one that is away has no new records, and
   *   is asked for the same ones the next time
   */
  async next(): Promise<string[]> {
    const records: string[] = [];
    for (;;) {
      const text = await this.#ask();
      const lines = text.split('\n').filter((line) => line !== '');
      const last = lines.at(-1);
      if (last === undefined) return records;
      this.#lastPosition = (JSON.parse(last) as { position: number }).position;
      for (const line of lines) records.push(line);
      if (text.length < maybeCutLength) return records;
    }
  }

  async #ask(): Promise<string> {
    const url = `${this.managementAddress}/records?after=${this.#lastPosition}`;
    let status: number;
    let text: string;
    try {
      const response = await fetch(url);
      status = response.status;
      text = await response.text();
    } catch (error) {
      if (connectionIsGone.has((error as { cause?: { code?: string } }).cause?.code ?? '')) return '';
      throw error;
    }
    if (status !== 200) throw new Error(`GET ${url}: ${status} ${text}`);
    return text;
  }
}

/**
 * Hands on every record, for those who need not keep them.
 * @returns what ends it
 */
export function followRecords(
  managementAddress: string,
  take: (record: string) => void,
): { stop(): Promise<void> } {
  const feed = new RecordFeed(managementAddress);
  let stopped = false;
  const following = (async () => {
    while (!stopped) {
      for (const record of await feed.next()) take(record);
      await pause(followIntervalMs);
    }
  })();
  // Who stops it hears of what went wrong.
  following.catch(() => undefined);
  return {
    stop() {
      stopped = true;
      return following;
    },
  };
}
