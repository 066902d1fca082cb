/** What is still to happen, soonest first: a binary heap. */
export class Agenda<T> {
  readonly #entries: { at: number; what: T }[] = [];

  /** When the next thing happens; Infinity if nothing will. */
  get nextAt(): number {
    return this.#entries[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  add(at: number, what: T): void {
    const entries = this.#entries;
    let index = entries.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = entries[parent] as { at: number; what: T };
      if (above.at <= at) break;
      entries[index] = above;
      index = parent;
    }
    entries[index] = { at, what };
  }

  /** @throws if there is nothing left. */
  next(): T {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (!first || !last) throw new Error('nothing is left to happen');
    if (entries.length > 0) this.#sink(last);
    return first.what;
  }

  /** Puts the entry in at the top. */
  #sink(entry: { at: number; what: T }): void {
    const entries = this.#entries;
    let index = 0;
    for (;;) {
      const [left, right] = [entries[2 * index + 1], entries[2 * index + 2]];
      const sooner = right && left && right.at < left.at ? right : left;
      if (!sooner || sooner.at >= entry.at) break;
      entries[index] = sooner;
      index = 2 * index + (sooner === left ? 1 : 2);
    }
    entries[index] = entry;
  }
}
