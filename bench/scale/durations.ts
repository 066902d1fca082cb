/** Many durations in little space: counts of those that are alike by a hundredth. */
const SHORTEST_SECONDS = 0.001;
const GROWTH = 1.01;

export class Durations {
  readonly #counts: number[] = [];
  #total = 0;
  #sum = 0;

  add(seconds: number): void {
    const bucket = Math.max(Math.ceil(Math.log(seconds / SHORTEST_SECONDS) / Math.log(GROWTH)), 0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total++;
    this.#sum += seconds;
  }

  get mean(): number {
    return this.#sum / this.#total;
  }

  /** Seconds that so many percent do not exceed, a hundredth too long at most; below a millisecond they are none. */
  percentile(percent: number): number {
    let left = Math.ceil((this.#total * percent) / 100);
    const bucket = this.#counts.findIndex((count = 0) => {
      left -= count;
      return left <= 0;
    });
    if (bucket < 0) return Number.NaN;
    return bucket === 0 ? 0 : SHORTEST_SECONDS * GROWTH ** bucket;
  }
}
