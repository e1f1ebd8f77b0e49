/**
 * What has to happen at a time: a heap of due times over several tables. Entries are never searched for: one whose row
 * has gone or has another time by now is dropped when its time comes, so rows change freely and a rollback costs nothing.
 * What is due at the same time comes in the order of keys, which is that of creation, so a restart makes no difference.
 */
import type { Row, TableIndex } from './table';

export interface DueEntry {
  readonly due: number;
  readonly table: string;
  readonly key: string;
}

export class DueHeap {
  #heap: DueEntry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The earliest entry; it may be out of date. */
  peek(): DueEntry | undefined {
    return this.#heap[0];
  }

  push(entry: DueEntry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): DueEntry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }

  /** Follows a table whose rows have a due time. */
  index<R extends Row>(table: string, dueOf: (row: R) => number | null): TableIndex<R> {
    return {
      moved: (before, after) => {
        const due = after === undefined ? null : dueOf(after);
        if (due === null || (before !== undefined && dueOf(before) === due)) return;
        this.push({ due, table, key: after!.key });
      },
    };
  }
}

function isBefore(a: DueEntry, b: DueEntry): boolean {
  if (a.due !== b.due) return a.due < b.due;
  // Keys are decimal texts: the longer one is the greater number.
  return a.key.length === b.key.length ? a.key < b.key : a.key.length < b.key.length;
}
