/** The newest records, in memory: readers ask again and again for what came last. */

/** No answer holds more text than this, unless a single record does. */
export const answerCharacters = 16_000_000;

export class RecordTail {
  readonly #maxCount: number;
  readonly #maxCharacters: number;
  #records: string[] = [];
  /** Records at the front of the list that are out of bounds; they are cut off together, since each cut moves the rest. */
  #dropped = 0;
  #characters = 0;
  #last: number;

  /** @param last position of the last record before the first that will be pushed */
  constructor(last: number, bounds: { readonly count: number; readonly characters: number }) {
    this.#last = last;
    this.#maxCount = bounds.count;
    this.#maxCharacters = bounds.characters;
  }

  /** Position of the newest record. */
  get last(): number {
    return this.#last;
  }

  /** Position of the oldest record that is kept; `last + 1` if none is. */
  get first(): number {
    return this.#last - (this.#records.length - this.#dropped) + 1;
  }

  push(record: string): void {
    this.#records.push(record);
    this.#last++;
    this.#characters += record.length;
    while (this.#records.length - this.#dropped > this.#maxCount || this.#characters > this.#maxCharacters) {
      this.#characters -= this.#records[this.#dropped]!.length;
      this.#records[this.#dropped++] = '';
    }
    if (this.#dropped > 1000 && this.#dropped * 2 > this.#records.length) {
      this.#records = this.#records.slice(this.#dropped);
      this.#dropped = 0;
    }
  }

  /** Kept records above a position, as many as fit into one answer. */
  after(position: number): readonly string[] {
    const start = this.#dropped + Math.max(0, position + 1 - this.first);
    let end = start;
    let room = answerCharacters;
    while (end < this.#records.length && (end === start || this.#records[end]!.length <= room))
      room -= this.#records[end++]!.length;
    return this.#records.slice(start, end);
  }
}
