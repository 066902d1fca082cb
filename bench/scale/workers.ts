/** Whoever proves: what the simulation asks of them, and a number of them that is always there. */

export interface Begun {
  /** Until the proof begins, and how long it takes. */
  startSeconds: number;
  proofSeconds: number;
}

export interface Workers {
  /** No more than so many prove at once. */
  readonly most: number;
  /** Puts one to work, if one can begin now. */
  begin(now: number): Begun | undefined;
  /** One is done. */
  end(now: number): void;
  /** When one can begin though none is done by then; Infinity if none can. */
  nextBeginAt(now: number): number;
  /** Told whether messages wait, whenever anything has happened. */
  see(now: number, waiting: number): void;
}

/** Workers that run day and night, each at one proof. */
export class FixedPool implements Workers {
  readonly most: number;
  readonly #proofSeconds: () => number;
  #busy = 0;

  constructor(workers: number, proofSeconds: () => number) {
    this.most = workers;
    this.#proofSeconds = proofSeconds;
  }

  begin(): Begun | undefined {
    if (this.#busy >= this.most) return undefined;
    this.#busy++;
    return { startSeconds: 0, proofSeconds: this.#proofSeconds() };
  }

  end(): void {
    this.#busy--;
  }

  nextBeginAt(): number {
    return Number.POSITIVE_INFINITY;
  }

  see(): void {}
}
