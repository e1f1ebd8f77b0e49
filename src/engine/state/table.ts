/**
 * Tables of immutable rows with indexes that follow them, and the log of changes that can take back whatever was done
 * since a mark. All state of the engine lies in tables, so taking back is complete by construction.
 */

export interface Row {
  readonly key: string;
}

/** Follows a table: called for each row that came, changed or went; also when a change is taken back. */
export interface TableIndex<R extends Row> {
  moved(before: R | undefined, after: R | undefined): void;
}

interface Change {
  readonly table: Table<Row>;
  readonly key: string;
  readonly before: Row | undefined;
}

/** What has changed since the last commit. */
export class ChangeLog {
  #changes: Change[] = [];

  note(change: Change): void {
    this.#changes.push(change);
  }

  /** A place to go back to. */
  mark(): number {
    return this.#changes.length;
  }

  /** Takes back everything since the mark. */
  rollBackTo(mark: number): void {
    while (this.#changes.length > mark) {
      const { table, key, before } = this.#changes.pop()!;
      table.restore(key, before);
    }
  }

  /** @returns each changed row once, as it is now (null: gone), as `[table, key, row]` */
  commit(): (readonly [string, string, Row | null])[] {
    const last = new Map<string, readonly [string, string, Row | null]>();
    for (const { table, key } of this.#changes)
      last.set(`${table.name}/${key}`, [table.name, key, table.get(key) ?? null]);
    this.#changes = [];
    return [...last.values()];
  }
}

export class Table<R extends Row> {
  readonly #rows = new Map<string, R>();
  readonly #indexes: readonly TableIndex<R>[];

  constructor(
    readonly name: string,
    readonly log: ChangeLog,
    indexes: readonly TableIndex<R>[] = [],
  ) {
    this.#indexes = indexes;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): R | undefined {
    return this.#rows.get(key);
  }

  /** In the order in which the rows came. */
  values(): IterableIterator<R> {
    return this.#rows.values();
  }

  put(row: R): R {
    this.#change(row.key, row);
    return row;
  }

  /** Replaces some members of a row that is there. */
  update(key: string, changes: Partial<R>): R {
    const row = this.#rows.get(key);
    if (row === undefined) throw new Error(`There is no row ${key} in ${this.name}.`);
    return this.put({ ...row, ...changes });
  }

  delete(key: string): void {
    if (this.#rows.has(key)) this.#change(key, undefined);
  }

  /** Puts a row as it was read from the journal; nothing is noted. */
  restore(key: string, row: Row | undefined): void {
    this.#set(key, row as R | undefined);
  }

  #change(key: string, row: R | undefined): void {
    this.log.note({ table: this, key, before: this.#rows.get(key) });
    this.#set(key, row);
  }

  #set(key: string, row: R | undefined): void {
    const before = this.#rows.get(key);
    if (row === undefined) this.#rows.delete(key);
    else this.#rows.set(key, row);
    for (const index of this.#indexes) index.moved(before, row);
  }
}

/**
 * Rows by something they share, in the order in which they came to share it. Most groups have one member, and there are
 * several groups for each waiting instance: a group of one is its key, without a set around it.
 */
export class GroupIndex<R extends Row> implements TableIndex<R> {
  readonly #groupOf: (row: R) => string | undefined;
  readonly #groups = new Map<string, string | Set<string>>();

  /** @param groupOf undefined: the row is in no group */
  constructor(groupOf: (row: R) => string | undefined) {
    this.#groupOf = groupOf;
  }

  /** Keys of the rows of a group. */
  of(group: string): Iterable<string> {
    const members = this.#groups.get(group);
    if (members === undefined) return none;
    return typeof members === 'string' ? [members] : members;
  }

  count(group: string): number {
    const members = this.#groups.get(group);
    if (members === undefined) return 0;
    return typeof members === 'string' ? 1 : members.size;
  }

  /** All that have a member. */
  groups(): Iterable<string> {
    return this.#groups.keys();
  }

  first(group: string): string | undefined {
    for (const key of this.of(group)) return key;
    return undefined;
  }

  moved(before: R | undefined, after: R | undefined): void {
    const from = before && this.#groupOf(before);
    const to = after && this.#groupOf(after);
    if (from === to) return;
    if (before && from !== undefined) this.#leave(from, before.key);
    if (after && to !== undefined) this.#join(to, after.key);
  }

  #leave(group: string, key: string): void {
    const members = this.#groups.get(group);
    if (members === undefined) return;
    if (typeof members === 'string') this.#groups.delete(group);
    else if (members.delete(key) && members.size === 0) this.#groups.delete(group);
  }

  #join(group: string, key: string): void {
    const members = this.#groups.get(group);
    if (members === undefined) this.#groups.set(group, key);
    else if (typeof members !== 'string') members.add(key);
    else if (members !== key) this.#groups.set(group, new Set([members, key]));
  }
}

const none: readonly string[] = [];
